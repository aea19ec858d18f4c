//! The attributes of one thing, by name.

use std::collections::BTreeMap;

use crate::{Planned, Value};

/// Known attributes by name. An attribute that is absent has no entry: absent and empty are not the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Object(pub BTreeMap<String, Value>);

/// Attributes by name, some perhaps not known before apply.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PlannedObject(pub BTreeMap<String, Planned>);

impl Object {
    /// Returns an attribute; null counts as absent.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// Returns the text of an attribute, if it is there and is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// Sets an attribute; null removes it.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        let name = name.into();
        if value.is_null() {
            self.0.remove(&name);
        } else {
            self.0.insert(name, value);
        }
    }

    /// Returns all attributes in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0.iter()
    }
}

impl PlannedObject {
    /// Returns an attribute; null counts as absent.
    pub fn get(&self, name: &str) -> Option<&Planned> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// Returns the text of an attribute, if it is there, known, and text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// Sets an attribute; null removes it.
    pub fn set(&mut self, name: impl Into<String>, value: Planned) {
        let name = name.into();
        if value.is_null() {
            self.0.remove(&name);
        } else {
            self.0.insert(name, value);
        }
    }

    /// Returns all attributes in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Planned)> {
        self.0.iter()
    }

    /// Returns the known form, or `None` when anything in it is unknown.
    pub fn known(&self) -> Option<Object> {
        self.0.iter().map(|(name, value)| Some((name.clone(), value.known()?))).collect::<Option<_>>().map(Object)
    }
}

impl From<Object> for PlannedObject {
    fn from(object: Object) -> Self {
        Self(object.0.into_iter().map(|(name, value)| (name, value.into())).collect())
    }
}

impl FromIterator<(String, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(all: I) -> Self {
        Self(all.into_iter().filter(|(_, value)| !value.is_null()).collect())
    }
}

impl FromIterator<(String, Planned)> for PlannedObject {
    fn from_iter<I: IntoIterator<Item = (String, Planned)>>(all: I) -> Self {
        Self(all.into_iter().filter(|(_, value)| !value.is_null()).collect())
    }
}
