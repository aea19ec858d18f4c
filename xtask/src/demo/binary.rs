//! The binary that is shown.

use std::{path::PathBuf, process::Stdio};

use anyhow::{Context, ensure};
use lowtide_report::Console;
use serde_json::Value;

use crate::root::cargo;

/// Builds `lowtide` in the development profile and returns where it is.
pub fn build(console: Console) -> anyhow::Result<PathBuf> {
    console.data_line("Building lowtide; the first build takes a while, for the AWS SDKs are large.")?;
    let mut build = cargo(&["build", "--package", "lowtide", "--bin", "lowtide", "--message-format", "json-render-diagnostics"])?;
    let built = build.stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("Starting cargo")?;
    ensure!(built.status.success(), "lowtide does not build ({})", built.status);
    let executable = |line: &[u8]| {
        let message: Value = serde_json::from_slice(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    };
    built.stdout.split(|byte| *byte == b'\n').find_map(executable).context("cargo did not say where it put the binary")
}
