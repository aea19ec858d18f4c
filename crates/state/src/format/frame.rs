//! The frame of every whole text: `<magic> <format> <sha256 of the rest> <length of the rest>`, a newline, the rest. One
//! byte that is not as it was written, one too few or one too many, and it does not read.

use std::cmp::Ordering;

use super::{Unreadable, canonical::sha256};

/// No first line is longer: magic, a number of ten digits, a checksum and a length of twenty digits.
const LONGEST_HEADER: usize = 120;

/// What a framed text begins with, and the newest format of it that this version reads.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// The first word, with a space behind it.
    pub magic: &'static str,
    /// The newest format.
    pub newest: u32,
}

/// A framed text as read.
pub(super) struct Framed<'a> {
    /// Its format.
    pub format: u32,
    /// SHA-256 of the body, lower-case hexadecimal.
    pub hash: String,
    /// What the frame holds.
    pub body: &'a [u8],
}

impl Frame {
    /// Puts the frame around a text.
    pub(super) fn write(self, body: &str) -> String {
        format!("{}{} {} {}\n{body}", self.magic, self.newest, sha256(&[body.as_bytes()]), body.len())
    }

    /// Takes the frame away.
    ///
    /// # Errors
    /// When one byte is not as it was written, when it is not ours, or when a newer version wrote it.
    pub(super) fn read(self, bytes: &[u8]) -> Result<Framed<'_>, Unreadable> {
        let (format, hash, length, body) = self.header(bytes)?;
        if body.len() < length {
            return Err(Unreadable::Truncated { found: body.len(), expected: length });
        }
        if body.len() > length {
            return Err(Unreadable::TooLong { found: body.len(), expected: length });
        }
        if sha256(&[body]) != hash {
            return Err(Unreadable::Altered);
        }
        Ok(Framed { format, hash, body })
    }

    /// Returns the checksum that the first line names of a text of which only the beginning and the length are known.
    pub(super) fn named(self, beginning: &[u8], length: usize) -> Result<String, Unreadable> {
        let (_, hash, expected, rest) = self.header(beginning)?;
        let found = length.saturating_sub(beginning.len() - rest.len());
        match found.cmp(&expected) {
            Ordering::Less => Err(Unreadable::Truncated { found, expected }),
            Ordering::Greater => Err(Unreadable::TooLong { found, expected }),
            Ordering::Equal => Ok(hash),
        }
    }

    fn header(self, bytes: &[u8]) -> Result<(u32, String, usize, &[u8]), Unreadable> {
        if bytes.is_empty() {
            return Err(Unreadable::Empty);
        }
        if !bytes.starts_with(self.magic.as_bytes()) {
            return Err(Unreadable::Foreign { expected: self.magic.trim_end() });
        }
        let damaged = |why: &str| Unreadable::Header { why: why.to_owned() };
        let window = &bytes[..bytes.len().min(LONGEST_HEADER)];
        let end = window.iter().position(|byte| *byte == b'\n').ok_or_else(|| damaged("it has no end"))?;
        let line = std::str::from_utf8(&window[..end]).map_err(|_| damaged("it is not text"))?;
        let [_, format, hash, length] = line.split(' ').collect::<Vec<_>>()[..] else { return Err(damaged("it has not four words")) };
        let format = self.known(exact(format).ok_or_else(|| damaged("its second word is no format number"))?)?;
        let length = exact(length).ok_or_else(|| damaged("its last word is no length"))?;
        Ok((format, hash.to_owned(), length, &bytes[end + 1..]))
    }

    /// Refuses formats that this version does not know.
    fn known(self, found: u32) -> Result<u32, Unreadable> {
        match found {
            0 => Err(Unreadable::Header { why: "there is no format 0".to_owned() }),
            found if found <= self.newest => Ok(found),
            found => Err(Unreadable::Newer { found, known: self.newest }),
        }
    }
}

/// Reads a number as we write numbers, without sign or leading zeros.
pub(super) fn exact<N: std::str::FromStr + ToString>(text: &str) -> Option<N> {
    text.parse().ok().filter(|number: &N| number.to_string() == text)
}
