//! Keeping the right to write. The head has one owner in this process, so that we are never in our own way.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lowtide_state::{
    LedgerFault,
    format::{Head, Pointer},
};
use tokio::task::JoinHandle;

use super::{
    Version,
    acquire::shown,
    lease::Right,
    stack::{Stack, random},
    view::Tail,
    write::{Replaced, put_head},
};

/// The head while it is ours.
pub(super) struct Holding {
    pub stack: Stack,
    pub right: Arc<Right>,
    owned: tokio::sync::Mutex<Owned>,
    /// Where the journal ends: the number of the next slot, and the hash of the last.
    end: Mutex<(u64, String)>,
}

struct Owned {
    head: Head,
    version: Version,
}

impl Holding {
    pub(super) fn new(stack: &Stack, head: Head, version: Version, right: Arc<Right>) -> Self {
        let end = Mutex::new((head.journal.next, String::new()));
        Self { stack: stack.clone(), right, owned: tokio::sync::Mutex::new(Owned { head, version }), end }
    }

    /// Returns the head as it was last written.
    pub(super) async fn head(&self) -> Head {
        self.owned.lock().await.head.clone()
    }

    /// Returns epoch and lineage.
    pub(super) async fn identity(&self) -> (u64, String) {
        let owned = self.owned.lock().await;
        (owned.head.epoch, owned.head.lineage.clone())
    }

    /// Takes in the journal as the run finds it, and the snapshot that holds it, if it has been written. The next write of the
    /// head says so to others.
    pub(super) async fn begin_at(&self, tail: &Tail, pointer: Option<Pointer>) {
        let mut owned = self.owned.lock().await;
        let journal = &mut owned.head.journal;
        journal.fences.extend(tail.fences.iter().filter(|fence| **fence >= journal.base));
        journal.fences.sort_unstable();
        journal.fences.dedup();
        if pointer.is_some() || tail.lines.is_empty() {
            (journal.base, journal.base_chain) = (tail.next, tail.chain.clone());
        }
        if pointer.is_some() {
            owned.head.snapshot = pointer;
        }
        drop(owned);
        self.advance(tail.next, tail.chain.clone());
    }

    /// Takes in that a slot was written.
    pub(super) fn advance(&self, next: u64, chain: String) {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner) = (next, chain);
    }

    /// Returns where the journal ends.
    pub(super) fn end(&self) -> (u64, String) {
        self.end.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the head with a changed one, which is a sign of life as well.
    pub(super) async fn write(&self, change: impl FnOnce(&mut Head)) -> Result<(), LedgerFault> {
        let mut owned = self.owned.lock().await;
        if owned.head.holder.is_none() {
            // It was given back already.
            return Ok(());
        }
        let sent = self.stack.clock.now();
        let mut head = Head { beat: random(), write_id: random(), ..owned.head.clone() };
        head.journal.next = self.end().0;
        change(&mut head);
        loop {
            if self.right.is_lost() {
                return self.right.check();
            }
            match put_head(&self.stack, &head, Some(&owned.version)).await? {
                Replaced::Done(version) => {
                    *owned = Owned { head, version };
                    self.right.confirm(sent);
                    return Ok(());
                }
                // A sign of life of our own that was given up for lost, and came late.
                Replaced::Other(Some(found)) if is_ours(&owned.head, &found.head) => owned.version = found.version,
                Replaced::Other(found) => {
                    let by = found.and_then(|found| found.head.holder).map(|holder| shown(&holder.who));
                    let why = by.map_or_else(|| "it was taken away".to_owned(), |who| format!("taken over by {who}"));
                    return Err(self.right.lose(why));
                }
            }
        }
    }

    /// Returns which slots the snapshot covers that the head leads to: they may go. Fences stay.
    pub(super) async fn covered(&self) -> (Vec<u64>, u64) {
        let owned = self.owned.lock().await;
        let journal = &owned.head.journal;
        let slots = (journal.first..journal.base).filter(|slot| !journal.fences.contains(slot)).collect();
        (slots, journal.base)
    }

    /// Gives the right back.
    pub(super) async fn release(&self) -> Result<(), LedgerFault> {
        if self.right.is_lost() {
            return Ok(());
        }
        self.write(|head| head.holder = None).await
    }

    /// Does something long, giving signs of life meanwhile.
    pub(super) async fn alive<T>(self: &Arc<Self>, work: impl Future<Output = T>) -> T {
        let beats = self.beats();
        let done = work.await;
        beats.abort();
        done
    }

    /// Gives signs of life until that is no longer possible, or the task is ended.
    pub(super) fn beats(self: &Arc<Self>) -> JoinHandle<()> {
        let holding = self.clone();
        tokio::spawn(async move {
            let mut pause = holding.stack.timing.beat();
            loop {
                tokio::time::sleep(pause).await;
                pause = match holding.write(|_| {}).await {
                    Ok(()) => holding.stack.timing.beat(),
                    Err(LedgerFault::Lost { .. }) => return,
                    // Whether that is too long a silence, the right itself says.
                    Err(_) => holding.stack.timing.look().max(Duration::from_millis(10)),
                };
            }
        })
    }
}

fn is_ours(ours: &Head, found: &Head) -> bool {
    let run = |head: &Head| head.holder.as_ref().map(|holder| holder.run.clone());
    ours.epoch == found.epoch && run(ours).is_some() && run(ours) == run(found)
}
