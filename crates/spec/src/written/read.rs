//! TOML text becomes [`Written`] values.

use std::{collections::HashSet, sync::Arc};

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place, Span};
use lowtide_model::Number;
use toml::{
    Spanned,
    de::{DeFloat, DeInteger, DeTable, DeValue},
};

use super::{Entry, Form, Table, Text, Written, syntax};
use crate::expression::Template;

/// How many bytes a file may have.
pub const SOURCE_LIMIT: usize = 10 * 1024 * 1024;

impl Table {
    /// Reads a whole TOML text; `source` is its number among the sources. Mistakes go to `found`; after a mistake in TOML
    /// itself there is no table, since what follows it can't be trusted.
    pub fn read(text: &str, source: usize, found: &mut Diagnostics) -> Option<Self> {
        Self::read_as(text, source, false, found)
    }

    /// Reads a whole TOML text whose values may be secret: mistakes are told without repeating anything of them.
    pub fn read_secret(text: &str, source: usize, found: &mut Diagnostics) -> Option<Self> {
        Self::read_as(text, source, true, found)
    }

    fn read_as(text: &str, source: usize, secret: bool, found: &mut Diagnostics) -> Option<Self> {
        let place = Place::new(source, 0..0);
        if text.len() > SOURCE_LIMIT {
            let detail = format!("The file has {} bytes; at most {SOURCE_LIMIT} are read.", text.len());
            found.push(Diagnostic::error("File too large", detail).at(place).hint("split the stack into several files in one folder"));
            return None;
        }
        let (root, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            found.extend(syntax::explain(text, source, secret, &errors));
            return None;
        }
        let mut reader = Reader { text, source, secret, names: HashSet::new(), found };
        Some(reader.table(root.get_ref(), place))
    }
}

impl Written {
    /// Reads one TOML value, such as `["a", "b"]`.
    pub fn read(text: &str, source: usize, found: &mut Diagnostics) -> Option<Self> {
        let (value, errors) = DeValue::parse_recoverable(text);
        if !errors.is_empty() {
            found.extend(syntax::explain(text, source, true, &errors));
            return None;
        }
        Some(Reader { text, source, secret: true, names: HashSet::new(), found }.value(&value))
    }
}

struct Reader<'a> {
    text: &'a str,
    source: usize,
    /// Whether nothing of its values may be repeated.
    secret: bool,
    names: HashSet<Arc<str>>,
    found: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn table(&mut self, table: &DeTable<'_>, place: Place) -> Table {
        let entry = |(name, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| Entry {
            name: self.name(name.get_ref()),
            place: Place::new(self.source, name.span()),
            value: self.value(value),
        };
        let mut entries: Vec<_> = table.iter().map(entry).collect();
        // Most tables have few entries, and a spec has many tables.
        entries.shrink_to_fit();
        Table { place, entries }
    }

    /// Returns the one copy of a name.
    fn name(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return Arc::clone(known);
        }
        let new: Arc<str> = name.into();
        self.names.insert(Arc::clone(&new));
        new
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>) -> Written {
        let place = Place::new(self.source, value.span());
        let form = match value.get_ref() {
            DeValue::String(text) => self.string(text, &place),
            DeValue::Integer(number) => self.number(integer(number), &place),
            DeValue::Float(number) => self.number(float(number), &place),
            DeValue::Boolean(value) => Form::Bool(*value),
            DeValue::Datetime(_) => self.date(&place),
            DeValue::Array(all) => Form::Array(all.iter().map(|one| self.value(one)).collect()),
            DeValue::Table(table) => Form::Table(self.table(table, place.clone())),
        };
        Written { place, form }
    }

    fn string(&mut self, text: &str, place: &Place) -> Form {
        let span = self.text.get(place.span()).and_then(|raw| inside(raw, text));
        let exact = span.is_some();
        let inside = span.map_or_else(|| place.clone(), |span| Place::new(place.source, place.start + span.start..place.start + span.end));
        match Template::parse(text, &inside, exact) {
            Ok(template) => Form::Text(Text { template, inside, exact }),
            Err(wrong) => {
                if self.secret {
                    self.found.push(unreadable_template(place));
                } else {
                    self.found.extend(wrong);
                }
                Form::Unreadable
            }
        }
    }

    fn number(&mut self, number: Result<Number, &'static str>, place: &Place) -> Form {
        number.map(Form::Number).unwrap_or_else(|why| {
            self.found.push(Diagnostic::error("Invalid number", why).at(place.clone()));
            Form::Unreadable
        })
    }

    fn date(&mut self, place: &Place) -> Form {
        let wrong = Diagnostic::error("Date without quotes", "A spec has no date values: no attribute of AWS takes one as such.");
        self.found.push(wrong.at(place.clone()).hint("write it as a string, in quotes"));
        Form::Unreadable
    }
}

/// Says of a secret text that it holds what it can't, without saying what that is.
fn unreadable_template(place: &Place) -> Diagnostic {
    let detail = "This text holds `${` or `%{`, which begins an expression, and it can't be read as one.";
    Diagnostic::error("Invalid syntax", detail).at(place.clone()).hint("to be taken as they are, they are written $${ and %%{")
}

fn integer(number: &DeInteger<'_>) -> Result<Number, &'static str> {
    let value = i128::from_str_radix(number.as_str(), number.radix()).ok();
    value.and_then(|value| value.to_string().parse().ok()).ok_or("This integer has more than the 28 digits that are kept exactly.")
}

fn float(number: &DeFloat<'_>) -> Result<Number, &'static str> {
    if number.as_str().contains(['i', 'n']) {
        return Err("Infinity and \"not a number\" are no values a spec can use.");
    }
    number.as_str().parse().map_err(|_| "This number has more than the 28 digits that are kept exactly.")
}

/// Returns where in a raw TOML string its text stands, if the two are byte for byte the same.
fn inside(raw: &str, text: &str) -> Option<Span> {
    let quotes = if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { 1 };
    let mut start = quotes;
    if quotes == 3 {
        let rest = raw.get(3..)?;
        start += if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
    }
    let span = start..raw.len().checked_sub(quotes)?;
    (raw.get(span.clone())? == text).then_some(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_exact_where_nothing_is_escaped_or_trimmed() {
        assert_eq!(inside("\"abc\"", "abc"), Some(1..4));
        assert_eq!(inside("'a\\b'", "a\\b"), Some(1..4));
        assert_eq!(inside("\"\"\"\nab\"\"\"", "ab"), Some(4..6));
        assert_eq!(inside("\"a\\nb\"", "a\nb"), None);
        assert_eq!(inside("\"\"", ""), Some(1..1));
    }

    #[test]
    fn numbers_keep_every_digit() {
        let mut found = Diagnostics::default();
        let table = Table::read("a = 0x_f\n", 0, &mut found);
        assert!(table.is_none(), "an underscore must stand between digits");
        found = Diagnostics::default();
        let table = Table::read("a = 0xf_f\nb = 9_007_199_254_740_993\nc = 0.1\nd = +1e3\ne = -7\n", 0, &mut found).expect("TOML");
        let shown: Vec<_> =
            table.entries.iter().map(|entry| if let Form::Number(n) = entry.value.form { n.to_string() } else { String::new() }).collect();
        assert_eq!(shown, ["255", "9007199254740993", "0.1", "1000", "-7"]);
        assert!(found.is_empty(), "{found}");
    }

    #[test]
    fn dates_and_infinities_are_refused() {
        let mut found = Diagnostics::default();
        Table::read("a = 2024-01-01\nb = inf\nc = 1e99\n", 0, &mut found);
        let summaries: Vec<_> = found.iter().map(|one| one.summary.as_str()).collect();
        assert_eq!(summaries, ["Date without quotes", "Invalid number", "Invalid number"]);
    }
}
