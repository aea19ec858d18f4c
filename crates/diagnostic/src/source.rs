//! The user's texts, and places in them.

use std::{borrow::Cow, ops::Range, path::PathBuf, sync::Arc};

/// A byte range in a text.
pub type Span = Range<usize>;

/// One text the user wrote: a spec, a variable file, `lowtide.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file's path as the user would name it.
    pub path: PathBuf,
    /// The whole text.
    pub text: Arc<str>,
    /// What of it is never shown: values of sensitive variables.
    pub hidden: Vec<Span>,
}

impl Source {
    /// Returns the text as it may be shown: of the same length, with stars for what is hidden.
    pub fn shown(&self) -> Cow<'_, str> {
        if self.hidden.is_empty() {
            return Cow::Borrowed(&self.text);
        }
        let hides = |at: usize| self.hidden.iter().any(|span| span.contains(&at));
        let star = |(at, letter): (usize, char)| match letter.is_alphanumeric() && hides(at) {
            true => "*".repeat(letter.len_utf8()),
            false => letter.to_string(),
        };
        Cow::Owned(self.text.char_indices().map(star).collect())
    }
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
        self.0.push(Source { path: path.into(), text: text.into(), hidden: Vec::new() });
        self.0.len() - 1
    }

    /// Keeps what is at a place from being shown from now on.
    pub fn hide(&mut self, place: &Place) {
        if let Some(source) = self.0.get_mut(place.source) {
            source.hidden.push(place.span());
        }
    }

    /// Keeps from being shown what may be a value in a text that is not TOML as it should be: what follows `NAME =`, and every
    /// other line.
    pub fn hide_values(&mut self, source: usize) {
        let Some(source) = self.0.get_mut(source) else { return };
        let keyed = |line: &str| line.find('=').filter(|at| !line[..*at].contains(|one: char| !is_key(one)));
        // Inside a text of several lines a line may look like a name and a value.
        let one_lined = !source.text.contains("\"\"\"") && !source.text.contains("'''");
        let mut start = 0;
        for line in source.text.split_inclusive('\n') {
            let from = keyed(line).filter(|_| one_lined).unwrap_or(0);
            source.hidden.push(start + from..start + line.len());
            start += line.len();
        }
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

/// Returns whether a letter may stand in a bare key of TOML, or beside it.
fn is_key(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | ' ' | '\t')
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

    #[test]
    fn what_is_hidden_shows_as_stars_of_the_same_length() {
        let mut sources = Sources::default();
        let source = sources.add("a.toml", "key = \"säcret 1\"\nother = 2\n");
        sources.hide(&Place::new(source, 6..17));
        let shown = sources.get(source).map(|source| source.shown().into_owned());
        assert_eq!(shown.as_deref(), Some("key = \"******* *\"\nother = 2\n"));
    }

    #[test]
    fn values_of_broken_text_show_as_stars_and_names_as_they_are() {
        let shown = |text: &str| {
            let mut sources = Sources::default();
            let source = sources.add("a.toml", text);
            sources.hide_values(source);
            sources.get(source).map(|source| source.shown().into_owned()).unwrap_or_default()
        };
        assert_eq!(shown("a.b = \"x y\" z\n  \"q=r\",\n"), "a.b = \"* *\" *\n  \"*=*\",\n");
        assert_eq!(shown("a = '''\nb = c\n"), "* = '''\n* = *\n");
    }
}
