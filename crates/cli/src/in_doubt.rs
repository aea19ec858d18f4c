//! Operations that an earlier run left in doubt, where nothing is written: they are shown, and keep a plan from being kept.

use lowtide_diagnostic::Diagnostic;
use lowtide_engine::StackPlan;
use lowtide_report::{in_doubt_text, watched_text};

use crate::{exit::Stopped, shell::Shell, workspace::Workspace};

/// Tells people what plans leave open, since nothing that only plans may find out about it.
pub fn warn(shell: &Shell, workspace: &Workspace<'_>, plans: &[StackPlan]) {
    for one in plans {
        let (stack, state) = (&one.prepared.loaded.key.stack, &one.prepared.state);
        let command = workspace.engine.command(&format!("recover {stack}"));
        let doubts = state.pending.values().map(|intent| in_doubt_text(stack, intent, &command));
        let watched = state.watched().map(|record| watched_text(stack, record, &command));
        doubts.chain(watched).for_each(|line| shell.console.talk(&line));
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
