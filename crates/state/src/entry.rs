//! What a run writes down as it goes, one entry a result, each durable before anything builds on it.

use std::collections::BTreeMap;

use lowtide_model::Address;
use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::{Intent, OutputValue, Record, fields::Fields};

/// One result, or what is about to be tried.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// This is now remembered of a resource.
    Put {
        /// What is remembered.
        record: Box<Record>,
    },
    /// Nothing is remembered of it any more: it is gone, or no longer ours.
    Forget {
        /// Its address.
        address: Address,
        /// Which of the things that had it.
        generation: u32,
    },
    /// These have other addresses now, all at once; nothing else has them.
    Moved {
        /// Each with what is remembered of it, and with what is in doubt.
        moves: Vec<Moved>,
    },
    /// This is about to be asked of AWS.
    Intent {
        /// What.
        intent: Box<Intent>,
    },
    /// It is known how an intent went that left nothing to remember.
    Resolved {
        /// Its address.
        address: Address,
        /// Which of the things that had it.
        generation: u32,
        /// Its operation.
        op: String,
        /// How it went, in words.
        how: String,
    },
    /// These are the outputs now.
    Outputs {
        /// All of them, by name.
        outputs: BTreeMap<String, OutputValue>,
    },
}

/// Another address of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The address it had.
    pub from: Address,
    /// The address it has now.
    pub to: Address,
    /// Which of the things that had the one, and then of those that have the other.
    pub generation: u32,
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(serde_json::Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Entry {
    /// Reads what serializing wrote.
    pub(crate) fn from_json(json: serde_json::Value) -> Result<Self, String> {
        let mut fields = Fields::of(json)?;
        let entry: String = fields.take("entry")?;
        match entry.as_str() {
            "put" => Ok(Self::Put { record: Box::new(fields.take("record")?) }),
            "forget" => Ok(Self::Forget { address: fields.take("address")?, generation: fields.take("generation")? }),
            "moved" => Ok(Self::Moved { moves: fields.take("moves")? }),
            "intent" => Ok(Self::Intent { intent: fields.take("intent")? }),
            "resolved" => Ok(Self::Resolved {
                address: fields.take("address")?,
                generation: fields.take("generation")?,
                op: fields.take("op")?,
                how: fields.take("how")?,
            }),
            "outputs" => Ok(Self::Outputs { outputs: fields.take("outputs")? }),
            other => Err(format!("there is no entry `{other}`")),
        }
    }
}
