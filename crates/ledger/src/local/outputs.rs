//! What a stack publishes, as a small file beside its state, so that others need not read all of that. It names the state it is of, and
//! the state's first line says which that is: one that is torn, older or another's is told.
//!
//! There is none while a state takes the place of another, and none in a sealed folder, whose state must be opened as a whole anyway.

use std::collections::BTreeMap;

use lowtide_state::{
    LedgerFault, OutputValue,
    format::{Outputs, Snapshot, named_hash},
};

use super::{archive, commit::STATE, folder::Folder, journal::JOURNAL};

const NAME: &str = "outputs";
const NEW: &str = "outputs.new";
/// The first line of a state is no longer than this.
const FIRST_LINE: u64 = 200;

/// Takes away what is published, since another state is about to come.
pub(super) fn withdraw(folder: &Folder) -> Result<(), LedgerFault> {
    folder.make_way(NAME)
}

/// Publishes what a state says that has just taken its place. Where that can't be written nothing is published, and the state is read.
pub(super) fn publish(folder: &Folder, snapshot: &Snapshot) {
    let outputs = &snapshot.document.state.outputs;
    if outputs.is_empty() || folder.seal.is_some() {
        return;
    }
    let text = Outputs { snapshot: snapshot.hash.clone(), outputs: outputs.clone() }.write();
    let written = folder.make_way(NEW).and_then(|()| folder.write_new(NEW, text.as_bytes())).and_then(|()| folder.rename(NEW, NAME));
    if written.is_err() {
        folder.remove(NEW);
    }
}

/// Returns what a stack publishes, if its file says all; else only the whole state does.
pub(super) fn read(folder: &Folder) -> Result<Option<BTreeMap<String, OutputValue>>, LedgerFault> {
    archive::check(folder)?;
    let before = folder.mark(STATE)?;
    // Results that no snapshot holds yet may be outputs.
    if before.is_none() || folder.seal.is_some() || folder.length(JOURNAL)? > 0 {
        return Ok(None);
    }
    let length = usize::try_from(folder.length(STATE)?).unwrap_or(usize::MAX);
    let Ok(hash) = named_hash(&folder.beginning(STATE, FIRST_LINE)?, length) else { return Ok(None) };
    let found = folder.read(NAME)?;
    let Some((bytes, _)) = found.filter(|_| folder.mark(STATE).is_ok_and(|now| now == before)) else { return Ok(None) };
    let damaged = |why: String| LedgerFault::Damaged {
        place: folder.path(NAME).display().to_string(),
        why: format!("{why}; the state beside it says the same, and is read where this file is taken away"),
    };
    match Outputs::read(&bytes) {
        Ok(published) if published.snapshot == hash => Ok(Some(published.outputs)),
        Ok(_) => Err(damaged("it is of another state than the one beside it".to_owned())),
        Err(error) => Err(damaged(error.to_string())),
    }
}
