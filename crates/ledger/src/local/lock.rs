//! The lock of a stack: a file that is locked while a run may write, and says who does. It is never deleted, so that
//! everybody locks the same file, and the system frees it when its holder dies.

use std::{
    fs::{File, TryLockError},
    io::{ErrorKind, Read, Seek, SeekFrom},
    os::unix::fs::MetadataExt,
};

use lowtide_state::{LedgerFault, StackKey};

use super::{
    disk::not_written,
    folder::{Access, Folder, unusable},
    trust,
};
use crate::who::Us;

const NAME: &str = "lock";
/// Nothing we write about a holder is longer.
const LONGEST: u64 = 500;

/// The lock, held until dropped.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    /// Takes the lock, or says who has it.
    pub(super) fn take(folder: &Folder, key: &StackKey, us: &Us, doing: &str) -> Result<Self, LedgerFault> {
        let path = folder.path(NAME);
        match folder.create(NAME) {
            Ok(_) => folder.sync()?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(not_written(&path, &error)),
        }
        let mut file = folder.open(NAME, Access::Replace)?.ok_or_else(|| unusable(&path, "locked", "it has vanished"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerFault::Held { stack: key.to_string(), holder: holder(&mut file) }),
            Err(TryLockError::Error(error)) => return Err(unusable(&path, "locked", error)),
        }
        let mut lock = Self(file);
        lock.check(folder)?;
        lock.say(folder, &us.doing(doing)).map_err(|error| not_written(&path, &error))?;
        Ok(lock)
    }

    /// Refuses to go on when the lock file, or the whole folder, was removed or replaced: others then lock another file.
    pub(super) fn check(&self, folder: &Folder) -> Result<(), LedgerFault> {
        let path = folder.path(NAME);
        let ours = self.0.metadata().map_err(|error| unusable(&path, "written", error))?;
        match trust::file(&path)? {
            Some(found) if (found.dev(), found.ino()) == (ours.dev(), ours.ino()) => Ok(()),
            Some(_) | None => Err(unusable(&path, "written", "the lock file was removed or replaced during the run")),
        }
    }

    fn say(&mut self, folder: &Folder, text: &str) -> std::io::Result<()> {
        self.0.set_len(0)?;
        self.0.seek(SeekFrom::Start(0))?;
        folder.disk.write(&mut self.0, text.as_bytes())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Only the message of a later refusal is at stake; closing the file is what frees the lock.
        let _ = self.0.set_len(0);
    }
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    // Who it is only helps the reader: what can't be read is left out.
    let _ = file.take(LONGEST).read_to_string(&mut text);
    let shown: String = text.chars().filter(|letter| !letter.is_control()).collect();
    if shown.trim().is_empty() { "another process".to_owned() } else { shown.trim().to_owned() }
}
