//! Which stacks have a state.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use lowtide_state::{LedgerFault, StackKey};

use super::{
    archive,
    commit::STATE,
    folder::{Folder, unusable},
    journal::JOURNAL,
    kept,
};
use crate::name::decode;

/// Returns the stacks that have a state, even if it can't be read. Folders that are not ours are passed over.
pub(super) fn list(root: &Path) -> Result<Vec<StackKey>, LedgerFault> {
    let mut keys = Vec::new();
    for (project, path) in named(root)? {
        for (environment, path) in named(&path)? {
            for (stack, _) in named(&path)? {
                keys.push(StackKey { project: project.clone(), environment: environment.clone(), stack });
            }
        }
    }
    let mut found = Vec::new();
    for key in keys {
        let kept = |folder: Folder| Ok::<_, LedgerFault>(has_state(&folder)? && archive::check(&folder).is_ok());
        if Folder::existing(root, &key)?.map_or(Ok(false), kept)? {
            found.push(key);
        }
    }
    found.sort();
    Ok(found)
}

fn has_state(folder: &Folder) -> Result<bool, LedgerFault> {
    let journal = || Ok::<_, LedgerFault>(folder.read(JOURNAL)?.is_some_and(|(bytes, _)| !bytes.is_empty()));
    Ok(folder.mark(STATE)?.is_some() || journal()? || !kept::all(folder)?.is_empty())
}

fn named(path: &Path) -> Result<Vec<(String, PathBuf)>, LedgerFault> {
    let failed = |error| unusable(path, "read", error);
    let entries = match path.read_dir() {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        if let Some(name) = entry.file_name().to_str().and_then(decode)
            && entry.file_type().map_err(failed)?.is_dir()
        {
            found.push((name, entry.path()));
        }
    }
    Ok(found)
}
