//! The snapshots before the last: never changed, and kept for the day when one of them is wanted again.

use std::time::{Duration, SystemTime};

use lowtide_state::{
    LedgerFault,
    format::{Snapshot, Unreadable, read_snapshot},
};

use super::{
    archive,
    commit::STATE,
    folder::{Folder, unusable},
};
use crate::session::kept_name;

/// The folder that they are in.
const FOLDER: &str = "snapshots";
/// So many are always kept.
const FEWEST: usize = 100;
/// And so are those that are younger than this: 90 days.
const YOUNG: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// Gives the snapshot that is about to be replaced a name to stay under.
pub(super) fn keep(folder: &Folder, snapshot: &Snapshot) -> Result<(), LedgerFault> {
    folder.make_within(FOLDER)?;
    let name = format!("{FOLDER}/{}", kept_name(snapshot));
    // One may be left from a run that was interrupted here. It may be the snapshot itself, so it is never written to.
    folder.make_way(&name)?;
    let state = folder.path(STATE);
    if folder.disk.room().and_then(|()| std::fs::hard_link(&state, folder.path(&name))).is_err() {
        // Some file systems have no second names; there a copy must do.
        let copy = std::fs::read(&state).map_err(|error| unusable(&state, "read", error))?;
        folder.write_new(&name, &copy)?;
    }
    folder.sync_within(FOLDER)
}

/// Adds a snapshot that was kept elsewhere.
pub(super) fn add(folder: &Folder, text: Vec<u8>) -> Result<(), LedgerFault> {
    let unreadable = |error: Unreadable| error.at(folder.path(FOLDER).display());
    let name = format!("{FOLDER}/{}", kept_name(&read_snapshot(&text).map_err(unreadable)?));
    let text = String::from_utf8(text).map_err(|error| unreadable(Unreadable::Malformed { why: error.to_string() }))?;
    folder.make_within(FOLDER)?;
    // Two may write at once: each has a file of its own until it is whole.
    let new = format!("kept.{}", uuid::Uuid::new_v4());
    folder.write_new(&new, &folder.sealed(STATE, &text)?)?;
    folder.rename(&new, &name).inspect_err(|_| folder.remove(&new))?;
    folder.sync_within(FOLDER)
}

/// Removes what is neither young nor among the newest. What can't be removed stays: it does no harm.
pub(super) fn forget_old(folder: &Folder) {
    for name in all(folder).unwrap_or_default().into_iter().skip(FEWEST) {
        let path = folder.path(&name);
        let age = path.symlink_metadata().and_then(|found| found.modified()).map(|written| SystemTime::now().duration_since(written));
        if matches!(age, Ok(Ok(age)) if age > YOUNG) {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Returns all of them as names of files, newest first.
pub(super) fn all(folder: &Folder) -> Result<Vec<String>, LedgerFault> {
    let mut names = folder.names_within(FOLDER)?;
    names.sort_unstable_by(|one, other| other.cmp(one));
    Ok(names.into_iter().map(|name| format!("{FOLDER}/{name}")).collect())
}

/// Returns the names of all snapshots, that of the state first.
pub(super) fn names(folder: &Folder) -> Result<Vec<String>, LedgerFault> {
    archive::check(folder)?;
    let earlier = all(folder)?;
    let current = if earlier.is_empty() && folder.mark(STATE)?.is_none() { None } else { Some(STATE.to_owned()) };
    Ok(current.into_iter().chain(earlier).collect())
}

/// Returns the text of one of them.
pub(super) fn text(folder: &Folder, name: &str) -> Result<Vec<u8>, LedgerFault> {
    let gone = || LedgerFault::Damaged { place: folder.path(name).display().to_string(), why: "it is gone".to_owned() };
    // Each was sealed when it was the state.
    folder.text(name, STATE)?.map(|(bytes, _)| bytes).ok_or_else(gone)
}

/// Adds to a fault of the snapshot which earlier one still reads.
pub(super) fn pointed_out(folder: &Folder, fault: LedgerFault) -> LedgerFault {
    let LedgerFault::Damaged { place, why } = fault else { return fault };
    let reads = |name: &str| folder.text(name, STATE).ok().flatten().and_then(|(bytes, _)| read_snapshot(&bytes).ok());
    let found = all(folder).unwrap_or_default().into_iter().find_map(|name| Some((reads(&name)?, name)));
    let hint = match found {
        Some((snapshot, name)) => {
            format!("the last good state is serial {}, in {}", snapshot.document.state.serial, folder.path(&name).display())
        }
        None => "no earlier one can be read either".to_owned(),
    };
    LedgerFault::Damaged { place, why: format!("{why}; {hint}") }
}
