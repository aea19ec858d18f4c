//! Starting a step: its wish evaluated now, its worker sent off.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place};
use lowtide_model::{Create, Description, Object, Observation, Planned, PlannedObject, Source, Type};
use lowtide_plan::{Action, Change, Compare, Request, Sight, Step, StepId, foreseen, without_ignored};
use lowtide_resource::Operation;
use lowtide_state::{Attempt, Entry, Protection, Record, Status};
use tokio::time::Instant;

use crate::{
    remember::Memory,
    wish::{self, Owner},
    work::{self, Alteration, Creation, Desk, Ended},
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
}

impl Going<'_> {
    /// Starts a step.
    pub(super) fn start(&mut self, id: StepId) -> Result<(), Diagnostic> {
        let step = self.step(id);
        let began = Instant::now();
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

    fn start_create(&mut self, step: &Step, began: Instant) -> Result<(), Diagnostic> {
        let (description, wish, known) = self.wish(step, None)?;
        let earlier = self.earlier(step, description, &wish)?;
        let op = earlier.clone().unwrap_or_else(|| Operation { id: uuid::Uuid::new_v4().to_string() });
        let stack = self.job.plan.stack.to_string();
        let owner = Owner { lineage: &self.job.plan.lineage, uid: &op.id, stack: &stack, address: &step.address };
        let mut whole = wish::to_create(description, &known, &owner);
        let desk = self.desk(step, began)?;
        desk.kind.name(&mut whole, &op);
        let doubt = desk.doubt.clone();
        doubt.store(earlier.is_some(), Ordering::Relaxed);
        self.open.insert(step.id, Open { began, wish, protection: self.protection(step), uid: op.id.clone(), doubt });
        // Planning has looked whether there is one already, where it knew the name.
        let unforeseen = foreseen(description, &step.wish, &step.place).is_none();
        let look_first = unforeseen && (description.create == Create::Put || (description.create == Create::Key && !description.tagged()));
        let intent = if look_first { None } else { self.intent(step, Attempt::Create, &op.id) };
        self.begin(step.id, intent, work::create(desk, Creation { wish: whole, op, look_first }));
        Ok(())
    }

    /// Returns an operation that an earlier run may have sent, to be sent again as it was: under its token AWS makes one thing of both.
    ///
    /// # Errors
    /// When something else is asked for now, which its token can't stand for.
    fn earlier(&self, step: &Step, description: &'static Description, wish: &PlannedObject) -> Result<Option<Operation>, Diagnostic> {
        let intent = self.state.pending.get(&(step.address.clone(), step.generation));
        let Some(intent) = intent.filter(|intent| intent.attempt == Attempt::Create && matches!(description.create, Create::Token { .. }))
        else {
            return Ok(None);
        };
        let (dependencies, protection) = (Vec::new(), Protection::default());
        let now = Memory { step, description, wish, dependencies, protection, digester: &*self.job.digester }.made("", &intent.op);
        let same =
            |then: &Record| then.inputs == now.inputs && then.place == now.place && then.digests.is_empty() && now.digests.is_empty();
        if intent.record.as_ref().is_some_and(|record| same(record)) {
            return Ok(Some(Operation { id: intent.op.clone() }));
        }
        let detail =
            format!("An earlier run asked AWS for another `{}` than is wished for now, and that request may still arrive.", step.address);
        Err(Diagnostic::error("Operation in doubt", detail)
            .hint(format!("wait for it, then apply again: lowtide recover {}", self.job.plan.stack.stack)))
    }

    fn start_update(&mut self, step: &Step, began: Instant) -> Result<(), Diagnostic> {
        let (now, uid) = self.what_there_is(step)?;
        let (description, wish, known) = self.wish(step, Some(&now))?;
        let changes = self.changes(step, description, &wish, &now)?;
        let stack = self.job.plan.stack.to_string();
        let owner = Owner { lineage: &self.job.plan.lineage, uid: &uid, stack: &stack, address: &step.address };
        let to = wish::to_update(description, &known, &now, &changes, &owner);
        let desk = self.desk(step, began)?;
        let asks = |change: &Change| change.path.attribute().and_then(|name| description.input(name)).is_some_and(|row| !row.option);
        let op = uuid::Uuid::new_v4().to_string();
        let intent = changes.iter().any(asks).then(|| self.intent(step, Attempt::Update, &op)).flatten();
        let doubt = desk.doubt.clone();
        self.open.insert(step.id, Open { began, wish, protection: self.protection(step), uid: uid.clone(), doubt });
        // What moves by itself need not stay until the update is seen.
        let mut settled = known;
        self.governors.attributes(description.kind, &step.place, &now).into_iter().for_each(|name| drop(settled.0.remove(name)));
        let alteration = Alteration { now, wish: settled, to, changes, uid };
        match step.action {
            Action::Adopt => self.begin(step.id, intent, work::adopt(desk, alteration)),
            _ => self.begin(step.id, intent, work::update(desk, alteration)),
        }
        Ok(())
    }

    /// Begins a step as soon as its intent is durable.
    fn begin(&mut self, id: StepId, intent: Option<Entry>, work: impl Future<Output = Ended> + Send + 'static) {
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

    /// Returns what differs now that everything is known. A replacement that was not planned stops the step.
    fn changes(
        &self,
        step: &Step,
        description: &'static Description,
        wish: &PlannedObject,
        now: &Observation,
    ) -> Result<Vec<Change>, Diagnostic> {
        let Some(record) = self.state.current(&step.address) else { return Ok(step.changes.clone()) };
        let declaration = self.job.world.configuration.declaration(&step.address.declared);
        let ignored = declaration.map(|declaration| self.job.world.provider(declaration).ignored.clone()).unwrap_or_default();
        let compare = Compare { description, wish, record, seen: now, digester: &*self.job.digester, ignored: &ignored };
        let mut changes = compare.changes();
        if let Some(declaration) = declaration {
            changes = without_ignored(description, &self.governors.ignoring(declaration, &record.place, now), now, changes);
        }
        if let Some(forcing) = changes.iter().find(|change| change.replaces) {
            let detail = format!(
                "`{}` of `{}` now takes a replacement, which the plan did not show. Nothing was done to it.",
                forcing.path, step.address
            );
            return Err(Diagnostic::error("Not as planned", detail).hint("plan again, and apply that plan"));
        }
        let named = |change: &&Change| !changes.iter().any(|now| now.path == change.path) && change.path.attribute() == Some("tags");
        let ownership: Vec<_> = step.changes.iter().filter(named).cloned().collect();
        changes.extend(ownership);
        Ok(changes)
    }

    fn start_delete(&mut self, step: &Step, began: Instant) -> Result<(), Diagnostic> {
        let (last, uid) = self.what_there_is(step)?;
        let key = (step.address.clone(), step.generation);
        let mut how = last.inputs.clone();
        if let (Some(description), Some(record)) = (self.description(step), self.state.records.get(&key)) {
            // Destroy-time options: the spec's where it still declares the resource, else the record's.
            for row in description.inputs.iter().filter(|row| row.option) {
                let option = step.wish.get(row.name).and_then(Planned::known).or_else(|| record.inputs.get(row.name).cloned());
                option.into_iter().for_each(|value| how.set(row.name, value));
            }
        }
        let desk = self.desk(step, began)?;
        self.open.insert(step.id, Open { doubt: desk.doubt.clone(), ..Open::bare(began, uid) });
        let intent = self.intent(step, Attempt::Delete, &uuid::Uuid::new_v4().to_string());
        self.begin(step.id, intent, work::delete(desk, last, how));
        Ok(())
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

    fn wish(&mut self, step: &Step, now: Option<&Observation>) -> Result<(&'static Description, PlannedObject, Object), Diagnostic> {
        let record = self.state.records.get(&(step.address.clone(), step.generation));
        let wish = wish::now(&mut self.job.world, step, record.zip(now), &self.governors).map_err(first)?;
        let known = wish.known().unwrap_or_default();
        let description = self.description(step).ok_or_else(|| missing(step))?;
        self.veil.learn(description.inputs, &wish);
        Ok((description, wish, known))
    }

    fn what_there_is(&self, step: &Step) -> Result<(Observation, String), Diagnostic> {
        // A record may have moved to this address since it was looked at.
        let record = self.state.records.get(&(step.address.clone(), step.generation));
        let seen = self.job.sights.iter().find_map(|(key, sight)| match sight {
            Sight::Here(seen) if Some(&seen.id) == step.physical_id.as_ref() && key.0.kind() == step.address.kind() => {
                Some((**seen).clone())
            }
            Sight::Here(_) | Sight::Gone | Sight::Unseen(_) => None,
        });
        if let Some(record) = record {
            return Ok((seen.unwrap_or_else(|| record.last_observation()), record.uid.clone()));
        }
        let found = self.job.answers.found.iter().find_map(|(request, sight)| match (request, sight) {
            (Request::Find { kind, .. }, Sight::Here(seen))
                if kind == step.address.kind() && Some(&seen.id) == step.physical_id.as_ref() =>
            {
                Some((**seen).clone())
            }
            _ => None,
        });
        let found = found.ok_or_else(|| missing(step))?;
        let uid = found.inputs.get("tags").and_then(|tags| tags.as_members()?.get(lowtide_resource::TAG_ID)?.as_str().map(str::to_owned));
        let uid = uid.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
        Ok((found, uid))
    }

    fn desk(&self, step: &Step, began: Instant) -> Result<Desk, Diagnostic> {
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

    fn protection(&self, step: &Step) -> Protection {
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
    fn bare(began: Instant, uid: String) -> Self {
        Self { began, wish: PlannedObject::default(), protection: Protection::default(), uid, doubt: Arc::default() }
    }
}

fn missing(step: &Step) -> Diagnostic {
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
