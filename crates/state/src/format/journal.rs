//! What a run has written down so far, as text that only grows.
//!
//! First line: `lowtide-journal <format> <sha256 of the rest of the line> <JSON of what it builds on>`. Each further line:
//! `<sha256 of the checksum before it and the JSON> <JSON of an entry>`. So no line can change, go or move unseen. Only the
//! end can be missing, and what is missing there was never acknowledged.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{
    Unreadable, canonical,
    canonical::{canonical, sha256},
    frame::exact,
    upgrade,
};
use crate::{Author, Entry};

const MAGIC: &str = "lowtide-journal ";

/// The state that a journal builds on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// The format of the journal.
    pub format: u32,
    /// Its lineage.
    pub lineage: String,
    /// Its serial.
    pub serial: u64,
    /// Its hash.
    pub hash: String,
    /// The run that writes the journal: should it be interrupted, the state with its results is by it. None before format 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Author>,
}

/// Where a journal stands: the checksum of its last line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain(String);

/// An entry as a line, and as it reads back.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The line with its end.
    pub text: String,
    /// What reading it gives.
    pub entry: Entry,
}

/// A journal as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Journal {
    /// What it builds on.
    pub base: Base,
    /// What was written down.
    pub entries: Vec<Entry>,
    /// Whether a last line was dropped that was never finished, and so never acknowledged.
    pub torn: bool,
}

impl Chain {
    /// Begins a journal: returns its first line and where it stands.
    pub fn begin(base: &Base) -> (String, Self) {
        let json = canonical(&canonical::json(base));
        let sum = sha256(&[json.as_bytes()]);
        (format!("{MAGIC}{} {sum} {json}\n", base.format), Self(sum))
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// When it would not read back: nothing unreadable is ever written. The chain stays where it was.
    pub fn add(&mut self, entry: &Entry) -> Result<Line, Unreadable> {
        let json = canonical(&canonical::json(entry));
        let entry = read_entry(json.as_bytes(), upgrade::FORMAT)?;
        self.0 = self.after(json.as_bytes());
        Ok(Line { text: format!("{} {json}\n", self.0), entry })
    }

    fn after(&self, json: &[u8]) -> String {
        sha256(&[self.0.as_bytes(), b" ", json])
    }

    /// Returns the JSON of a line without its end, and moves on, if the line is what comes next.
    fn follow<'a>(&mut self, line: &'a [u8]) -> Option<&'a [u8]> {
        let (sum, json) = line.split_at_checked(64)?;
        let json = json.strip_prefix(b" ")?;
        let next = self.after(json);
        (next.as_bytes() == sum).then(|| self.0 = next).map(|()| json)
    }
}

/// Reads a journal; `None` where nothing was ever acknowledged in it.
///
/// # Errors
/// When anything but an unfinished last line is not as it was written.
pub fn read_journal(bytes: &[u8]) -> Result<Option<Journal>, Unreadable> {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let tail = lines.pop().unwrap_or_default();
    let Some((first, lines)) = lines.split_first() else { return nothing_yet(tail) };
    let (base, mut chain) = read_base(first)?;
    let mut entries = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let json = chain.follow(line).ok_or(Unreadable::Line { line: at + 2, good: at, serial: base.serial })?;
        let entry = read_entry(json, base.format)
            .map_err(|error| Unreadable::Malformed { why: format!("line {}: {error}; serial {} is good", at + 2, base.serial) })?;
        entries.push(entry);
    }
    if let Some((_, but_last)) = tail.split_last()
        && chain.clone().follow(but_last).is_some()
    {
        // A whole line whose end has become something else is no unfinished line.
        return Err(Unreadable::Line { line: lines.len() + 2, good: entries.len(), serial: base.serial });
    }
    // A line that lacks only its end was not acknowledged, but it is true: to drop it would lose sight of what was made.
    let whole = chain.follow(tail).and_then(|json| read_entry(json, base.format).ok());
    let torn = whole.is_none() && !tail.is_empty();
    entries.extend(whole);
    Ok(Some(Journal { base, entries, torn }))
}

/// A first line that was never finished: the beginning of one, or the zeros that some file systems leave after a crash.
fn nothing_yet(tail: &[u8]) -> Result<Option<Journal>, Unreadable> {
    let begun = tail.len().min(MAGIC.len());
    if tail[..begun] == MAGIC.as_bytes()[..begun] || tail.iter().all(|byte| *byte == 0) {
        return Ok(None);
    }
    Err(Unreadable::Foreign { expected: MAGIC.trim_end() })
}

fn read_base(line: &[u8]) -> Result<(Base, Chain), Unreadable> {
    let rest = line.strip_prefix(MAGIC.as_bytes()).ok_or(Unreadable::Foreign { expected: MAGIC.trim_end() })?;
    let damaged = |why: &str| Unreadable::Header { why: why.to_owned() };
    let text = std::str::from_utf8(rest).map_err(|_| damaged("it is not text"))?;
    let [format, sum, json] = text.splitn(3, ' ').collect::<Vec<_>>()[..] else { return Err(damaged("it has not four words")) };
    let format = upgrade::known(exact(format).ok_or_else(|| damaged("its second word is no format number"))?)?;
    if sha256(&[json.as_bytes()]) != sum {
        return Err(damaged("it does not match its checksum"));
    }
    let base: Base = serde_json::from_str(json).map_err(|error| damaged(&error.to_string()))?;
    if base.format != format {
        return Err(damaged("it names two formats"));
    }
    Ok((base, Chain(sum.to_owned())))
}

fn read_entry(json: &[u8], format: u32) -> Result<Entry, Unreadable> {
    let malformed = |why: String| Unreadable::Malformed { why };
    let mut json: Json = serde_json::from_slice(json).map_err(|error| malformed(error.to_string()))?;
    upgrade::upgrade(&mut json, format, upgrade::STEPS, |step| step.entry)?;
    Entry::from_json(json).map_err(malformed)
}
