//! The user's texts, and places in them.

use std::{ops::Range, path::PathBuf, sync::Arc};

/// A byte range in a text.
pub type Span = Range<usize>;

/// One text the user wrote: a spec, a variable file, `lowtide.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file's path as the user would name it.
    pub path: PathBuf,
    /// The whole text.
    pub text: Arc<str>,
}

/// A place in one of the [`Sources`] of a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Which source.
    pub source: usize,
    /// The bytes of it, start first.
    pub start: usize,
    /// Where they end.
    pub end: usize,
}

impl Place {
    /// Returns the place of a span in a source.
    pub fn new(source: usize, span: Span) -> Self {
        Self { source, start: span.start, end: span.end }
    }

    /// Returns the bytes it covers.
    pub fn span(&self) -> Span {
        self.start..self.end
    }
}

/// All texts of a run, in the order in which they were read.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a text and returns its number.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> usize {
        self.0.push(Source { path: path.into(), text: text.into() });
        self.0.len() - 1
    }

    /// Returns the text with this number.
    pub fn get(&self, source: usize) -> Option<&Source> {
        self.0.get(source)
    }

    /// Returns all texts, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.iter()
    }

    /// Returns line and column, both from one, of where a place starts.
    pub fn line_and_column(&self, place: &Place) -> Option<(usize, usize)> {
        let text = &self.get(place.source)?.text;
        let before = text.get(..place.start)?;
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
        Some((line, column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_line_and_column() {
        let mut sources = Sources::default();
        let source = sources.add("a.toml", "one\ntwö three\n");
        assert_eq!(sources.line_and_column(&Place::new(source, 9..14)), Some((2, 5)));
    }
}
