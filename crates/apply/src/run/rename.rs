//! Changes of address, which come first; nothing is asked of AWS for them.

use std::collections::BTreeSet;

use lowtide_diagnostic::Diagnostic;
use lowtide_plan::{Action, Move, Step};
use lowtide_state::{Entry, Intent, Record};

use super::Going;

impl Going<'_> {
    /// Gives records their new addresses, and takes along what an earlier run has open for them. A record that is to go does so from where it
    /// is; and while it is not known what became of something under the new address, the record stays under its old one.
    pub(super) fn rename(&mut self) {
        let plan = self.job.plan;
        let about: BTreeSet<_> = plan.steps.iter().map(|step| (&step.address, step.generation)).collect();
        for moved in &plan.moves {
            if self.state.in_doubt(&moved.to).next().is_some() {
                self.unmoved.insert(moved.to.clone());
                continue;
            }
            let moves = |generation: u32| !about.contains(&(&moved.from, generation));
            let records = self.state.generations(&moved.from).filter(|record| moves(record.generation)).cloned().collect();
            let intents = self.state.in_doubt(&moved.from).filter(|intent| moves(intent.generation)).cloned().collect();
            self.give(moved, records, intents);
        }
    }

    fn give(&mut self, moved: &Move, records: Vec<Record>, intents: Vec<Intent>) {
        let left: BTreeSet<_> =
            records.iter().map(|record| record.generation).chain(intents.iter().map(|intent| intent.generation)).collect();
        let named = |record: Record| Record { address: moved.to.clone(), ..record };
        // First of all, so that a write that ends halfway loses none; only creates are open when a run begins, and no record closes these.
        for intent in intents {
            let record = intent.record.map(|record| Box::new(named(*record)));
            self.write(Entry::Intent { intent: Box::new(Intent { address: moved.to.clone(), record, ..intent }) });
        }
        left.into_iter().for_each(|generation| self.write(Entry::Forget { address: moved.from.clone(), generation }));
        records.into_iter().for_each(|record| self.write(Entry::Put { record: Box::new(named(record)) }));
    }

    /// Stops a step of a resource that could not get its address.
    ///
    /// # Errors
    /// When it is one.
    pub(super) fn has_its_address(&self, step: &Step) -> Result<(), Diagnostic> {
        let is_older = matches!(step.action, Action::Delete | Action::Forget) && step.pair.is_none();
        if is_older || !self.unmoved.contains(&step.address) {
            return Ok(());
        }
        let detail = format!(
            "An earlier run asked AWS for `{}`, and that request may still arrive. Another is to have this address when it is known what became of it.",
            step.address
        );
        Err(Diagnostic::error("Operation in doubt", detail)
            .hint(format!("wait for it, then apply again: lowtide recover {}", self.job.plan.stack.stack)))
    }
}
