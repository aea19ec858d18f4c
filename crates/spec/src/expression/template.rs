//! What a string of a spec holds: literal text, one expression, or a mixture.

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place};
use lowtide_model::Planned;

use super::{Reference, Scope};

/// A parsed string of a spec.
#[derive(Clone, Debug, PartialEq)]
pub struct Template;

impl Template {
    /// Parses the text of a string. `place` covers the text itself, without quotes, when the two are byte for byte the same;
    /// `exact` is false where they are not (escapes, multi-line trimming): then every place inside is the whole string.
    ///
    /// # Errors
    /// Returns every syntax error with its place.
    pub fn parse(_text: &str, _place: &Place, _exact: bool) -> Result<Self, Diagnostics> {
        Ok(Self)
    }

    /// Parses one bare expression, as `depends_on` and others hold it.
    ///
    /// # Errors
    /// Returns every syntax error with its place.
    pub fn parse_expression(_text: &str, _place: &Place, _exact: bool) -> Result<Self, Diagnostics> {
        Ok(Self)
    }

    /// Returns the text, if it is only literal text.
    pub fn literal(&self) -> Option<&str> {
        None
    }

    /// Returns every reference in it.
    pub fn references(&self) -> Vec<Reference> {
        Vec::new()
    }

    /// Evaluates it.
    ///
    /// # Errors
    /// Returns what went wrong with its place in the string.
    pub fn evaluate(&self, _scope: &dyn Scope) -> Result<Planned, Diagnostic> {
        Ok(Planned::NULL)
    }
}
