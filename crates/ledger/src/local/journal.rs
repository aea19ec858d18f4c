//! The journal's file. Room is kept for it beyond its end, so that what is under way when the disk fills can still be written down.

use std::{
    fs::File,
    io::{self, Write},
};

use lowtide_state::LedgerFault;

use super::{
    disk::{is_full, not_written},
    folder::{Access, Folder},
};

/// The results of a run that has not ended.
pub(super) const JOURNAL: &str = "journal";
/// How much room is kept, in bytes: for some hundred results, more than are ever under way at once.
const SLACK: u64 = 1 << 20;

/// The journal of a run.
pub(super) struct Journal {
    file: File,
    length: u64,
    /// Up to where there is room for it; it may be longer where none can be kept.
    room: u64,
    /// Whether the file system keeps room for files.
    keeps_room: bool,
}

impl Journal {
    /// Opens the journal, which is made if it is not there.
    pub(super) fn open(folder: &Folder) -> Result<Self, LedgerFault> {
        let place = folder.path(JOURNAL);
        let file = match folder.open(JOURNAL, Access::Append)? {
            Some(file) => file,
            None => {
                let file = folder.create(JOURNAL).map_err(|error| not_written(&place, &error))?;
                folder.sync()?;
                file
            }
        };
        let length = file.metadata().map_err(|error| not_written(&place, &error))?.len();
        Ok(Self { file, length, room: length, keeps_room: true })
    }

    /// Adds to its end; durable when this returns.
    pub(super) fn append(&mut self, folder: &Folder, text: &[u8]) -> Result<(), LedgerFault> {
        let end = self.length + text.len() as u64;
        let written = if end <= self.room { self.file.write_all(text) } else { folder.disk.write(&mut self.file, text) };
        written.and_then(|()| self.file.sync_data()).map_err(|error| not_written(folder.path(JOURNAL), &error))?;
        self.length = end;
        Ok(())
    }

    /// Sees to it that there is room beyond its end. Where the file system can't keep any, none is kept.
    ///
    /// # Errors
    /// When the disk is full. What has begun may still find room; nothing more is to begin.
    pub(super) fn keep_room(&mut self, folder: &Folder) -> Result<(), LedgerFault> {
        if !self.keeps_room || self.room >= self.length + SLACK / 2 {
            return Ok(());
        }
        match folder.disk.room().and_then(|()| keep(&self.file, self.length, SLACK)) {
            Ok(()) => self.room = self.length + SLACK,
            Err(error) if is_full(&error) => return Err(not_written(folder.path(JOURNAL), &error)),
            Err(_) => self.keeps_room = false,
        }
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn keeps_room(&self) -> bool {
        self.keeps_room
    }

    /// Empties it, and gives back what room was kept.
    pub(super) fn empty(&mut self, folder: &Folder) -> Result<(), LedgerFault> {
        self.file.set_len(0).and_then(|()| self.file.sync_all()).map_err(|error| not_written(folder.path(JOURNAL), &error))?;
        (self.length, self.room) = (0, 0);
        Ok(())
    }

    /// Gives back the room that an empty one did not need.
    pub(super) fn give_back(&mut self) {
        if self.length == 0 {
            // Where this fails, the next run's room is there already.
            let _ = self.file.set_len(0);
            self.room = 0;
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn keep(file: &File, from: u64, length: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    Ok(fallocate(file, FallocateFlags::KEEP_SIZE, from, length)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn keep(_file: &File, _from: u64, _length: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
