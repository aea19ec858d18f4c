//! Values as JSON and back.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Attribute, Content, Object, Planned, Type, Value};

impl Value {
    /// Returns it as JSON: sets become arrays in their order.
    pub fn to_json(&self) -> serde_json::Value {
        let array = |all: &mut dyn Iterator<Item = &Value>| serde_json::Value::Array(all.map(Self::to_json).collect());
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Number(value) => serde_json::from_str(&value.to_string()).expect("a decimal number is JSON"),
            Self::String(text) => text.as_str().into(),
            Self::List(all) => array(&mut all.iter()),
            Self::Set(all) => array(&mut all.iter()),
            Self::Map(all) | Self::Object(all) => serde_json::Value::Object(all.iter().map(|(k, v)| (k.clone(), v.to_json())).collect()),
        }
    }

    /// Reads JSON: arrays become lists, objects become objects. `None` when a number has too many digits to be kept exactly.
    pub fn from_json(json: &serde_json::Value) -> Option<Self> {
        Some(match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(number) => Self::Number(number.to_string().parse().ok()?),
            serde_json::Value::String(text) => Self::String(text.clone()),
            serde_json::Value::Array(all) => Self::List(all.iter().map(Self::from_json).collect::<Option<_>>()?),
            serde_json::Value::Object(all) => {
                Self::Object(all.iter().map(|(k, v)| Some((k.clone(), Self::from_json(v)?))).collect::<Option<BTreeMap<_, _>>>()?)
            }
        })
    }

    /// Returns it as compact JSON text.
    pub fn to_json_text(&self) -> String {
        self.to_json().to_string()
    }

    /// Returns it with sets where the type says set, and maps where it says map, as far as the value allows.
    ///
    /// JSON has no sets: this brings back what [`Value::to_json`] flattened.
    #[must_use]
    pub fn shaped(self, ty: &Type) -> Self {
        match (self, ty) {
            (Self::List(all), Type::Set(of)) => Self::Set(all.into_iter().map(|value| value.shaped(of)).collect::<BTreeSet<_>>()),
            (Self::List(all), Type::List(of)) => Self::List(all.into_iter().map(|value| value.shaped(of)).collect()),
            (Self::Object(all) | Self::Map(all), Type::Map(of)) => Self::Map(all.into_iter().map(|(k, v)| (k, v.shaped(of))).collect()),
            (Self::Object(all) | Self::Map(all), Type::Object(members)) => Self::Object(
                all.into_iter()
                    .map(|(name, value)| {
                        let shaped =
                            members.get(&name).map(|member| &member.ty).map_or_else(|| value.clone(), |ty| value.clone().shaped(ty));
                        (name, shaped)
                    })
                    .collect(),
            ),
            (value, _) => value,
        }
    }
}

impl Object {
    /// Returns it as a JSON object.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::Value::Object(self.0.iter().map(|(name, value)| (name.clone(), value.to_json())).collect())
    }

    /// Returns it with sets and maps where attributes have them, which JSON does not tell from lists and objects.
    #[must_use]
    pub fn shaped(mut self, rows: &[Attribute]) -> Self {
        for row in rows.iter().filter(|row| !row.shape.is_json()) {
            if let Some(value) = self.0.remove(row.name) {
                self.0.insert(row.name.to_owned(), value.shaped(&row.shape.written()));
            }
        }
        self
    }
}

impl Planned {
    /// Returns compact JSON text of it, as `jsonencode` gives it: unknown when anything in it is, sensitive when anything in it is.
    #[must_use]
    pub fn to_json_text(&self) -> Self {
        let sensitive = self.holds_sensitive();
        let text = match self.known() {
            Some(known) => Content::String(known.to_json_text()).into(),
            None => Self::unknown(Type::String),
        };
        text.marked(sensitive)
    }
}
