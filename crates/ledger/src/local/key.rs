//! The key of a stack's digests: 32 random bytes in a private file, made once and never changed.

use lowtide_state::LedgerFault;
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use super::{
    disk::not_written,
    folder::{Folder, unusable},
};
use crate::{KeyedDigester, key};

const NAME: &str = "key";

/// Returns the key, making it if there is none yet. Of two that make it at once, one wins and both get its key.
pub(super) fn load_or_make(folder: &Folder) -> Result<Zeroizing<[u8; 32]>, LedgerFault> {
    if let Some(key) = load(folder)? {
        return Ok(key);
    }
    write(folder, &KeyedDigester::random_key())?;
    load(folder)?.ok_or_else(|| unusable(folder.path(NAME), "read", "it has vanished"))
}

/// Puts a key where none is; that it is there already is as good.
pub(super) fn put(folder: &Folder, secret: &[u8; 32]) -> Result<(), LedgerFault> {
    write(folder, secret)?;
    match load(folder)? {
        Some(found) if *found == *secret => Ok(()),
        Some(_) | None => Err(unusable(folder.path(NAME), "written", key::ANOTHER)),
    }
}

/// Puts a key in the place of any other: for where no state is, and so no digest that could depend on one.
pub(super) fn replace(folder: &Folder, secret: &[u8; 32]) -> Result<(), LedgerFault> {
    let is_there = matches!(load(folder), Ok(Some(found)) if *found == *secret);
    if is_there { Ok(()) } else { put_in_place(folder, secret) }
}

/// Writes a key unless one is there.
fn write(folder: &Folder, secret: &[u8; 32]) -> Result<(), LedgerFault> {
    let path = folder.path(NAME);
    match beside(folder, secret)?.persist_noclobber(&path) {
        Ok(_) => folder.sync(),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(not_written(&path, &error.error)),
    }
}

/// Writes the key anew as it is, sealed if it is to be.
pub(super) fn write_anew(folder: &Folder) -> Result<(), LedgerFault> {
    load(folder)?.map_or(Ok(()), |key| put_in_place(folder, &key))
}

fn put_in_place(folder: &Folder, key: &[u8; 32]) -> Result<(), LedgerFault> {
    let path = folder.path(NAME);
    beside(folder, key)?.persist(&path).map_err(|error| not_written(&path, &error.error))?;
    folder.sync()
}

/// Returns a durable file of another name that holds a key. Private from the start: the crate makes its files with mode 0600.
fn beside(folder: &Folder, key: &[u8; 32]) -> Result<NamedTempFile, LedgerFault> {
    let text = key::write(key);
    let sealed = folder.sealed(NAME, &text)?;
    let write = || {
        folder.disk.room()?;
        let mut file = tempfile::Builder::new().prefix("key.").suffix(".new").tempfile_in(folder.path(""))?;
        folder.disk.write(file.as_file_mut(), &sealed)?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    write().map_err(|error: std::io::Error| not_written(folder.path(NAME), &error))
}

/// Returns the key, if there is one.
pub(super) fn load(folder: &Folder) -> Result<Option<Zeroizing<[u8; 32]>>, LedgerFault> {
    let Some((bytes, _)) = folder.text(NAME, NAME)? else { return Ok(None) };
    let bytes = Zeroizing::new(bytes);
    key::read(&bytes)
        .map(Some)
        .ok_or_else(|| LedgerFault::Damaged { place: folder.path(NAME).display().to_string(), why: key::DAMAGED.to_owned() })
}
