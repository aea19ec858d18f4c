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
    /// Returns the text as it may be shown: of the same length, with stars for what is hidden, but for its quotes and white space.
    pub fn shown(&self) -> Cow<'_, str> {
        if self.hidden.is_empty() {
            return Cow::Borrowed(&self.text);
        }
        let mut hides = vec![false; self.text.len()];
        for span in &self.hidden {
            let end = span.end.min(hides.len());
            hides[span.start.min(end)..end].fill(true);
        }
        let mut shown = String::with_capacity(self.text.len());
        for (at, letter) in self.text.char_indices() {
            if hides[at] && !letter.is_whitespace() && !matches!(letter, '"' | '\'') {
                (0..letter.len_utf8()).for_each(|_| shown.push('*'));
            } else {
                shown.push(letter);
            }
        }
        Cow::Owned(shown)
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

    /// Keeps everything in a text from being shown but what is at these places, and the signs between a name and its value.
    pub fn show_only(&mut self, source: usize, places: impl IntoIterator<Item = Place>) {
        let Some(source) = self.0.get_mut(source) else { return };
        let mut spans: Vec<_> = places.into_iter().map(|place| place.span()).collect();
        spans.sort_by_key(|span| span.start);
        source.hidden.clear();
        let mut end = 0;
        for span in spans {
            source.hidden.push(end..span.start.max(end));
            let after = source.text.get(span.end..).unwrap_or_default();
            end = end.max(span.end + after.len() - after.trim_start_matches([' ', '\t', ']', '=']).len());
        }
        source.hidden.push(end..source.text.len().max(end));
    }

    /// Keeps everything from being shown in a text that is not TOML as it should be, but names: what stands before `= VALUE`.
    pub fn hide_values(&mut self, source: usize) {
        let Some(source) = self.0.get_mut(source) else { return };
        // Inside a text of several lines, or a table, a part of a value may look like a name.
        let mut named = !source.text.contains("\"\"\"") && !source.text.contains("'''");
        source.hidden.clear();
        let mut start = 0;
        for line in source.text.split_inclusive('\n') {
            named &= !line.trim_start().starts_with(['[', '{']);
            let from = if named { before_value(line) } else { 0 };
            named &= !line.contains(['[', '{']);
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

/// Returns how long the name and the sign before a value are; nothing where it is not sure that they are those: a key in base64 may
/// end in such signs too.
fn before_value(line: &str) -> usize {
    let Some((name, value)) = line.split_once('=') else { return 0 };
    let bare = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let (key, value) = (name.trim(), value.trim());
    let name_like = !key.is_empty() && key.len() <= LONGEST_NAME && key.chars().all(bare);
    let value_like = if value.is_empty() { name.ends_with(' ') } else { !value.starts_with('=') };
    let sure = name_like && value_like;
    if sure { name.len() + 1 } else { 0 }
}

/// How many bytes may be taken for a name in a text that is not TOML as it should be.
const LONGEST_NAME: usize = 64;

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
    fn only_what_is_named_is_shown() {
        let mut sources = Sources::default();
        let source = sources.add("a.toml", "a = 's p' # old\n[b]\nc = 1\nd = 2\n");
        sources.show_only(source, [0..1, 17..18, 26..27, 30..31].map(|span| Place::new(source, span)));
        let shown = sources.get(source).map(|source| source.shown().into_owned());
        assert_eq!(shown.as_deref(), Some("a = '* *' * ***\n*b]\n* * *\nd = 2\n"));
    }

    #[test]
    fn values_of_broken_text_show_as_stars_and_names_as_they_are() {
        let shown = |text: &str| {
            let mut sources = Sources::default();
            let source = sources.add("a.toml", text);
            sources.hide_values(source);
            sources.get(source).map(|source| source.shown().into_owned()).unwrap_or_default()
        };
        assert_eq!(shown("a.b = \"x y\" z\n  \"q=r\",\n"), "a.b = \"* *\" *\n  \"***\"*\n");
        assert_eq!(shown("a = '''\nb = c\n"), "* * '''\n* * *\n");
        assert_eq!(shown("c2VjcmV0==\nc2VjcmV0=\nMII c2V=x\n"), "**********\n*********\n*** *****\n");
    }
}
