//! The moments at which a run may be struck: just before it asks something of the world outside, when that has happened and
//! nobody knows yet, and when it knows.
//!
//! Whoever stands between a run and the world tells each moment by its name; all of them are numbered, across services and
//! ledger alike, so that a test can go through them one by one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// What strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// The process ends, as by `kill -9`: nothing of the run goes on from there.
    Death,
    /// What was asked, or its answer, is lost on the way; the run goes on.
    Loss,
}

/// Counts the moments of a run, and strikes at one of them. Clones share the count.
#[derive(Clone, Default)]
pub struct Fate(Arc<Shared>);

#[derive(Default)]
struct Shared {
    told: Mutex<Told>,
    ended: Notify,
}

#[derive(Default)]
struct Told {
    moments: Vec<String>,
    strikes: Option<(usize, Blow)>,
    struck: Option<String>,
}

impl Fate {
    /// Strikes at the n-th moment from now; 1 is the next. Moments before are forgotten.
    pub fn strike_at(&self, nth: usize, blow: Blow) {
        *self.told() = Told { strikes: Some((nth, blow)), ..Told::default() };
    }

    /// Lets everything go well from now on, and forgets all moments.
    pub fn spare(&self) {
        *self.told() = Told::default();
    }

    /// Returns all moments since it was last told what to do, in order.
    pub fn moments(&self) -> Vec<String> {
        self.told().moments.clone()
    }

    /// Returns the moment at which it has struck.
    pub fn struck(&self) -> Option<String> {
        self.told().struck.clone()
    }

    /// Says that a run has come to this moment. Returns what strikes there; whoever is struck dead must not go on.
    pub fn reach(&self, moment: impl FnOnce() -> String) -> Option<Blow> {
        let mut told = self.told();
        let name = moment();
        told.moments.push(name.clone());
        let now = told.moments.len();
        let (_, blow) = told.strikes.take_if(|(nth, _)| *nth == now)?;
        told.struck = Some(name);
        Some(blow)
    }

    /// Ends the process; what awaits this never goes on.
    pub async fn end(&self) {
        self.0.ended.notify_one();
        std::future::pending().await
    }

    /// Does something until the process ends; `None` says that it did.
    pub async fn outlived_by<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.0.ended.notified() => None,
            done = work => Some(done),
        }
    }

    // A test that panicked while it held this has failed already.
    fn told(&self) -> MutexGuard<'_, Told> {
        self.0.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
