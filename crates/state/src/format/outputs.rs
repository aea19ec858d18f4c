//! What a stack publishes as a small text of its own, so that others need not read the whole state. What is sensitive stands in it as
//! digests alone, as in the state.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Unreadable, canonical, frame::Frame};
use crate::{OutputValue, fields::Fields};

const FRAME: Frame = Frame { magic: "lowtide-outputs ", newest: 1 };

/// The outputs of a state, with the snapshot that they are of.
#[derive(Clone, Debug, PartialEq)]
pub struct Outputs {
    /// SHA-256 of the bytes of the snapshot, lower-case hexadecimal.
    pub snapshot: String,
    /// The outputs, by name.
    pub outputs: BTreeMap<String, OutputValue>,
}

impl Outputs {
    /// Returns their text.
    pub fn write(&self) -> String {
        FRAME.write(&canonical::canonical(&json!({ "snapshot": self.snapshot, "outputs": canonical::json(&self.outputs) })))
    }

    /// Reads them.
    ///
    /// # Errors
    /// When one byte is not as it was written, when it is not ours, or when a newer version wrote it.
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        let framed = FRAME.read(bytes)?;
        let malformed = |why: String| Unreadable::Malformed { why };
        let json = serde_json::from_slice(framed.body).map_err(|error| malformed(error.to_string()))?;
        let mut fields = Fields::of(json).map_err(malformed)?;
        let read = |fields: &mut Fields| Ok(Self { snapshot: fields.take("snapshot")?, outputs: fields.take("outputs")? });
        read(&mut fields).map_err(malformed)
    }
}
