//! The `lifecycle` table of a resource.

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place};
use lowtide_model::{Path, Step, plain};

use super::{Condition, Fields, fields::plain_text, reference};
use crate::{
    expression::Reference,
    written::{Form, Written},
};

/// How a resource is treated.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Lifecycle {
    /// Whether a replacement comes before the old one goes.
    pub create_before_destroy: Option<Written>,
    /// Whether a plan that destroys it is refused.
    pub prevent_destroy: Option<Written>,
    /// What is left as it is once created.
    pub ignore_changes: Ignore,
    /// What takes a new one when it changes.
    pub replace_triggered_by: Vec<Reference>,
    /// What must be true before.
    pub preconditions: Vec<Condition>,
    /// What must be true afterwards; may refer to `self`.
    pub postconditions: Vec<Condition>,
}

/// Which changes are ignored.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Ignore {
    /// None.
    #[default]
    Nothing,
    /// All: `ignore_changes = "all"`.
    All,
    /// Those of some attributes.
    Paths(Vec<(Path, Place)>),
}

impl Lifecycle {
    /// Reads the table; returns `enabled` beside it, which is the declaration's own.
    pub(crate) fn read(what: &str, written: Option<Written>, data: bool, found: &mut Diagnostics) -> (Self, Option<Written>) {
        let Some(mut fields) = written.and_then(|written| Fields::of(format!("lifecycle of {what}"), written, found)) else {
            return (Self::default(), None);
        };
        let mut read = Self {
            preconditions: Condition::read_all(&format!("precondition of {what}"), fields.value("precondition"), found),
            postconditions: Condition::read_all(&format!("postcondition of {what}"), fields.value("postcondition"), found),
            ..Self::default()
        };
        let enabled = fields.value("enabled");
        if !data {
            read.create_before_destroy = fields.value("create_before_destroy");
            read.prevent_destroy = fields.value("prevent_destroy");
            read.ignore_changes = fields.value("ignore_changes").map_or(Ignore::Nothing, |written| ignore(&written, found));
            read.replace_triggered_by = reference::list("replace_triggered_by", fields.value("replace_triggered_by"), found);
        }
        fields.finish(found);
        (read, enabled)
    }
}

fn ignore(written: &Written, found: &mut Diagnostics) -> Ignore {
    let Form::Array(all) = &written.form else {
        if written.literal() == Some("all") {
            return Ignore::All;
        }
        if written.form != Form::Unreadable {
            let wrong = Diagnostic::error("Wrong type", "`ignore_changes` must be \"all\" or an array of attribute names.");
            found.push(wrong.at(written.place.clone()).hint("write ignore_changes = [\"tags\"]"));
        }
        return Ignore::Nothing;
    };
    if let [one] = &all[..]
        && one.literal() == Some("all")
    {
        return Ignore::All;
    }
    let mut paths = Vec::new();
    for one in all {
        let Some((text, place)) = plain_text("An element of `ignore_changes`", one, found) else { continue };
        match path(&text) {
            Some(path) => paths.push((path, place)),
            None => {
                let detail = format!("`{text}` names no attribute.");
                let wrong = Diagnostic::error("Invalid attribute path", detail).at(place);
                found.push(wrong.hint("it should look like tags, tags[\"Name\"] or root_block_device[0].volume_size"));
            }
        }
    }
    Ignore::Paths(paths)
}

/// Reads `tags`, `tags["Name"]`, `block[0].size`.
fn path(text: &str) -> Option<Path> {
    let mut steps = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if !plain(name) {
            return None;
        }
        steps.push(Step::Name(name.to_owned()));
        rest = after;
        while let Some(inside) = rest.strip_prefix('[') {
            let (index, after) = inside.split_once(']')?;
            steps.push(match index.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
                Some(name) => Step::Name(name.to_owned()),
                None => Step::Index(index.parse().ok()?),
            });
            rest = after;
        }
        match rest.strip_prefix('.') {
            Some(after) => rest = after,
            None => return rest.is_empty().then_some(Path(steps)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_as_they_print() {
        for text in ["tags", "block[0].size", "a.b.c"] {
            assert_eq!(path(text).map(|path| path.to_string()).as_deref(), Some(text));
        }
        assert_eq!(path("tags[\"x.y\"]"), Some(Path::of("tags").then(Step::Name("x.y".to_owned()))));
        for text in ["", "a.", "a[", "a[x]", "[0]", "a b"] {
            assert_eq!(path(text), None, "{text}");
        }
    }
}
