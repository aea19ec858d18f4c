//! `lowtide state pull`

use clap::Args;
use lowtide_state::format::{export_snapshot, read_snapshot};

use super::not_applied;
use crate::{
    arguments::EnvironmentArgument,
    exit::Exit,
    shell::{Ended, Shell},
    workspace::Workspace,
};

/// Print a stack's state as JSON, such as `lowtide state push` takes it.
///
/// What is sensitive stands in it as keyed digests. Everything else stands in clear, even where the state is encrypted: names, ids,
/// addresses, policies and whatever else the specs say, so keep the text as you would keep the state. It needs no lock.
#[derive(Debug, Args)]
pub struct Pull {
    /// The stack; may be left out where the project has one.
    #[arg(value_name = "STACK")]
    stack: Option<String>,

    #[command(flatten)]
    chosen: EnvironmentArgument,
}

impl Pull {
    pub(super) async fn run(self, shell: &Shell) -> Ended {
        let workspace = Workspace::open(shell, &self.chosen)?.checked()?;
        let stack = workspace.one_stack(self.stack.as_deref())?;
        let (ledger, key) = (&workspace.engine.ledger, workspace.engine.key(&stack));
        let stopped = |fault| workspace.stopped(fault);
        // Refuses a state that is damaged in any part, or went elsewhere.
        let Some(loaded) = ledger.read(&key).await.map_err(stopped)? else {
            shell.console.talk(&not_applied(&workspace, &stack));
            return Ok(Exit::Failed);
        };
        let names = ledger.kept(&key).await.map_err(stopped)?;
        let text = ledger.kept_text(&key, names.first().map_or("", String::as_str)).await.map_err(stopped)?;
        let place = || ledger.location(&key);
        let snapshot = read_snapshot(&text).map_err(|error| stopped(error.at(place())))?;
        if snapshot.hash != loaded.hash {
            shell.console.talk(&format!(
                "A run of {stack} has written down results that no snapshot holds yet. This is serial {}, from before it; the next run makes \
                 them part of the state: {}",
                snapshot.document.state.serial,
                workspace.engine.command(&format!("recover {stack}"))
            ));
        }
        shell.console.data(&export_snapshot(&text).map_err(|error| stopped(error.at(place())))?)?;
        Ok(Exit::Done)
    }
}
