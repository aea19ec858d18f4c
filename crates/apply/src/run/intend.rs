//! What is durable before a step asks AWS to change anything, and what is remembered of it after: both are made of what is known while
//! it is under way.

use std::sync::atomic::Ordering;

use lowtide_model::Create;
use lowtide_plan::Step;
use lowtide_resource::Operation;
use lowtide_state::{Attempt, Entry, Intent, Lingering, Record};

use super::{Going, start::Open};
use crate::{
    lingering::{may_be_made_anew, merged},
    remember::Memory,
};

impl Going<'_> {
    /// Returns what is to be durable before a step asks AWS to change anything; nothing for what is not in AWS.
    pub(super) fn intent(&self, step: &Step, attempt: Attempt, op: &str) -> Option<Entry> {
        let description = self.description(step)?;
        let record = match attempt {
            _ if description.create == Create::NoCall => return None,
            Attempt::Create => self.to_be_made(step, op),
            // It may be what makes the thing anew, if it arrives late.
            Attempt::Update if may_be_made_anew(description.create) => self.to_be_changed(step),
            Attempt::Update | Attempt::Delete => None,
        };
        let (op, address) = (op.to_owned(), step.address.clone());
        let intent = Intent { op, attempt, address, generation: step.generation, record: record.map(Box::new), until: None };
        Some(Entry::Intent { intent: Box::new(intent) })
    }

    fn to_be_made(&self, step: &Step, op: &str) -> Option<Record> {
        let memory = self.memory(step)?;
        let mut wish = memory.wish.known().unwrap_or_default();
        let kind = self.job.observer.catalog().kind(step.address.kind())?;
        kind.name(&mut wish, &Operation { id: op.to_owned() });
        let id = memory.description.identity.and_then(|identity| identity(&wish, &step.place)).unwrap_or_default();
        Some(memory.made(&id, op))
    }

    fn to_be_changed(&self, step: &Step) -> Option<Record> {
        let (open, memory) = (self.open.get(&step.id)?, self.memory(step)?);
        // What this step itself has made is not in the plan.
        let id = step.physical_id.as_deref().or(memory.former.map(|record| record.id.as_str()))?;
        Some(memory.made(id, &open.uid))
    }

    /// Closes the intent of a step of which it is certain that nothing came. One in doubt stays open for the next run.
    pub(super) fn resolve(&mut self, step: &Step, how: &str) {
        let certain = self.open.get(&step.id).is_some_and(|open| !open.doubt.load(Ordering::Relaxed));
        let op = self.state.pending.get(&(step.address.clone(), step.generation)).map(|intent| intent.op.clone());
        if let (true, Some(op)) = (certain, op) {
            let (address, generation) = (step.address.clone(), step.generation);
            self.write(Entry::Resolved { address, generation, op, how: how.to_owned() });
        }
    }

    /// Returns until when the request of a step may make the thing anew, where nobody knows whether it happened.
    fn ambiguous_until(&self, step: &Step, open: &Open) -> Option<u64> {
        let anew = self.description(step).is_some_and(|description| may_be_made_anew(description.create));
        (anew && open.doubt.load(Ordering::Relaxed)).then(|| self.job.settings.ambiguous_until())
    }

    /// Returns what earlier operations asked for that may still arrive: what the record tells of, and the one that this follows, which may
    /// have followed others and told of them in its intent alone.
    fn lingering(&self, step: &Step, open: &Open) -> Vec<Lingering> {
        let settings = &self.job.settings;
        let earlier = open.earlier.as_deref();
        let known = settings.still_lingering(self.state.records.get(&(step.address.clone(), step.generation)));
        let followed = earlier.zip(self.ambiguous_until(step, open)).map(|(record, until)| record.lingering_until(until));
        merged(settings.still_lingering(earlier).into_iter().chain(known).chain(followed))
    }

    pub(super) fn memory<'s>(&'s self, step: &'s Step) -> Option<Memory<'s>> {
        let open = self.open.get(&step.id)?;
        Some(Memory {
            step,
            description: self.description(step)?,
            wish: &open.wish,
            former: self.state.records.get(&(step.address.clone(), step.generation)),
            dependencies: self.job.plan.dependencies.get(&step.address).cloned().unwrap_or_default(),
            protection: open.protection,
            lingering: self.lingering(step, open),
            watched: self.state.watched().map(|record| (record, self.job.settings.still_lingering(Some(record)))).collect(),
            ambiguous_until: self.ambiguous_until(step, open),
            digester: &*self.job.digester,
        })
    }
}
