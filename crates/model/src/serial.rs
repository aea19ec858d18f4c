//! How addresses, objects and types stand in files.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::{Address, Member, Object, Type, Value};

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = serde_json::Value::deserialize(deserializer)?;
        Self::from_json(&json).ok_or_else(|| D::Error::custom("a number has more digits than can be kept exactly"))
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::collections::BTreeMap::deserialize(deserializer).map(Self)
    }
}

impl Type {
    /// Returns it as Terraform's JSON writes types: `"string"`, `["list","string"]`, `["object",{"a":"number"}]`.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::json;
        match self {
            Self::Any => json!("dynamic"),
            Self::Bool => json!("bool"),
            Self::Number => json!("number"),
            Self::String => json!("string"),
            Self::List(of) => json!(["list", of.to_json()]),
            Self::Set(of) => json!(["set", of.to_json()]),
            Self::Map(of) => json!(["map", of.to_json()]),
            Self::Tuple(of) => json!(["tuple", of.iter().map(Self::to_json).collect::<Vec<_>>()]),
            Self::Object(members) => {
                json!([
                    "object",
                    members.iter().map(|(name, Member { ty, .. })| (name.clone(), ty.to_json())).collect::<serde_json::Map<_, _>>()
                ])
            }
        }
    }

    /// Reads what [`Type::to_json`] wrote.
    pub fn from_json(json: &serde_json::Value) -> Option<Self> {
        if let Some(word) = json.as_str() {
            return match word {
                "dynamic" => Some(Self::Any),
                "bool" => Some(Self::Bool),
                "number" => Some(Self::Number),
                "string" => Some(Self::String),
                _ => None,
            };
        }
        let [word, of] = json.as_array()?.as_slice() else { return None };
        let inner = || Self::from_json(of).map(Box::new);
        match word.as_str()? {
            "list" => inner().map(Self::List),
            "set" => inner().map(Self::Set),
            "map" => inner().map(Self::Map),
            "tuple" => of.as_array()?.iter().map(Self::from_json).collect::<Option<_>>().map(Self::Tuple),
            "object" => of
                .as_object()?
                .iter()
                .map(|(name, ty)| Some((name.clone(), Self::from_json(ty)?)))
                .collect::<Option<Vec<_>>>()
                .map(Self::object),
            _ => None,
        }
    }
}

impl Serialize for Type {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Type {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(&serde_json::Value::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("this is no type"))
    }
}
