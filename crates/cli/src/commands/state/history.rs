//! `lowtide state history`

use clap::Args;
use lowtide_diagnostic::Diagnostic;
use lowtide_ledger::history;
use lowtide_report::{history_json, history_text, history_verdict};

use super::{not_applied, reading_both};
use crate::{
    arguments::EnvironmentArgument,
    exit::Exit,
    shell::{Ended, Shell},
    workspace::Workspace,
};

/// List the states that are kept of a stack, newest first: when they were written, by whom, with which command, and in which run.
///
/// Each is a snapshot that never changes. It needs no lock. What a run asks of AWS names it as well: CloudTrail keeps it in `userAgent`, as
/// `run/<id>`.
#[derive(Debug, Args)]
pub struct History {
    /// The stack; may be left out where the project has one.
    #[arg(value_name = "STACK")]
    stack: Option<String>,

    #[command(flatten)]
    chosen: EnvironmentArgument,

    /// How many are listed.
    #[arg(short = 'n', long = "number", value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..))]
    number: u64,

    /// List all that are kept.
    #[arg(long, conflicts_with = "number")]
    all: bool,

    /// Check every snapshot that is kept: its content against its hash, and that it follows the one before it. Exit code 1 if one is
    /// damaged or missing.
    #[arg(long, conflicts_with_all = ["number", "all"])]
    verify: bool,

    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

impl History {
    pub(super) async fn run(self, shell: &Shell) -> Ended {
        let workspace = Workspace::open(shell, &self.chosen)?.checked()?;
        let stack = workspace.one_stack(self.stack.as_deref())?;
        let most = if self.all || self.verify { None } else { usize::try_from(self.number).ok() };
        let ledger = reading_both(shell, &workspace).ledger();
        let found = history(&*ledger, &workspace.engine.key(&stack), most).await.map_err(|fault| workspace.stopped(fault))?;
        if self.json {
            shell.console.json(&history_json(&stack, &found))?;
        } else if found.pieces.is_empty() {
            shell.console.talk(&not_applied(&workspace, &stack));
        } else {
            shell.console.data(&history_text(&found))?;
        }
        if !self.verify || found.pieces.is_empty() {
            return Ok(Exit::Done);
        }
        if self.json {
            return Ok(if found.is_whole() { Exit::Done } else { Exit::Failed });
        }
        if !found.is_whole() {
            let detail = format!("Not every snapshot of `{stack}` can be shown to be what was written: the list says which, and why.");
            return Err(workspace.stopped(
                Diagnostic::error("History not verified", detail)
                    .hint("nothing was changed; the state itself is the newest one, and whether it is good says: lowtide state list"),
            ));
        }
        shell.console.talk(&history_verdict(&found));
        Ok(Exit::Done)
    }
}
