//! A run on a shared ledger.

use std::sync::{Arc, Mutex, PoisonError};

use lowtide_state::{
    Answer, Doing, Entry, Lease, LedgerFault, Loaded, Run, State,
    format::{Head, Label, Pointer, Slot},
};
use tokio::task::{JoinError, JoinHandle, JoinSet};

use super::{
    enter::{Entered, put_snapshot},
    holding::Holding,
    stack::{random, slot_name},
    write::{Added, put_slot},
};
use crate::session::{self, Session};

/// How many slots are deleted at once.
const AT_ONCE: usize = 16;

/// A run on a shared ledger.
pub(super) struct RemoteRun {
    loaded: Loaded,
    epoch: u64,
    holding: Arc<Holding>,
    // A write that nobody waits for any more comes to its end all the same, and the next one waits for it.
    writer: Arc<tokio::sync::Mutex<Writer>>,
    beats: JoinHandle<()>,
    /// Whether the stack is free, or is to be freed by somebody else.
    over: bool,
    releases: Arc<Mutex<JoinSet<()>>>,
}

/// What writes.
struct Writer {
    holding: Arc<Holding>,
    session: Session,
    epoch: u64,
    /// Why nothing more may be written: after a write of which nobody knows how it went, the next run finds out.
    ended: Option<LedgerFault>,
}

impl RemoteRun {
    pub(super) async fn begin(entered: Entered, releases: Arc<Mutex<JoinSet<()>>>) -> Self {
        let Entered { holding, session } = entered;
        let (epoch, _) = holding.identity().await;
        let loaded = session.loaded();
        let writer = Writer { holding: holding.clone(), session, epoch, ended: None };
        let beats = holding.beats();
        Self { loaded, epoch, holding, writer: Arc::new(tokio::sync::Mutex::new(writer)), beats, over: false, releases }
    }
}

impl Writer {
    async fn append(&mut self, entries: &[Entry]) -> Result<(), LedgerFault> {
        self.ended.clone().map_or(Ok(()), Err)?;
        if entries.is_empty() {
            return Ok(());
        }
        let stack = self.holding.stack.clone();
        let (number, previous) = self.holding.end();
        let prepared = self.session.prepare(entries).map_err(|error| stack.fault(&slot_name(number), "written", error))?;
        self.holding.right.check().map_err(|fault| self.end(fault))?;
        let label = Label { number, epoch: self.epoch, previous, write_id: random() };
        let (text, hash) = Slot { label, lines: prepared.text.clone() }.write();
        match put_slot(&stack, number, text.as_bytes()).await {
            Ok(Added::Done) => {}
            Ok(Added::Taken(_)) => {
                let fault = self.holding.right.lose("another run has taken over, and shut this one out of the journal");
                return Err(self.end(fault));
            }
            Err(fault) => return Err(self.end(fault)),
        }
        self.holding.advance(number + 1, hash);
        self.session.accept(prepared);
        // It is durable, and the next run knows of it. But nothing may be built on it if that took too long.
        self.holding.right.check().map_err(|fault| self.end(fault))
    }

    /// Makes what was appended so far a snapshot, and leads the head to it. The slots that it holds go at the end of the run.
    async fn checkpoint(&mut self) -> Result<(), LedgerFault> {
        self.ended.clone().map_or(Ok(()), Err)?;
        let stack = self.holding.stack.clone();
        let next = self.session.checkpoint().map_err(|error| stack.fault("state", "written", error))?;
        let Some(next) = next else { return Ok(()) };
        self.holding.right.check().map_err(|fault| self.end(fault))?;
        // Until the head leads to it nothing has happened: the journal holds all of it.
        let Ok(pointer) = put_snapshot(&stack, &next).await else { return Ok(()) };
        let end = self.holding.end();
        // If nobody knows where the head leads, nobody knows either what a next slot would build on.
        self.holding.write(|head| lead(head, pointer, end)).await.map_err(|fault| self.end(fault))?;
        self.session.go_on_from(next.snapshot);
        self.holding.right.check().map_err(|fault| self.end(fault))
    }

    async fn finish(&mut self) -> Result<Loaded, LedgerFault> {
        self.ended.clone().map_or(Ok(()), Err)?;
        let stack = self.holding.stack.clone();
        self.holding.right.check().map_err(|fault| self.end(fault))?;
        self.end(stack.fault("state", "written", "the run has ended"));
        let ending = self.session.ending().map_err(|error| stack.fault("state", "written", error))?;
        let Some(ending) = ending else {
            self.holding.release().await?;
            return Ok(self.session.loaded());
        };
        let pointer = put_snapshot(&stack, &ending).await?;
        let (covered, first) = self.holding.covered().await;
        let trimmed = self.trim(covered).await;
        let end = self.holding.end();
        let freed = self.holding.write(|head| {
            lead(head, pointer, end);
            if trimmed {
                head.journal.first = first;
                head.journal.fences.retain(|fence| *fence >= first);
            }
            head.holder = None;
        });
        freed.await?;
        stack.look(Some(&self.holding.head().await)).await;
        Ok(session::loaded(&ending.snapshot))
    }

    /// Deletes slots that an older snapshot covers; returns whether all are gone. If not, a later run does it.
    async fn trim(&self, slots: Vec<u64>) -> bool {
        let stack = &self.holding.stack;
        let mut going = JoinSet::new();
        let mut gone = true;
        for slot in slots {
            if going.len() >= AT_ONCE {
                gone &= matches!(going.join_next().await, Some(Ok(true)));
            }
            let (store, folder) = (stack.store.clone(), stack.folder.clone());
            going.spawn(async move { store.remove_slot(&folder, slot).await.is_ok() });
        }
        while let Some(done) = going.join_next().await {
            gone &= matches!(done, Ok(true));
        }
        gone
    }

    fn end(&mut self, why: LedgerFault) -> LedgerFault {
        self.ended.get_or_insert(why).clone()
    }
}

/// Leads a head to a snapshot that holds the journal up to its end: the number of the next slot, and the hash of the last.
fn lead(head: &mut Head, pointer: Pointer, (next, chain): (u64, String)) {
    head.snapshot = Some(pointer);
    (head.journal.base, head.journal.base_chain) = (next, chain);
}

impl Run for RemoteRun {
    fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    fn epoch(&self) -> Option<u64> {
        Some(self.epoch)
    }

    fn lease(&self) -> Lease {
        self.holding.right.lease()
    }

    fn carries_out<'a>(&'a mut self, plan: &'a str) -> Doing<'a, ()> {
        Box::pin(async move {
            self.writer.lock().await.session.carry_out(plan);
            Ok(())
        })
    }

    fn append<'a>(&'a mut self, entries: &'a [Entry]) -> Doing<'a, ()> {
        let entries = entries.to_vec();
        Box::pin(async move {
            let mut writer = self.writer.clone().lock_owned().await;
            joined(tokio::spawn(async move { writer.append(&entries).await })).await
        })
    }

    fn set_aside<'a>(&'a mut self, answers: &'a [Answer]) -> Doing<'a, bool> {
        Box::pin(async move {
            let stack = &self.holding.stack;
            Ok(match &stack.aside {
                Some(aside) => aside.keep(stack, &self.loaded.state.lineage, answers).await,
                None => false,
            })
        })
    }

    fn checkpoint(&mut self) -> Doing<'_, ()> {
        Box::pin(async move {
            let mut writer = self.writer.clone().lock_owned().await;
            joined(tokio::spawn(async move { writer.checkpoint().await })).await
        })
    }

    fn replace<'a>(&'a mut self, state: State) -> Doing<'a, ()> {
        Box::pin(async move {
            self.writer.lock().await.session.replace(state);
            Ok(())
        })
    }

    fn finish(mut self: Box<Self>) -> Doing<'static, Loaded> {
        Box::pin(async move {
            let mut writer = self.writer.clone().lock_owned().await;
            let done = joined(tokio::spawn(async move { writer.finish().await })).await;
            self.over = done.is_ok();
            done
        })
    }
}

/// Waits for work that comes to its end by itself.
pub(super) async fn joined<T>(work: impl Future<Output = Result<Result<T, LedgerFault>, JoinError>>) -> Result<T, LedgerFault> {
    match work.await {
        Ok(done) => done,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // Only a runtime that is being shut down ends such work.
        Err(error) => Err(LedgerFault::Unusable { place: String::new(), doing: "written", why: error.to_string() }),
    }
}

impl Drop for RemoteRun {
    fn drop(&mut self) {
        self.beats.abort();
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if !self.over {
            let (holding, writer) = (self.holding.clone(), self.writer.clone());
            let release = async move {
                let _writer = writer.lock().await;
                // Who can't be told finds out by our silence.
                let _ = holding.release().await;
            };
            self.releases.lock().unwrap_or_else(PoisonError::into_inner).spawn_on(release, &runtime);
        }
    }
}
