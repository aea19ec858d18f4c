//! What is remembered of one resource.

use std::collections::BTreeMap;

use lowtide_model::{Address, Object, Observation, Phase, Place};
use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::{Digest, Lingering, fields::Fields};

/// Which record: an address, and which of the things that had it. Generations count up with each replacement.
pub type RecordKey = (Address, u32);

/// What is remembered of one resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Record {
    /// Its address.
    pub address: Address,
    /// Which of the things that had this address.
    pub generation: u32,
    /// The alias of its provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Where it is.
    pub place: Place,
    /// What calls need to name it.
    pub id: String,
    /// The operation that created it: the value of its ownership tag.
    pub uid: String,
    /// What the user last asked for: the managed attributes. Sensitive ones stand in `digests` instead.
    pub inputs: Object,
    /// Keyed digests of the managed attributes that are sensitive, by attribute.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub digests: BTreeMap<String, Digest>,
    /// What AWS last said, without anything sensitive.
    pub seen: Remembered,
    /// The addresses it refers to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<Address>,
    /// How far it came.
    pub status: Status,
    /// What keeps it from being destroyed, and how it is replaced.
    pub protection: Protection,
    /// Requests for it whose reply was lost, and which may still arrive: the thing is there by another.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lingering: Vec<Lingering>,
    /// What a newer version wrote and this one does not know.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

/// An observation as it is remembered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Remembered {
    /// The inputs as they were.
    #[serde(default)]
    pub inputs: Object,
    /// What AWS decided.
    #[serde(default)]
    pub outputs: Object,
}

/// How far a resource came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is as asked for.
    #[default]
    Ok,
    /// It exists, but not all of what was asked for is known to be so. The next run goes on from there.
    Partial,
    /// A newer generation has taken its place; it is to be deleted.
    Deposed,
    /// It was deleted, and a request that makes it anew may still arrive: it is watched, and forgotten when it surely stays gone.
    Deleting,
}

/// What keeps a resource from being destroyed, and how it is replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protection {
    /// Whether it must not be destroyed.
    #[serde(default)]
    pub prevent_destroy: bool,
    /// Whether its successor comes first.
    #[serde(default)]
    pub create_before_destroy: bool,
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(serde_json::Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Record {
    /// Reads what serializing wrote; all but address, place, id and uid may be left out, and what is not known is kept.
    pub(crate) fn from_json(json: serde_json::Value) -> Result<Self, String> {
        let mut fields = Fields::of(json)?;
        Ok(Self {
            address: fields.take("address")?,
            generation: fields.take_or_default("generation")?,
            provider: fields.take_or_default("provider")?,
            place: fields.take("place")?,
            id: fields.take("id")?,
            uid: fields.take("uid")?,
            inputs: fields.take_or_default("inputs")?,
            digests: fields.take_or_default("digests")?,
            seen: fields.take_or_default("seen")?,
            dependencies: fields.take_or_default("dependencies")?,
            status: fields.take_or_default("status")?,
            protection: fields.take_or_default("protection")?,
            lingering: fields.take_or_default("lingering")?,
            unknown: fields.rest(),
        })
    }

    /// Returns its key.
    pub fn key(&self) -> RecordKey {
        (self.address.clone(), self.generation)
    }

    /// Returns the last observation, for calls that need one when AWS was not asked again.
    pub fn last_observation(&self) -> Observation {
        Observation {
            id: self.id.clone(),
            inputs: self.seen.inputs.clone(),
            unseen: self.digests.keys().cloned().collect(),
            outputs: self.seen.outputs.clone(),
            phase: Phase::Stable,
            pending: Object::default(),
            aside: Object::default(),
        }
    }

    /// Returns whether it was made and never seen as it was asked for: its creation has not come to its end.
    pub fn is_unfinished(&self) -> bool {
        self.status == Status::Partial && self.seen == Remembered::default()
    }

    /// Returns whether it was deleted, and is watched.
    pub fn is_watched(&self) -> bool {
        self.status == Status::Deleting
    }

    /// Returns whether both are of one kind and have one name in one place.
    pub fn has_the_name_of(&self, other: &Self) -> bool {
        self.address.kind() == other.address.kind() && self.place == other.place && self.id == other.id
    }

    /// Returns until when the last request that makes it anew may arrive, in seconds since 1970.
    pub fn lingers_until(&self) -> Option<u64> {
        self.lingering.iter().map(|one| one.until).max()
    }

    /// Returns whether an attribute is managed: asked for by the user, in clear or as a digest.
    pub fn manages(&self, attribute: &str) -> bool {
        self.inputs.get(attribute).is_some() || self.digests.contains_key(attribute)
    }
}
