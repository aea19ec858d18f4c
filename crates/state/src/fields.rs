//! The fields of a JSON object, taken out one by one, so that what is left is what this version does not know.
//!
//! Serde's own `flatten` and tagged enums read through a buffer that loses exact numbers; this does not. Nor does it read from JSON values,
//! out of which serde_json hands over a number as a float where the float's text looks the same, and a float has more than one.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

/// The fields of a JSON object that nobody has taken yet.
pub(crate) struct Fields(Map<String, Json>);

impl Fields {
    /// Returns the fields of an object.
    pub(crate) fn of(json: Json) -> Result<Self, String> {
        match json {
            Json::Object(fields) => Ok(Self(fields)),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => Err("this should be an object".to_owned()),
        }
    }

    /// Returns whether a field is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Takes a field that must be there.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, String> {
        let json = self.0.remove(name).ok_or_else(|| format!("`{name}` is missing"))?;
        serde_json::from_str(&json.to_string()).map_err(|error| format!("`{name}`: {error}"))
    }

    /// Takes a field that may be left out.
    pub(crate) fn take_or_default<T: DeserializeOwned + Default>(&mut self, name: &str) -> Result<T, String> {
        if self.has(name) { self.take(name) } else { Ok(T::default()) }
    }

    /// Returns the fields that nobody has taken.
    pub(crate) fn rest(self) -> BTreeMap<String, Json> {
        self.0.into_iter().collect()
    }
}
