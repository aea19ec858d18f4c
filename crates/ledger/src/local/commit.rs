//! A snapshot takes the place of the one before it, so that a crash at any instant leaves one of the two, whole.

use lowtide_state::{
    LedgerFault,
    format::{Snapshot, Written},
};

use super::{folder::Folder, journal::Journal, kept, outputs};
use crate::session::CURRENT;

/// The snapshot.
pub(super) const STATE: &str = CURRENT;
const NEW: &str = "state.new";

/// How far a snapshot has come. Tests stop after each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It is whole and durable beside the old one.
    Written,
    /// The old one has a second name.
    Kept,
    /// What the old one publishes is gone.
    Withdrawn,
    /// It has taken the place of the old one.
    Renamed,
    /// What it publishes is there.
    Published,
    /// That is durable.
    Durable,
    /// The journal, whose results it holds, is empty.
    Emptied,
    /// Those that are too old and too many are gone.
    Tidied,
}

impl Step {
    /// All of them, in their order.
    #[cfg(test)]
    pub(super) const ALL: [Self; 8] =
        [Self::Written, Self::Kept, Self::Withdrawn, Self::Renamed, Self::Published, Self::Durable, Self::Emptied, Self::Tidied];
}

/// Told after each step; what it returns as an error ends the commit there.
pub(super) type Watch<'a> = &'a mut dyn FnMut(Step) -> Result<(), LedgerFault>;

/// Puts a snapshot in place, after the one before it, and empties the journal.
///
/// The order is what counts. Until the rename the old snapshot and its journal stand. From then on the journal builds on the
/// snapshot before, which tells that it is covered, until it is empty.
pub(super) fn commit(
    folder: &Folder,
    written: &Written,
    previous: Option<&Snapshot>,
    journal: Option<&mut Journal>,
    watch: Watch<'_>,
) -> Result<(), LedgerFault> {
    prepare(folder, written, previous, watch)?;
    put_in_place(folder, &written.snapshot, previous, journal, watch)
}

/// Writes a snapshot beside the one that is to come before it. However this fails, that one and its journal stand.
pub(super) fn prepare(folder: &Folder, written: &Written, previous: Option<&Snapshot>, watch: Watch<'_>) -> Result<(), LedgerFault> {
    write_new(folder, &written.text)?;
    watch(Step::Written)?;
    if let Some(previous) = previous {
        kept::keep(folder, previous)?;
    }
    watch(Step::Kept)
}

/// Lets a prepared snapshot take the place of the one before it. Where this fails nobody knows which of the two stands.
pub(super) fn put_in_place(
    folder: &Folder,
    snapshot: &Snapshot,
    previous: Option<&Snapshot>,
    journal: Option<&mut Journal>,
    watch: Watch<'_>,
) -> Result<(), LedgerFault> {
    outputs::withdraw(folder)?;
    watch(Step::Withdrawn)?;
    folder.rename(NEW, STATE)?;
    watch(Step::Renamed)?;
    outputs::publish(folder, snapshot);
    watch(Step::Published)?;
    folder.sync()?;
    watch(Step::Durable)?;
    if let Some(journal) = journal {
        journal.empty(folder)?;
    }
    watch(Step::Emptied)?;
    if previous.is_some() {
        kept::forget_old(folder);
    }
    watch(Step::Tidied)
}

fn write_new(folder: &Folder, text: &str) -> Result<(), LedgerFault> {
    let text = folder.sealed(STATE, text)?;
    // Whoever left one is dead: we hold the lock.
    folder.make_way(NEW)?;
    folder.write_new(NEW, &text)
}
