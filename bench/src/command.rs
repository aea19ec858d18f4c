//! One run of a command, and what it took with all its children.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::process;

/// What a project is made of.
const PARTS: [&str; 3] = ["lowtide.toml", "specs", "environments"];

/// Runs what follows its first argument, and writes real, user and system seconds to the file that is its first argument.
const TIMED: &str = "exec 3>&2 2>\"$1\"; shift; TIMEFORMAT='%3R %3U %3S'; time \"$@\" 2>&3";

/// A copy of the reference project, and the binary that is run in it.
pub struct Project {
    folder: TempDir,
    binary: PathBuf,
    environment: Vec<(String, String)>,
}

/// What one run took.
#[derive(Clone, Copy, Debug)]
pub struct Took {
    /// On the clock.
    pub wall: Duration,
    /// User and system.
    pub cpu: Duration,
    /// The most memory held, in KiB.
    pub peak: u64,
}

impl Project {
    /// Copies the reference project to a temporary folder.
    ///
    /// # Errors
    /// When it can't be read or written.
    pub fn copy(binary: PathBuf, mut environment: Vec<(String, String)>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("lowtide-bench-").tempdir()?;
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("bench lies in the project")?;
        PARTS.iter().try_for_each(|part| copy(&root.join(part), &folder.path().join(part)))?;
        environment.extend(["PATH", "HOME"].iter().filter_map(|name| Some(((*name).to_owned(), env::var(name).ok()?))));
        Ok(Self { folder, binary, environment })
    }

    /// Runs a command, which must succeed.
    ///
    /// # Errors
    /// When it does not; shows what it printed.
    pub fn run(&self, arguments: &[&str]) -> Result<Took> {
        measure(&self.binary, arguments, self.folder.path(), &self.environment)
    }

    /// Runs a command several times and returns the least time of each sort, and the most memory.
    ///
    /// # Errors
    /// When one run fails.
    pub fn best(&self, arguments: &[&str], times: usize) -> Result<Took> {
        let mut best = self.run(arguments)?;
        for _ in 1..times {
            let next = self.run(arguments)?;
            best = Took { wall: best.wall.min(next.wall), cpu: best.cpu.min(next.cpu), peak: best.peak.max(next.peak) };
        }
        Ok(best)
    }
}

/// Runs a program in a folder with only these variables around it. It must succeed.
///
/// # Errors
/// When it does not; shows what it printed.
pub fn measure(program: &Path, arguments: &[&str], folder: &Path, environment: &[(String, String)]) -> Result<Took> {
    let (times, printed) = (folder.join(".times"), folder.join(".printed"));
    let out = fs::File::create(&printed)?;
    let mut command = Command::new("bash");
    command.args(["-c", TIMED, "bash"]).arg(&times).arg(program).args(arguments);
    command.current_dir(folder).env_clear().envs(environment.iter().cloned());
    let mut child = command.stdin(Stdio::null()).stderr(out.try_clone()?).stdout(out).spawn().context("starting bash")?;
    let peak = watch(&mut child)?;
    let status = child.wait()?;
    let typed = || format!("{} {}", program.display(), arguments.join(" "));
    ensure!(status.success(), "`{}` failed ({status}):\n{}", typed(), fs::read_to_string(&printed)?);
    let text = fs::read_to_string(&times)?;
    let seconds = text.split_whitespace().map(str::parse).collect::<Result<Vec<f64>, _>>()?;
    let [wall, user, system] = seconds[..] else { bail!("bash said {text:?}") };
    Ok(Took { wall: Duration::from_secs_f64(wall), cpu: Duration::from_secs_f64(user + system), peak })
}

/// Waits for a shell and returns the most memory in KiB that what it runs has held: of one process the kernel's own peak, of
/// several the sum of what they held at one moment.
fn watch(shell: &mut Child) -> Result<u64> {
    let mut most = 0;
    while shell.try_wait()?.is_none() {
        let held = match process::descendants(shell.id()).as_slice() {
            // The kernel remembers the peak, so that only what comes in the last millisecond can be missed.
            [one] => process::peak(*one),
            several => Some(several.iter().filter_map(|one| process::held(*one)).sum()),
        };
        most = held.unwrap_or_default().max(most);
        thread::sleep(Duration::from_millis(1));
    }
    Ok(most)
}

/// Copies a file, or a folder with all in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        fs::copy(from, to).with_context(|| format!("copying {}", from.display()))?;
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
