//! A slot of a remote journal: written once, under a number that nobody else can take any more, and bound to the slot before
//! it. What a run writes down stands in it as lines of a journal; a fence holds none, and begins an epoch.

use serde::{Deserialize, Serialize};

use super::{Unreadable, canonical, frame::Frame};

const FRAME: Frame = Frame { magic: "lowtide-slot ", newest: 1 };

/// A slot of a remote journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Where and whose it is.
    pub label: Label,
    /// Lines of a journal; none in a fence.
    pub lines: String,
}

/// Where and whose a slot is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Its number.
    pub number: u64,
    /// The epoch of the run that wrote it.
    pub epoch: u64,
    /// The hash of the slot before it.
    pub previous: String,
    /// Random: whoever lost the answer to the write finds out by it whether this is that write.
    pub write_id: String,
}

/// A slot as it stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The slot.
    pub slot: Slot,
    /// SHA-256 of its content, lower-case hexadecimal; the next slot is bound to it.
    pub hash: String,
}

impl Slot {
    /// Returns whether it holds nothing but the beginning of an epoch.
    pub fn is_fence(&self) -> bool {
        self.lines.is_empty()
    }

    /// Returns its text, and the hash that the next slot is bound to.
    pub fn write(&self) -> (String, String) {
        let body = format!("{}\n{}", canonical::canonical(&canonical::json(&self.label)), self.lines);
        let hash = canonical::sha256(&[body.as_bytes()]);
        (FRAME.write(&body), hash)
    }

    /// Reads it.
    ///
    /// # Errors
    /// When one byte is not as it was written, when it is not ours, or when a newer version wrote it.
    pub fn read(bytes: &[u8]) -> Result<Stored, Unreadable> {
        let framed = FRAME.read(bytes)?;
        let malformed = |why: String| Unreadable::Malformed { why };
        let body = std::str::from_utf8(framed.body).map_err(|error| malformed(error.to_string()))?;
        let (label, lines) = body.split_once('\n').ok_or_else(|| malformed("it has no label".to_owned()))?;
        let label: Label = serde_json::from_str(label).map_err(|error| malformed(error.to_string()))?;
        Ok(Stored { slot: Self { label, lines: lines.to_owned() }, hash: framed.hash })
    }
}
