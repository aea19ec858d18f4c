//! Where the state of a project that is killed is kept.

use std::fmt;

use anyhow::{Result, ensure};

use super::process::must;
use crate::bench::Bench;

/// How long nothing may be heard of a run before another takes over.
pub const LEASE: &str = "3s";

/// Where the state is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// In a folder beside the project.
    Folder,
    /// In a bucket of the simulator, with a table.
    Shared,
}

impl fmt::Display for Kept {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder => write!(out, "in a folder"),
            Self::Shared => write!(out, "in S3 and DynamoDB with a lease of {LEASE}"),
        }
    }
}

/// Sets up the reference project; what holds its state counts as always there.
pub async fn prepare(bench: &mut Bench, kept: Kept) -> Result<()> {
    crate::lifecycle::project(bench, "dev")?;
    if kept == Kept::Folder {
        return Ok(());
    }
    let project = std::fs::read_to_string(bench.path().join("lowtide.toml"))?;
    let folder = "backend = \"local\"\npath = \"state\"\n";
    ensure!(project.contains(folder), "the project keeps its state otherwise:\n{project}");
    let shared = format!(
        "backend = \"s3\"\nbucket = \"state-of-durable-code\"\nregion = \"us-west-2\"\nlock_table = \"lowtide\"\nlease = \"{LEASE}\"\n"
    );
    bench.write("lowtide.toml", &project.replace(folder, &shared))?;
    must(bench, &["init"]).await?;
    bench.world.remember().await
}
