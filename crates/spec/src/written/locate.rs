//! From a path inside a value back to the place in the text: the nearest key or value that was written out.

use lowtide_diagnostic::Place;
use lowtide_model::{Path, Step};

use super::{Form, Table, Written};

impl Table {
    /// Returns where the value at a path was written; where an expression made it, the place of that expression.
    pub fn place_of(&self, path: &Path) -> Option<Place> {
        let (Step::Name(name), rest) = path.0.split_first()? else { return None };
        Some(self.get(name)?.descend(rest).place.clone())
    }
}

impl Written {
    /// Returns where the value at a path inside this one was written, or as near to it as the text goes.
    pub fn place_below(&self, path: &Path) -> Place {
        self.descend(&path.0).place.clone()
    }

    /// Returns the places of everything in it: a table with a header has its values elsewhere.
    pub(crate) fn places(&self) -> Vec<Place> {
        let mut all = vec![self.place.clone()];
        match &self.form {
            Form::Array(elements) => all.extend(elements.iter().flat_map(Self::places)),
            Form::Table(table) => {
                all.extend(table.entries.iter().flat_map(|entry| [vec![entry.place.clone()], entry.value.places()]).flatten());
            }
            Form::Text(_) | Form::Bool(_) | Form::Number(_) | Form::Unreadable => {}
        }
        all
    }

    fn descend(&self, steps: &[Step]) -> &Self {
        let Some((step, rest)) = steps.split_first() else { return self };
        let inner = match (&self.form, step) {
            (Form::Table(table), Step::Name(name)) => table.get(name).map(|inner| inner.descend(rest)),
            // A single table stands for a list of one block, and a list of one for a single block.
            (Form::Table(_), Step::Index(0) | Step::Element) => Some(self.descend(rest)),
            (Form::Array(all), Step::Name(_)) if all.len() == 1 => Some(all[0].descend(steps)),
            (Form::Array(all), Step::Index(at)) => all.get(*at).map(|inner| inner.descend(rest)),
            (Form::Array(all), Step::Element) if all.len() == 1 => Some(all[0].descend(rest)),
            (
                Form::Text(_) | Form::Bool(_) | Form::Number(_) | Form::Array(_) | Form::Table(_) | Form::Unreadable,
                Step::Name(_) | Step::Index(_) | Step::Element,
            ) => None,
        };
        inner.unwrap_or(self)
    }
}
