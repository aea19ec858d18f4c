//! Starting a step: its wish evaluated now, its worker sent off.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place};
use lowtide_model::{Description, Object, Observation, PlannedObject, Source, Type};
use lowtide_plan::{Action, Step, StepId};
use lowtide_state::{Attempt, Entry, Protection, Record, Status};
use tokio::time::Instant;

use crate::{
    wish,
    work::{Desk, Ended},
};

use super::{Going, batch::Then};

/// A step under way.
pub struct Open {
    /// When it began.
    pub began: Instant,
    /// What is asked for, with its marks.
    pub wish: PlannedObject,
    /// How it is protected.
    pub protection: Protection,
    /// The operation that creates it, or created it.
    pub uid: String,
    /// Whether a request of it may have had an effect that nobody was told of.
    pub doubt: Arc<AtomicBool>,
    /// What an earlier operation asked for in this one's place, and may still arrive.
    pub earlier: Option<Box<Record>>,
}

impl Going<'_> {
    /// Starts a step.
    pub(super) fn start(&mut self, id: StepId) -> Result<(), Diagnostic> {
        let step = self.step(id);
        let began = Instant::now();
        self.has_its_address(step)?;
        match step.action {
            Action::Create => self.start_create(step, began),
            Action::Update | Action::Adopt => self.start_update(step, began),
            Action::Delete => self.start_delete(step, began),
            Action::Read => self.start_read(step, began),
            Action::Forget => {
                self.open.insert(id, Open::bare(began, String::new()));
                self.begin(id, None, async { Ended::Gone });
                Ok(())
            }
        }
    }

    /// Begins a step as soon as its intent is durable.
    pub(super) fn begin(&mut self, id: StepId, intent: Option<Entry>, work: impl Future<Output = Ended> + Send + 'static) {
        if let Some(Entry::Intent { intent }) = &intent
            && intent.attempt == Attempt::Update
        {
            // If this run ends before it knows how the update went, the next one looks.
            let known = self.state.records.get(&intent.key()).filter(|record| record.status == Status::Ok);
            let doubted = known.map(|record| Record { status: Status::Partial, ..record.clone() });
            doubted.into_iter().for_each(|record| self.write(Entry::Put { record: Box::new(record) }));
        }
        intent.into_iter().for_each(|intent| self.write(intent));
        self.then(Then::Begin(id, Box::pin(work)));
    }

    fn start_read(&mut self, step: &Step, began: Instant) -> Result<(), Diagnostic> {
        let declared = &step.address.declared;
        let declaration = self.job.world.configuration.declaration(declared).ok_or_else(|| missing(step))?;
        let description = self.job.world.schema.of(declared).ok_or_else(|| missing(step))?;
        let wish = wish::now(&mut self.job.world, step, None, &self.governors).map_err(first)?;
        let query = wish.known().unwrap_or_default();
        self.veil.learn(description.inputs, &wish);
        self.open.insert(step.id, Open { wish, ..Open::bare(began, String::new()) });
        if description.source == Source::Pure {
            let found = lowtide_plan::compute(description, &query, declaration).map_err(first)?;
            self.begin(step.id, None, async { Ended::Found(found) });
            return Ok(());
        }
        let source = self.job.observer.catalog().source(step.address.kind()).cloned().ok_or_else(|| missing(step))?;
        let session = self.job.observer.session(&step.place).map_err(|fault| Diagnostic::error("No way to AWS", fault.to_string()))?;
        self.begin(step.id, None, async move {
            match source.look(&session, &query).await {
                Ok(found) => Ended::Found(found),
                Err(fault) => Ended::Failed(fault.into()),
            }
        });
        Ok(())
    }

    pub(super) fn wish(
        &mut self,
        step: &Step,
        now: Option<&Observation>,
    ) -> Result<(&'static Description, PlannedObject, Object), Diagnostic> {
        let record = self.state.records.get(&(step.address.clone(), step.generation));
        let wish = wish::now(&mut self.job.world, step, record.zip(now), &self.governors).map_err(first)?;
        let known = wish.known().unwrap_or_default();
        let description = self.description(step).ok_or_else(|| missing(step))?;
        self.veil.learn(description.inputs, &wish);
        Ok((description, wish, known))
    }

    pub(super) fn desk(&self, step: &Step, began: Instant) -> Result<Desk, Diagnostic> {
        let kind = self.job.observer.catalog().kind(step.address.kind()).cloned().ok_or_else(|| missing(step))?;
        let session = self.job.observer.session(&step.place).map_err(|fault| Diagnostic::error("No way to AWS", fault.to_string()))?;
        Ok(Desk {
            step: step.clone(),
            kind,
            session,
            observer: self.job.observer.clone(),
            settings: self.job.settings.clone(),
            listener: self.job.listener.clone(),
            stop: self.job.stop.clone(),
            began,
            notes: self.notes.clone(),
            doubt: Arc::default(),
            patience: self.timeout(step),
        })
    }

    /// Returns how long the spec says this step may take.
    fn timeout(&self, step: &Step) -> Option<Duration> {
        let table = self.job.world.configuration.declaration(&step.address.declared)?.timeouts.as_ref()?;
        let name = match step.action {
            Action::Create => "create",
            Action::Update | Action::Adopt => "update",
            Action::Delete => "delete",
            Action::Read | Action::Forget => "read",
        };
        let value = table.get(name)?.evaluate_as(&Type::String, self.job.world.scope()).ok()?;
        lowtide_spec::timeouts::duration(value.as_str()?)
    }

    pub(super) fn protection(&self, step: &Step) -> Protection {
        let Some(declaration) = self.job.world.configuration.declaration(&step.address.declared) else { return Protection::default() };
        let flag = |written: &Option<lowtide_spec::Written>| {
            let value = written.as_ref().and_then(|written| written.evaluate_as(&Type::Bool, self.job.world.scope()).ok());
            value.and_then(|value| value.as_bool()).unwrap_or(false)
        };
        Protection {
            prevent_destroy: flag(&declaration.lifecycle.prevent_destroy),
            create_before_destroy: flag(&declaration.lifecycle.create_before_destroy),
        }
    }
}

impl Open {
    pub(super) fn bare(began: Instant, uid: String) -> Self {
        Self { began, wish: PlannedObject::default(), protection: Protection::default(), uid, doubt: Arc::default(), earlier: None }
    }
}

pub(super) fn missing(step: &Step) -> Diagnostic {
    Diagnostic::error("Internal error", format!("The plan has a step for `{}` that nothing is known of. Please report this.", step.address))
}

/// Several things may be wrong with one wish; they become one report.
fn first(all: Diagnostics) -> Diagnostic {
    let mut all = all.sorted().into_iter();
    let Some(mut one) = all.next() else {
        return Diagnostic::error("Internal error", "Something is wrong, and nothing says what. Please report this.");
    };
    for other in all {
        let place: Option<Place> = other.place.clone();
        match place {
            Some(place) => one.related.push((place, format!("{}: {}", other.summary, other.detail))),
            None => one.hints.push(format!("{}: {}", other.summary, other.detail)),
        }
    }
    one
}
