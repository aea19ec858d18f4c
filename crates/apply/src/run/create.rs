//! Starting a create: a new operation, or an earlier one that may be sent again.

use std::sync::atomic::Ordering;

use lowtide_diagnostic::Diagnostic;
use lowtide_model::{Create, Description, PlannedObject};
use lowtide_plan::{Step, asks_otherwise, foreseen};
use lowtide_resource::Operation;
use lowtide_state::{Attempt, Record};
use tokio::time::Instant;

use crate::{
    wish::{self, Owner},
    work::{self, Creation},
};

use super::{Going, start::Open};

impl Going<'_> {
    pub(super) fn start_create(&mut self, step: &Step, began: Instant) -> Result<(), Diagnostic> {
        let (description, wish, known) = self.wish(step, None)?;
        let earlier = self.earlier(step, description, &wish)?;
        let op = earlier.clone().unwrap_or_else(|| Operation { id: uuid::Uuid::new_v4().to_string() });
        let stack = self.job.plan.stack.to_string();
        let owner = Owner { lineage: &self.job.plan.lineage, uid: &op.id, stack: &stack, address: &step.address };
        let mut whole = wish::to_create(description, &known, &owner);
        let desk = self.desk(step, began)?;
        desk.kind.name(&mut whole, &op);
        let doubt = desk.doubt.clone();
        // What an earlier run asked for may still arrive.
        let pending = self.state.pending.get(&(step.address.clone(), step.generation));
        let lingering = self.job.settings.still_lingering(self.state.records.get(&(step.address.clone(), step.generation)));
        doubt.store(pending.is_some() || !lingering.is_empty(), Ordering::Relaxed);
        let lingering = lingering.into_iter().map(|one| one.uid).collect();
        let earlier = pending.filter(|intent| intent.op != op.id).and_then(|intent| intent.record.clone());
        self.open.insert(step.id, Open { began, wish, protection: self.protection(step), uid: op.id.clone(), doubt, earlier });
        // Planning has looked whether there is one already, where it knew the name.
        let unforeseen = foreseen(description, &step.wish, &step.place).is_none();
        let look_first = unforeseen && (description.create == Create::Put || (description.create == Create::Key && !description.tagged()));
        let intent = if look_first { None } else { self.intent(step, Attempt::Create, &op.id) };
        self.begin(step.id, intent, work::create(desk, Creation { wish: whole, op, look_first, lingering }));
        Ok(())
    }

    /// Returns an operation that an earlier run may have sent, to be sent again as it was: of both AWS makes one thing, which has its
    /// token, or its name and the tag by which either is known for ours.
    ///
    /// # Errors
    /// When something else is asked for now, which that operation can't stand for.
    fn earlier(&self, step: &Step, description: &'static Description, wish: &PlannedObject) -> Result<Option<Operation>, Diagnostic> {
        let intent = self.state.pending.get(&(step.address.clone(), step.generation));
        let Some(intent) = intent.filter(|intent| intent.attempt == Attempt::Create) else { return Ok(None) };
        let told = matches!(description.create, Create::Token { .. }) || (description.create == Create::Key && description.tagged());
        let same = |then: &Record| then.place == step.place && !asks_otherwise(then.asked(), wish, &*self.job.digester);
        // What only a tag can find would be made twice.
        let only_a_tag = matches!(description.create, Create::TagOnly | Create::Preimage);
        match (told, &intent.record) {
            (true, Some(record)) if same(record) => return Ok(Some(Operation { id: intent.op.clone() })),
            (false, _) if !only_a_tag => return Ok(None),
            _ => {}
        }
        let detail = format!(
            "An earlier run asked AWS for `{}`, and that request may still arrive. What is wished for now would come beside it.",
            step.address
        );
        Err(Diagnostic::error("Operation in doubt", detail)
            .hint(format!("wait for it, then apply again: lowtide recover {}", self.job.plan.stack.stack)))
    }
}
