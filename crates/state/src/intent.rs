//! What is about to be asked of AWS, written down before it is: whoever finds it open later knows where to look.

use lowtide_model::Address;
use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::{Record, RecordKey, fields::Fields};

/// A change that was about to be asked for, and of which nobody knows yet how it went.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Intent {
    /// The operation: the value of the ownership tag of what a create makes.
    pub op: String,
    /// What is about to happen.
    pub attempt: Attempt,
    /// The address.
    pub address: Address,
    /// Which of the things that had it.
    pub generation: u32,
    /// For a create, the record it is to have. Its id is the one that the wish tells, and empty where only AWS does. For an update, the
    /// record with what it asks for, where that might make the thing anew. As in every record, what is sensitive stands in it as digests
    /// alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Box<Record>>,
    /// Until when its request may still arrive, in seconds since 1970, where a run that found this open has said so: whoever sent it is
    /// gone by then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<u64>,
}

/// What is about to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attempt {
    /// Something is made.
    Create,
    /// Something is changed; may be asked for again.
    Update,
    /// Something is removed; may be asked for again.
    Delete,
}

impl<'de> Deserialize<'de> for Intent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = |json| {
            let mut fields = Fields::of(json)?;
            Ok(Self {
                op: fields.take("op")?,
                attempt: fields.take("attempt")?,
                address: fields.take("address")?,
                generation: fields.take("generation")?,
                record: fields.take_or_default("record")?,
                until: fields.take_or_default("until")?,
            })
        };
        read(serde_json::Value::deserialize(deserializer)?).map_err(|why: String| D::Error::custom(why))
    }
}

impl Intent {
    /// Returns the key of the record it is about. Only one intent about it is open at a time.
    pub fn key(&self) -> RecordKey {
        (self.address.clone(), self.generation)
    }

    /// Returns it with the address that what it is about has now.
    pub(crate) fn moved(self, address: Address) -> Self {
        let record = self.record.map(|record| Box::new(Record { address: address.clone(), ..*record }));
        Self { address, record, ..self }
    }

    /// Returns whether this record says how it went.
    pub(crate) fn is_answered_by(&self, record: &Record) -> bool {
        self.attempt != Attempt::Create || self.op == record.uid
    }
}
