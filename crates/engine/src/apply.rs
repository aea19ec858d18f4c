//! Applying what was planned and approved, stack after stack.

use lowtide_apply::{Applied, Job};
use lowtide_diagnostic::Diagnostic;
use lowtide_model::Create;
use lowtide_plan::{Action, Options, Plan, Recovered, Recovery, Step, World, agrees, asks_otherwise};
use lowtide_resource::{Gate, TransportMode};
use lowtide_state::{Attempt, Intent, Record, Run, StackKey};

use crate::{Aim, Engine, StackPlan, Trouble, links::Links, saved::fingerprint};

/// What the user said to plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Do it.
    Yes,
    /// Don't.
    No,
}

/// Asks the user about plans.
pub type Approval<'a> = &'a (dyn Fn(&[StackPlan]) -> Verdict + Sync);

/// How one stack went.
pub struct StackApplied {
    /// Which.
    pub stack: StackKey,
    /// Whether it was destroyed.
    pub destroyed: bool,
    /// How it went.
    pub applied: Applied,
}

impl StackApplied {
    /// Returns whether everything planned was done.
    pub fn is_whole(&self) -> bool {
        let applied = &self.applied;
        applied.failures.is_empty() && !applied.interrupted && applied.ledger.is_none()
    }
}

impl Engine {
    /// Applies approved plans in order. A stack whose plan waited for another's outputs is planned again once they are
    /// there, and must then be what was shown. Stops after the first stack that does not come through whole.
    ///
    /// # Errors
    /// When state is in use or has moved, or when a plan is no longer what was shown.
    pub async fn apply(&self, plans: Vec<StackPlan>, options: &Options) -> Result<Vec<StackApplied>, Trouble> {
        let mut done: Vec<StackApplied> = Vec::new();
        let mut links = Links::default();
        for shown in plans {
            self.published(&shown.prepared.loaded, &mut links).await?;
            if shown.plan.destroy {
                links.do_without(&shown.prepared.loaded.configuration);
            }
            let applied = if shown.plan.is_empty() && !waits_for_others(&shown) {
                links.planned(&shown.plan, &shown.prepared.loaded.configuration);
                continue;
            } else {
                self.apply_stack(shown, &mut links, options).await?
            };
            let whole = applied.is_whole();
            done.push(applied);
            if !whole {
                break;
            }
        }
        Ok(done)
    }

    async fn apply_stack(&self, shown: StackPlan, links: &mut Links, options: &Options) -> Result<StackApplied, Trouble> {
        let key = shown.prepared.loaded.key.clone();
        let doing = if shown.plan.destroy { "destroy" } else { "apply" };
        // A run may have ended halfway since this was planned; what it did is part of what there is.
        let aim = if shown.plan.destroy || self.uncertain(&shown).is_some() { Aim::Certainty } else { Aim::Apply };
        let recovered = self.recover(std::slice::from_ref(&key), aim).await?;
        let mut run = self.ledger.open(&key, doing).await?;
        let moved = has_moved(run.loaded(), &shown.prepared.state_hash);
        let current = if moved || (!shown.plan.destroy && waits_for_others(&shown)) {
            let again = self.plan_stack(&shown.prepared.loaded, links, &Options { destroy: shown.plan.destroy, ..options.clone() }).await?;
            as_shown(&shown.plan, &again.plan, &recovered)?;
            again
        } else {
            shown
        };
        self.is_certain(&current)?;
        run.carries_out(&fingerprint(&current)).await?;
        let lease = run.lease();
        self.connect.set_mode(TransportMode::ReadWrite(Gate::opened_by(move || lease.check().map_err(|fault| fault.to_string()))));
        let mut applied = self.run(&current, &mut *run).await;
        self.connect.set_mode(TransportMode::ReadOnly);
        // What was done stays to be told; the journal has it, and the next run takes it from there.
        if let Err(fault) = run.finish().await {
            applied.ledger.get_or_insert(fault);
        }
        if !current.plan.destroy {
            let plan = Plan { outputs: real_outputs(&current, &applied), ..current.plan.clone() };
            links.planned(&plan, &current.prepared.loaded.configuration);
        }
        Ok(StackApplied { stack: key, destroyed: current.plan.destroy, applied })
    }

    async fn run(&self, current: &StackPlan, run: &mut dyn Run) -> Applied {
        let prepared = &current.prepared;
        // A stack's first run gets its lineage when its ledger is opened.
        let plan = Plan { lineage: run.loaded().state.lineage.clone(), ..current.plan.clone() };
        let (configuration, graph) = (&prepared.loaded.configuration, &prepared.loaded.graph);
        let world = World::new(configuration, graph, &self.schema, &prepared.providers, &prepared.places, prepared.values.clone());
        lowtide_apply::apply(Job {
            plan: &plan,
            world,
            sights: &current.sights,
            answers: &current.answers,
            observer: self.observer(),
            run,
            digester: prepared.digester.clone(),
            listener: self.listener.clone(),
            settings: self.settings.clone(),
            stop: self.stop.clone(),
        })
        .await
    }
}

/// Returns whether a state is another than the one a plan was made from. Where there was none, opening it begins an empty one.
fn has_moved(now: &lowtide_state::Loaded, planned_from: &str) -> bool {
    let state = &now.state;
    let begun = state.serial == 0 && state.is_empty() && state.outputs.is_empty();
    now.hash != planned_from && !(planned_from.is_empty() && begun)
}

impl Engine {
    /// Returns what an earlier run asked for whose request may still arrive, and which a plan makes in another way: what then arrives might
    /// have to be replaced, which no plan has shown; or, where only a tag can find it, there would be two. It is to be waited for, and
    /// planned again.
    pub fn uncertain<'p>(&self, plan: &'p StackPlan) -> Option<&'p Intent> {
        let prepared = &plan.prepared;
        let clashes = |step: &Step| {
            let intent = prepared.state.pending.get(&(step.address.clone(), step.generation))?;
            let create = self.schema.kind(step.address.kind()).map(|kind| kind.create);
            let only_a_tag = matches!(create, Some(Create::TagOnly | Create::Preimage));
            let otherwise = |record: &Record| asks_otherwise(record.asked(), &step.wish, &*prepared.digester);
            let clashes = only_a_tag || intent.record.as_deref().is_some_and(otherwise);
            (intent.attempt == Attempt::Create && clashes).then_some(intent)
        };
        plan.plan.steps.iter().filter(|step| step.action == Action::Create).find_map(clashes)
    }
}

/// Returns whether a plan was made while outputs of another stack were unknown.
fn waits_for_others(shown: &StackPlan) -> bool {
    let scope = &shown.prepared.values;
    let configuration = &shown.prepared.loaded.configuration;
    let written = configuration.declarations().flat_map(lowtide_spec::Declaration::references);
    let locals = configuration.locals.values().flat_map(|local| local.value.references());
    let outputs = configuration.outputs.values().flat_map(|output| output.value.references());
    written.chain(locals).chain(outputs).any(|reference| {
        use lowtide_spec::expression::Scope;
        matches!(reference.root, lowtide_spec::expression::Root::Stack(..))
            && scope.value(&reference.root).is_some_and(|value| !value.is_wholly_known())
    })
}

/// Outputs as they turned out, for the stacks that come after.
fn real_outputs(current: &StackPlan, applied: &Applied) -> Vec<lowtide_plan::OutputChange> {
    let mut outputs = current.plan.outputs.clone();
    for output in &mut outputs {
        match applied.state.outputs.get(&output.name) {
            Some(lowtide_state::OutputValue::Clear { value, ty }) => output.after = value.clone().shaped(ty).into(),
            Some(lowtide_state::OutputValue::Sensitive { .. }) | None => {}
        }
    }
    outputs
}

/// Checks that a plan made again is the one that was shown, with its unknowns filled in. What an earlier run had asked for may have
/// arrived since it was shown, and then is brought to what was to be created.
///
/// # Errors
/// Says what is another now.
pub fn as_shown(shown: &Plan, again: &Plan, recovered: &[Recovered]) -> Result<(), Diagnostic> {
    let changed = |what: String| {
        Diagnostic::error("Plan is stale", format!("{what} Nothing of stack `{}` was done.", again.stack.stack))
            .hint("plan again, look at it, and apply that plan")
    };
    let arrived = |step: &Step| {
        let ours =
            |one: &Recovered| one.address == step.address && one.attempt == Attempt::Create && matches!(one.how, Recovery::Adopted(_));
        step.action == Action::Update && recovered.iter().any(ours)
    };
    for step in &again.steps {
        let same = |one: &&Step| one.address == step.address && one.action == step.action && one.generation == step.generation;
        let made = |one: &&Step| one.address == step.address && matches!(one.action, Action::Create | Action::Adopt) && arrived(step);
        let before = shown.steps.iter().find(same).or_else(|| shown.steps.iter().find(made));
        let Some(before) = before else {
            return Err(changed(format!("The plan now has a step for `{}` that was not shown.", step.address)));
        };
        if let (Some(then), Some(now)) = (&before.physical_id, &step.physical_id)
            && then != now
        {
            return Err(changed(format!("`{}` is another thing now than was shown: {now}, and not {then}.", step.address)));
        }
        let differs = before.wish.iter().find(|(name, value)| step.wish.get(name).is_none_or(|now| !agrees(value, now)));
        if let Some((name, _)) = differs {
            return Err(changed(format!("`{name}` of `{}` is now another than was shown.", step.address)));
        }
    }
    Ok(())
}
