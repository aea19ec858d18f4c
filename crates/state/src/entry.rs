//! What a run writes down as it goes, one entry a result, each durable before anything builds on it.

use std::collections::BTreeMap;

use lowtide_model::Address;
use serde::{Deserialize, Serialize};

use crate::{OutputValue, Record};

/// One result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// These are the outputs now.
    Outputs {
        /// All of them, by name.
        outputs: BTreeMap<String, OutputValue>,
    },
}
