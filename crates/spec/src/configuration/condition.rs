//! `validation`, `precondition` and `postcondition`: something that must be true, and what to say when it is not.

use lowtide_diagnostic::{Diagnostics, Place};

use super::Fields;
use crate::written::{Form, Written};

/// Something that must be true.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// What must be true.
    pub condition: Written,
    /// What to say when it is not.
    pub error_message: Written,
    /// Where it stands.
    pub place: Place,
}

impl Condition {
    /// Reads one table or an array of them.
    pub(crate) fn read_all(what: &str, written: Option<Written>, found: &mut Diagnostics) -> Vec<Self> {
        let Some(written) = written else { return Vec::new() };
        let Written { place, form } = written;
        let all = match form {
            Form::Array(all) => all,
            form @ (Form::Text(_) | Form::Bool(_) | Form::Number(_) | Form::Table(_) | Form::Unreadable) => vec![Written { place, form }],
        };
        all.into_iter().filter_map(|one| Self::read(what, one, found)).collect()
    }

    fn read(what: &str, written: Written, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::of(what, written, found)?;
        let place = fields.place();
        let condition = fields.value("condition");
        let error_message = fields.value("error_message");
        if condition.is_none() {
            fields.missing("condition", "\"${…}\"", found);
        }
        if error_message.is_none() {
            fields.missing("error_message", "\"What must be so, in a full sentence.\"", found);
        }
        fields.finish(found);
        Some(Self { condition: condition?, error_message: error_message?, place })
    }
}
