//! What a snapshot and the journal beside it say together.

use super::{Document, Journal, Snapshot, Unreadable};

/// What a journal means for the snapshot beside it.
#[derive(Clone, Debug, PartialEq)]
pub enum Replay {
    /// The snapshot is all there is.
    Nothing,
    /// The snapshot already holds what the journal says: a run ended between writing the one and emptying the other.
    Covered,
    /// An interrupted run left results; this is the state with them, as it is to be written next.
    Results(Box<Document>),
}

/// Tells what a journal means for the snapshot beside it.
///
/// # Errors
/// When the journal does not belong to the snapshot.
pub fn replay(snapshot: &Snapshot, journal: Option<&Journal>, tool: &str) -> Result<Replay, Unreadable> {
    let Some(journal) = journal else { return Ok(Replay::Nothing) };
    let (base, document) = (&journal.base, &snapshot.document);
    let serial = document.state.serial;
    let other = |why| Unreadable::OtherBase { base: base.serial, serial, why };
    if base.lineage != document.state.lineage {
        return Err(other("of another lineage"));
    }
    if base.serial.checked_add(1) == Some(serial) && document.parent.as_ref() == Some(&base.hash) {
        return Ok(Replay::Covered);
    }
    if base.serial != serial {
        return Err(other("which is neither it nor the one before it"));
    }
    if base.hash != snapshot.hash {
        return Err(other("with another content"));
    }
    if journal.entries.is_empty() {
        return Ok(Replay::Nothing);
    }
    let mut state = document.state.clone();
    journal.entries.iter().for_each(|entry| state.apply(entry));
    Ok(Replay::Results(Box::new(document.next(&snapshot.hash, state, tool).by(base.author.clone()))))
}
