//! Changes of address, which come first; nothing is asked of AWS for them.

use std::collections::BTreeSet;

use lowtide_diagnostic::Diagnostic;
use lowtide_plan::{Action, Move, Step};
use lowtide_state::{Entry, Moved};

use super::Going;

impl Going<'_> {
    /// Gives records their new addresses, and takes along what an earlier run has open for them. A record that is to go does so from where it
    /// is; and while it is not known what became of something under the new address, the record stays under its old one.
    pub(super) fn rename(&mut self) {
        let plan = self.job.plan;
        let goes: BTreeSet<_> = plan.steps.iter().map(|step| (&step.address, step.generation)).collect();
        let mut moves = Vec::new();
        for Move { from, to } in &plan.moves {
            if self.state.in_doubt(to).next().is_some() {
                self.unmoved.insert(to.clone());
                continue;
            }
            let generations: BTreeSet<_> = self
                .state
                .generations(from)
                .map(|record| record.generation)
                .chain(self.state.in_doubt(from).map(|intent| intent.generation))
                .filter(|generation| !goes.contains(&(from, *generation)))
                .collect();
            moves.extend(generations.into_iter().map(|generation| Moved { from: from.clone(), to: to.clone(), generation }));
        }
        if !moves.is_empty() {
            self.write(Entry::Moved { moves });
        }
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
