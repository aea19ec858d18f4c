//! What needs room on the disk asks here first, so that tests can fill it before each write. Elsewhere nothing is in the way.

#[cfg(test)]
mod tests;

use std::{
    fs::File,
    io::{self, ErrorKind, Write},
    path::Path,
};

use lowtide_state::LedgerFault;

use super::folder::unusable;

/// The disk, as long as it is not full.
#[derive(Clone, Default)]
pub(super) struct Disk(#[cfg(test)] std::sync::Arc<tests::Filling>);

impl Disk {
    /// Asks for room for one more thing.
    #[cfg(not(test))]
    pub(super) fn room(&self) -> io::Result<()> {
        Ok(())
    }

    /// Writes to a file; of what does not fit, the beginning may be there.
    pub(super) fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        if let Err(full) = self.room() {
            file.write_all(&bytes[..bytes.len() / 2])?;
            return Err(full);
        }
        file.write_all(bytes)
    }
}

/// Returns the fault of a place where something could not be written.
pub(super) fn not_written(place: impl AsRef<Path>, error: &io::Error) -> LedgerFault {
    if is_full(error) {
        return LedgerFault::Full { place: place.as_ref().display().to_string() };
    }
    unusable(place, "written", error)
}

/// Returns whether there is no room, on the disk or for this user.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}
