//! Taking in what workers report: durable first, then known to what depends on it.

use lowtide_diagnostic::Diagnostic;
use lowtide_model::{Object, Observation, Planned};
use lowtide_plan::{Hidden, Outcome, Step, StepId, as_wished};
use lowtide_state::{Attempt, Entry, Protection, Record, Status};
use tokio::{task::JoinError, time::Instant};

use crate::work::{Ended, Note, Noted};

use super::{Going, batch::Then, start::Open};

impl Going<'_> {
    /// Makes durable what a worker has to say. Until what got an id reads back as asked for, its record is partial, and of one that is changed
    /// the intent stays open.
    pub(super) fn note(&mut self, note: Note) {
        let step = self.step(note.step);
        let Some(open) = self.open.get_mut(&note.step) else { return };
        open.uid.clone_from(&note.uid);
        match &note.what {
            Noted::Made(id) => {
                let Some(record) = self.memory(step).map(|memory| memory.made(id, &note.uid)) else { return };
                let intent = self.state.pending.get(&record.key()).filter(|intent| intent.attempt == Attempt::Update).cloned();
                self.write(Entry::Put { record: Box::new(record) });
                intent.into_iter().for_each(|intent| self.write(Entry::Intent { intent: Box::new(intent) }));
                self.depose(step);
            }
            Noted::Making => self.intent(step, Attempt::Create, &note.uid).into_iter().for_each(|intent| self.write(intent)),
            Noted::Changing => {
                let op = uuid::Uuid::new_v4().to_string();
                self.intent(step, Attempt::Update, &op).into_iter().for_each(|intent| self.write(intent));
            }
        }
        self.then(Then::GoOn(note.written));
    }

    /// The one whose successor came first waits for its own end.
    fn depose(&mut self, step: &Step) {
        let deposed = self.state.deposed_by(&step.address, step.generation);
        deposed.into_iter().for_each(|entry| self.write(entry));
    }

    /// Takes in how a worker ended.
    pub(super) fn ended(&mut self, ended: Result<(StepId, Ended), JoinError>) {
        let (id, ended) = match ended {
            Ok(ended) => ended,
            Err(error) => return self.panicked(&error),
        };
        // Notes come before the end of the worker that wrote them.
        while let Ok(note) = self.noted.try_recv() {
            self.note(note);
        }
        let step = self.step(id);
        match ended {
            Ended::Here { uid, seen } => self.here(step, &uid, &seen),
            Ended::Gone => self.gone(step, None),
            Ended::Watched => self.watched(step),
            Ended::Left(why) => self.gone(step, Some(why)),
            Ended::Found(found) => self.found(step, &found),
            Ended::Failed(trouble) => {
                let diagnostic = self.explain(step, &trouble);
                self.resolve(step, "AWS refused it");
                if let Some(open) = self.open.remove(&id) {
                    self.failed(id, diagnostic, open.began);
                }
            }
            Ended::Interrupted => {
                self.resolve(step, "it was interrupted before it was sent");
                if let Some(open) = self.open.remove(&id) {
                    self.tell(id, Outcome::Interrupted, open.began);
                }
            }
        }
    }

    /// A worker that panicked is a bug of ours. Nobody knows how far it came, so its intent stays open.
    fn panicked(&mut self, error: &JoinError) {
        let Some(id) = self.tasks.remove(&error.id()) else { return };
        let began = self.open.remove(&id).map_or_else(Instant::now, |open| open.began);
        let why = format!("The step of `{}` ended by itself: {error}. Please report this.", self.step(id).address);
        self.failed(id, Diagnostic::error("Internal error", why), began);
    }

    fn here(&mut self, step: &Step, uid: &str, seen: &Observation) {
        let Some(record) = self.memory(step).map(|memory| memory.seen(uid, seen, Status::Ok)) else { return };
        self.write(Entry::Put { record: Box::new(record) });
        self.depose(step);
        let Some(open) = self.open.remove(&step.id) else { return };
        self.make_visible(step, &open, seen);
        match self.postconditions(step) {
            Ok(()) => self.done(step, Outcome::Done(Some(seen.id.clone())), &open),
            Err(diagnostic) => self.failed(step.id, diagnostic, open.began),
        }
    }

    fn make_visible(&mut self, step: &Step, open: &Open, seen: &Observation) {
        let Some(description) = self.description(step) else { return };
        let record = self.state.records.get(&(step.address.clone(), step.generation));
        let value = as_wished(Hidden { description, wish: Some(&open.wish), record }, Some(seen), &[], &step.place);
        self.make_seen(step, value);
    }

    /// Makes expressions see a step's resource so.
    pub(super) fn make_seen(&mut self, step: &Step, value: Planned) {
        if let Some(declaration) = self.job.world.configuration.declaration(&step.address.declared) {
            self.job.world.renew(declaration, step.address.key.clone(), value);
        }
    }

    fn postconditions(&self, step: &Step) -> Result<(), Diagnostic> {
        let Some(declaration) = self.job.world.configuration.declaration(&step.address.declared) else { return Ok(()) };
        if declaration.lifecycle.postconditions.is_empty() {
            return Ok(());
        }
        let itself = self.job.world.instance(&step.address.declared, step.address.key.as_ref()).cloned().unwrap_or_default();
        let scope = self.job.world.scope().instance(step.address.key.as_ref(), None).with_self(itself);
        for condition in &declaration.lifecycle.postconditions {
            lowtide_plan::check_condition("Postcondition not met", condition, &scope)
                .map_err(|all| all.into_iter().next().unwrap_or_else(|| Diagnostic::error("Postcondition not met", "")))?;
        }
        Ok(())
    }

    fn gone(&mut self, step: &Step, left: Option<String>) {
        self.write(Entry::Forget { address: step.address.clone(), generation: step.generation });
        let Some(open) = self.open.remove(&step.id) else { return };
        let left = left.map(|why| self.veil.over(&why));
        self.applied.left.extend(left.iter().map(|why| (step.address.clone(), why.clone())));
        self.done(step, left.map_or_else(|| Outcome::Done(step.physical_id.clone()), Outcome::Left), &open);
    }

    /// It is gone, and what would have been waited for is left to the next run: its record says until when, and what it asks for.
    fn watched(&mut self, step: &Step) {
        let Some(record) = self.state.records.get(&(step.address.clone(), step.generation)) else { return };
        let until = record.lingers_until().unwrap_or_default();
        let record = Record { status: Status::Deleting, protection: Protection::default(), ..record.clone() };
        self.write(Entry::Put { record: Box::new(record) });
        let Some(open) = self.open.remove(&step.id) else { return };
        self.done(step, Outcome::Watched(until), &open);
    }

    fn found(&mut self, step: &Step, found: &Object) {
        let Some(open) = self.open.remove(&step.id) else { return };
        if let Some(description) = self.job.world.schema.of(&step.address.declared) {
            let hidden = open.wish.0.values().any(Planned::holds_sensitive);
            self.make_seen(step, lowtide_plan::answer(description, &open.wish, Some(found)).marked(hidden));
        }
        self.done(step, Outcome::Done(None), &open);
    }

    /// What waited for this step alone may begin; it is told when it is durable.
    fn done(&mut self, step: &Step, outcome: Outcome, open: &Open) {
        self.queue.done(step.id);
        self.then(Then::Tell(step.id, outcome, open.began));
    }
}
