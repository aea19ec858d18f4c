//! Another state in the place of the current one: what that means for what is remembered, and doing it. AWS is not asked.

use std::collections::BTreeSet;

use lowtide_diagnostic::Diagnostic;
use lowtide_model::Place;
use lowtide_state::{Loaded, Record, State};

use crate::{Engine, Trouble};

/// What another state in the place of the current one means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exchange {
    /// Things that only the current state remembers: they would stay in AWS, and nobody would know of them.
    pub going: Vec<Record>,
    /// Things that only the other state remembers. Those that are gone in AWS by now are seen to be by the next plan.
    pub coming: Vec<Record>,
    /// Things that both remember, each in another way; as the other state has them.
    pub changing: Vec<Record>,
}

/// What makes a record be about one thing in AWS, whatever its address.
type Identity<'a> = (&'a str, &'a str, &'a Place);

fn identity(record: &Record) -> Identity<'_> {
    (record.address.kind(), &record.id, &record.place)
}

fn identities(state: &State) -> BTreeSet<Identity<'_>> {
    state.records.values().map(identity).collect()
}

impl Exchange {
    /// Compares the current state with the one that is to take its place.
    pub fn between(now: &State, then: &State) -> Self {
        let (here, there) = (identities(now), identities(then));
        let only = |of: &State, other: &BTreeSet<Identity<'_>>| {
            of.records.values().filter(|record| !other.contains(&identity(record))).cloned().collect()
        };
        let both = then.records.values().filter(|record| here.contains(&identity(record)));
        let changing = both.filter(|record| now.records.get(&record.key()) != Some(record)).cloned().collect();
        Self { going: only(now, &there), coming: only(then, &here), changing }
    }
}

impl Engine {
    /// Puts another state in the place of the one that was shown, as the next serial. What was before stays in the history.
    ///
    /// # Errors
    /// When someone is writing it, when it has changed since it was shown, or when operations are in doubt.
    pub async fn exchange_state(&self, stack: &str, shown: &Loaded, other: State, doing: &str) -> Result<State, Trouble> {
        let mut run = self.ledger.open(&self.key(stack), doing).await?;
        if run.loaded().hash != shown.hash {
            let detail = format!("The state of `{stack}` has changed while this was being decided. Nothing was done.");
            return Err(Diagnostic::error("State changed", detail).hint("look again at what there is, then repeat the command").into());
        }
        self.no_doubt_left(stack, &run.loaded().state)?;
        run.replace(other).await?;
        Ok(run.finish().await?.state)
    }

    /// Refuses to put aside a state that knows of operations which nobody knows the end of.
    ///
    /// # Errors
    /// When there are any.
    pub fn no_doubt_left(&self, stack: &str, state: &State) -> Result<(), Trouble> {
        if state.pending.is_empty() {
            return Ok(());
        }
        let all: Vec<_> = state.pending.keys().map(|(address, _)| format!("`{address}`")).collect();
        let detail = format!("An earlier run of stack `{stack}` ended before it knew how it went with {}.", all.join(", "));
        let hint = format!("find out first: {}", self.command(&format!("recover {stack}")));
        Err(Diagnostic::error("Operations in doubt", detail).hint(hint).into())
    }
}
