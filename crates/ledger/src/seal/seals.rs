//! The seals of all stacks of a ledger.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Keys, Sealer};

/// The seals of all stacks of a ledger; of each the same every time, so that each key is asked for once.
pub(crate) struct Seals {
    keys: Arc<dyn Keys>,
    lets_clear: bool,
    made: Mutex<HashMap<String, Sealer>>,
}

impl Seals {
    /// Returns the seals of a ledger.
    pub(crate) fn new(keys: Arc<dyn Keys>) -> Self {
        Self { keys, lets_clear: false, made: Mutex::default() }
    }

    /// Returns those that let texts in clear through when they open.
    pub(crate) fn letting_clear(&self) -> Self {
        Self { lets_clear: true, ..Self::new(self.keys.clone()) }
    }

    /// Returns the seal of a stack: `<project>/<environment>/<stack>`.
    pub(crate) fn of(&self, stack: &str) -> Sealer {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let seal = Sealer::new(self.keys.clone(), stack);
            if self.lets_clear { seal.letting_clear() } else { seal }
        };
        made.entry(stack.to_owned()).or_insert_with(make).clone()
    }
}
