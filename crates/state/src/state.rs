//! All that is remembered of one stack.

use std::collections::BTreeMap;

use lowtide_model::{Address, Type, Value};
use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::{Digest, Entry, Intent, Moved, Record, RecordKey, fields::Fields};

/// All that is remembered of one stack.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Identifies this state through its whole life; a UUID. The value of the ownership tag `lowtide:stack`.
    pub lineage: String,
    /// Counts the states of this lineage.
    pub serial: u64,
    /// What is remembered of each resource.
    pub records: BTreeMap<RecordKey, Record>,
    /// What was about to be asked of AWS when a run ended before it knew how it went.
    pub pending: BTreeMap<RecordKey, Intent>,
    /// The outputs as last published.
    pub outputs: BTreeMap<String, OutputValue>,
}

/// One output as published.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum OutputValue {
    /// A value anybody may read.
    Clear {
        /// The value.
        value: Value,
        /// Its type, which JSON alone does not tell.
        #[serde(rename = "type")]
        ty: Type,
    },
    /// A sensitive value: only its digest is kept.
    Sensitive {
        /// The digest.
        sensitive: Digest,
        /// Its type.
        #[serde(rename = "type")]
        ty: Type,
    },
}

impl<'de> Deserialize<'de> for OutputValue {
    /// Reads it with sets and maps where its type has them, which JSON alone does not tell.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = |json| {
            let mut fields = Fields::of(json)?;
            let ty: Type = fields.take("type")?;
            if fields.has("sensitive") {
                return Ok(Self::Sensitive { sensitive: fields.take("sensitive")?, ty });
            }
            Ok(Self::Clear { value: fields.take::<Value>("value")?.shaped(&ty), ty })
        };
        read(serde_json::Value::deserialize(deserializer)?).map_err(|why: String| D::Error::custom(why))
    }
}

impl State {
    /// Returns the state of a stack that has never been applied.
    pub fn new(lineage: impl Into<String>) -> Self {
        Self { lineage: lineage.into(), serial: 0, records: BTreeMap::new(), pending: BTreeMap::new(), outputs: BTreeMap::new() }
    }

    /// Returns the record of an address that is not deposed: the one of the highest generation.
    pub fn current(&self, address: &Address) -> Option<&Record> {
        self.generations(address).filter(|record| record.status != crate::Status::Deposed).last()
    }

    /// Returns all records of an address, oldest first.
    pub fn generations(&self, address: &Address) -> impl Iterator<Item = &Record> {
        self.records.range((address.clone(), 0)..=(address.clone(), u32::MAX)).map(|(_, record)| record)
    }

    /// Returns a generation that nothing remembered of an address has had.
    pub fn next_generation(&self, address: &Address) -> u32 {
        self.generations(address).last().map_or(0, |record| record.generation + 1)
    }

    /// Returns what is in doubt of an address, oldest generation first.
    pub fn in_doubt(&self, address: &Address) -> impl DoubleEndedIterator<Item = &Intent> {
        self.pending.range((address.clone(), 0)..=(address.clone(), u32::MAX)).map(|(_, intent)| intent)
    }

    /// Returns whether it has nothing, and nothing of it can appear any more.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.pending.is_empty()
    }

    /// Returns what is watched after its deletion, since a request that makes it anew may still arrive.
    pub fn watched(&self) -> impl Iterator<Item = &Record> {
        self.records.values().filter(|record| record.is_watched())
    }

    /// Returns whether the name of something that is watched belongs to another of this state by now: what comes back meets that one.
    pub fn is_taken_again(&self, watched: &Record) -> bool {
        self.records.values().any(|other| !other.is_watched() && other.has_the_name_of(watched))
    }

    /// Takes in what happened.
    pub fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Put { record } => {
                let key = record.key();
                if self.pending.get(&key).is_some_and(|intent| intent.is_answered_by(record)) {
                    self.pending.remove(&key);
                }
                self.records.insert(key, (**record).clone());
            }
            Entry::Forget { address, generation } => {
                let key = (address.clone(), *generation);
                self.pending.remove(&key);
                self.records.remove(&key);
            }
            Entry::Moved { moves } => self.rename(moves),
            Entry::Intent { intent } => drop(self.pending.insert(intent.key(), (**intent).clone())),
            Entry::Resolved { address, generation, op, how: _ } => {
                let key = (address.clone(), *generation);
                if self.pending.get(&key).is_some_and(|intent| intent.op == *op) {
                    self.pending.remove(&key);
                }
            }
            Entry::Outputs { outputs } => self.outputs.clone_from(outputs),
        }
    }

    /// Gives things their new addresses: in their records, in what is in doubt of them, and in what stands on them.
    fn rename(&mut self, moves: &[Moved]) {
        // All leave before the first arrives, since some may change places.
        let leaving = |one: &Moved| {
            let key = (one.from.clone(), one.generation);
            (one.to.clone(), self.records.remove(&key), self.pending.remove(&key))
        };
        let moving: Vec<_> = moves.iter().map(leaving).collect();
        for (address, record, intent) in moving {
            let record = record.map(|record| Record { address: address.clone(), ..record });
            self.records.extend(record.map(|record| (record.key(), record)));
            let intent = intent.map(|intent| intent.moved(address));
            self.pending.extend(intent.map(|intent| (intent.key(), intent)));
        }
        let to: BTreeMap<_, _> = moves.iter().map(|one| (&one.from, &one.to)).collect();
        let asked_for = self.pending.values_mut().filter_map(|intent| intent.record.as_deref_mut());
        for dependency in self.records.values_mut().chain(asked_for).flat_map(|record| &mut record.dependencies) {
            if let Some(address) = to.get(dependency) {
                dependency.clone_from(address);
            }
        }
    }
}
