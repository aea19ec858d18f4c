//! How operations went whose intents are open.

use std::collections::BTreeSet;

use lowtide_model::Address;
use serde::{Deserialize, Serialize};

use crate::{Entry, Intent, Record, State, Status};

/// How an operation went, kept elsewhere than in the journal, where it could not be written any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The operation of the intent that this answers.
    pub op: String,
    /// What would have been written down.
    pub entry: Entry,
}

impl State {
    /// Returns an entry as the answer to what is in doubt here, if it is one.
    pub fn answer(&self, entry: &Entry) -> Option<Answer> {
        let key = match entry {
            Entry::Put { record } => record.key(),
            Entry::Forget { address, generation } | Entry::Resolved { address, generation, .. } => (address.clone(), *generation),
            Entry::Moved { .. } | Entry::Intent { .. } | Entry::Outputs { .. } => return None,
        };
        let op = self.pending.get(&key)?.op.clone();
        Some(Answer { op, entry: entry.clone() })
    }

    /// Takes in answers, in the order in which they came about. Those to operations that are not in doubt count for nothing: how these went
    /// is known already. Returns how many operations are in doubt no longer.
    pub fn take_in(&mut self, answers: &[Answer]) -> usize {
        let open = |state: &Self| -> BTreeSet<String> { state.pending.values().map(|Intent { op, .. }| op.clone()).collect() };
        let before = open(self);
        for Answer { entry, .. } in answers.iter().filter(|answer| before.contains(&answer.op)) {
            self.apply(entry);
            if let Entry::Put { record } = entry {
                self.deposed_by(&record.address, record.generation).iter().for_each(|deposed| self.apply(deposed));
            }
        }
        before.difference(&open(self)).count()
    }

    /// Returns what is to be written down of those that had an address before one of this generation: each waits for its own end.
    pub fn deposed_by(&self, address: &Address, generation: u32) -> Vec<Entry> {
        let older = self.generations(address).filter(|record| record.generation < generation);
        let current = older.filter(|record| !matches!(record.status, Status::Deposed | Status::Deleting));
        current.map(|record| Entry::Put { record: Box::new(Record { status: Status::Deposed, ..record.clone() }) }).collect()
    }
}
