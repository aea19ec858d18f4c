//! Files beneath the project's folder, and nothing else.

use std::{
    fs::File,
    io::{self, ErrorKind, Read},
    path::{Component, Path, PathBuf},
};

use cap_std::{ambient_authority, fs::Dir};

use crate::{expression::Files, written::SOURCE_LIMIT};

/// Reads plain files beneath one folder: no absolute path, no `..`, no link that leads out, none larger than asked for. A link is followed
/// by the system call that opens the file, so that nobody can put another in its place after it was looked at.
#[derive(Clone, Debug)]
pub struct ProjectFiles {
    root: PathBuf,
    done_without: bool,
}

impl ProjectFiles {
    /// Returns a reader of files beneath a folder.
    pub fn beneath(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), done_without: false }
    }

    /// Takes what is made of files that can't be read for unknown.
    #[must_use]
    pub fn done_without(mut self) -> Self {
        self.done_without = true;
        self
    }

    /// Reads a file of limited size; says in words why not, without its name.
    pub(crate) fn read_beneath(&self, path: &Path, limit: usize) -> Result<Vec<u8>, String> {
        read_open(self.open_beneath(path)?, limit)
    }

    fn open_beneath(&self, path: &Path) -> Result<File, String> {
        let downward = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if path.as_os_str().is_empty() || !downward {
            return Err("leads out of the project's folder: give a path beneath it, without `..`".to_owned());
        }
        let root = Dir::open_ambient_dir(&self.root, ambient_authority()).map_err(unreadable)?;
        let missing = |error: io::Error| match error.kind() {
            ErrorKind::NotFound => NOT_THERE.to_owned(),
            _ if leads_out(&error) => LEADS_OUT.to_owned(),
            _ => unreadable(error),
        };
        is_plain(root.metadata(path).map_err(missing)?.is_file())?;
        Ok(root.open(path).map_err(missing)?.into_std())
    }
}

impl Files for ProjectFiles {
    fn read_up_to(&self, path: &str, limit: usize) -> Result<Vec<u8>, String> {
        self.read_beneath(Path::new(path), limit).map_err(|why| format!("`{path}` {why}"))
    }

    fn are_done_without(&self) -> bool {
        self.done_without
    }

    fn exists(&self, path: &str) -> Result<bool, String> {
        let length = |file: File| file.metadata().ok().filter(std::fs::Metadata::is_file).map(|about| about.len());
        Ok(self.open_beneath(Path::new(path)).ok().and_then(length).is_some_and(|length| length <= SOURCE_LIMIT as u64))
    }
}

const NOT_THERE: &str = "is not there: make it first, or mend the path, which begins at the project's folder";
const LEADS_OUT: &str = "is a link that leads out of the project's folder";

/// Says so itself where the system does not: what the system denies has a number.
fn leads_out(error: &io::Error) -> bool {
    error.kind() == ErrorKind::PermissionDenied && error.raw_os_error().is_none()
}

/// Reads a plain file of limited size, wherever it is; says in words why not.
pub(crate) fn read_plain(path: &Path, limit: usize) -> Result<Vec<u8>, String> {
    is_plain(path.metadata().map_err(unreadable)?.is_file())?;
    read_open(File::open(path).map_err(unreadable)?, limit)
}

/// Asked before a file is opened, since opening a pipe would wait for its writer.
fn is_plain(file: bool) -> Result<(), String> {
    if file { Ok(()) } else { Err("is not a plain file".to_owned()) }
}

fn read_open(file: File, limit: usize) -> Result<Vec<u8>, String> {
    is_plain(file.metadata().map_err(unreadable)?.is_file())?;
    let mut content = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut content).map_err(unreadable)?;
    if content.len() > limit {
        return Err(format!("has more than {limit} bytes"));
    }
    Ok(content)
}

fn unreadable(error: io::Error) -> String {
    format!("can't be read: {}", error.kind())
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
            ("no-such-file", "is not there"),
        ] {
            let said = here.read(path).expect_err(path);
            assert!(said.contains(why), "{path}: {said}");
        }
    }
}
