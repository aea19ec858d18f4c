//! Operations that an earlier run left in doubt: found out about before anything is planned that writes, and shown where
//! nothing is written.

use lowtide_apply::Stop;
use lowtide_diagnostic::Diagnostic;
use lowtide_engine::{Aim, Loaded, Recovered, Recovery, StackPlan};
use lowtide_plan::Options;
use lowtide_state::Attempt;
use tokio::sync::watch;

use crate::{
    exit::Stopped,
    planning,
    shell::{Shell, unless_stopped},
    workspace::Workspace,
};

/// Finds out what became of operations in doubt, and tells people.
///
/// # Errors
/// When AWS or the ledger does not say, or somebody asked to stop.
pub async fn recover(
    shell: &Shell,
    workspace: &Workspace<'_>,
    loaded: &[Loaded],
    aim: Aim,
    stop: &watch::Receiver<Stop>,
) -> Result<Vec<Recovered>, Stopped> {
    let keys: Vec<_> = loaded.iter().map(|one| one.key.clone()).collect();
    let recovered = unless_stopped(stop, workspace.engine.recover(&keys, aim)).await?.map_err(|trouble| workspace.stopped(trouble))?;
    recovered.iter().for_each(|one| shell.console.talk(&told(one)));
    Ok(recovered)
}

/// Finds out what became of operations in doubt, then plans an apply. What an earlier run asked for otherwise than the plan does is waited for,
/// and planned again.
///
/// # Errors
/// When AWS or the ledger does not say, something is wrong, or somebody asked to stop.
pub async fn recover_and_plan(
    shell: &Shell,
    workspace: &Workspace<'_>,
    loaded: &[Loaded],
    options: &Options,
    stop: &watch::Receiver<Stop>,
) -> Result<Vec<StackPlan>, Stopped> {
    recover(shell, workspace, loaded, Aim::Apply, stop).await?;
    let plans = planning::plan(workspace, loaded, options, false, stop).await?;
    let otherwise: Vec<_> = plans.iter().filter(|plan| plan.asks_otherwise()).map(|plan| plan.prepared.loaded.clone()).collect();
    if otherwise.is_empty() {
        return Ok(plans);
    }
    recover(shell, workspace, &otherwise, Aim::Certainty, stop).await?;
    planning::plan(workspace, loaded, options, false, stop).await
}

fn told(one: &Recovered) -> String {
    let how = match &one.how {
        Recovery::Adopted(id) => format!("was made by an earlier run ({id}), and is in the state now"),
        Recovery::Nothing => "was not made by an earlier run that was at it; the next apply makes it if it is still asked for".to_owned(),
        Recovery::Free => "has not been made so far by an earlier run that was at it; an apply makes it if it is still asked for, and a \
             destroy waits whether it still appears"
            .to_owned(),
        Recovery::Seen => format!("was being {} when an earlier run ended; the plan sees what there is", doing(one.attempt)),
    };
    format!("{}: {} {how}", one.stack.stack, one.address)
}

/// Tells people what plans leave open, since nothing that only plans may find out about it.
pub fn warn(shell: &Shell, workspace: &Workspace<'_>, plans: &[StackPlan]) {
    for one in plans {
        for intent in one.prepared.state.pending.values() {
            let stack = &one.prepared.loaded.key.stack;
            let command = workspace.engine.command(&format!("recover {stack}"));
            let doing = doing(intent.attempt);
            shell.console.talk(&format!(
                "{stack}: {} is in doubt: an earlier run ended while it was being {doing}. To find out: {command}",
                intent.address
            ));
        }
    }
}

/// Refuses plans to be kept that were made while operations are in doubt.
///
/// # Errors
/// When there are any.
pub fn refuse(workspace: &Workspace<'_>, plans: &[StackPlan]) -> Result<(), Stopped> {
    let Some(one) = plans.iter().find(|one| !one.prepared.state.pending.is_empty()) else { return Ok(()) };
    let stack = &one.prepared.loaded.key.stack;
    let detail = format!("An earlier run of stack `{stack}` ended before it knew how its operations went, so its plan may not be kept.");
    let command = workspace.engine.command(&format!("recover {stack}"));
    Err(Diagnostic::error("Operations in doubt", detail).hint(format!("find out first, then plan again: {command}")).into())
}

fn doing(attempt: Attempt) -> &'static str {
    match attempt {
        Attempt::Create => "created",
        Attempt::Update => "updated",
        Attempt::Delete => "destroyed",
    }
}
