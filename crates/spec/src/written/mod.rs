//! What the user wrote: a tree of values in which each key and each value knows its place.
//!
//! [`Table::read`] makes it from TOML; [`Written::evaluate`] makes a value of it; `body` does so guided by a kind's shapes.

mod evaluate;
mod locate;
mod read;
mod syntax;

use std::sync::Arc;

use lowtide_diagnostic::Place;
use lowtide_model::Number;

use crate::expression::{Reference, Template};

pub use read::SOURCE_LIMIT;

/// A value as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// Where it stands, with its quotes, brackets or braces; for a table with a header, the header.
    pub place: Place,
    /// What it is.
    pub form: Form,
}

/// What a [`Written`] value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// A string, which is a template.
    Text(Text),
    /// `true` or `false`.
    Bool(bool),
    /// An integer or a decimal fraction, exactly as written.
    Number(Number),
    /// An array, or an array of tables.
    Array(Vec<Written>),
    /// A table, with a header or inline.
    Table(Table),
    /// Something that could not be read and has been reported; it counts as unknown.
    Unreadable,
}

/// A string as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// What it holds.
    pub template: Template,
    /// The text without its quotes where `exact`, else the whole string.
    pub inside: Place,
    /// Whether text and source are the same byte for byte, so that places inside can be told.
    pub exact: bool,
}

/// A table as written, in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Where it stands: its header, its braces, or the name that it belongs to.
    pub place: Place,
    /// Its keys and values.
    pub entries: Vec<Entry>,
}

/// One key of a [`Table`] with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub name: Arc<str>,
    /// Where the key stands.
    pub place: Place,
    /// Its value.
    pub value: Written,
}

impl Table {
    /// Returns an empty table.
    pub fn empty(place: Place) -> Self {
        Self { place, entries: Vec::new() }
    }

    /// Returns the entry of a key.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| &*entry.name == name)
    }

    /// Returns the value of a key.
    pub fn get(&self, name: &str) -> Option<&Written> {
        self.entry(name).map(|entry| &entry.value)
    }

    /// Returns every reference in it.
    pub fn references(&self) -> Vec<Reference> {
        let mut found = Vec::new();
        self.entries.iter().for_each(|entry| entry.value.gather(&mut found));
        found
    }
}

impl Written {
    /// Returns the text, if it is a string without expressions.
    pub fn literal(&self) -> Option<&str> {
        if let Form::Text(text) = &self.form { text.template.literal() } else { None }
    }

    /// Returns every reference in it.
    pub fn references(&self) -> Vec<Reference> {
        let mut found = Vec::new();
        self.gather(&mut found);
        found
    }

    fn gather(&self, found: &mut Vec<Reference>) {
        match &self.form {
            Form::Text(text) => found.extend(text.template.references()),
            Form::Array(all) => all.iter().for_each(|one| one.gather(found)),
            Form::Table(table) => table.entries.iter().for_each(|entry| entry.value.gather(found)),
            Form::Bool(_) | Form::Number(_) | Form::Unreadable => {}
        }
    }

    /// Returns what it is in TOML's words, with an article.
    pub fn sort(&self) -> &'static str {
        match &self.form {
            Form::Text(_) => "a string",
            Form::Bool(_) => "a bool",
            Form::Number(_) => "a number",
            Form::Array(_) => "an array",
            Form::Table(_) => "a table",
            Form::Unreadable => "unreadable",
        }
    }
}
