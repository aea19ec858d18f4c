//! Why a text can't be read as a state or a journal.

use std::fmt;

use crate::LedgerFault;

/// Why a text can't be read as a state or a journal. None of these ever means "there is no state".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// There is nothing in it. A state is never empty: a stack that owns nothing still has a lineage.
    #[error("the file is empty")]
    Empty,
    /// It does not begin as ours do.
    #[error("it does not begin with `{expected}`, so Lowtide did not write it or its first line is damaged")]
    Foreign {
        /// What it should begin with.
        expected: &'static str,
    },
    /// It ends too early.
    #[error("it is cut short: {found} bytes of {expected} are there")]
    Truncated {
        /// How many bytes follow the header.
        found: usize,
        /// How many should.
        expected: usize,
    },
    /// Something follows after its end.
    #[error("it is too long: {found} bytes where {expected} should be")]
    TooLong {
        /// How many bytes follow the header.
        found: usize,
        /// How many should.
        expected: usize,
    },
    /// Its content is not what was written.
    #[error("its content does not match its checksum")]
    Altered,
    /// Its first line is not as it should be.
    #[error("its first line is damaged: {why}")]
    Header {
        /// What is wrong with it.
        why: String,
    },
    /// The checksum is right, but what it says makes no sense.
    #[error("{why}")]
    Malformed {
        /// What is wrong, and where.
        why: String,
    },
    /// A line of the journal is not what was written.
    #[error(
        "line {line} does not match its checksum; the {good} results before it are good, and so is serial {serial}, which they build on"
    )]
    Line {
        /// Which line, from one.
        line: usize,
        /// How many entries before it verify.
        good: usize,
        /// The serial that the journal builds on.
        serial: u64,
    },
    /// The journal builds on another state than the one beside it.
    #[error("the journal builds on serial {base} ({why}), but the state beside it is serial {serial}")]
    OtherBase {
        /// The serial that the journal builds on.
        base: u64,
        /// The serial of the state beside it.
        serial: u64,
        /// What does not fit.
        why: &'static str,
    },
    /// A newer version wrote it.
    #[error("it has format {found}; this version reads up to {known}")]
    Newer {
        /// Its format.
        found: u32,
        /// The newest format this version reads.
        known: u32,
    },
}

impl Unreadable {
    /// Returns the fault of a ledger that found it at a place.
    pub fn at(self, place: impl fmt::Display) -> LedgerFault {
        let place = place.to_string();
        match self {
            Self::Newer { found, known } => LedgerFault::Newer { place, found, known },
            other => LedgerFault::Damaged { place, why: other.to_string() },
        }
    }
}
