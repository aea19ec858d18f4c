//! The seals of all stacks of a ledger.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Keys, Passage, Sealer};

/// The seals of all stacks of a ledger; of each the same every time, so that each key is asked for once.
pub(crate) struct Seals {
    keys: Arc<dyn Keys>,
    passage: Passage,
    made: Mutex<HashMap<String, Sealer>>,
}

impl Seals {
    /// Returns the seals of a ledger.
    pub(crate) fn new(keys: Arc<dyn Keys>) -> Self {
        Self { keys, passage: Passage::default(), made: Mutex::default() }
    }

    /// Returns those that let this through.
    pub(crate) fn letting(&self, passage: Passage) -> Self {
        Self { passage, ..Self::new(self.keys.clone()) }
    }

    /// Returns the seal of a stack: `<project>/<environment>/<stack>`.
    pub(crate) fn of(&self, stack: &str) -> Sealer {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || Sealer::new(self.keys.clone(), stack).letting(self.passage);
        made.entry(stack.to_owned()).or_insert_with(make).clone()
    }
}
