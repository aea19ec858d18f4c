//! A state as one text: `lowtide-state <format> <sha256 of the rest> <length of the rest>`, a newline, canonical JSON.

use serde_json::Value as Json;

use super::{Document, Unreadable, canonical::sha256, upgrade};

const MAGIC: &str = "lowtide-state ";
/// No header is longer: magic, a number of ten digits, a checksum and a length of twenty digits.
const LONGEST_HEADER: usize = 120;

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
    let body = document.text();
    let text = format!("{MAGIC}{} {} {}\n{body}", upgrade::FORMAT, sha256(&[body.as_bytes()]), body.len());
    let snapshot = read_snapshot(text.as_bytes())?;
    Ok(Written { text, snapshot })
}

/// Reads a state.
///
/// # Errors
/// When one byte is not as it was written, when it is not ours, or when a newer version wrote it.
pub fn read_snapshot(bytes: &[u8]) -> Result<Snapshot, Unreadable> {
    let header = Header::read(bytes)?;
    let body = &bytes[header.length..];
    if body.len() < header.body {
        return Err(Unreadable::Truncated { found: body.len(), expected: header.body });
    }
    if body.len() > header.body {
        return Err(Unreadable::TooLong { found: body.len(), expected: header.body });
    }
    if sha256(&[body]) != header.hash {
        return Err(Unreadable::Altered);
    }
    let json: Json = serde_json::from_slice(body).map_err(|error| Unreadable::Malformed { why: error.to_string() })?;
    Ok(Snapshot { document: Document::from_json(json, header.format)?, hash: header.hash })
}

struct Header {
    format: u32,
    hash: String,
    body: usize,
    length: usize,
}

impl Header {
    fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.is_empty() {
            return Err(Unreadable::Empty);
        }
        if !bytes.starts_with(MAGIC.as_bytes()) {
            return Err(Unreadable::Foreign { expected: MAGIC.trim_end() });
        }
        let damaged = |why: &str| Unreadable::Header { why: why.to_owned() };
        let window = &bytes[..bytes.len().min(LONGEST_HEADER)];
        let end = window.iter().position(|byte| *byte == b'\n').ok_or_else(|| damaged("it has no end"))?;
        let line = std::str::from_utf8(&window[..end]).map_err(|_| damaged("it is not text"))?;
        let [_, format, hash, body] = line.split(' ').collect::<Vec<_>>()[..] else { return Err(damaged("it has not four words")) };
        let format = upgrade::known(exact(format).ok_or_else(|| damaged("its second word is no format number"))?)?;
        let body = exact(body).ok_or_else(|| damaged("its last word is no length"))?;
        Ok(Self { format, hash: hash.to_owned(), body, length: end + 1 })
    }
}

/// Reads a number as we write numbers, without sign or leading zeros.
pub(super) fn exact<N: std::str::FromStr + ToString>(text: &str) -> Option<N> {
    text.parse().ok().filter(|number: &N| number.to_string() == text)
}
