//! What a string of a spec holds: literal text, one expression, or a mixture.

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place};
use lowtide_model::{Content, Planned};

use super::{
    Reference, Scope,
    evaluate::Evaluator,
    parse::{self, Parsed},
    size::of_text,
    syntax::{Kind, Origin},
};

/// A parsed string of a spec.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    origin: Origin,
    body: Body,
}

#[derive(Clone, Debug, PartialEq)]
enum Body {
    Literal(Box<str>),
    Parsed(Box<Parsed>),
}

impl Template {
    /// Parses the text of a string. `place` covers the text itself, without quotes, when the two are byte for byte the same;
    /// `exact` is false where they are not (escapes, multi-line trimming): then every place inside is the whole string.
    ///
    /// # Errors
    /// Returns every syntax error with its place.
    pub fn parse(text: &str, place: &Place, exact: bool) -> Result<Self, Diagnostics> {
        let origin = Origin { place: place.clone(), exact };
        let body = if text.contains("${") || text.contains("%{") {
            Body::Parsed(Box::new(parse::template(text, &origin, None)?)).flat()
        } else {
            Body::Literal(text.into())
        };
        Ok(Self { origin, body })
    }

    /// Parses one bare expression, as `depends_on` and others hold it.
    ///
    /// # Errors
    /// Returns every syntax error with its place.
    pub fn parse_expression(text: &str, place: &Place, exact: bool) -> Result<Self, Diagnostics> {
        let origin = Origin { place: place.clone(), exact };
        let body = Body::Parsed(Box::new(parse::expression(text, &origin)?));
        Ok(Self { origin, body })
    }

    /// Returns the text, if it is only literal text.
    pub fn literal(&self) -> Option<&str> {
        match &self.body {
            Body::Literal(text) => Some(text),
            Body::Parsed(_) => None,
        }
    }

    /// Returns where its text stands.
    pub fn place(&self) -> &Place {
        &self.origin.place
    }

    /// Returns every reference in it.
    pub fn references(&self) -> Vec<Reference> {
        self.refers_to().to_vec()
    }

    /// Returns every reference in it, without copying.
    pub fn refers_to(&self) -> &[Reference] {
        match &self.body {
            Body::Literal(_) => &[],
            Body::Parsed(parsed) => &parsed.references,
        }
    }

    /// Evaluates it.
    ///
    /// # Errors
    /// Returns what went wrong with its place in the string.
    pub fn evaluate(&self, scope: &dyn Scope) -> Result<Planned, Diagnostic> {
        match &self.body {
            Body::Literal(text) => {
                scope.budget().weigh(of_text(text), &self.origin.place)?;
                Ok(Planned::text(&**text))
            }
            Body::Parsed(parsed) => Evaluator::run(&parsed.expression, &self.origin, scope),
        }
    }
}

impl Body {
    /// Turns what has only escapes in it into literal text.
    fn flat(self) -> Self {
        if let Self::Parsed(parsed) = &self
            && let Kind::Literal(Planned { content: Content::String(text), sensitive: false }) = &parsed.expression.kind
        {
            return Self::Literal(text.as_str().into());
        }
        self
    }
}
