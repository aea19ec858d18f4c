//! What push and restore have in common: show what goes and comes, ask, and put another state in the place of the current one.

use clap::Args;
use lowtide_apply::Stop;
use lowtide_diagnostic::Diagnostic;
use lowtide_engine::Exchange;
use lowtide_report::exchange_text;
use lowtide_state::{Loaded, State};
use tokio::sync::watch;

use crate::{
    consent,
    exit::Exit,
    shell::{Ended, Shell},
    workspace::Workspace,
};

/// How to go about it.
#[derive(Debug, Args)]
pub struct ExchangeArguments {
    /// Don't ask; go ahead.
    #[arg(short = 'y', long)]
    yes: bool,

    /// Go ahead even if things are forgotten that stay in AWS. Nothing destroys them any more until they are imported again.
    #[arg(long)]
    allow_orphans: bool,
}

/// Another state, which is to take the place of the current one.
pub struct Other<'a> {
    /// Whose state.
    pub stack: &'a str,
    /// The current state.
    pub now: &'a Loaded,
    /// The other one.
    pub state: State,
    /// Which one it is, in words.
    pub what: String,
    /// The command that does it.
    pub doing: &'a str,
}

/// Puts another state in the place of the current one, as it was shown.
///
/// # Errors
/// When operations are in doubt, when things would be orphaned, when nobody says yes, or when the ledger refuses.
pub async fn exchange(
    shell: &Shell,
    workspace: &Workspace<'_>,
    other: Other<'_>,
    how: &ExchangeArguments,
    stop: &watch::Receiver<Stop>,
) -> Ended {
    let engine = &workspace.engine;
    let Other { stack, now, state, what, doing } = other;
    engine.no_doubt_left(stack, &now.state).map_err(|trouble| workspace.stopped(trouble))?;
    let Exchange { going, coming, changing } = Exchange::between(&now.state, &state);
    shell.console.data(&format!(
        "The state of {stack}, serial {}, would be followed by {what}.\n\n{}",
        now.state.serial,
        exchange_text(&going, &coming, &changing)
    ))?;
    if !going.is_empty() && !how.allow_orphans {
        let all: Vec<_> = going.iter().map(|record| format!("{} [{}]", record.address, record.id)).collect();
        let detail =
            format!("That state does not know of {}: it would stay in AWS without anybody knowing. Nothing was done.", all.join(", "));
        return Err(workspace.stopped(
            Diagnostic::error("Things would be orphaned", detail)
                .hint("destroy them first, if they are not wanted; or import them again afterwards")
                .hint("to go ahead all the same, add --allow-orphans"),
        ));
    }
    if !how.yes {
        consent::ask(shell, "Go on with that state?", &["if that is what you want, add --yes"], stop).await?;
    }
    let next = engine.exchange_state(stack, now, state, doing).await.map_err(|trouble| workspace.stopped(trouble))?;
    shell.console.talk(&format!(
        "{stack} is at serial {} now, with what {what} says. To see what an apply would change: {}",
        next.serial,
        engine.command(&format!("plan {stack}"))
    ));
    Ok(Exit::Done)
}
