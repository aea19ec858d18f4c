//! Taking the keys of a table one by one; what is left over is a mistake.

use std::sync::Arc;

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place, nearest};

use crate::written::{Entry, Form, Table, Written};

/// The keys of a table that have not been taken yet.
pub(crate) struct Fields {
    what: String,
    place: Place,
    entries: Vec<Entry>,
    known: Vec<&'static str>,
}

impl Fields {
    /// Returns the keys of a value that must be a table; `what` names it in messages: `` variable `name` ``.
    pub(crate) fn of(what: impl Into<String>, written: Written, found: &mut Diagnostics) -> Option<Self> {
        let what = what.into();
        match written.form {
            Form::Table(table) => Some(Self::of_table(what, table)),
            Form::Unreadable => None,
            Form::Text(_) | Form::Bool(_) | Form::Number(_) | Form::Array(_) => {
                let named = what.strip_prefix("table ").map_or_else(|| format!("The {what}"), str::to_owned);
                let detail = format!("{named} must be a table, this is {}.", written.sort());
                found.push(Diagnostic::error("Wrong type", detail).at(written.place));
                None
            }
        }
    }

    /// Returns the keys of a table.
    pub(crate) fn of_table(what: impl Into<String>, table: Table) -> Self {
        Self { what: what.into(), place: table.place, entries: table.entries, known: Vec::new() }
    }

    /// Where the table stands.
    pub(crate) fn place(&self) -> Place {
        self.place.clone()
    }

    /// Takes a key.
    pub(crate) fn take(&mut self, name: &'static str) -> Option<Entry> {
        self.known.push(name);
        let at = self.entries.iter().position(|entry| &*entry.name == name)?;
        Some(self.entries.remove(at))
    }

    /// Takes the value of a key.
    pub(crate) fn value(&mut self, name: &'static str) -> Option<Written> {
        self.take(name).map(|entry| entry.value)
    }

    /// Takes plain text.
    pub(crate) fn text(&mut self, name: &'static str, found: &mut Diagnostics) -> Option<(Arc<str>, Place)> {
        let value = self.value(name)?;
        plain_text(&format!("`{name}` of the {}", self.what), &value, found)
    }

    /// Takes plain text that must be there.
    pub(crate) fn required_text(&mut self, name: &'static str, example: &str, found: &mut Diagnostics) -> Option<(Arc<str>, Place)> {
        if self.entries.iter().any(|entry| &*entry.name == name) {
            return self.text(name, found);
        }
        self.known.push(name);
        self.missing(name, example, found);
        None
    }

    /// Takes an array of plain texts.
    pub(crate) fn texts(&mut self, name: &'static str, found: &mut Diagnostics) -> Option<Vec<(Arc<str>, Place)>> {
        let value = self.value(name)?;
        let what = format!("`{name}` of the {}", self.what);
        let Form::Array(all) = &value.form else {
            if value.form != Form::Unreadable {
                let detail = format!("{what} must be an array of strings, this is {}.", value.sort());
                found.push(Diagnostic::error("Wrong type", detail).at(value.place).hint("write it in brackets: [\"…\"]"));
            }
            return None;
        };
        Some(all.iter().filter_map(|one| plain_text(&format!("Each element of {what}"), one, found)).collect())
    }

    /// Takes `true` or `false`.
    pub(crate) fn flag(&mut self, name: &'static str, found: &mut Diagnostics) -> Option<bool> {
        let value = self.value(name)?;
        match value.form {
            Form::Bool(flag) => return Some(flag),
            Form::Unreadable => {}
            Form::Text(_) | Form::Number(_) | Form::Array(_) | Form::Table(_) => {
                let detail = format!("`{name}` of the {} must be true or false, without quotes; this is {}.", self.what, value.sort());
                found.push(Diagnostic::error("Wrong type", detail).at(value.place));
            }
        }
        None
    }

    /// Reports that a key is missing.
    pub(crate) fn missing(&self, name: &str, example: &str, found: &mut Diagnostics) {
        let detail = format!("The {} needs `{name}`.", self.what);
        found.push(Diagnostic::error("Missing key", detail).at(self.place.clone()).hint(format!("add `{name} = {example}`")));
    }

    /// Reports keys that nobody took.
    pub(crate) fn finish(self, found: &mut Diagnostics) {
        for entry in self.entries {
            let detail = format!("The {} has no key `{}`.", self.what, entry.name);
            let wrong = Diagnostic::error("Unknown key", detail).at(entry.place);
            found.push(did_you_mean(wrong, &entry.name, self.known.iter().copied(), || format!("it takes: {}", self.known.join(", "))));
        }
    }
}

/// Adds "did you mean", or something else to try.
pub(crate) fn did_you_mean<'a>(
    wrong: Diagnostic,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> Diagnostic {
    match nearest(name, candidates) {
        Some(meant) => wrong.hint(format!("did you mean `{meant}`?")),
        None => {
            let other = otherwise();
            if other.is_empty() { wrong } else { wrong.hint(other) }
        }
    }
}

/// Returns text that must not hold expressions, with the place inside the quotes.
pub(crate) fn plain_text(what: &str, value: &Written, found: &mut Diagnostics) -> Option<(Arc<str>, Place)> {
    let wrong = match &value.form {
        Form::Text(text) => match text.template.literal() {
            Some(literal) => return Some((literal.into(), text.inside.clone())),
            None => Diagnostic::error(
                "Expression not allowed here",
                format!("{what} must be plain text: it is read before anything is evaluated."),
            ),
        },
        Form::Unreadable => return None,
        Form::Bool(_) | Form::Number(_) | Form::Array(_) | Form::Table(_) => {
            Diagnostic::error("Wrong type", format!("{what} must be a string, this is {}.", value.sort()))
        }
    };
    found.push(wrong.at(value.place.clone()));
    None
}
