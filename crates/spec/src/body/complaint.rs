//! What a kind says is wrong, as the user reads it: at its place in the text, and without what must not be shown.

use lowtide_diagnostic::{Diagnostic, Place};
use lowtide_model::{Complaint, Planned, Value};

use crate::written::Table;

/// Shorter secrets stand in ordinary words by chance.
const SHORTEST: usize = 6;

/// Returns a kind's complaint as the user reads it: where the attribute was written, or else at `otherwise`. `about` looks up the
/// attributes of each resource it may quote, the one it is about first.
pub fn complained(summary: &str, complaint: Complaint, body: &Table, otherwise: &Place, about: &[&dyn Attributes]) -> Diagnostic {
    let place = body.place_of(&complaint.path).unwrap_or_else(|| otherwise.clone());
    let raise = if complaint.doubtful { Diagnostic::warning } else { Diagnostic::error };
    let own = complaint.path.attribute().and_then(|attribute| about.first()?.attribute(attribute));
    if own.is_some_and(Planned::holds_sensitive) {
        let attribute = complaint.path.attribute().unwrap_or_default();
        let detail = format!("`{attribute}` does not fit. It is sensitive, so that what is wrong with it is not shown.");
        return raise(summary, detail).at(place);
    }
    let mut secrets = Vec::new();
    about.iter().flat_map(|attributes| attributes.all()).for_each(|value| sensitive(value, false, &mut secrets));
    let veiled = |text: String| secrets.iter().fold(text, |text, secret| text.replace(secret, "(sensitive)"));
    let mut wrong = raise(summary, veiled(complaint.detail)).at(place);
    wrong.hints.extend(complaint.hint.map(veiled));
    wrong
}

/// The attributes of a resource by name.
pub trait Attributes {
    /// Returns one of them.
    fn attribute(&self, name: &str) -> Option<&Planned>;
    /// Returns all of them.
    fn all(&self) -> Vec<&Planned>;
}

impl Attributes for lowtide_model::PlannedObject {
    fn attribute(&self, name: &str) -> Option<&Planned> {
        self.get(name)
    }

    fn all(&self) -> Vec<&Planned> {
        self.0.values().collect()
    }
}

impl Attributes for Planned {
    fn attribute(&self, name: &str) -> Option<&Planned> {
        self.as_members()?.get(name)
    }

    fn all(&self) -> Vec<&Planned> {
        self.children().collect()
    }
}

fn sensitive(value: &Planned, within: bool, found: &mut Vec<String>) {
    let hidden = within || value.sensitive;
    match value.known() {
        Some(Value::String(text)) if hidden && text.len() >= SHORTEST => found.push(text),
        Some(Value::Number(number)) if hidden && number.to_string().len() >= SHORTEST => found.push(number.to_string()),
        _ => value.children().for_each(|child| sensitive(child, hidden, found)),
    }
}
