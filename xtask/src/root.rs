//! Where the workspace is, and the cargo that runs us.

use std::{path::Path, process::Command};

use anyhow::Context;

/// Returns the root folder of the workspace.
pub fn root() -> anyhow::Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the root folder of the workspace")
}

/// Returns a command of cargo in the root folder.
pub fn cargo(arguments: &[&str]) -> anyhow::Result<Command> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments).current_dir(root()?);
    Ok(cargo)
}

/// Returns a command of this program in the root folder.
pub fn ourselves(arguments: &[&str]) -> anyhow::Result<Command> {
    let mut xtask = Command::new(std::env::current_exe().context("Finding this program")?);
    xtask.args(arguments).current_dir(root()?);
    Ok(xtask)
}
