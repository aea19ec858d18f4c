//! One write for everything that waits to be durable: ids and ends of some steps together with the intents of others.
//!
//! What is written here counts at once for what is started next, and for nothing outside: no worker begins or goes on, and nobody is
//! told of an end, before the write that holds it has come back. There is no timer: while one write is under way the next one gathers.

use std::{collections::BTreeSet, pin::Pin};

use lowtide_diagnostic::Diagnostic;
use lowtide_plan::{Outcome, Step, StepId};
use lowtide_state::Entry;
use tokio::{sync::oneshot, time::Instant};

use super::Going;
use crate::work::Ended;

/// What a step does once it may.
pub type Work = Pin<Box<dyn Future<Output = Ended> + Send>>;

/// What waits to be durable, and what is to happen then.
#[derive(Default)]
pub struct Batch {
    entries: Vec<Entry>,
    then: Vec<Then>,
}

/// What happens when a batch is durable.
pub enum Then {
    /// A worker goes on, which has waited for its note. One that has ended does not hear it.
    GoOn(oneshot::Sender<()>),
    /// A step is told to be done.
    Tell(StepId, Outcome, Instant),
    /// A step begins.
    Begin(StepId, Work),
}

impl Going<'_> {
    /// Has something written down with the next batch.
    pub(super) fn write(&mut self, entry: Entry) {
        self.state.apply(&entry);
        self.batch.entries.push(entry);
    }

    /// Has something happen when everything written so far is durable.
    pub(super) fn then(&mut self, then: Then) {
        self.batch.then.push(then);
    }

    /// Makes the batch durable and does what waited for that. Once one batch was not written, none that comes later may be: it could
    /// say that an operation came to nothing whose result is the one that is missing.
    pub(super) async fn commit(&mut self) {
        let Batch { entries, then } = std::mem::take(&mut self.batch);
        if !entries.is_empty() && self.applied.ledger.is_none() {
            match self.job.run.append(&entries).await {
                Ok(()) => {
                    entries.iter().for_each(|entry| self.applied.state.apply(entry));
                    self.written += entries.len();
                }
                Err(fault) => self.applied.ledger = Some(fault),
            }
        }
        if self.applied.ledger.is_some() {
            self.unwritten.extend(entries.iter().filter_map(|entry| self.applied.state.answer(entry)));
        }
        let durable = self.applied.ledger.is_none() || entries.is_empty();
        for one in then {
            match one {
                Then::GoOn(waiting) if durable => drop(waiting.send(())),
                // It hears that it was not written when this is gone.
                Then::GoOn(_) => {}
                Then::Tell(id, outcome, began) if durable => {
                    *self.applied.done.entry(self.step(id).action).or_default() += 1;
                    self.tell(id, outcome, began);
                }
                Then::Begin(id, work) if durable => {
                    self.tell_start(id);
                    let task = self.workers.spawn(async move { (id, work.await) });
                    self.tasks.insert(task.id(), id);
                }
                Then::Begin(id, _) => {
                    let began = self.open.remove(&id).map_or_else(Instant::now, |open| open.began);
                    self.failed(id, not_written(self.step(id)), began);
                }
                Then::Tell(id, _, began) => self.failed(id, not_written(self.step(id)), began),
            }
        }
        self.checkpoint().await;
    }

    /// Has the ledger keep elsewhere what it could not write down of operations that came to their end.
    pub(super) async fn set_aside(&mut self) {
        if !self.unwritten.is_empty() && matches!(self.job.run.set_aside(&self.unwritten).await, Ok(true)) {
            let operations: BTreeSet<_> = self.unwritten.iter().map(|answer| &answer.op).collect();
            self.applied.set_aside = operations.len();
        }
    }

    /// Makes a snapshot when enough was written down. What was begun goes on meanwhile.
    async fn checkpoint(&mut self) {
        if self.written < self.job.settings.checkpoint || self.applied.ledger.is_some() {
            return;
        }
        self.written = 0;
        self.applied.ledger = self.job.run.checkpoint().await.err();
    }
}

pub(super) fn not_written(step: &Step) -> Diagnostic {
    let detail = format!("What happened to `{}` could not be written to the ledger, so nothing more was begun.", step.address);
    Diagnostic::error("Ledger not writable", detail)
}
