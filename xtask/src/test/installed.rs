//! Tools that do not come with Rust.

use std::process::Stdio;

use anyhow::{Context, ensure};
use lowtide_report::Console;

use crate::root::cargo;

/// A subcommand of cargo that is installed by itself.
#[derive(Clone, Copy)]
pub struct Tool {
    package: &'static str,
    version: &'static [&'static str],
}

impl Tool {
    /// Looks at licences, sources and duplicates of dependencies, as deny.toml says.
    pub const CARGO_DENY: Self = Self { package: "cargo-deny", version: &["deny", "--version"] };
}

/// Returns whether a tool is installed; installs it where it is wanted and missing.
pub fn is_there(tool: Tool, console: Console, install: bool) -> anyhow::Result<bool> {
    let answer = cargo(tool.version)?.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if answer.context("Starting cargo")?.success() {
        return Ok(true);
    }
    let name = tool.package;
    if !install {
        console.data_line(&format!("{name} is not installed, so this is left out. `cargo xtask test --install-tools` installs it."))?;
        return Ok(false);
    }
    console.data_line(&format!("Installing {name} (cargo install {name} --locked)"))?;
    let installed = cargo(&["install", name, "--locked", "--quiet"])?.stdin(Stdio::null()).status().context("Starting cargo")?;
    ensure!(installed.success(), "{name} could not be installed ({installed})");
    Ok(true)
}
