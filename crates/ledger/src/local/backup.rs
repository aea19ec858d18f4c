//! The snapshot before the last, kept for the day when the last can't be read.

use std::io::{ErrorKind, Write};

use lowtide_state::{LedgerFault, format::read_snapshot};

use super::{
    commit::STATE,
    folder::{Folder, unusable},
};

/// Gives the snapshot that is about to be replaced a name to stay under.
pub(super) fn keep(folder: &Folder, serial: u64) -> Result<(), LedgerFault> {
    let (state, backup) = (folder.path(STATE), folder.path(&name(serial)));
    let keep = || {
        // One may be left from a run that was interrupted here. It may be the snapshot itself, so it is never written to.
        match std::fs::remove_file(&backup) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        // Some file systems have no second names; there a copy must do.
        std::fs::hard_link(&state, &backup).or_else(|_| folder.create(&name(serial))?.write_all(&std::fs::read(&state)?))
    };
    keep().map_err(|error| unusable(&backup, "written", error))
}

/// Removes all backups but one. What can't be removed stays: it does no harm.
pub(super) fn forget_all_but(folder: &Folder, serial: u64) {
    for (found, name) in all(folder).unwrap_or_default() {
        if found != serial {
            let _ = std::fs::remove_file(folder.path(&name));
        }
    }
}

/// Returns the serials and names of all backups, newest first.
pub(super) fn all(folder: &Folder) -> Result<Vec<(u64, String)>, LedgerFault> {
    let serial = |found: &str| found.strip_prefix("state.")?.strip_suffix(".backup")?.parse().ok();
    let mut backups: Vec<_> =
        folder.names()?.into_iter().filter_map(|found| Some((serial(&found).filter(|serial| name(*serial) == found)?, found))).collect();
    backups.sort_unstable_by(|one, other| other.cmp(one));
    Ok(backups)
}

/// Adds to a fault of the snapshot which backup still reads.
pub(super) fn pointed_out(folder: &Folder, fault: LedgerFault) -> LedgerFault {
    let LedgerFault::Damaged { place, why } = fault else { return fault };
    let reads = |name: &str| folder.text(name, STATE).ok().flatten().and_then(|(bytes, _)| read_snapshot(&bytes).ok());
    let found = all(folder).unwrap_or_default().into_iter().find_map(|(_, name)| Some((reads(&name)?, name)));
    let hint = match found {
        Some((snapshot, name)) => {
            format!("the last good state is serial {}, in {}", snapshot.document.state.serial, folder.path(&name).display())
        }
        None => "no backup of it can be read either".to_owned(),
    };
    LedgerFault::Damaged { place, why: format!("{why}; {hint}") }
}

fn name(serial: u64) -> String {
    format!("state.{serial}.backup")
}
