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
    /// Returns whether an input is: the kind calls it secret, or what is asked for is sensitive, or was when it was last asked for.
    pub fn input(&self, row: &Attribute) -> bool {
        let asked = self.wish.and_then(|wish| wish.get(row.name)).is_some_and(Planned::holds_sensitive);
        row.secret || asked || self.record.is_some_and(|record| record.digests.contains_key(row.name))
    }

    /// Returns whether an output is: the kind calls it secret, or it repeats a hidden input.
    pub fn output(&self, row: &Attribute) -> bool {
        let repeats = |template: &str| {
            let mut hidden = self.description.inputs.iter().filter(|input| self.input(input));
            hidden.any(|input| template.contains(&format!("{{{}}}", input.name)))
        };
        row.secret || row.predict.is_some_and(repeats)
    }

    /// Returns what of an observation may be kept in clear.
    pub fn clear(&self, seen: &Observation) -> Remembered {
        let open = |object: &Object, hidden: &dyn Fn(&str) -> bool| {
            Object(object.0.iter().filter(|(name, _)| !hidden(name)).map(|(name, value)| (name.clone(), value.clone())).collect())
        };
        Remembered {
            inputs: open(&seen.inputs, &|name| self.description.input(name).is_some_and(|row| self.input(row))),
            outputs: open(&seen.outputs, &|name| self.description.output(name).is_some_and(|row| self.output(row))),
        }
    }
}
