//! Where in the attributes an evaluation is, for messages: `ingress[0].from_port`.

use std::fmt;

use lowtide_model::plain;

/// The steps from the kind to the value at hand.
#[derive(Default)]
pub(super) struct Trail(Vec<Part>);

pub(super) enum Part {
    /// An attribute of the kind or of a block.
    Attribute(&'static str),
    /// A member whose name the user chose.
    Key(String),
    /// An element.
    Index(usize),
}

impl Trail {
    pub(super) fn push(&mut self, part: Part) {
        self.0.push(part);
    }

    pub(super) fn pop(&mut self) {
        self.0.pop();
    }
}

impl fmt::Display for Trail {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.0.iter().enumerate() {
            let dot = if at == 0 { "" } else { "." };
            match part {
                Part::Attribute(name) => write!(out, "{dot}{name}")?,
                Part::Key(name) if plain(name) => write!(out, "{dot}{name}")?,
                Part::Key(name) => write!(out, "[{name:?}]")?,
                Part::Index(index) => write!(out, "[{index}]")?,
            }
        }
        Ok(())
    }
}
