//! `cargo xtask test`: everything that must hold before a change goes in.
//!
//! `checks` lists what runs; `installed` finds tools that are not part of Rust.

mod checks;
mod installed;

use anyhow::bail;
use clap::Args;
use lowtide_report::Console;

use self::checks::{Outcome, checks};

/// Run every check: formatting, lints, the reference, licences and dependencies, all tests.
///
/// All checks run, whatever comes of the ones before; the exit code is 1 when any failed. The tests start moto, the AWS
/// simulator, which needs Python 3.
#[derive(Debug, Args)]
pub struct Test {
    /// Install the tools that are missing, by `cargo install`; without it their checks are left out.
    #[arg(long)]
    install_tools: bool,
}

impl Test {
    /// Runs all checks and sums up.
    ///
    /// # Errors
    /// When a check failed.
    pub fn run(self, console: Console) -> anyhow::Result<()> {
        let mut lines = Vec::new();
        let mut failed = Vec::new();
        for check in checks() {
            console.data_line(&format!("\n=== {}: {}", check.name, check.typed()))?;
            let outcome = check.run(console, self.install_tools)?;
            lines.push(format!("  {:<12} {:<10} {}", check.name, outcome.word(), check.typed()));
            match outcome {
                Outcome::Passed | Outcome::LeftOut => {}
                Outcome::Failed => failed.push(check.name),
            }
        }
        console.data_line("\n=== Summary")?;
        lines.iter().try_for_each(|line| console.data_line(line))?;
        if !failed.is_empty() {
            bail!("{} of {} checks failed: {}", failed.len(), lines.len(), failed.join(", "));
        }
        Ok(console.data_line("No check failed.")?)
    }
}
