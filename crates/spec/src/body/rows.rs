//! The rows of a kind or of a block against what is given for them: unknown, missing, defaulted.

use std::collections::BTreeMap;

use lowtide_diagnostic::{Diagnostic, Place};
use lowtide_model::{Attribute, Content, Description, Literal, Need, Planned};

use super::{Evaluation, trail::Part};
use crate::{
    configuration::{META, did_you_mean},
    written::{Entry, Table},
};

impl Evaluation<'_> {
    /// Evaluates all attributes of a kind.
    pub(super) fn attributes(&mut self, body: &Table, description: &Description) -> BTreeMap<String, Planned> {
        let mut object = BTreeMap::new();
        for entry in &body.entries {
            match description.input(&entry.name) {
                Some(row) => self.entry(row, entry, &mut object),
                None => self.stranger(entry, description),
            }
        }
        let what = format!("`{}`", description.kind);
        self.complete(description.inputs, &mut object, |name| body.get(name).is_some(), &what, &body.place);
        object
    }

    /// Evaluates a block that is a table.
    pub(super) fn block(&mut self, rows: &'static [Attribute], table: &Table) -> BTreeMap<String, Planned> {
        let mut object = BTreeMap::new();
        if !self.weigh(rows.len() as u64, &table.place) {
            return object;
        }
        for entry in &table.entries {
            match rows.iter().find(|row| row.name == &*entry.name) {
                Some(row) => self.entry(row, entry, &mut object),
                None => self.stranger_in_block(&entry.name, rows, &entry.place),
            }
        }
        let what = format!("block `{}`", self.trail);
        self.complete(rows, &mut object, |name| table.get(name).is_some(), &what, &table.place);
        object
    }

    fn entry(&mut self, row: &'static Attribute, entry: &Entry, object: &mut BTreeMap<String, Planned>) {
        self.trail.push(Part::Attribute(row.name));
        let before = self.found.len();
        let value = self.given(&row.shape, &entry.value);
        let value = self.sealed(row, value, before, &entry.value.place);
        self.trail.pop();
        object.extend(value.map(|value| (row.name.to_owned(), value)));
    }

    /// Checks what the attribute's facts allow, once nothing else is wrong with the value, and marks what is secret.
    pub(super) fn sealed(&mut self, row: &'static Attribute, value: Option<Planned>, before: usize, place: &Place) -> Option<Planned> {
        if self.found.len() > before {
            // Nothing comes of this evaluation; as unknown it is at least not reported as missing too.
            return Some(Planned::unknown(row.shape.written()));
        }
        let value = value?;
        self.limits(row, &value, place);
        Some(value.marked(row.secret))
    }

    /// Fills in defaults and reports what must be given and is not.
    pub(super) fn complete(
        &mut self,
        rows: &'static [Attribute],
        object: &mut BTreeMap<String, Planned>,
        given: impl Fn(&str) -> bool,
        what: &str,
        place: &Place,
    ) {
        for row in rows {
            if object.contains_key(row.name) {
                continue;
            }
            match row.need {
                Need::Optional => {}
                Need::Default(literal) => {
                    object.insert(row.name.to_owned(), planned(literal));
                }
                Need::Required => self.missing(row, given(row.name), what, place),
            }
        }
    }

    fn missing(&mut self, row: &Attribute, is_null: bool, what: &str, place: &Place) {
        let doc = row.doc.lines().next().unwrap_or_default();
        let why = if is_null { "it is null, which is the same as leaving it out" } else { "it is not given" };
        let detail = format!("The {what} must have `{}`, and {why}.", row.name);
        let hint = if doc.is_empty() { format!("add `{}`", row.name) } else { format!("add `{}`: {}", row.name, sentence(doc)) };
        let detail = detail.replace("The `", "`");
        self.wrong_with_hint("Missing attribute", detail, place, hint);
    }

    fn stranger(&mut self, entry: &Entry, description: &Description) {
        let (kind, name) = (description.kind, &*entry.name);
        let place = entry.place.clone();
        if let Some((_, reason)) = description.left_out.iter().find(|(left_out, _)| *left_out == name) {
            let detail =
                format!("`{name}` is an attribute of {kind} in Terraform that this version leaves out: {}.", reason.trim_end_matches('.'));
            self.found.push(Diagnostic::error("Unsupported attribute", detail).at(place).hint("remove it"));
        } else if description.output(name).is_some() {
            let detail = format!("`{name}` of {kind} is decided by AWS, so it can't be set.");
            self.found.push(
                Diagnostic::error("Attribute can't be set", detail)
                    .at(place)
                    .hint(format!("remove it; expressions may read it as {kind}.NAME.{name}")),
            );
        } else {
            let wrong = Diagnostic::error("Unknown attribute", format!("{kind} has no attribute `{name}`.")).at(place);
            let names = description.inputs.iter().map(|row| row.name).chain(META);
            self.found.push(did_you_mean(wrong, name, names, || format!("`lowtide explain {kind}` lists them all")));
        }
    }

    pub(super) fn stranger_in_block(&mut self, name: &str, rows: &'static [Attribute], place: &Place) {
        let wrong =
            Diagnostic::error("Unknown attribute", format!("The block `{}` has no attribute `{name}`.", self.trail)).at(place.clone());
        let names = rows.iter().map(|row| row.name);
        self.found.push(did_you_mean(wrong, name, names.clone(), || format!("it takes: {}", names.collect::<Vec<_>>().join(", "))));
    }
}

/// Returns a fact's value as a planned one.
fn planned(literal: Literal) -> Planned {
    match literal {
        Literal::Bool(value) => Content::Bool(value).into(),
        Literal::Int(value) => Content::Number(value.into()).into(),
        Literal::Str(text) => Planned::text(text),
    }
}

/// Returns the start of a doc comment as part of a hint.
fn sentence(doc: &str) -> String {
    let mut letters = doc.trim_end_matches('.').chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}
