//! What is written down beside a stack's state: how long people hold it, and how far the tide came.
//!
//! Each has a text of its own, since people hold a stack while the tide is at work on it: neither may undo what the other wrote.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Phase;

/// The version of the text.
const VERSION: u32 = 1;

/// What is written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// How long people hold it.
    pub hold: Option<Hold>,
    /// The phase that the tide last brought to its end; none from the moment at which it sets out for another. Where it is up,
    /// people may work on it, and the tide leaves it alone until it goes.
    pub reached: Option<Phase>,
}

/// A phase that people hold against the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The phase.
    pub phase: Phase,
    /// Until when.
    pub until: Timestamp,
}

/// The text is not what was written, or a newer version wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the notes about the tide can't be read: {0}")]
pub struct NotesUnreadable(String);

#[derive(Serialize, Deserialize)]
struct Written {
    version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hold: Option<WrittenHold>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reached: Option<Phase>,
}

#[derive(Serialize, Deserialize)]
struct WrittenHold {
    phase: Phase,
    until: String,
}

impl Notes {
    /// Reads them from what people wrote and what the tide wrote; without a text there is nothing.
    ///
    /// # Errors
    /// When a text is not what was written.
    pub fn read(hold: Option<&str>, course: Option<&str>) -> Result<Self, NotesUnreadable> {
        let (held, course) = (hold.map(Written::read).transpose()?, course.map(Written::read).transpose()?);
        // Once both stood in one text.
        let reached = course.as_ref().or(held.as_ref()).and_then(|written| written.reached);
        let hold = held.and_then(|written| written.hold);
        Ok(Self { hold: hold.map(Hold::try_from).transpose()?, reached })
    }

    /// Returns the text of how long people hold it; nothing where they don't.
    pub fn written_hold(&self) -> Option<String> {
        let hold = WrittenHold { phase: self.hold?.phase, until: self.hold?.until.to_string() };
        Some(Written { version: VERSION, hold: Some(hold), reached: None }.text())
    }

    /// Returns the text of how far the tide came.
    pub fn written_course(&self) -> String {
        Written { version: VERSION, hold: None, reached: self.reached }.text()
    }
}

impl Written {
    fn read(text: &str) -> Result<Self, NotesUnreadable> {
        let written: Self = serde_json::from_str(text).map_err(|error| NotesUnreadable(error.to_string()))?;
        if written.version > VERSION {
            return Err(NotesUnreadable(format!("they have version {}, and this Lowtide reads up to {VERSION}", written.version)));
        }
        Ok(written)
    }

    fn text(&self) -> String {
        serde_json::to_string(self).expect("words and times are JSON")
    }
}

impl TryFrom<WrittenHold> for Hold {
    type Error = NotesUnreadable;

    fn try_from(hold: WrittenHold) -> Result<Self, NotesUnreadable> {
        let until = hold.until.parse().map_err(|_| NotesUnreadable(format!("`{}` is no time", hold.until)))?;
        Ok(Self { phase: hold.phase, until })
    }
}
