//! Planning for the commands that do: addresses checked, plans made and shown.

use lowtide_apply::Stop;
use lowtide_diagnostic::{Diagnostic, Diagnostics, nearest};
use lowtide_engine::{Loaded, StackPlan, Trouble};
use lowtide_model::Address;
use lowtide_plan::{Options, Plan};
use lowtide_report::{PlanDocument, plan_json, plan_text};
use serde_json::Value as Json;
use tokio::sync::watch;

use crate::{
    exit::Stopped,
    shell::{Shell, unless_stopped},
    workspace::Workspace,
};

/// Plans stacks; to destroy them, dependants first, where the options say so. Writes nothing.
///
/// # Errors
/// When something is wrong, or somebody asked to stop.
pub async fn plan(
    workspace: &Workspace<'_>,
    loaded: &[Loaded],
    options: &Options,
    insists: bool,
    stop: &watch::Receiver<Stop>,
) -> Result<Vec<StackPlan>, Stopped> {
    let engine = &workspace.engine;
    let plans =
        async { if options.destroy { engine.plan_destroy(loaded, options, insists).await } else { engine.plan(loaded, options).await } };
    checked(workspace, options, unless_stopped(stop, plans).await?)
}

/// Finds out what became of operations in doubt, and plans what is then to be done.
///
/// # Errors
/// When something is wrong, or somebody asked to stop.
pub async fn recover_and_plan(
    workspace: &Workspace<'_>,
    loaded: &[Loaded],
    options: &Options,
    insists: bool,
    stop: &watch::Receiver<Stop>,
) -> Result<Vec<StackPlan>, Stopped> {
    let plans = workspace.engine.recover_and_plan(loaded, options, insists);
    checked(workspace, options, unless_stopped(stop, plans).await?)
}

fn checked(workspace: &Workspace<'_>, options: &Options, plans: Result<Vec<StackPlan>, Trouble>) -> Result<Vec<StackPlan>, Stopped> {
    let plans = plans.map_err(|trouble| workspace.stopped(trouble))?;
    let unknown = unknown_addresses(&plans, options);
    if unknown.has_errors() { Err(workspace.stopped(unknown)) } else { Ok(plans) }
}

/// Returns plans as text.
pub fn text(shell: &Shell, workspace: &Workspace<'_>, plans: &[StackPlan]) -> String {
    let plans: Vec<Plan> = plans.iter().map(|one| one.plan.clone()).collect();
    plan_text(&plans, workspace.engine.sources(), shell.console.width())
}

/// Returns plans as one JSON document.
pub fn json(workspace: &Workspace<'_>, plans: &[StackPlan]) -> Json {
    let engine = &workspace.engine;
    let documents: Vec<_> = plans
        .iter()
        .map(|one| PlanDocument {
            plan: &one.plan,
            state: Some(&one.prepared.state).filter(|_| !one.prepared.state_hash.is_empty()),
            schema: &engine.schema,
            variables: &one.prepared.variables,
            sources: engine.sources(),
        })
        .collect();
    plan_json(&documents)
}

/// Returns whether something could not be planned, so that the plans are not all there is to do.
pub fn is_blocked(plans: &[StackPlan]) -> bool {
    plans.iter().any(|one| !one.plan.blocked.is_empty())
}

/// Says which addresses of the options are of nothing that is declared or remembered: a slip would otherwise look like
/// a plan without changes.
fn unknown_addresses(plans: &[StackPlan], options: &Options) -> Diagnostics {
    let declared = plans.iter().flat_map(|one| one.prepared.loaded.configuration.declarations()).map(|one| &one.declared);
    let remembered = plans.iter().flat_map(|one| one.prepared.state.records.keys()).map(|(address, _)| &address.declared);
    let known: std::collections::BTreeSet<_> = declared.chain(remembered).collect();
    let names: Vec<String> = known.iter().map(ToString::to_string).collect();
    let unknown = |flag: &str, address: &Address| {
        (!known.contains(&address.declared)).then(|| {
            let detail = format!("`{address}`, given as {flag}, is neither declared nor remembered in the stacks of this plan.");
            let wrong = Diagnostic::error("Unknown address", detail);
            match nearest(&address.declared.to_string(), names.iter().map(String::as_str)) {
                Some(near) => wrong.hint(format!("did you mean `{near}`?")),
                None => wrong,
            }
        })
    };
    let targets = options.targets.iter().filter_map(|target| unknown("--target", &target.0));
    let excludes = options.excludes.iter().filter_map(|target| unknown("--exclude", &target.0));
    let replace = options.replace.iter().filter_map(|address| unknown("--replace", address));
    targets.chain(excludes).chain(replace).collect()
}
