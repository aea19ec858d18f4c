//! `lowtide drift`

use clap::Args;
use lowtide_report::{drift_json, drift_markdown, drift_text};

use crate::{
    arguments::ValueArguments,
    exit::Exit,
    shell::{Ended, Shell, unless_stopped},
    workspace::Workspace,
};

/// Show what somebody else changed since the last run: changed, missing, or set outside the spec.
///
/// Nothing is written. Exits with 2 when there is drift, and with 1 when something could not be seen.
#[derive(Debug, Args)]
pub struct Drift {
    /// The stacks to look at; all when none is named.
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,

    #[command(flatten)]
    values: ValueArguments,

    /// Print JSON, with a version.
    #[arg(long, conflicts_with = "markdown")]
    pub json: bool,

    /// Print Markdown.
    #[arg(long)]
    markdown: bool,
}

impl Drift {
    pub fn run(self, shell: &Shell) -> Ended {
        shell.run(|stop| async move {
            let mut workspace = Workspace::open_with(shell, &self.values)?;
            let loaded = workspace.load(&self.stacks)?;
            workspace.show_progress();
            let found = unless_stopped(&stop, workspace.engine.drift(&loaded)).await?;
            let found = found.map_err(|trouble| workspace.stopped(trouble))?;
            if self.json {
                shell.console.json(&drift_json(&found))?;
            } else if self.markdown {
                shell.console.data(&drift_markdown(&found))?;
            } else {
                shell.console.data(&drift_text(&found, shell.console.width()))?;
            }
            Ok(if found.iter().any(|one| !one.unseen.is_empty()) {
                Exit::Failed
            } else if found.iter().any(lowtide_plan::StackDrift::is_any) {
                Exit::Changes
            } else {
                Exit::Done
            })
        })
    }
}
