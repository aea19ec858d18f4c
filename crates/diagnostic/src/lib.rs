//! What went wrong, as data: a summary that names the sort of problem, a detail that says what, why and what to do,
//! the place in the user's text, and hints. Nothing here prints; `report` does.
//!
//! Checking collects every mistake it can see into [`Diagnostics`] and stops afterwards, so that a user mends them all
//! in one go. To raise one from a new place: build a [`Diagnostic`] with [`Diagnostic::error`] and push it.

mod collection;
mod source;
mod suggestion;

pub use collection::Diagnostics;
pub use source::{Place, Source, Sources, Span};
pub use suggestion::nearest;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The run can't go on.
    Error,
    /// The run goes on; the user should know.
    Warning,
}

/// One thing the user must know or act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether it stops the run.
    pub severity: Severity,
    /// The sort of problem, in a few words that never vary.
    pub summary: String,
    /// What, why and what to do, in full sentences.
    pub detail: String,
    /// Where in the user's text, when it is about a place there.
    pub place: Option<Place>,
    /// Other places that belong to it, each with a few words.
    pub related: Vec<(Place, String)>,
    /// Short suggestions, shown as `hint:`.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// Returns an error with a summary and a detail.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Severity::Error, summary.into(), detail.into())
    }

    /// Returns a warning with a summary and a detail.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Severity::Warning, summary.into(), detail.into())
    }

    fn new(severity: Severity, summary: String, detail: String) -> Self {
        Self { severity, summary, detail, place: None, related: Vec::new(), hints: Vec::new() }
    }

    /// Says where it is.
    #[must_use]
    pub fn at(mut self, place: impl Into<Option<Place>>) -> Self {
        self.place = place.into();
        self
    }

    /// Adds another place that belongs to it.
    #[must_use]
    pub fn with(mut self, place: Place, words: impl Into<String>) -> Self {
        self.related.push((place, words.into()));
        self
    }

    /// Adds a suggestion.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}
