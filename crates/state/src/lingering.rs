//! Requests whose reply was lost, and which may still arrive when what they ask for is long there by another.

use std::collections::BTreeMap;

use lowtide_model::Object;
use serde::{Deserialize, Serialize};

use crate::{Digest, Record};

/// A request that may still arrive, and then makes the thing anew if it is gone. Who deletes the thing before then sees to it that it stays
/// gone, and knows by this what comes back for ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lingering {
    /// Until when, in seconds since 1970 by the clock of the run that wrote this.
    pub until: u64,
    /// The value of the ownership tag of what it makes.
    pub uid: String,
    /// What it asks for: the managed attributes. Sensitive ones stand in `digests` instead.
    #[serde(default)]
    pub inputs: Object,
    /// Keyed digests of the managed attributes that are sensitive, by attribute.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub digests: BTreeMap<String, Digest>,
}

/// What was asked for, as a record or a lingering request keeps it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The operation; digests are bound to it.
    pub uid: &'a str,
    /// The managed attributes.
    pub inputs: &'a Object,
    /// Digests of those that are sensitive.
    pub digests: &'a BTreeMap<String, Digest>,
}

impl Lingering {
    /// Returns what this asks for.
    pub fn asked(&self) -> Asked<'_> {
        Asked { uid: &self.uid, inputs: &self.inputs, digests: &self.digests }
    }
}

impl Record {
    /// Returns what was asked for last.
    pub fn asked(&self) -> Asked<'_> {
        Asked { uid: &self.uid, inputs: &self.inputs, digests: &self.digests }
    }

    /// Returns the request for this record as one that may arrive until then.
    pub fn lingering_until(&self, until: u64) -> Lingering {
        Lingering { until, uid: self.uid.clone(), inputs: self.inputs.clone(), digests: self.digests.clone() }
    }
}
