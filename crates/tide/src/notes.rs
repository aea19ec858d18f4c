//! What is written down beside a stack's state: how long people hold it, and how far the tide came.

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
    /// Reads them; without a text there are none.
    ///
    /// # Errors
    /// When the text is not what was written.
    pub fn read(text: Option<&str>) -> Result<Self, NotesUnreadable> {
        let Some(text) = text else { return Ok(Self::default()) };
        let written: Written = serde_json::from_str(text).map_err(|error| NotesUnreadable(error.to_string()))?;
        if written.version > VERSION {
            return Err(NotesUnreadable(format!("they have version {}, and this Lowtide reads up to {VERSION}", written.version)));
        }
        let hold = |hold: WrittenHold| {
            let until = hold.until.parse().map_err(|_| NotesUnreadable(format!("`{}` is no time", hold.until)))?;
            Ok(Hold { phase: hold.phase, until })
        };
        Ok(Self { hold: written.hold.map(hold).transpose()?, reached: written.reached })
    }

    /// Returns them as text; nothing where there is nothing to write down.
    pub fn written(&self) -> Option<String> {
        if *self == Self::default() {
            return None;
        }
        let hold = self.hold.map(|hold| WrittenHold { phase: hold.phase, until: hold.until.to_string() });
        let written = Written { version: VERSION, hold, reached: self.reached };
        Some(serde_json::to_string(&written).expect("words and times are JSON"))
    }
}
