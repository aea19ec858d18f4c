//! What of a resource must be neither shown nor kept in clear.

use lowtide_model::{Attribute, Description, Object, Observation, Planned, PlannedObject};
use lowtide_state::{Record, Remembered};

/// Tells which attributes of a resource are hidden.
#[derive(Clone, Copy, Debug)]
pub struct Hidden<'a> {
    /// Its kind.
    pub description: &'a Description,
    /// What is asked for, with its marks.
    pub wish: Option<&'a PlannedObject>,
    /// What is remembered of it.
    pub record: Option<&'a Record>,
}

impl Hidden<'_> {
    /// Returns whether an input is, as it is now: the kind calls it secret, or what is asked for is sensitive, or was when it was last asked
    /// for.
    pub fn input(&self, row: &Attribute) -> bool {
        self.later_input(row) || self.was(row)
    }

    /// Returns whether an output is, as it is now: the kind calls it secret, or it repeats a hidden input.
    pub fn output(&self, row: &Attribute) -> bool {
        row.secret || self.repeats(row, |input| self.input(input))
    }

    /// Returns whether an input is, as it will be: what was sensitive and is asked for in clear is so no more.
    pub fn later_input(&self, row: &Attribute) -> bool {
        row.secret || self.wish.and_then(|wish| wish.get(row.name)).map_or_else(|| self.was(row), Planned::holds_sensitive)
    }

    /// Returns whether an output is, as it will be.
    pub fn later_output(&self, row: &Attribute) -> bool {
        row.secret || self.repeats(row, |input| self.later_input(input))
    }

    /// Returns what of an observation may be kept in clear.
    pub fn clear(&self, seen: &Observation) -> Remembered {
        let open = |object: &Object, hidden: &dyn Fn(&str) -> bool| {
            Object(object.0.iter().filter(|(name, _)| !hidden(name)).map(|(name, value)| (name.clone(), value.clone())).collect())
        };
        Remembered {
            inputs: open(&seen.inputs, &|name| self.description.input(name).is_some_and(|row| self.later_input(row))),
            outputs: open(&seen.outputs, &|name| self.description.output(name).is_some_and(|row| self.later_output(row))),
        }
    }

    fn was(&self, row: &Attribute) -> bool {
        self.record.is_some_and(|record| record.digests.contains_key(row.name))
    }

    fn repeats(&self, row: &Attribute, hidden: impl Fn(&Attribute) -> bool) -> bool {
        let named = |template: &str, input: &Attribute| template.contains(&format!("{{{}}}", input.name));
        row.predict.is_some_and(|template| self.description.inputs.iter().any(|input| hidden(input) && named(template, input)))
    }
}
