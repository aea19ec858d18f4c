//! What went through the proxy, in order.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::call::Call;

/// All calls since the start or the last `clear`, and those moto had no answer to.
#[derive(Default)]
pub(super) struct Record {
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    calls: Vec<Call>,
    not_implemented: Vec<String>,
    /// Counts the clearings, so that a call begun before one is not noted down in what came after.
    epoch: usize,
}

/// Where a call is noted down.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    epoch: usize,
    number: usize,
}

impl Record {
    /// Notes a call that has arrived and gives it its number.
    pub(super) fn begin(&self, call: &mut Call) -> Entry {
        let mut entries = self.lock();
        call.number = entries.calls.len() + 1;
        entries.calls.push(call.clone());
        Entry { epoch: entries.epoch, number: call.number }
    }

    /// Notes the status a call was answered with.
    pub(super) fn answered(&self, entry: Entry, status: u16) {
        let mut entries = self.lock();
        if entries.epoch == entry.epoch {
            entries.calls[entry.number - 1].status = Some(status);
        }
    }

    /// Notes that moto has no such operation, or fell over it.
    pub(super) fn not_implemented(&self, sentence: String) {
        self.lock().not_implemented.push(sentence);
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.lock().calls.clone()
    }

    pub(super) fn counts(&self) -> BTreeMap<(String, String), usize> {
        let mut counts = BTreeMap::new();
        for call in &self.lock().calls {
            *counts.entry((call.service.clone(), call.operation.clone())).or_default() += 1;
        }
        counts
    }

    pub(super) fn failures(&self) -> Vec<String> {
        self.lock().not_implemented.clone()
    }

    pub(super) fn clear(&self) {
        let mut entries = self.lock();
        let epoch = entries.epoch + 1;
        *entries = Entries { epoch, ..Entries::default() };
    }

    /// A panic elsewhere leaves the list as good as it was.
    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
