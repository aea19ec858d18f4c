//! `[output.NAME]`.

use std::sync::Arc;

use lowtide_diagnostic::{Diagnostics, Place};

use super::{Condition, Fields, reference};
use crate::{
    expression::Reference,
    written::{Entry, Written},
};

/// A value that a stack shows, and publishes for the stacks that require it.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub place: Place,
    /// Its value.
    pub value: Written,
    /// What it is.
    pub description: Option<Arc<str>>,
    /// Whether it is masked unless asked for by name.
    pub sensitive: bool,
    /// What must be done before it counts.
    pub depends_on: Vec<Reference>,
    /// What must be true for it.
    pub preconditions: Vec<Condition>,
}

impl Output {
    pub(crate) fn read(entry: Entry, found: &mut Diagnostics) -> Option<Self> {
        let Entry { name, place, value } = entry;
        let mut fields = Fields::of(format!("output `{name}`"), value, found)?;
        let value = fields.value("value");
        if value.is_none() {
            fields.missing("value", "\"${…}\"", found);
        }
        let description = fields.text("description", found).map(|(text, _)| text);
        let sensitive = fields.flag("sensitive", found).unwrap_or(false);
        let depends_on = reference::list("depends_on", fields.value("depends_on"), found);
        let preconditions = Condition::read_all(&format!("precondition of output `{name}`"), fields.value("precondition"), found);
        fields.finish(found);
        Some(Self { name, place, value: value?, description, sensitive, depends_on, preconditions })
    }
}
