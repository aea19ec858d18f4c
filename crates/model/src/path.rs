//! Places inside a value.

use std::fmt;

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A member of an object or map.
    Name(String),
    /// An element of a list, from zero.
    Index(usize),
    /// Some element of a set.
    Element,
}

/// A place inside a value; the empty path is the value itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// Returns the path of an attribute.
    pub fn of(attribute: &str) -> Self {
        Self(vec![Step::Name(attribute.to_owned())])
    }

    /// Returns the path one step further in.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut longer = self.clone();
        longer.0.push(step);
        longer
    }

    /// Returns the attribute it starts with.
    pub fn attribute(&self) -> Option<&str> {
        if let Some(Step::Name(name)) = self.0.first() { Some(name) } else { None }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Name(name) if plain(name) => write!(out, "{}{name}", if at == 0 { "" } else { "." })?,
                Step::Name(name) => write!(out, "[{name:?}]")?,
                Step::Index(index) => write!(out, "[{index}]")?,
                Step::Element => out.write_str("[*]")?,
            }
        }
        Ok(())
    }
}

/// Returns whether a name needs no quotes in an expression.
pub fn plain(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}
