//! Known values: what state holds and what AWS is told.

use std::collections::{BTreeMap, BTreeSet};

use crate::Number;

/// A value that is known. State, observations and requests hold only these.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Value {
    /// Nothing; the same as leaving the attribute out.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// An exact number.
    Number(Number),
    /// Text.
    String(String),
    /// Values in an order that matters.
    List(Vec<Value>),
    /// Values without an order, each once.
    Set(BTreeSet<Value>),
    /// Values of one type by names the user chose.
    Map(BTreeMap<String, Value>),
    /// Values by attribute names.
    Object(BTreeMap<String, Value>),
}

impl Value {
    /// Returns text as a value.
    pub fn text(text: impl Into<String>) -> Self {
        Self::String(text.into())
    }

    /// Returns whether it is null.
    pub fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// Returns the text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::List(_) | Self::Set(_) | Self::Map(_) | Self::Object(_) => None,
        }
    }

    /// Returns the truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// Returns the integer, if it is a number that is one.
    pub fn as_i64(&self) -> Option<i64> {
        if let Self::Number(value) = self { value.as_i64() } else { None }
    }

    /// Returns the members by name, if it has names.
    pub fn as_members(&self) -> Option<&BTreeMap<String, Value>> {
        match self {
            Self::Map(members) | Self::Object(members) => Some(members),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::List(_) | Self::Set(_) => None,
        }
    }

    /// Returns the elements in order, if it is a list or a set.
    pub fn elements(&self) -> Option<Vec<&Value>> {
        match self {
            Self::List(elements) => Some(elements.iter().collect()),
            Self::Set(elements) => Some(elements.iter().collect()),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Map(_) | Self::Object(_) => None,
        }
    }

    /// Returns whether it is null or an empty collection.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::List(elements) => elements.is_empty(),
            Self::Set(elements) => elements.is_empty(),
            Self::Map(members) | Self::Object(members) => members.is_empty(),
            Self::Bool(_) | Self::Number(_) | Self::String(_) => false,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}
