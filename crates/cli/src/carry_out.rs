//! What apply and destroy have in common: show the plans, ask, do it, say how it went.

use std::sync::Arc;

use lowtide_apply::Stop;
use lowtide_engine::{StackApplied, StackPlan, Trouble};
use lowtide_plan::{Event, Listener, Options};
use lowtide_report::{
    count, ending_text, outputs_json, outputs_text,
    progress::{Ending, JsonLines, Tally},
    style::{BOLD, paint},
};
use lowtide_state::LedgerFault;
use serde_json::{Value as Json, json};
use tokio::sync::watch;

use crate::{
    consent,
    exit::{Exit, Stopped},
    planning,
    shell::{Ended, Shell},
    signals::{self, SilentKeys},
    workspace::Workspace,
};

/// The version of the lines that are written beside those of events.
const FORMAT: &str = "1.0";

/// How to go about it.
pub struct How {
    /// Whether somebody has said yes already: --yes, or a plan file.
    pub approved: bool,
    /// Whether a program reads along.
    pub json: bool,
    /// How many resources are worked on at once.
    pub parallelism: usize,
}

/// Shows plans, asks, and does what they say.
///
/// # Errors
/// When nobody says yes, or something goes wrong on the way.
pub async fn carry_out(
    shell: &Shell,
    workspace: &mut Workspace<'_>,
    plans: Vec<StackPlan>,
    options: &Options,
    how: &How,
    stop: watch::Receiver<Stop>,
) -> Ended {
    show(shell, workspace, &plans, how)?;
    let blocked = planning::is_blocked(&plans);
    if plans.iter().all(|one| one.plan.is_empty()) {
        return Ok(if blocked { Exit::Failed } else { Exit::Done });
    }
    if !how.approved {
        approve(shell, options.destroy, &stop).await?;
    }
    let tally = Arc::new(Tally::default());
    let teller = if how.json { Arc::new(JsonLines::new(shell.console, workspace.engine.sources().clone())) } else { workspace.progress() };
    let listener: Arc<dyn Listener> = {
        let tally = tally.clone();
        Arc::new(move |event: &Event| {
            tally.hear(event);
            teller.hear(event);
        })
    };
    let stopping = tokio::spawn(tell_of_stopping(stop.clone(), listener.clone()));
    let engine = &mut workspace.engine;
    engine.listener = listener;
    engine.stop = stop.clone();
    engine.settings.parallelism = how.parallelism;
    let silent = SilentKeys::begin();
    let applied = engine.apply(plans, options).await;
    drop(silent);
    stopping.abort();
    // The bars go before anything else is said.
    engine.listener = Arc::new(|_: &Event| {});
    tell_endings(shell, workspace, &tally.endings(), options.destroy);
    let applied = applied.map_err(|trouble| workspace.stopped(trouble))?;
    outputs(shell, &applied, how)?;
    match judged(applied) {
        Err(trouble) => Err(workspace.stopped(trouble)),
        Ok(Exit::Done) if blocked => Ok(Exit::Failed),
        Ok(exit) => Ok(exit),
    }
}

fn show(shell: &Shell, workspace: &Workspace<'_>, plans: &[StackPlan], how: &How) -> Result<(), Stopped> {
    if !how.json {
        return Ok(shell.console.data(&planning::text(shell, workspace, plans))?);
    }
    if !how.approved {
        shell.console.talk(&planning::text(shell, workspace, plans));
    }
    line(shell, json!({ "type": "planned", "plan": planning::json(workspace, plans) }))
}

fn line(shell: &Shell, mut object: Json) -> Result<(), Stopped> {
    object["format_version"] = FORMAT.into();
    Ok(shell.console.data_line(&object.to_string())?)
}

/// Asks whether to go on.
async fn approve(shell: &Shell, destroy: bool, stop: &watch::Receiver<Stop>) -> Result<(), Stopped> {
    let what = if destroy { "Destroy all of this? There is no way back." } else { "Apply these changes?" };
    let hints = [
        "if the plan is what you want, add --yes",
        "or keep a plan, look at it, and apply that one: lowtide plan --out FILE, then lowtide apply FILE",
    ];
    consent::ask(shell, what, &hints, stop).await
}

/// Says how each stack went.
fn tell_endings(shell: &Shell, workspace: &Workspace<'_>, endings: &[Ending], destroy: bool) {
    for ending in endings {
        let text = ending_text(ending, destroy, workspace.engine.sources(), shell.console.width());
        let head = if endings.len() > 1 { paint(BOLD, &ending.stack.stack) + "\n" } else { String::new() };
        shell.console.talk(&format!("\n{head}{}", text.trim_end()));
    }
}

async fn tell_of_stopping(stop: watch::Receiver<Stop>, listener: Arc<dyn Listener>) {
    signals::asked(&stop).await;
    listener.hear(&Event::Stopping);
}

/// Prints what the stacks publish now.
fn outputs(shell: &Shell, applied: &[StackApplied], how: &How) -> Result<(), Stopped> {
    for one in applied.iter().filter(|one| !one.destroyed && !one.applied.state.outputs.is_empty()) {
        let all = &one.applied.state.outputs;
        if how.json {
            line(shell, json!({ "type": "outputs", "stack": one.stack.stack, "outputs": outputs_json(all, &Default::default()) }))?;
        } else {
            let lines: String = outputs_text(all, shell.console.width()).lines().map(|line| format!("  {line}\n")).collect();
            shell.console.data(&format!("\nOutputs of {}:\n{lines}", one.stack.stack))?;
        }
    }
    Ok(())
}

/// Returns how it ended; what went wrong with resources has been told.
fn judged(applied: Vec<StackApplied>) -> Result<Exit, Trouble> {
    let failed = applied.iter().any(|one| !one.applied.failures.is_empty());
    let interrupted = applied.iter().any(|one| one.applied.interrupted);
    let set_aside = applied.iter().map(|one| one.applied.set_aside).sum();
    if let Some(fault) = applied.into_iter().find_map(|one| one.applied.ledger) {
        return Err(not_written(fault, set_aside));
    }
    Ok(match (interrupted, failed) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::Failed,
        (false, false) => Exit::Done,
    })
}

/// Says why a run could not write down everything, and where the rest is.
fn not_written(fault: LedgerFault, set_aside: usize) -> Trouble {
    match Trouble::from(fault) {
        Trouble::Wrong(all) if set_aside > 0 => {
            let hint = format!(
                "how {} went is kept on this machine, and its next run takes that in; one from elsewhere finds out by itself",
                count(set_aside, "operation")
            );
            Trouble::Wrong(all.into_iter().map(|one| one.hint(hint.clone())).collect())
        }
        other => other,
    }
}
