//! Files beneath the project's folder, and nothing else.

use std::{
    fs::File,
    io::Read,
    path::{Component, Path, PathBuf},
};

use crate::expression::Files;

/// Reads plain files beneath one folder: no absolute path, no `..`, no link that leads out, none larger than asked for.
#[derive(Clone, Debug)]
pub struct ProjectFiles {
    root: PathBuf,
}

impl ProjectFiles {
    /// Returns a reader of files beneath a folder.
    pub fn beneath(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn locate(&self, path: &str) -> Result<PathBuf, String> {
        let inner = Path::new(path);
        let downward = inner.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if path.is_empty() || !downward {
            return Err(format!("`{path}` leads out of the project's folder: give a path beneath it, without `..`"));
        }
        let missing = |error: std::io::Error| format!("`{path}` can't be read: {}", error.kind());
        let root = self.root.canonicalize().map_err(missing)?;
        let found = root.join(inner).canonicalize().map_err(missing)?;
        if !found.starts_with(&root) {
            return Err(format!("`{path}` is a link that leads out of the project's folder"));
        }
        Ok(found)
    }
}

impl Files for ProjectFiles {
    fn read_up_to(&self, path: &str, limit: usize) -> Result<Vec<u8>, String> {
        let found = self.locate(path)?;
        read_plain(&found, limit).map_err(|why| format!("`{path}` {why}"))
    }
}

/// Reads a plain file of limited size; says in words why not.
pub(crate) fn read_plain(path: &Path, limit: usize) -> Result<Vec<u8>, String> {
    let failed = |error: std::io::Error| format!("can't be read: {}", error.kind());
    // Looked at before it is opened, since opening a pipe would wait for its writer.
    if !path.metadata().map_err(failed)?.is_file() {
        return Err("is not a plain file".to_owned());
    }
    let mut content = Vec::new();
    File::open(path).map_err(failed)?.take(limit as u64 + 1).read_to_end(&mut content).map_err(failed)?;
    if content.len() > limit {
        return Err(format!("has more than {limit} bytes"));
    }
    Ok(content)
}

/// No files at all: every read is refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read_up_to(&self, path: &str, _limit: usize) -> Result<Vec<u8>, String> {
        Err(format!("`{path}` can't be read here: files are not available"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_files_beneath_the_folder_are_read() {
        let here = ProjectFiles::beneath(env!("CARGO_MANIFEST_DIR"));
        assert!(here.read("./Cargo.toml").is_ok());
        for (path, why) in [
            ("../spec/Cargo.toml", "leads out"),
            ("/etc/hostname", "leads out"),
            ("", "leads out"),
            ("src", "not a plain file"),
            ("no-such-file", "can't be read"),
        ] {
            let said = here.read(path).expect_err(path);
            assert!(said.contains(why), "{path}: {said}");
        }
    }
}
