//! A state as one text: `lowtide-state <format> <sha256 of the rest> <length of the rest>`, a newline, canonical JSON.

use serde_json::Value as Json;

use super::{Document, Unreadable, frame::Frame, upgrade};

const FRAME: Frame = Frame { magic: "lowtide-state ", newest: upgrade::FORMAT };

/// A document as read, with the hash that names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The document.
    pub document: Document,
    /// SHA-256 of its canonical JSON, lower-case hexadecimal.
    pub hash: String,
}

/// A document as text, and as it reads back: sets have become lists, as JSON has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The whole text, header and all.
    pub text: String,
    /// What reading it gives.
    pub snapshot: Snapshot,
}

/// Writes a document.
///
/// # Errors
/// When it would not read back: nothing unreadable is ever written.
pub fn write_snapshot(document: &Document) -> Result<Written, Unreadable> {
    let text = FRAME.write(&document.text());
    let snapshot = read_snapshot(text.as_bytes())?;
    Ok(Written { text, snapshot })
}

/// Returns the hash of a state as its first line names it. Nothing else is looked at but how many bytes there are.
///
/// # Errors
/// When the first line is damaged or not ours, when it tells another length, or when a newer version wrote it.
pub fn named_hash(beginning: &[u8], length: usize) -> Result<String, Unreadable> {
    FRAME.named(beginning, length)
}

/// Reads a state.
///
/// # Errors
/// When one byte is not as it was written, when it is not ours, or when a newer version wrote it.
pub fn read_snapshot(bytes: &[u8]) -> Result<Snapshot, Unreadable> {
    let framed = FRAME.read(bytes)?;
    let json: Json = serde_json::from_slice(framed.body).map_err(|error| Unreadable::Malformed { why: error.to_string() })?;
    Ok(Snapshot { document: Document::from_json(json, framed.format)?, hash: framed.hash })
}
