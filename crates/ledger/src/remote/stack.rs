//! One stack in a store: what all that works on it is handed.

use std::{sync::Arc, time::Duration};

use lowtide_state::{Answer, LedgerFault, format::Head};

use super::{
    Clock, Store, Timing,
    aside::Aside,
    last_seen::{LastSeen, Mark},
};
use crate::seal::{is_sealed, keyless};

/// One stack in a store.
#[derive(Clone)]
pub(super) struct Stack {
    pub store: Arc<dyn Store>,
    /// Its folder in the store.
    pub folder: String,
    /// Its name, for people.
    pub name: String,
    pub timing: Timing,
    pub clock: Arc<dyn Clock>,
    /// Notices a state that went back.
    pub last_seen: Option<Arc<LastSeen>>,
    /// Keeps what can't be written down.
    pub aside: Option<Arc<Aside>>,
}

/// The folder of snapshots.
pub(super) const SNAPSHOTS: &str = "state";
/// What the head is called when people are told of it.
pub(super) const HEAD: &str = "head";

impl Stack {
    /// Returns the whole name of something of this stack.
    pub(super) fn named(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }

    /// Says where something of this stack is.
    pub(super) fn place(&self, name: &str) -> String {
        self.store.place(&self.named(name))
    }

    /// Takes in which head there is; none where there is none.
    pub(super) async fn look(&self, head: Option<&Head>) {
        if let Some(last_seen) = &self.last_seen {
            last_seen.look(self.place(""), head.and_then(Mark::of)).await;
        }
    }

    /// Returns what earlier runs of this machine could not write down.
    pub(super) async fn answers(&self, lineage: &str) -> Vec<Answer> {
        match &self.aside {
            Some(aside) => aside.answers(self, lineage).await,
            None => Vec::new(),
        }
    }

    /// Reads an object of this stack.
    pub(super) async fn object(&self, name: &str) -> Result<Option<Vec<u8>>, LedgerFault> {
        let found = self.store.object(&self.named(name)).await.map_err(|fault| fault.at(self.place(name), "read"))?;
        found.map(|bytes| self.legible(name, bytes)).transpose()
    }

    /// Returns a text that was read, if it is one that can be read at all.
    ///
    /// # Errors
    /// When it is encrypted, and nobody has said with what.
    pub(super) fn legible(&self, name: &str, bytes: Vec<u8>) -> Result<Vec<u8>, LedgerFault> {
        if is_sealed(&bytes) { Err(self.fault(name, "read", keyless(&bytes))) } else { Ok(bytes) }
    }

    /// Returns when writes that begin now are given up: when a holder would stop by itself.
    pub(super) fn patience(&self) -> Duration {
        self.clock.now() + self.timing.self_fence()
    }

    pub(super) fn fault(&self, name: &str, doing: &'static str, why: impl ToString) -> LedgerFault {
        LedgerFault::Unusable { place: self.place(name), doing, why: why.to_string() }
    }

    pub(super) fn damaged(&self, name: &str, why: impl ToString) -> LedgerFault {
        LedgerFault::Damaged { place: self.place(name), why: why.to_string() }
    }

    pub(super) fn lost(&self, why: impl ToString) -> LedgerFault {
        LedgerFault::Lost { stack: self.name.clone(), why: why.to_string() }
    }
}

/// Returns a text that nobody has written before.
pub(super) fn random() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// Returns the name of a slot, for people.
pub(super) fn slot_name(number: u64) -> String {
    format!("journal/{number:020}")
}
