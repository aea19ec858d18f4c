//! Files of this machine beside a shared ledger, private to their owner.

use std::{
    fs::{DirBuilder, File},
    io::{self, ErrorKind, Write},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

/// Reads a file that may be so many bytes long; none where there is none, or something else than a file.
pub(super) fn read(file: &Path, most: u64) -> Option<Vec<u8>> {
    let readable = file.symlink_metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() <= most);
    readable.then(|| std::fs::read(file).ok())?
}

/// Replaces a file in a folder, which is made when needed, as a whole. It is durable when this returns.
pub(super) fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    match DirBuilder::new().recursive(true).mode(0o700).create(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(bytes)?;
    new.as_file().sync_all()?;
    new.persist(folder.join(name))?;
    File::open(folder)?.sync_all()
}
