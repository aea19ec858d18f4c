//! A copy of the reference project in which commands are run as a user would run them.

use std::{
    fs,
    io::{self, BufRead, BufReader, IsTerminal},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};
use lowtide_report::Console;
use lowtide_testkit::World;
use serde_json::Value;
use tempfile::TempDir;

use super::printed::Printed;
use crate::root::root;

/// What a project is made of.
const PARTS: [&str; 3] = ["lowtide.toml", "specs", "environments"];

/// A project folder, and the commands that were run in it.
pub struct Project {
    /// Where everything is said.
    pub console: Console,
    /// How many commands were run and shown.
    pub commands: usize,
    whole: bool,
    folder: TempDir,
    binary: PathBuf,
    environment: Vec<(String, String)>,
}

impl Project {
    /// Copies the reference project to a temporary folder.
    pub fn copy(console: Console, binary: PathBuf, world: &World, whole: bool) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("lowtide-demo-").tempdir()?;
        for part in PARTS {
            copy(&root()?.join(part), &folder.path().join(part))?;
        }
        let mut environment = world.environment();
        environment
            .extend(["PATH", "HOME", "TERM", "NO_COLOR"].iter().filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?))));
        if io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
            environment.push(("CLICOLOR_FORCE".to_owned(), "1".to_owned()));
        }
        console.data_line(&format!("The project (lowtide.toml, specs/, environments/) is copied to {}", folder.path().display()))?;
        Ok(Self { console, commands: 0, whole, folder, binary, environment })
    }

    /// Runs a command, shows it with all it prints, and checks how it ends.
    pub fn run(&mut self, arguments: &[&str], expected: i32) -> anyhow::Result<()> {
        let typed = format!("lowtide {}", arguments.join(" "));
        self.console.data_line(&format!("\n  $ {typed}"))?;
        self.commands += 1;
        let (reader, writer) = io::pipe()?;
        let mut command = self.command(arguments);
        let mut child = command.stdout(writer.try_clone()?).stderr(writer).spawn().with_context(|| format!("Starting {typed}"))?;
        // The command holds the pipe's other end, and as long as it lives there is no end of file.
        drop(command);
        let mut printed = Printed::new(self.console, self.whole);
        for line in BufReader::new(reader).lines() {
            printed.line(line?)?;
        }
        let status = child.wait()?;
        let as_expected = status.code() == Some(expected);
        printed.end(as_expected)?;
        ensure!(as_expected, "`{typed}` should have ended with exit code {expected}, but: {status}");
        Ok(())
    }

    /// Runs a command that answers in JSON, unseen.
    pub fn ask(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let typed = format!("lowtide {}", arguments.join(" "));
        let output = self.command(arguments).output().with_context(|| format!("Starting {typed}"))?;
        ensure!(output.status.success(), "`{typed}` failed ({}):\n{}", output.status, String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).with_context(|| format!("`{typed}` should have answered in JSON"))
    }

    /// Returns the addresses that the state of a stack lists.
    pub fn addresses(&self, stack: &str) -> anyhow::Result<Vec<String>> {
        let output = self.command(&["state", "list", stack, "-e", "dev"]).output()?;
        ensure!(output.status.success(), "`lowtide state list {stack}` failed ({})", output.status);
        Ok(String::from_utf8(output.stdout)?.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect())
    }

    /// Keeps the folder beyond the end, and returns where it is.
    pub fn keep(mut self) -> PathBuf {
        self.folder.disable_cleanup(true);
        self.folder.path().to_owned()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).current_dir(self.folder.path()).env_clear().envs(self.environment.iter().cloned()).stdin(Stdio::null());
        command
    }
}

/// Copies a file, or a folder with all in it.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    if !from.is_dir() {
        fs::copy(from, to).with_context(|| format!("Copying {}", from.display()))?;
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
