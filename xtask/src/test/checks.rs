//! What is checked, in order: what is quick comes first, the tests come last.

use std::process::Stdio;

use anyhow::Context;
use lowtide_report::Console;

use super::installed::{Tool, is_there};
use crate::root::{cargo, ourselves};

/// One check: a command of cargo.
pub struct Check {
    /// What it is called.
    pub name: &'static str,
    program: Program,
    arguments: &'static [&'static str],
    /// What it needs beyond Rust itself.
    tool: Option<Tool>,
}

/// Who carries a check out.
#[derive(Clone, Copy)]
enum Program {
    /// Cargo.
    Cargo,
    /// This program, which is as current as the sources it was just built from.
    Ourselves,
}

/// What came of a check.
#[derive(Clone, Copy)]
pub enum Outcome {
    /// All is well.
    Passed,
    /// Something is not; it was said above.
    Failed,
    /// Its tool is not installed.
    LeftOut,
}

impl Outcome {
    /// Returns it in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::LeftOut => "left out",
        }
    }
}

/// Returns all checks.
pub fn checks() -> Vec<Check> {
    let plain = |name, arguments| Check { name, program: Program::Cargo, arguments, tool: None };
    vec![
        plain("formatting", &["fmt", "--all", "--check"]),
        plain("lints", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        Check { program: Program::Ourselves, ..plain("reference", &["docs", "--check"]) },
        Check {
            tool: Some(Tool::CARGO_DENY),
            ..plain("dependencies", &["deny", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"])
        },
        // Many print figures: how often a run was killed, how many bits were flipped.
        plain("tests", &["test", "--workspace", "--no-fail-fast", "--", "--show-output"]),
        // Some of these are among the tests; here they are all gone through.
        plain(
            "crashes",
            &[
                "test",
                "--package",
                "lowtide-engine",
                "--profile",
                "thorough",
                "--test",
                "engine",
                "--",
                "--nocapture",
                "boundaries",
                "sequences",
                "overload",
            ],
        ),
    ]
}

impl Check {
    /// Returns the command as one would type it.
    pub fn typed(&self) -> String {
        let program = match self.program {
            Program::Cargo => "cargo",
            Program::Ourselves => "cargo xtask",
        };
        format!("{program} {}", self.arguments.join(" "))
    }

    /// Runs it; what it prints passes through.
    pub fn run(&self, console: Console, install: bool) -> anyhow::Result<Outcome> {
        if let Some(tool) = self.tool
            && !is_there(tool, console, install)?
        {
            return Ok(Outcome::LeftOut);
        }
        let mut command = match self.program {
            Program::Cargo => cargo(self.arguments)?,
            Program::Ourselves => ourselves(self.arguments)?,
        };
        // A backtrace in a message that a test compares would make it another message.
        command.env("RUST_BACKTRACE", "0").stdin(Stdio::null());
        let status = command.status().with_context(|| format!("Starting {}", self.typed()))?;
        Ok(if status.success() { Outcome::Passed } else { Outcome::Failed })
    }
}
