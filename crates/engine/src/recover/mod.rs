//! Recovery: what earlier runs were about to ask of AWS when they ended is looked for, before anything is planned.
//!
//! Each look is repeatable and each answer is written down by itself, so recovery may end at any point and begin anew.

mod intents;
mod watched;

use std::time::Duration;

use lowtide_apply::{Settings, again_in};
use lowtide_diagnostic::Diagnostic;
use lowtide_model::Observation;
use lowtide_observe::Observer;
use lowtide_plan::{Options, Recovered};
use lowtide_resource::Ask;
use lowtide_state::{Record, StackKey, State};

use crate::{Engine, Loaded, StackPlan, Trouble};

/// What is to come after a recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// An apply. A name that is still free is taken at once; if an earlier request for it arrives late, it finds it taken. What has a
    /// token is asked for again under it; AWS makes one thing of both requests.
    Apply,
    /// An end at which nothing may be there, or be on its way: what may still arrive is waited for.
    Certainty,
    /// Nothing: as certainty, and what was deleted and is watched is looked for as well. A plan does that by itself.
    Close,
}

impl Engine {
    /// Finds out what became of every operation that earlier runs left in doubt, and tells the listener. Writes nothing where
    /// none is.
    ///
    /// # Errors
    /// When a state is in use or AWS does not say; what was found out by then is kept.
    pub async fn recover(&self, stacks: &[StackKey], aim: Aim) -> Result<Vec<Recovered>, Trouble> {
        let mut all = Vec::new();
        for stack in stacks {
            let closes = |state: &State| aim == Aim::Close && state.watched().next().is_some();
            if self.ledger.read(stack).await?.is_none_or(|read| read.state.pending.is_empty() && !closes(&read.state)) {
                continue;
            }
            let mut run = self.ledger.open(stack, "recover").await?;
            let mut recovered = self.recover_in(stack, &mut *run, aim).await;
            if let (Ok(all), Aim::Close) = (&mut recovered, aim) {
                match self.close_watched(stack, &mut *run).await {
                    Ok(closed) => all.extend(closed),
                    Err(trouble) => recovered = Err(trouble),
                }
            }
            run.finish().await?;
            all.extend(recovered?);
        }
        Ok(all)
    }

    /// Finds out what became of operations in doubt, then plans what is to be done: an end, where the options say so.
    /// `insists` goes on where persistent stacks would be destroyed.
    ///
    /// # Errors
    /// As [`Engine::recover`], [`Engine::plan`] and [`Engine::plan_destroy`].
    pub async fn recover_and_plan(&self, loaded: &[Loaded], options: &Options, insists: bool) -> Result<Vec<StackPlan>, Trouble> {
        let keys: Vec<_> = loaded.iter().map(|one| one.key.clone()).collect();
        if options.destroy {
            self.recover(&keys, Aim::Certainty).await?;
            return self.plan_destroy(loaded, options, insists).await;
        }
        self.recover(&keys, Aim::Apply).await?;
        self.plan_what_is_certain(loaded, options).await
    }

    /// Plans; what an earlier run asked for otherwise than the plan does is waited for, and planned again.
    pub(crate) async fn plan_what_is_certain(&self, loaded: &[Loaded], options: &Options) -> Result<Vec<StackPlan>, Trouble> {
        let plans = self.plan(loaded, options).await?;
        let otherwise: Vec<_> =
            plans.iter().filter(|plan| self.uncertain(plan).is_some()).map(|plan| plan.prepared.loaded.key.clone()).collect();
        if otherwise.is_empty() {
            return Ok(plans);
        }
        self.recover(&otherwise, Aim::Certainty).await?;
        let plans = self.plan(loaded, options).await?;
        plans.iter().try_for_each(|plan| self.is_certain(plan))?;
        Ok(plans)
    }

    /// Checks that a plan may be carried out while what may still arrive is left open.
    ///
    /// # Errors
    /// When it asks for something that may still arrive from an earlier run in another way; says when that is over.
    pub(crate) fn is_certain(&self, plan: &StackPlan) -> Result<(), Diagnostic> {
        let Some(intent) = self.uncertain(plan) else { return Ok(()) };
        let left = intent.until.map_or(self.settings.settle_window, |until| self.settings.left_until(until));
        let detail = format!(
            "An earlier run asked AWS for `{}`, and that request may still arrive. What the plan asks for would come beside it, or be refused. Nothing was done.",
            intent.address
        );
        Err(Diagnostic::error("Operation in doubt", detail).hint(again_in(left)))
    }
}

/// Looks that are made again and again, for as long as something may still arrive.
#[derive(Default)]
struct Looks {
    made: u32,
    waited: Duration,
}

impl Looks {
    async fn pause(&mut self, settings: &Settings) {
        let pause = settings.pause_before(self.made);
        tokio::time::sleep(pause).await;
        self.waited += pause;
        self.made += 1;
    }
}

async fn seen_now(observer: &Observer, record: &Record) -> Result<Option<Observation>, String> {
    let kind = observer.catalog().kind(record.address.kind()).ok_or("this version does not know its kind")?;
    let ask = Ask::new(record.id.clone(), record.inputs.clone());
    observer.watch(kind, &record.place, ask).await.map_err(|fault| fault.to_string())
}
