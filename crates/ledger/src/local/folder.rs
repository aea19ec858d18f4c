//! The folder of one stack: made private, checked before it is trusted, its files opened without following links.

use std::{
    fmt,
    fs::{DirBuilder, File, Metadata, OpenOptions},
    io::{self, ErrorKind, Read},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use lowtide_state::{LedgerFault, StackKey};

use super::{
    disk::{Disk, not_written},
    trust,
};
use crate::{name::encode, seal::Sealer};

/// The folder of one stack.
#[derive(Clone)]
pub(super) struct Folder {
    path: PathBuf,
    /// The stack, as its folder is named beneath the root.
    pub(super) name: String,
    /// What its texts are sealed with, if they are.
    pub(super) seal: Option<Sealer>,
    /// What it lies on.
    pub(super) disk: Disk,
}

/// What a file is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// To read it.
    Read,
    /// To add to its end.
    Append,
    /// To read and replace its content.
    Replace,
}

/// Tells two contents of a file apart that is only ever replaced as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    file: (u64, u64),
    length: u64,
    changed: (i64, i64),
}

impl Folder {
    /// Returns where a stack's folder is, or would be.
    pub(super) fn path_of(root: &Path, key: &StackKey) -> PathBuf {
        levels(root, key).pop().unwrap_or_default()
    }

    fn at(root: &Path, key: &StackKey) -> Self {
        let name = [&key.project, &key.environment, &key.stack].map(|part| encode(part)).join("/");
        Self { path: Self::path_of(root, key), name, seal: None, disk: Disk::default() }
    }

    /// Returns it with what its texts are sealed with.
    pub(super) fn with_seal(self, seal: Option<Sealer>) -> Self {
        Self { seal, ..self }
    }

    /// Returns the folder if it is there.
    pub(super) fn existing(root: &Path, key: &StackKey) -> Result<Option<Self>, LedgerFault> {
        if !trust::root(root)? {
            return Ok(None);
        }
        for level in levels(root, key) {
            if !trust::folder(&level)? {
                return Ok(None);
            }
        }
        Ok(Some(Self::at(root, key)))
    }

    /// Returns the folder, making what is missing of it.
    pub(super) fn made(root: &Path, key: &StackKey) -> Result<Self, LedgerFault> {
        Self::made_on(root, key, Disk::default())
    }

    pub(super) fn made_on(root: &Path, key: &StackKey, disk: Disk) -> Result<Self, LedgerFault> {
        let make = |path: &Path| DirBuilder::new().recursive(path == root).mode(0o700).create(path);
        make(root).map_err(|error| not_written(root, &error))?;
        trust::root(root)?;
        for level in levels(root, key) {
            match make(&level) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(not_written(&level, &error)),
                Ok(()) | Err(_) => trust::folder(&level)?,
            };
        }
        Ok(Self { disk, ..Self::at(root, key) })
    }

    /// Returns the path of a file in it.
    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.path.join(file)
    }

    /// Opens a file that is there.
    pub(super) fn open(&self, name: &str, access: Access) -> Result<Option<File>, LedgerFault> {
        let path = self.path(name);
        let Some(before) = trust::file(&path)? else { return Ok(None) };
        let mut options = OpenOptions::new();
        match access {
            Access::Read => options.read(true),
            Access::Append => options.append(true),
            Access::Replace => options.read(true).write(true),
        };
        let opened = options.open(&path).and_then(|file| Ok((file.metadata()?, file)));
        match opened {
            Ok((after, file)) if (before.dev(), before.ino()) == (after.dev(), after.ino()) => Ok(Some(file)),
            // Replaced between looking and opening, as a running `finish` does: look again.
            Ok(_) => self.open(name, access),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unusable(&path, "read", error)),
        }
    }

    /// Creates a file that is not there.
    pub(super) fn create(&self, name: &str) -> io::Result<File> {
        self.disk.room()?;
        OpenOptions::new().append(true).create_new(true).mode(0o600).open(self.path(name))
    }

    /// Creates a file that is not there with all that it is to hold, which is durable when this returns. Its name is so only when the
    /// folder is synced.
    pub(super) fn write_new(&self, name: &str, bytes: &[u8]) -> Result<(), LedgerFault> {
        let mut file = self.create(name).map_err(|error| not_written(self.path(name), &error))?;
        self.disk.write(&mut file, bytes).and_then(|()| file.sync_all()).map_err(|error| {
            // What there is of it takes up room and does no good.
            self.remove(name);
            not_written(self.path(name), &error)
        })
    }

    /// Puts a file in the place of another.
    pub(super) fn rename(&self, from: &str, to: &str) -> Result<(), LedgerFault> {
        let renamed = self.disk.room().and_then(|()| std::fs::rename(self.path(from), self.path(to)));
        renamed.map_err(|error| not_written(self.path(to), &error))
    }

    /// Removes a file that is of no use any more. One that can't be removed does no harm.
    pub(super) fn remove(&self, name: &str) {
        let _ = std::fs::remove_file(self.path(name));
    }

    /// Removes what would be in the way of a new file.
    pub(super) fn make_way(&self, name: &str) -> Result<(), LedgerFault> {
        match std::fs::remove_file(self.path(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(not_written(self.path(name), &error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Reads a file with its mark.
    pub(super) fn read(&self, name: &str) -> Result<Option<(Vec<u8>, Mark)>, LedgerFault> {
        let Some(mut file) = self.open(name, Access::Read)? else { return Ok(None) };
        let mut bytes = Vec::new();
        let read = file.read_to_end(&mut bytes).and_then(|_| file.metadata());
        let metadata = read.map_err(|error| unusable(self.path(name), "read", error))?;
        Ok(Some((bytes, Mark::of(&metadata))))
    }

    /// Reads the beginning of a file, as far as it is there.
    pub(super) fn beginning(&self, name: &str, most: u64) -> Result<Vec<u8>, LedgerFault> {
        let Some(file) = self.open(name, Access::Read)? else { return Ok(Vec::new()) };
        let mut bytes = Vec::new();
        file.take(most).read_to_end(&mut bytes).map_err(|error| unusable(self.path(name), "read", error))?;
        Ok(bytes)
    }

    /// Returns how long a file is; nothing where it is not there.
    pub(super) fn length(&self, name: &str) -> Result<u64, LedgerFault> {
        Ok(trust::file(&self.path(name))?.map_or(0, |metadata| metadata.len()))
    }

    /// Returns the mark of a file.
    pub(super) fn mark(&self, name: &str) -> Result<Option<Mark>, LedgerFault> {
        Ok(trust::file(&self.path(name))?.map(|metadata| Mark::of(&metadata)))
    }

    /// Returns the names of all files in it.
    pub(super) fn names(&self) -> Result<Vec<String>, LedgerFault> {
        names_in(&self.path)
    }

    /// Returns the names of all files in a folder within it; none where that is not there.
    pub(super) fn names_within(&self, inner: &str) -> Result<Vec<String>, LedgerFault> {
        let path = self.path(inner);
        if trust::folder(&path)? { names_in(&path) } else { Ok(Vec::new()) }
    }

    /// Makes a folder within it, unless it is there.
    pub(super) fn make_within(&self, inner: &str) -> Result<(), LedgerFault> {
        let path = self.path(inner);
        if trust::folder(&path)? {
            return Ok(());
        }
        let made = self.disk.room().and_then(|()| DirBuilder::new().mode(0o700).create(&path));
        made.map_err(|error| not_written(&path, &error))?;
        self.sync()
    }

    /// Makes names in a folder within it durable.
    pub(super) fn sync_within(&self, inner: &str) -> Result<(), LedgerFault> {
        self.disk.room().map_err(|error| not_written(self.path(inner), &error))?;
        sync_folder(&self.path(inner))
    }

    /// Makes names created, renamed and removed in it durable.
    pub(super) fn sync(&self) -> Result<(), LedgerFault> {
        self.disk.room().map_err(|error| not_written(&self.path, &error))?;
        sync_folder(&self.path)
    }

    /// Makes the folder itself durable, whoever made it, and those it lies in.
    pub(super) fn sync_way(&self) -> Result<(), LedgerFault> {
        for (above, folder) in self.path.ancestors().enumerate() {
            let synced = sync_folder(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
            // Itself, environment, project, root. What lies above was mostly there before, and need not be ours to read.
            if above <= 3 {
                synced?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(out)
    }
}

impl Mark {
    fn of(metadata: &Metadata) -> Self {
        Self { file: (metadata.dev(), metadata.ino()), length: metadata.len(), changed: (metadata.mtime(), metadata.mtime_nsec()) }
    }
}

fn levels(root: &Path, key: &StackKey) -> Vec<PathBuf> {
    let project = root.join(encode(&key.project));
    let environment = project.join(encode(&key.environment));
    let stack = environment.join(encode(&key.stack));
    vec![project, environment, stack]
}

fn names_in(path: &Path) -> Result<Vec<String>, LedgerFault> {
    let names = || path.read_dir()?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect::<io::Result<_>>();
    names().map_err(|error| unusable(path, "read", error))
}

fn sync_folder(path: &Path) -> Result<(), LedgerFault> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(|error| not_written(path, &error))
}

/// Returns the fault of a place that the system does not let us use.
pub(super) fn unusable(place: impl AsRef<Path>, doing: &'static str, why: impl fmt::Display) -> LedgerFault {
    LedgerFault::Unusable { place: place.as_ref().display().to_string(), doing, why: why.to_string() }
}
