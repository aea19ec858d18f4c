//! The binary in a process of its own, in a project of its own, against a simulator.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::PathBuf,
    process::Stdio,
    sync::OnceLock,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use tokio::process::{Child, Command};

use crate::bench::Bench;

/// How long one run may take before it counts as stuck.
const STUCK: Duration = Duration::from_secs(180);

/// Exit codes, as `lowtide help exit-codes` has them.
pub const DONE: i32 = 0;
pub const FAILED: i32 = 1;
pub const INTERRUPTED: i32 = 3;
pub const HELD: i32 = 4;

/// A run under way. What it says goes to a file, so that a run that is stuck can be asked what it said last.
pub struct Process {
    child: Child,
    id: u32,
    said: File,
}

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// All that it said.
    pub words: String,
}

/// Builds the binary once, and returns where it is.
fn binary() -> Result<&'static PathBuf> {
    static BINARY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let built = BINARY.get_or_init(|| lowtide_testkit::binary::build().map_err(|error| format!("{error:#}")));
    built.as_ref().map_err(|why| anyhow::anyhow!("{why}"))
}

/// Returns the folder of the machine that a bench's processes run on for what may be forgotten.
pub fn cache(bench: &Bench) -> PathBuf {
    bench.path().join(".cache")
}

impl Process {
    /// Starts `lowtide` in a bench's project, with a short settle window.
    pub fn start(bench: &Bench, words: &[&str]) -> Result<Self> {
        Self::start_in(bench, words, "2s")
    }

    /// Starts it with this settle window.
    pub fn start_in(bench: &Bench, words: &[&str], settle_window: &str) -> Result<Self> {
        let mut command = Command::new(binary()?);
        command.args(words).current_dir(bench.path());
        // What sets up the place of state does so for all environments.
        if words != ["init"] {
            command.args(["-e", "dev"]);
        }
        command.env_clear().envs(bench.world.environment()).envs([
            ("LOWTIDE_SETTLE_WINDOW", settle_window),
            ("LOWTIDE_LONGEST_PAUSE", "1s"),
            ("HOME", "/nonexistent"),
            ("NO_COLOR", "1"),
        ]);
        command.env("XDG_CACHE_HOME", cache(bench));
        let said = tempfile::tempfile()?;
        command.stdin(Stdio::null()).stdout(said.try_clone()?).stderr(said.try_clone()?).kill_on_drop(true);
        let child = command.spawn().context("Starting lowtide")?;
        let id = child.id().context("a process has a number")?;
        Ok(Self { child, id, said })
    }

    /// Sends it a signal, by name.
    pub async fn signal(&self, name: &str) -> Result<()> {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.id.to_string()]).status().await?;
        ensure!(sent.success(), "kill -{name} {}", self.id);
        Ok(())
    }

    /// Waits until it has ended.
    pub async fn end(mut self) -> Result<Ended> {
        let status = tokio::time::timeout(STUCK, self.child.wait()).await;
        let mut words = String::new();
        self.said.seek(SeekFrom::Start(0))?;
        self.said.read_to_string(&mut words)?;
        let Ok(status) = status else { bail!("lowtide is stuck after {STUCK:?}; it has said:\n{words}") };
        Ok(Ended { code: status?.code(), words })
    }

    /// Kills it as soon as a call hangs; or waits until it has ended by itself. Returns whether it was killed.
    pub async fn kill_when_hung(self, bench: &Bench) -> Result<(bool, Ended)> {
        let id = self.id;
        let killing = async {
            bench.world.proxy().hung().await;
            Command::new("kill").args(["-KILL", &id.to_string()]).status().await
        };
        let mut ending = std::pin::pin!(self.end());
        tokio::select! {
            // It may be dead before the one who killed it says so.
            ended = &mut ending => ended.map(|ended| (ended.code.is_none(), ended)),
            killed = killing => {
                ensure!(killed?.success(), "kill -KILL {id}");
                let ended = ending.await?;
                Ok((ended.code.is_none(), ended))
            }
        }
    }
}

/// Runs to the end.
pub async fn run(bench: &Bench, words: &[&str]) -> Result<Ended> {
    Process::start(bench, words)?.end().await
}

/// Runs to the end, which must be a good one.
pub async fn must(bench: &Bench, words: &[&str]) -> Result<Ended> {
    let ended = run(bench, words).await?;
    ensure!(ended.code == Some(DONE), "{words:?} ended with {:?}:\n{}", ended.code, ended.words);
    Ok(ended)
}
