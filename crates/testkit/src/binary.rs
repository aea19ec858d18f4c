//! The program itself, as it lies in this checkout.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};
use serde_json::Value;

/// Builds `lowtide` in the development profile and returns where it is. What cargo says goes to standard error.
///
/// # Errors
/// When it does not build.
pub fn build() -> anyhow::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut build = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build.current_dir(root).args(["build", "--package", "lowtide", "--bin", "lowtide", "--message-format", "json-render-diagnostics"]);
    let built = build.stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("Starting cargo")?;
    ensure!(built.status.success(), "lowtide does not build ({})", built.status);
    let executable = |line: &[u8]| {
        let message: Value = serde_json::from_slice(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    };
    built.stdout.split(|byte| *byte == b'\n').find_map(executable).context("cargo did not say where it put the binary")
}
