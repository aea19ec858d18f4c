//! Attributes in AWS's sense: settings that it keeps as keys with texts.

use std::collections::BTreeMap;

use lowtide_resource::Fault;

/// Texts by key, as AWS returns them. What has no entry does not exist for this type of thing.
pub struct KeyValues(BTreeMap<String, String>);

impl KeyValues {
    /// Returns the text of a key; empty text counts as absent.
    pub fn text(&self, key: &str) -> Option<String> {
        self.0.get(key).filter(|text| !text.is_empty()).cloned()
    }

    /// Returns the number of a key.
    pub fn int(&self, key: &str) -> Option<i64> {
        self.0.get(key)?.parse().ok()
    }

    /// Returns whether a key is on.
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.0.get(key)?.parse().ok()
    }
}

impl FromIterator<(Option<String>, Option<String>)> for KeyValues {
    fn from_iter<I: IntoIterator<Item = (Option<String>, Option<String>)>>(all: I) -> Self {
        Self(all.into_iter().filter_map(|(key, value)| Some((key?, value.unwrap_or_default()))).collect())
    }
}

/// One setting to send.
pub struct Setting {
    /// The attribute of the kind that it is part of.
    pub attribute: &'static str,
    /// AWS's key.
    pub key: &'static str,
    /// Its text; `None` is not sent.
    pub value: Option<String>,
}

impl Setting {
    /// Returns a setting.
    pub fn of(attribute: &'static str, key: &'static str, value: impl ToString) -> Self {
        Self { attribute, key, value: Some(value.to_string()) }
    }

    /// Returns a setting that is sent only where there is a value.
    pub fn maybe(attribute: &'static str, key: &'static str, value: Option<&impl ToString>) -> Self {
        Self { attribute, key, value: value.map(ToString::to_string) }
    }
}

/// Returns a number as the SDK takes it.
pub fn small(number: Option<i64>) -> Result<Option<i32>, Fault> {
    number.map(|number| i32::try_from(number).map_err(|_| Fault::ours(&format!("{number} is far too large")))).transpose()
}
