//! Mistakes in TOML itself, in words.

use lowtide_diagnostic::{Diagnostic, Place};
use toml::de::Error;

/// Explains what the TOML parser found; of several mistakes in one line only the first, since the others mostly follow from it.
/// Of a secret text nothing is repeated, since in broken text names and values can't be told apart.
pub fn explain(text: &str, source: usize, secret: bool, errors: &[Error]) -> Vec<Diagnostic> {
    let mut last_line = None;
    let mut found = Vec::new();
    let mut errors: Vec<_> = errors.iter().map(|error| (error.span().unwrap_or(0..0), error.message())).collect();
    errors.sort_by_key(|(span, _)| span.start);
    for (span, message) in errors {
        if found.len() == MOST {
            break;
        }
        let line = line_start(text, span.start);
        if last_line.replace(line) == Some(line) {
            continue;
        }
        let place = Place::new(source, span);
        if message == "duplicate key" {
            let header = text[line..].trim_start().starts_with('[');
            let first = earlier(text, &place, header);
            // After a table that stands twice, its keys look as if they stood twice too.
            if header || first.is_some() || !found.iter().any(|one: &Diagnostic| one.summary == DUPLICATE) {
                found.push(duplicate(text, place, secret, header, first));
            }
        } else {
            found.push(wrong(text, message, secret, place));
        }
    }
    found
}

/// How many mistakes of one file are explained; after that many, it is hardly TOML at all.
const MOST: usize = 100;
const DUPLICATE: &str = "Duplicate declaration";

fn wrong(text: &str, message: &str, secret: bool, place: Place) -> Diagnostic {
    if let Some(key) = key_of_bare_value(text, &place) {
        let (which, name) = if secret { ("This value".to_owned(), "NAME") } else { (format!("The value of `{key}`"), key) };
        let detail = format!("{which} is no string, number, bool, array or table.");
        let hint = format!("text stands in quotes: {name} = \"…\"");
        return Diagnostic::error("Invalid TOML", detail).at(place).hint(hint);
    }
    let mut letters = message.strip_suffix(", expected nothing").unwrap_or(message).chars();
    let sentence: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    let found = Diagnostic::error("Invalid TOML", format!("{sentence}.")).at(place);
    if message.contains("string") && message.contains("expected") {
        found.hint("strings stand in quotes; in '…' nothing needs to be escaped, which suits expressions with quotes of their own")
    } else {
        found
    }
}

/// Returns the key of a line whose value lacks its quotes.
fn key_of_bare_value<'t>(text: &'t str, place: &Place) -> Option<&'t str> {
    let start = line_start(text, place.start);
    let (key, value) = text.get(start..)?.lines().next()?.split_once('=')?;
    let (key, value) = (key.trim(), value.trim());
    let beyond_key = place.start > start + key.len();
    let bare = value.starts_with(|letter: char| letter.is_alphanumeric() || "/*.$-".contains(letter)) && !value.contains(['"', '\'', '#']);
    (beyond_key && bare && !key.is_empty() && !key.starts_with(['[', '{'])).then_some(key)
}

fn duplicate(text: &str, place: Place, secret: bool, header: bool, first: Option<Place>) -> Diagnostic {
    let name = text.get(place.span()).filter(|_| !secret).map(|name| format!(": `{name}`")).unwrap_or_default();
    let what = if header { "This table is declared" } else { "This key is given" };
    let detail = format!("{what} twice{name}. TOML takes each once, and neither is preferred.");
    let mut found = Diagnostic::error(DUPLICATE, detail);
    if let Some(first) = first {
        found = found.with(first, "first given here");
    }
    let hint = if header {
        "remove one, give one of them another name, or write [[…]] for a block that may be repeated"
    } else {
        "remove one of them"
    };
    found.at(place).hint(hint)
}

/// Looks for the first of two equal headers, or of two equal keys in one table.
fn earlier(text: &str, place: &Place, header: bool) -> Option<Place> {
    let start = line_start(text, place.start);
    let line = |at: usize| text[at..].lines().next().unwrap_or_default().trim();
    let key = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
    let wanted = if header { line(start).to_owned() } else { key(line(start)) };
    let mut at = start;
    let mut best = None;
    while at > 0 {
        at = line_start(text, at - 1);
        let here = line(at);
        if header && here == wanted || !header && key(here) == wanted && here.contains('=') {
            let indent = text[at..].len() - text[at..].trim_start().len();
            best = Some(Place::new(place.source, at + indent..at + indent + wanted.len()));
        }
        if !header && here.starts_with('[') {
            break;
        }
    }
    best
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}
