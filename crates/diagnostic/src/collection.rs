//! Many diagnostics, gathered before anything stops.

use crate::{Diagnostic, Severity};

/// What a check found, in the order of the user's text once [`Diagnostics::sorted`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all of another collection.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(others);
    }

    /// Returns whether any of them stops the run.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|found| found.severity == Severity::Error)
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns them in order.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// Returns them sorted by place, those without a place first, each only once.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.0.sort_by(|a, b| (&a.place, &a.severity, &a.summary, &a.detail).cmp(&(&b.place, &b.severity, &b.summary, &b.detail)));
        self.0.dedup();
        self
    }

    /// Returns `value` with the warnings, or all of them when one is an error.
    ///
    /// # Errors
    /// Returns the whole collection, sorted, when it holds an error.
    pub fn or<T>(self, value: T) -> Result<(T, Self), Self> {
        if self.has_errors() { Err(self.sorted()) } else { Ok((value, self.sorted())) }
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Self {
        Self(vec![one])
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

impl std::fmt::Display for Diagnostics {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for found in &self.0 {
            writeln!(out, "{}: {}", found.summary, found.detail)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
