//! The right to write, as its holder knows it: told by our own clock, without asking anybody.

use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use lowtide_state::{Lease, LedgerFault};

use super::stack::Stack;

/// The right to write.
pub(super) struct Right {
    stack: Stack,
    /// When the newest sign of life was sent that is known to have arrived.
    confirmed: Mutex<Duration>,
    lost: OnceLock<String>,
}

impl Right {
    /// Returns the right that was got by a request sent at this time.
    pub(super) fn since(stack: &Stack, sent: Duration) -> Arc<Self> {
        Arc::new(Self { stack: stack.clone(), confirmed: Mutex::new(sent), lost: OnceLock::new() })
    }

    /// Takes in that a sign of life sent at this time has arrived.
    pub(super) fn confirm(&self, sent: Duration) {
        let mut confirmed = self.confirmed.lock().unwrap_or_else(PoisonError::into_inner);
        *confirmed = sent.max(*confirmed);
    }

    /// Takes in that somebody else has the right now; returns what that means.
    pub(super) fn lose(&self, why: impl Into<String>) -> LedgerFault {
        self.stack.lost(self.lost.get_or_init(|| why.into()))
    }

    /// Returns whether somebody else is known to have it.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.get().is_some()
    }

    /// Says whether the right is ours, as far as can be known without asking.
    pub(super) fn check(&self) -> Result<(), LedgerFault> {
        if let Some(why) = self.lost.get() {
            return Err(self.stack.lost(why));
        }
        let confirmed = *self.confirmed.lock().unwrap_or_else(PoisonError::into_inner);
        let silent = self.stack.clock.now().saturating_sub(confirmed);
        if silent < self.stack.timing.self_fence() {
            return Ok(());
        }
        let why = format!("no sign of life could be written for {} s, and others may believe that this run is dead", silent.as_secs());
        Err(self.stack.lost(why))
    }

    /// Returns what others ask.
    pub(super) fn lease(self: &Arc<Self>) -> Lease {
        let right = self.clone();
        Lease::told_by(move || right.check())
    }
}
