//! The Python virtual environment moto lives in: made once per machine and moto version, outside every checkout.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, bail};

/// The moto all measurements and corrections were made with.
pub const MOTO_VERSION: &str = "5.2.5";

/// What pip is asked for. The extra `server` brings what ECS, load balancing, DynamoDB and Lambda need, `s3`, `ssm` and
/// `events` the rest; IAM, STS, logs, Route 53, SNS, ACM and EC2 need nothing more.
fn requirement() -> String {
    format!("moto[server,s3,ssm,resourcegroupstaggingapi]=={MOTO_VERSION}")
}

/// Says what is going on while something takes long.
pub type Progress = dyn Fn(&str) + Send + Sync;

/// Returns the path of a Python that can import moto, installing it when this is the first time.
///
/// Several test binaries may come here at once: the first takes a lock file and installs, the others wait for it.
pub(super) fn python(folder: Option<PathBuf>, progress: &Progress) -> anyhow::Result<PathBuf> {
    let folder = folder.map_or_else(default_folder, Ok)?;
    if is_ready(&folder) {
        return Ok(python_in(&folder));
    }
    let parent = folder.parent().context("The virtual environment for moto can't be the root folder")?;
    fs::create_dir_all(parent).with_context(|| format!("Making {}", parent.display()))?;
    let lock_path = folder.with_added_extension("lock");
    let lock = File::create(&lock_path).with_context(|| format!("Making {}", lock_path.display()))?;
    lock.lock().with_context(|| format!("Locking {}", lock_path.display()))?;
    if !is_ready(&folder) {
        install(&folder, progress)?;
    }
    Ok(python_in(&folder))
}

/// `$HOME/.cache/lowtide/moto-<version>`, or what `LOWTIDE_MOTO_VENV` says.
fn default_folder() -> anyhow::Result<PathBuf> {
    if let Some(folder) = std::env::var_os("LOWTIDE_MOTO_VENV") {
        return Ok(PathBuf::from(folder));
    }
    let home = std::env::home_dir().context("There is no home folder to keep moto in: set LOWTIDE_MOTO_VENV")?;
    Ok(home.join(".cache/lowtide").join(format!("moto-{MOTO_VERSION}")))
}

fn python_in(folder: &Path) -> PathBuf {
    folder.join("bin/python")
}

/// The marker is written last, so an installation that was interrupted is never taken for a whole one.
fn marker(folder: &Path) -> PathBuf {
    folder.join("installed")
}

fn is_ready(folder: &Path) -> bool {
    fs::read_to_string(marker(folder)).is_ok_and(|installed| installed == requirement()) && python_in(folder).exists()
}

fn install(folder: &Path, progress: &Progress) -> anyhow::Result<()> {
    progress(&format!("Making a Python environment for moto {MOTO_VERSION} in {}", folder.display()));
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
    progress(&format!("Installing moto {MOTO_VERSION} from PyPI; this happens once and takes about half a minute"));
    run(Command::new(python_in(folder)).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).arg(requirement()))?;
    fs::write(marker(folder), requirement())?;
    progress("moto is installed");
    Ok(())
}

/// Runs a command to its end; its whole output is the error when it fails.
fn run(command: &mut Command) -> anyhow::Result<()> {
    let Output { status, stdout, stderr } = command.output().with_context(|| format!("Starting {command:?}"))?;
    if status.success() {
        return Ok(());
    }
    bail!("{command:?} failed with {status}\n{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr))
}
