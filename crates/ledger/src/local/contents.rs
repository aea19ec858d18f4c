//! What the files of a stack say.

use lowtide_state::{
    LedgerFault, Loaded,
    format::{Replay, Snapshot, Written, read_journal, read_snapshot, replay, write_snapshot},
};

use super::{
    archive,
    commit::STATE,
    folder::{Folder, unusable},
    journal::JOURNAL,
    kept,
};
use crate::session::{self, TOOL};

/// How often a reader looks again when a run ends under its eyes.
const LOOKS: usize = 20;

/// What the files of a stack say.
pub(super) enum Contents {
    /// Nothing: it has never been applied.
    Nothing,
    /// The snapshot says all; the journal is empty, or holds nothing more.
    Snapshot {
        /// The snapshot.
        snapshot: Snapshot,
        /// Whether the journal's file is empty.
        clean: bool,
    },
    /// An interrupted run left results.
    Results {
        /// The snapshot they build on.
        base: Snapshot,
        /// What is to be written next.
        next: Box<Written>,
    },
}

impl Contents {
    /// Returns them as the rest of Lowtide sees them.
    pub(super) fn loaded(&self) -> Option<Loaded> {
        match self {
            Self::Nothing => None,
            Self::Snapshot { snapshot, .. } => Some(session::loaded(snapshot)),
            Self::Results { next, .. } => Some(session::loaded(&next.snapshot)),
        }
    }
}

/// Reads the files, which a run may be writing meanwhile: a snapshot and a journal that belong together.
///
/// A run that ends, or makes a checkpoint, replaces the snapshot and then empties the journal. So if the snapshot is still the same after the
/// journal was read, the journal was not emptied before that. It may have been emptied and begun anew while it was read: what
/// makes no sense is believed only when it stands there a second time.
pub(super) fn read(folder: &Folder) -> Result<Contents, LedgerFault> {
    archive::check(folder)?;
    read_even_moved(folder)
}

/// Reads the files even if the state went elsewhere.
pub(super) fn read_even_moved(folder: &Folder) -> Result<Contents, LedgerFault> {
    let mut before = None;
    for _ in 0..LOOKS {
        let state = folder.text(STATE, STATE)?;
        let journal = folder.lines(JOURNAL)?.unwrap_or_default();
        if folder.mark(STATE)? != state.as_ref().map(|(_, mark)| *mark) {
            continue;
        }
        let state = state.map(|(bytes, _)| bytes);
        let read = understood(folder, state.as_deref(), &journal);
        let now = Some((state, journal));
        if read.is_ok() || before == now {
            return read;
        }
        before = now;
    }
    Err(unusable(folder.path(STATE), "read", "it changes again and again; try later"))
}

fn understood(folder: &Folder, state: Option<&[u8]>, journal: &[u8]) -> Result<Contents, LedgerFault> {
    let place = folder.path(STATE);
    let Some(state) = state else { return missing(folder, journal) };
    let snapshot = read_snapshot(state).map_err(|error| kept::pointed_out(folder, error.at(place.display())))?;
    let in_journal = |error: lowtide_state::format::Unreadable| error.at(folder.path(JOURNAL).display());
    let read = read_journal(journal).map_err(in_journal)?;
    match replay(&snapshot, read.as_ref(), TOOL).map_err(in_journal)? {
        Replay::Nothing | Replay::Covered => {
            // What a power cut left of a first line is no text, but in the way of the next.
            Ok(Contents::Snapshot { snapshot, clean: folder.length(JOURNAL)? == 0 })
        }
        Replay::Results(document) => {
            let next = write_snapshot(&document).map_err(in_journal)?;
            Ok(Contents::Results { base: snapshot, next: Box::new(next) })
        }
    }
}

/// A folder without a snapshot is a new stack only if nothing shows that there was one.
fn missing(folder: &Folder, journal: &[u8]) -> Result<Contents, LedgerFault> {
    if journal.is_empty() && folder.length(JOURNAL)? == 0 && kept::all(folder)?.is_empty() {
        return Ok(Contents::Nothing);
    }
    let why = "the file is missing, but there was a state: its journal or an earlier one is still there".to_owned();
    Err(kept::pointed_out(folder, LedgerFault::Damaged { place: folder.path(STATE).display().to_string(), why }))
}
