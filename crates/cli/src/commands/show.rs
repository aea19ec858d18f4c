//! `lowtide show`

use clap::Args;
use lowtide_apply::Stop;
use lowtide_report::{state_json, state_text};
use lowtide_state::State;
use serde_json::json;
use tokio::sync::watch;

use crate::{
    arguments::ValueArguments,
    exit::Exit,
    plan_file, planning,
    shell::{Ended, Shell},
    workspace::Workspace,
};

/// Show what is remembered of stacks, or a plan that was kept.
///
/// A plan file holds no values: it is planned again, and shown if it still comes to the same.
#[derive(Debug, Args)]
pub struct Show {
    /// The stack, all when none is named; or a file that `lowtide plan --out` wrote.
    #[arg(value_name = "STACK|PLANFILE")]
    what: Option<String>,

    #[command(flatten)]
    values: ValueArguments,

    /// Print JSON, in the shape of `terraform show -json`.
    #[arg(long)]
    pub json: bool,
}

impl Show {
    pub fn run(self, shell: &Shell) -> Ended {
        shell.run(|stop| async move {
            let workspace = Workspace::open_with(shell, &self.values)?;
            let what: Vec<_> = self.what.iter().cloned().collect();
            match plan_file::named(&workspace, &what)? {
                Some(path) => {
                    drop(workspace);
                    self.plan(shell, &path, &stop).await
                }
                None => self.states(shell, workspace.checked()?).await,
            }
        })
    }

    async fn states(&self, shell: &Shell, workspace: Workspace<'_>) -> Ended {
        let engine = &workspace.engine;
        let stacks = match &self.what {
            Some(stack) => vec![workspace.one_stack(Some(stack))?],
            None => engine.project.stacks.keys().map(ToString::to_string).collect(),
        };
        let (mut documents, mut parts) = (serde_json::Map::new(), Vec::new());
        for stack in &stacks {
            let key = engine.key(stack);
            let read = engine.ledger.read(&key).await.map_err(|fault| workspace.stopped(fault))?;
            let state = match read {
                Some(read) => read.state,
                None if self.json => State::new(""),
                None => {
                    shell.console.talk(&format!("{stack} has not been applied in environment {}.", engine.environment));
                    continue;
                }
            };
            parts.push(state_text(&key, &state, &engine.schema, shell.console.width()));
            documents.insert(stack.clone(), state_json(&state, &engine.schema));
        }
        if self.json {
            let only = if stacks.len() == 1 { documents.values().next().cloned() } else { None };
            shell.console.json(&only.unwrap_or_else(|| json!({ "format_version": "1.0", "stacks": documents })))?;
        } else {
            shell.console.data(&parts.join("\n"))?;
        }
        Ok(Exit::Done)
    }

    async fn plan(&self, shell: &Shell, path: &std::path::Path, stop: &watch::Receiver<Stop>) -> Ended {
        let (mut workspace, saved, options) = plan_file::open(shell, path, &self.values)?;
        let plans = plan_file::plan(&mut workspace, &saved, &options, stop).await?;
        if self.json {
            shell.console.json(&planning::json(&workspace, &plans))?;
        } else {
            shell.console.data(&planning::text(shell, &workspace, &plans))?;
        }
        Ok(Exit::Done)
    }
}
