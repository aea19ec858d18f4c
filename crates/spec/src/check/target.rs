//! What a reference to a resource or data source leads to: nothing, the wrong instance, or an attribute that is not there.

use lowtide_diagnostic::{Diagnostic, nearest};
use lowtide_model::{Declared, Description, Key};

use super::Check;
use crate::{
    configuration::{Declaration, Repeat, did_you_mean},
    expression::Reference,
};

impl Check<'_> {
    pub(super) fn undeclared(&self, declared: &Declared) -> Diagnostic {
        let Declared { data, kind, name, .. } = declared;
        let all = if *data { &self.configuration.data } else { &self.configuration.resources };
        let word = if *data { "data source" } else { "resource" };
        let wrong = Diagnostic::error(
            if *data { "Unknown data source" } else { "Unknown resource" },
            format!("No {word} `{kind}.{name}` is declared in this stack."),
        );
        let elsewhere = Declared { data: !data, ..declared.clone() };
        if self.configuration.declaration(&elsewhere).is_some() {
            return wrong.hint(format!("did you mean `{elsewhere}`?"));
        }
        // First a slip in the name, then one in the kind.
        // Names of another length can't be meant: there may be thousands to compare with.
        let close = |other: &&str| other.len().abs_diff(name.len()) <= 1 + name.len() / 4;
        let siblings = all.keys().filter(|other| other.kind == *kind).map(|other| &*other.name).filter(close);
        if let Some(meant) = nearest(name, siblings) {
            let prefix = if *data { "data." } else { "" };
            return wrong.hint(format!("did you mean `{prefix}{kind}.{meant}`?"));
        }
        let namesakes: Vec<_> = all.keys().filter(|other| other.name == *name).map(|other| &*other.kind).collect();
        let prefix = if *data { "data." } else { "" };
        match nearest(kind, namesakes) {
            Some(meant) => wrong.hint(format!("did you mean `{prefix}{meant}.{name}`?")),
            None => wrong.hint(format!("declare it: [{}.{kind}.{name}]", if *data { "data" } else { "resource" })),
        }
    }
}

/// Reports a key where there is none, none where there is one, or one of the wrong sort.
pub(super) fn misplaced_key(target: &Declaration, reference: &Reference) -> Option<Diagnostic> {
    let declared = &target.declared;
    let wrong = |detail: String, hint: String| Some(Diagnostic::error("Invalid index", detail).hint(hint));
    match (&target.repeat, &reference.key) {
        (Repeat::None, Some(_)) => wrong(
            format!("`{declared}` has neither count nor for_each, so there is only one of it."),
            format!("write {declared} without an index"),
        ),
        (Repeat::Count(_), Some(Key::Name(_))) => wrong(
            format!("`{declared}` has count, so its instances go by number."),
            format!("write {declared}[0], or {declared}[*] for all"),
        ),
        (Repeat::ForEach(_), Some(Key::Index(_))) => wrong(
            format!("`{declared}` has for_each, so its instances go by name."),
            format!("write {declared}[\"KEY\"], or values({declared}) for all"),
        ),
        (Repeat::Count(_), None) if indexless(reference, declared) => {
            let attribute = reference.attribute.as_deref().unwrap_or_default();
            wrong(
                format!("`{declared}` has count, so it is a list of instances."),
                format!("write {declared}[0].{attribute}, or {declared}[*].{attribute} for all"),
            )
        }
        (Repeat::ForEach(_), None) if indexless(reference, declared) => {
            let attribute = reference.attribute.as_deref().unwrap_or_default();
            wrong(
                format!("`{declared}` has for_each, so it is a map of instances."),
                format!(
                    "write {declared}[each.key].{attribute} or {declared}[\"KEY\"].{attribute}, or values({declared})[*].{attribute} for all"
                ),
            )
        }
        (Repeat::None, None) | (Repeat::Count(_), Some(Key::Index(_)) | None) | (Repeat::ForEach(_), Some(Key::Name(_)) | None) => None,
    }
}

/// Returns whether the attribute follows the name directly: the place is then as long as the two with their dot.
fn indexless(reference: &Reference, declared: &Declared) -> bool {
    let Some(attribute) = &reference.attribute else { return false };
    let prefix = if declared.data { "data.".len() } else { 0 };
    let length = prefix + declared.kind.len() + 1 + declared.name.len() + 1 + attribute.len();
    reference.place.end - reference.place.start == length
}

pub(super) fn unknown_attribute(description: &Description, name: &str) -> Option<Diagnostic> {
    if description.attribute(name).is_some() {
        return None;
    }
    let kind = description.kind;
    if let Some((_, reason)) = description.left_out.iter().find(|(left_out, _)| *left_out == name) {
        let detail =
            format!("`{name}` is an attribute of {kind} in Terraform that this version leaves out: {}.", reason.trim_end_matches('.'));
        return Some(Diagnostic::error("Unsupported attribute", detail));
    }
    let wrong = Diagnostic::error("Unknown attribute", format!("{kind} has no attribute `{name}`."));
    let names = description.inputs.iter().chain(description.outputs).map(|row| row.name);
    Some(did_you_mean(wrong, name, names, || format!("`lowtide explain {kind}` lists them all")))
}
