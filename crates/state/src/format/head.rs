//! The head of a remote ledger: who may write, and where the newest snapshot and the journal after it are. It is the one text
//! that is ever replaced, only ever under a condition, and never deleted: its epoch must only grow.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Unreadable, canonical, frame::Frame};
use crate::fields::Fields;

const FRAME: Frame = Frame { magic: "lowtide-head ", newest: 2 };

/// Who may write, and where the newest snapshot and the journal after it are.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// The lineage of the state, given when the stack was first opened.
    pub lineage: String,
    /// Counts the runs that were given the right to write. A text of a lower epoch than this is nobody's any more.
    pub epoch: u64,
    /// Who may write now; nobody where it is none.
    pub holder: Option<Holder>,
    /// Random, new with each sign of life of the holder.
    pub beat: String,
    /// The newest snapshot; none while the first run has not begun.
    pub snapshot: Option<Pointer>,
    /// The journal after it.
    pub journal: Extent,
    /// Where the state went, if it left this ledger.
    pub moved_to: Option<String>,
    /// Random, new with each write: whoever lost the answer to a write finds out by it whether this is that write.
    pub write_id: String,
    /// What a newer version wrote and this one does not know.
    pub unknown: BTreeMap<String, Json>,
}

/// Who may write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Identifies the run; a UUID.
    pub run: String,
    /// Who it is and what it does, in words for people.
    pub who: String,
    /// How long it may be silent before others stop believing in it, in milliseconds.
    pub lease_ms: u64,
}

/// Where a snapshot is and what it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    /// The serial of its state.
    pub serial: u64,
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
    /// How many bytes it has.
    pub length: u64,
    /// SHA-256 of the text beside it that holds what it publishes, lower-case hexadecimal; none where it publishes nothing, and before
    /// format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outputs: Option<String>,
}

/// Where a journal begins and how far it is known to reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// The first slot that may still be there; those from it to `base` are covered by the snapshot and go some time.
    pub first: u64,
    /// The first slot that the snapshot does not hold.
    pub base: u64,
    /// The hash of the slot before `base`.
    pub base_chain: String,
    /// There is at least every slot before this one.
    pub next: u64,
    /// The fences among the slots from `first`, which stay.
    pub fences: Vec<u64>,
}

impl Pointer {
    /// Returns the name of the snapshot, which no other content has.
    pub fn name(&self) -> String {
        format!("{:020}-{}", self.serial, self.sha256.get(..16).unwrap_or(&self.sha256))
    }
}

impl Extent {
    /// Returns the extent of a journal without any slot.
    pub fn empty() -> Self {
        Self { first: 0, base: 0, base_chain: String::new(), next: 0, fences: Vec::new() }
    }
}

impl Head {
    /// Returns its text.
    pub fn write(&self) -> String {
        let mut all: serde_json::Map<String, Json> = self.unknown.clone().into_iter().collect();
        let known = [
            ("lineage", json!(self.lineage)),
            ("epoch", json!(self.epoch)),
            ("holder", canonical::json(&self.holder)),
            ("beat", json!(self.beat)),
            ("snapshot", canonical::json(&self.snapshot)),
            ("journal", canonical::json(&self.journal)),
            ("moved_to", json!(self.moved_to)),
            ("write_id", json!(self.write_id)),
        ];
        all.extend(known.map(|(name, value)| (name.to_owned(), value)));
        FRAME.write(&canonical::canonical(&Json::Object(all)))
    }

    /// Reads it.
    ///
    /// # Errors
    /// When one byte is not as it was written, when it is not ours, or when a newer version wrote it.
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        let framed = FRAME.read(bytes)?;
        let json = serde_json::from_slice(framed.body).map_err(|error| Unreadable::Malformed { why: error.to_string() })?;
        Self::from_json(json).map_err(|why| Unreadable::Malformed { why })
    }

    fn from_json(json: Json) -> Result<Self, String> {
        let mut fields = Fields::of(json)?;
        Ok(Self {
            lineage: fields.take("lineage")?,
            epoch: fields.take("epoch")?,
            holder: fields.take("holder")?,
            beat: fields.take("beat")?,
            snapshot: fields.take("snapshot")?,
            journal: fields.take("journal")?,
            moved_to: fields.take("moved_to")?,
            write_id: fields.take("write_id")?,
            unknown: fields.rest(),
        })
    }
}
