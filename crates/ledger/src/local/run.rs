//! A run on the local ledger.

#[cfg(test)]
pub(super) mod tests;

use std::sync::{Arc, Mutex};

use lowtide_state::{Doing, Entry, Lease, LedgerFault, Loaded, Run, StackKey, State};
use tokio::task::JoinHandle;

use super::{
    blocking,
    commit::{self, STATE, Watch},
    contents::{self, Contents},
    folder::{Folder, unusable},
    joined,
    journal::{JOURNAL, Journal},
    lock::Lock,
};
use crate::{
    session::{self, Session},
    who::Us,
};

/// A run on the local ledger.
pub(super) struct LocalRun {
    loaded: Loaded,
    // Shared with the blocking task at work, which comes to its end even if nobody waits for it any more.
    writer: Arc<Mutex<Writer>>,
    /// A write that may still be at work; the next one waits for it, so that they keep their order.
    writing: Option<JoinHandle<Result<(), LedgerFault>>>,
}

/// The files of a run. It blocks.
pub(super) struct Writer {
    folder: Folder,
    journal: Journal,
    /// Why nothing more is to begin, if the disk is full.
    full: Option<LedgerFault>,
    session: Session,
    /// Why nothing more may be written. After a failed write or fsync nobody knows what the disk holds; the next run reads it.
    ended: Option<LedgerFault>,
    lock: Lock,
}

impl Writer {
    /// Takes the lock, and brings the files to where a run begins: a snapshot and an empty journal.
    pub(super) fn open(folder: Folder, key: &StackKey, us: &Us, doing: &str, watch: Watch<'_>) -> Result<Self, LedgerFault> {
        let lock = Lock::take(&folder, key, us, doing)?;
        let author = us.author(doing);
        let contents = contents::read(&folder)?;
        let mut journal = Journal::open(&folder)?;
        let snapshot = match contents {
            Contents::Nothing => {
                folder.sync_way()?;
                // Durable before anything is created: an interrupted first run keeps its lineage.
                let first = session::first(session::lineage(), &author).map_err(|error| error.at(folder.path(STATE).display()))?;
                commit::commit(&folder, &first, None, None, watch)?;
                first.snapshot
            }
            Contents::Snapshot { snapshot, clean } => {
                if !clean {
                    journal.empty(&folder)?;
                }
                snapshot
            }
            Contents::Results { base, next } => {
                commit::commit(&folder, &next, Some(&base), Some(&mut journal), watch)?;
                next.snapshot
            }
        };
        // Before anything is begun that could then not be written down.
        journal.keep_room(&folder)?;
        Ok(Self { folder, journal, full: None, session: Session::new(snapshot, author), ended: None, lock })
    }

    /// Says whether there is room to begin more.
    pub(super) fn room(&self) -> Result<(), LedgerFault> {
        self.full.clone().map_or(Ok(()), Err)
    }

    #[cfg(test)]
    pub(super) fn keeps_room(&self) -> bool {
        self.journal.keeps_room()
    }

    /// Makes results durable.
    pub(super) fn append(&mut self, entries: &[Entry]) -> Result<(), LedgerFault> {
        self.ended.clone().map_or(Ok(()), Err)?;
        if entries.is_empty() {
            return Ok(());
        }
        let place = self.folder.path(JOURNAL);
        let prepared = self.session.prepare(entries).map_err(|error| unusable(&place, "written", error))?;
        let text = self.folder.sealed(JOURNAL, &prepared.text)?;
        self.lock.check(&self.folder).map_err(|fault| self.end(fault))?;
        self.journal.append(&self.folder, &text).map_err(|fault| self.end(fault))?;
        self.session.accept(prepared);
        self.full = self.journal.keep_room(&self.folder).err();
        Ok(())
    }

    /// Makes what was appended so far a snapshot to go on from.
    pub(super) fn checkpoint(&mut self, watch: Watch<'_>) -> Result<(), LedgerFault> {
        self.ended.clone().map_or(Ok(()), Err)?;
        let next = self.session.checkpoint().map_err(|error| unusable(self.folder.path(STATE), "written", error))?;
        let Some(next) = next else { return Ok(()) };
        self.lock.check(&self.folder).map_err(|fault| self.end(fault))?;
        let previous = self.session.builds_on();
        // The journal still holds all of it; when the disk has room again, so will a snapshot.
        if commit::prepare(&self.folder, &next, Some(previous), watch).is_err() {
            return Ok(());
        }
        let done = commit::put_in_place(&self.folder, &next.snapshot, Some(previous), Some(&mut self.journal), watch);
        // Otherwise nobody knows which snapshot a next entry would build on.
        done.map_err(|fault| self.end(fault))?;
        self.session.go_on_from(next.snapshot);
        self.full = self.journal.keep_room(&self.folder).err();
        Ok(())
    }

    /// Ends the run; writes nothing where nothing was appended since it began or made its last checkpoint.
    pub(super) fn finish(&mut self, watch: Watch<'_>) -> Result<Loaded, LedgerFault> {
        self.ended.clone().map_or(Ok(()), Err)?;
        let place = self.folder.path(STATE);
        let before = self.session.loaded();
        let Some(ending) = self.session.ending().map_err(|error| unusable(&place, "written", error))? else {
            self.journal.give_back();
            return Ok(before);
        };
        self.lock.check(&self.folder).map_err(|fault| self.end(fault))?;
        let committed = commit::commit(&self.folder, &ending, Some(self.session.builds_on()), Some(&mut self.journal), watch);
        self.end(unusable(&place, "written", "the run has ended"));
        committed.map(|()| session::loaded(&ending.snapshot))
    }

    fn end(&mut self, why: LedgerFault) -> LedgerFault {
        self.ended.get_or_insert(why).clone()
    }
}

impl LocalRun {
    /// Waits for a write whose caller stopped waiting. If it failed, the writer knows.
    async fn settle(&mut self) {
        if let Some(work) = &mut self.writing {
            let _ = work.await;
            self.writing = None;
        }
    }

    async fn write(&mut self, work: impl FnOnce(&mut Writer) -> Result<(), LedgerFault> + Send + 'static) -> Result<(), LedgerFault> {
        self.settle().await;
        let writer = Arc::clone(&self.writer);
        let done = joined(self.writing.insert(tokio::task::spawn_blocking(move || with(&writer, work))).await);
        self.writing = None;
        done
    }

    pub(super) fn new(writer: Writer) -> Self {
        Self { loaded: writer.session.loaded(), writer: Arc::new(Mutex::new(writer)), writing: None }
    }
}

fn with<T>(writer: &Mutex<Writer>, change: impl FnOnce(&mut Writer) -> Result<T, LedgerFault>) -> Result<T, LedgerFault> {
    match writer.lock() {
        Ok(mut writer) => change(&mut writer),
        Err(poisoned) => Err(unusable(poisoned.get_ref().folder.path(JOURNAL), "written", "an earlier write did not come to its end")),
    }
}

impl Run for LocalRun {
    fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    fn lease(&self) -> Lease {
        Lease::of_process()
    }

    fn room(&self) -> Result<(), LedgerFault> {
        with(&self.writer, |writer| writer.room())
    }

    fn carries_out<'a>(&'a mut self, plan: &'a str) -> Doing<'a, ()> {
        let plan = plan.to_owned();
        Box::pin(self.write(move |writer| {
            writer.session.carry_out(&plan);
            Ok(())
        }))
    }

    fn append<'a>(&'a mut self, entries: &'a [Entry]) -> Doing<'a, ()> {
        let entries = entries.to_vec();
        Box::pin(self.write(move |writer| writer.append(&entries)))
    }

    fn checkpoint(&mut self) -> Doing<'_, ()> {
        Box::pin(self.write(|writer| writer.checkpoint(&mut |_| Ok(()))))
    }

    fn replace<'a>(&'a mut self, state: State) -> Doing<'a, ()> {
        Box::pin(async move {
            self.settle().await;
            with(&self.writer, |writer| {
                writer.session.replace(state);
                Ok(())
            })
        })
    }

    fn finish(mut self: Box<Self>) -> Doing<'static, Loaded> {
        Box::pin(async move {
            self.settle().await;
            let writer = self.writer;
            blocking(move || with(&writer, |writer| writer.finish(&mut |_| Ok(())))).await
        })
    }
}
