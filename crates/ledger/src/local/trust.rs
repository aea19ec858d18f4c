//! Which folders and files may be believed: ours, that nobody else can write, and no links.
//!
//! Ids in a state decide what gets deleted in AWS, so a state that others can write is a way into the account.

use std::{
    fs::Metadata,
    io::{self, ErrorKind},
    os::unix::fs::MetadataExt,
    path::Path,
    sync::OnceLock,
};

use lowtide_state::LedgerFault;

use super::folder::unusable;

/// Group and world may write.
const OTHERS_WRITE: u32 = 0o022;
/// The world may write, and may remove what others own.
const WORLD_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;

/// Checks the folder that holds all stacks; returns whether it is there.
///
/// It may be a checked-out folder of a repository, which is group-writable on many machines: what counts lies deeper.
pub(super) fn root(path: &Path) -> Result<bool, LedgerFault> {
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(unusable(path, "read", error)),
    };
    if !metadata.is_dir() {
        return Err(unusable(path, "read", "it is no folder"));
    }
    if metadata.mode() & WORLD_WRITE != 0 && metadata.mode() & STICKY == 0 {
        return Err(unusable(path, "trusted", "everybody can write to it; take that away with `chmod o-w`"));
    }
    Ok(true)
}

/// Checks a folder of a stack, or one above it; returns whether it is there.
pub(super) fn folder(path: &Path) -> Result<bool, LedgerFault> {
    let Some(metadata) = look(path)? else { return Ok(false) };
    if !metadata.is_dir() {
        return Err(unusable(path, "trusted", "it is no folder"));
    }
    private(path, &metadata)?;
    Ok(true)
}

/// Checks a file of a stack; returns what it is, if it is there.
pub(super) fn file(path: &Path) -> Result<Option<Metadata>, LedgerFault> {
    let Some(metadata) = look(path)? else { return Ok(None) };
    if !metadata.is_file() {
        return Err(unusable(path, "trusted", "it is no ordinary file"));
    }
    private(path, &metadata)?;
    Ok(Some(metadata))
}

fn look(path: &Path) -> Result<Option<Metadata>, LedgerFault> {
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_symlink() => Err(unusable(path, "trusted", "it is a symbolic link, which Lowtide does not follow")),
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(path, "read", error)),
    }
}

fn private(path: &Path, metadata: &Metadata) -> Result<(), LedgerFault> {
    if metadata.mode() & OTHERS_WRITE != 0 {
        let why = format!("others can write to it (mode {:o}); take that away with `chmod go-w`", metadata.mode() & 0o7777);
        return Err(unusable(path, "trusted", why));
    }
    let me = me().map_err(|error| unusable(path, "trusted", format!("who we are can't be told: {error}")))?;
    if metadata.uid() != me {
        return Err(unusable(path, "trusted", format!("it belongs to user {}, not to user {me}", metadata.uid())));
    }
    Ok(())
}

/// Returns our user id: the owner of a file we make. The standard library has no other way, and we write no unsafe code.
fn me() -> io::Result<u32> {
    static ME: OnceLock<u32> = OnceLock::new();
    if let Some(me) = ME.get() {
        return Ok(*me);
    }
    let me = tempfile::tempfile()?.metadata()?.uid();
    Ok(*ME.get_or_init(|| me))
}
