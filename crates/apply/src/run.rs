//! The run: one task that owns world, state and ledger, starts workers and takes in what they report.
//!
//! `start` begins a step (`create` and `alter` those that change something), `finish` takes in how it ended, `intend` is what is written
//! down before and after, `batch` makes it durable; `rename` gives new addresses before all that, `outputs` is what is published at the
//! end, `explain` what went wrong in words.

mod alter;
mod batch;
mod create;
mod explain;
mod finish;
mod intend;
mod outputs;
mod rename;
mod start;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use lowtide_diagnostic::Diagnostic;
use lowtide_model::{Address, Description};
use lowtide_observe::Observer;
use lowtide_plan::{Action, Event, Governors, Listener, Outcome, Plan, Sight, Step, StepId, World};
use lowtide_state::{Answer, Digester, LedgerFault, RecordKey, Run, State};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
    time::Instant,
};

use self::batch::Batch;
use crate::{
    Settings, Stop,
    queue::Queue,
    veil::{Veil, Veiled},
    work::{Ended, Note},
};

/// What an apply is given.
pub struct Job<'a> {
    /// What was decided.
    pub plan: &'a Plan,
    /// What is known before anything is done.
    pub world: World<'a>,
    /// What was seen of each record while planning.
    pub sights: &'a BTreeMap<RecordKey, Sight>,
    /// What data sources and look-ups answered while planning.
    pub answers: &'a lowtide_plan::Answers,
    /// Reads what settles.
    pub observer: Observer,
    /// Where results are written down.
    pub run: &'a mut dyn Run,
    /// Makes digests of sensitive values.
    pub digester: Arc<dyn Digester>,
    /// Hears what happens.
    pub listener: Arc<dyn Listener>,
    /// How to go about it.
    pub settings: Settings,
    /// Whether to stop.
    pub stop: watch::Receiver<Stop>,
}

/// How an apply went.
#[derive(Debug)]
pub struct Applied {
    /// The state now, as it is written down.
    pub state: State,
    /// What went wrong.
    pub failures: Vec<Failure>,
    /// Steps that were not tried, and because of which resource.
    pub skipped: Vec<(Address, Address)>,
    /// Whether it was stopped before its end.
    pub interrupted: bool,
    /// How many steps were done, by action.
    pub done: BTreeMap<Action, usize>,
    /// What stays although it is no longer ours, and why.
    pub left: Vec<(Address, String)>,
    /// Why results could no longer be written down, if they could not.
    pub ledger: Option<LedgerFault>,
    /// How many operations went in a way that is then kept on this machine for its next run.
    pub set_aside: usize,
}

/// One step that went wrong.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The resource.
    pub address: Address,
    /// What was done.
    pub action: Action,
    /// What the user must know.
    pub diagnostic: Diagnostic,
}

/// Does what a plan says.
pub async fn apply(job: Job<'_>) -> Applied {
    let began = Instant::now();
    let stack = job.plan.stack.clone();
    let listener = job.listener.clone();
    listener.hear(&Event::Applying { stack: stack.clone(), steps: job.plan.steps.len() });
    let applied = Going::new(job).go().await;
    listener.hear(&Event::Applied { stack, elapsed: began.elapsed() });
    applied
}

/// Waits until nothing may be waited for any more: at once if told so, and a while after having been asked to stop soon.
async fn told_to_end(mut stop: watch::Receiver<Stop>, grace: Duration) {
    let now = async |stop: &mut watch::Receiver<Stop>, least: Stop| {
        // Whoever might have asked to stop may be gone; then nobody asks.
        if stop.wait_for(|stop| *stop >= least).await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    now(&mut stop, Stop::Soon).await;
    // What is cut off here is in doubt, and found again by the next run.
    drop(tokio::time::timeout(grace, now(&mut stop, Stop::Now)).await);
}

/// An apply on its way.
struct Going<'a> {
    job: Job<'a>,
    /// What resources move of others: as it was planned.
    governors: Governors,
    queue: Queue,
    /// The state with what waits to be durable.
    state: State,
    /// Addresses that others were to have, and that are in doubt.
    unmoved: BTreeSet<Address>,
    /// For steps under way: what their record will be made of.
    open: BTreeMap<StepId, start::Open>,
    batch: Batch,
    /// How operations went, where that could not be written down.
    unwritten: Vec<Answer>,
    /// How many entries were written down since the last checkpoint.
    written: usize,
    applied: Applied,
    veil: Veil,
    notes: mpsc::Sender<Note>,
    noted: mpsc::Receiver<Note>,
    workers: JoinSet<(StepId, Ended)>,
    /// Whose step each worker does, for one that ends without a word.
    tasks: HashMap<tokio::task::Id, StepId>,
}

impl<'a> Going<'a> {
    fn new(mut job: Job<'a>) -> Self {
        let veil = Veil::default();
        job.listener = Arc::new(Veiled { veil: veil.clone(), listener: job.listener });
        let state = job.run.loaded().state.clone();
        let applied = Applied {
            state: state.clone(),
            failures: Vec::new(),
            skipped: Vec::new(),
            interrupted: false,
            done: BTreeMap::new(),
            left: Vec::new(),
            ledger: None,
            set_aside: 0,
        };
        let (notes, noted) = mpsc::channel(256);
        Self {
            governors: Governors::of(job.world.schema, job.world.configuration, &state, job.sights),
            queue: Queue::of(&job.plan.steps),
            state,
            unmoved: BTreeSet::new(),
            open: BTreeMap::new(),
            batch: Batch::default(),
            unwritten: Vec::new(),
            written: 0,
            applied,
            veil,
            notes,
            noted,
            workers: JoinSet::new(),
            tasks: HashMap::new(),
            job,
        }
    }

    async fn go(mut self) -> Applied {
        self.make_known();
        self.rename();
        let mut ending = std::pin::pin!(told_to_end(self.job.stop.clone(), self.job.settings.grace));
        loop {
            self.start_what_may();
            self.commit().await;
            if self.open.is_empty() {
                break;
            }
            tokio::select! {
                Some(note) = self.noted.recv() => self.note(note),
                Some(ended) = self.workers.join_next() => self.ended(ended),
                () = &mut ending => break,
            }
            self.take_in_the_rest();
        }
        let unfinished: Vec<_> = self.open.keys().copied().chain(self.queue.left()).collect();
        if *self.job.stop.borrow() != Stop::No || !unfinished.is_empty() {
            self.applied.interrupted = true;
            unfinished.into_iter().for_each(|step| self.tell(step, Outcome::Interrupted, Instant::now()));
        }
        self.workers.abort_all();
        self.publish_outputs();
        self.commit().await;
        self.set_aside().await;
        if self.applied.interrupted && self.applied.ledger.is_none() {
            self.applied.ledger = self.job.run.room().err();
        }
        self.applied
    }

    /// Everything that is not touched is known as it is.
    fn make_known(&mut self) {
        for unchanged in &self.job.plan.unchanged {
            self.job.world.set_instance(&unchanged.address.declared, unchanged.address.key.clone(), unchanged.values.clone());
        }
        for (address, value) in &self.job.plan.known {
            self.job.world.set_instance(&address.declared, address.key.clone(), value.clone());
        }
        for step in self.job.plan.steps.iter().filter(|step| !matches!(step.action, Action::Delete | Action::Forget)) {
            self.job.world.set_instance(&step.address.declared, step.address.key.clone(), step.after.clone());
        }
        let all: Vec<_> = self.job.world.configuration.declarations().collect();
        all.into_iter().for_each(|declaration| self.job.world.publish(declaration));
    }

    fn may_start(&self) -> bool {
        *self.job.stop.borrow() == Stop::No && self.applied.ledger.is_none() && self.job.run.room().is_ok() && self.queue.has_ready()
    }

    fn start_what_may(&mut self) {
        while self.open.len() < self.job.settings.parallelism && self.may_start() {
            let Some(step) = self.queue.next() else { break };
            if let Err(diagnostic) = self.start(step) {
                self.tell_start(step);
                self.failed(step, diagnostic, Instant::now());
            }
        }
    }

    /// Takes in everything that has been reported by now, so that one write makes it all durable.
    fn take_in_the_rest(&mut self) {
        loop {
            while let Ok(note) = self.noted.try_recv() {
                self.note(note);
            }
            let Some(ended) = self.workers.try_join_next() else { break };
            self.ended(ended);
        }
    }

    fn step(&self, id: StepId) -> &'a Step {
        &self.job.plan.steps[id]
    }

    fn description(&self, step: &Step) -> Option<&'static Description> {
        self.job.observer.catalog().kind(step.address.kind()).map(|kind| kind.description())
    }

    fn tell_start(&self, id: StepId) {
        let step = self.step(id);
        self.job.listener.hear(&Event::Started { step: id, address: step.address.clone(), action: step.action });
    }

    fn tell(&self, step: StepId, outcome: Outcome, began: Instant) {
        let step = self.step(step);
        self.job.listener.hear(&Event::Ended {
            step: step.id,
            address: step.address.clone(),
            action: step.action,
            outcome,
            elapsed: began.elapsed(),
        });
    }

    fn failed(&mut self, id: StepId, diagnostic: Diagnostic, began: Instant) {
        let step = self.step(id);
        let diagnostic = self.veil.over_diagnostic(diagnostic);
        self.tell(id, Outcome::Failed(diagnostic.clone()), began);
        self.applied.failures.push(Failure { address: step.address.clone(), action: step.action, diagnostic });
        for skipped in self.queue.failed(id) {
            self.tell(skipped, Outcome::Skipped(step.address.clone()), Instant::now());
            self.applied.skipped.push((self.step(skipped).address.clone(), step.address.clone()));
        }
    }
}
