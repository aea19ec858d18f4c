//! A ledger in memory under which a run may be struck at each write: before, midway and after.

use std::sync::Arc;

use lowtide_ledger::{MemoryLedger, Moment};
use lowtide_state::{Answer, Digester, Doing, Entry, Lease, Ledger, LedgerFault, Loaded, Run, StackKey, State};
use lowtide_testkit::pretend::{Blow, Fate};

/// The ledger of a run that may be struck.
pub struct MortalLedger {
    pub ledger: MemoryLedger,
    pub fate: Fate,
}

impl Ledger for MortalLedger {
    fn read<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Option<Loaded>> {
        self.ledger.read(key)
    }

    fn open<'a>(&'a self, key: &'a StackKey, doing: &'a str) -> Doing<'a, Box<dyn Run>> {
        Box::pin(async move {
            let run = self.ledger.open(key, doing).await?;
            // What opening writes says nothing that was not there before, so only what comes after can be lost.
            if self.fate.reach(|| format!("open to {doing}: done")) == Some(Blow::Death) {
                self.fate.end().await;
            }
            Ok(Box::new(MortalRun { run, ledger: self.ledger.clone(), fate: self.fate.clone() }) as Box<dyn Run>)
        })
    }

    fn digester<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Arc<dyn Digester>> {
        self.ledger.digester(key)
    }

    fn list<'a>(&'a self) -> Doing<'a, Vec<StackKey>> {
        self.ledger.list()
    }

    // Notes take no lock, so others come in between.
    fn note<'a>(&'a self, key: &'a StackKey, name: &'a str) -> Doing<'a, Option<String>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.ledger.note(key, name).await
        })
    }

    fn set_note<'a>(&'a self, key: &'a StackKey, name: &'a str, text: Option<&'a str>) -> Doing<'a, ()> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.ledger.set_note(key, name, text).await
        })
    }

    fn kept<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Vec<String>> {
        self.ledger.kept(key)
    }

    fn kept_text<'a>(&'a self, key: &'a StackKey, name: &'a str) -> Doing<'a, Vec<u8>> {
        self.ledger.kept_text(key, name)
    }

    fn location(&self, key: &StackKey) -> String {
        self.ledger.location(key)
    }
}

struct MortalRun {
    run: Box<dyn Run>,
    ledger: MemoryLedger,
    fate: Fate,
}

/// Makes the next write fail where the run is struck, and ends the run if it is struck dead.
async fn written<T>(
    ledger: &MemoryLedger,
    fate: &Fate,
    what: &str,
    fail: fn(&MemoryLedger, usize, Moment),
    write: Doing<'_, T>,
) -> Result<T, LedgerFault> {
    let mut moments = [Moment::Before, Moment::Midway, Moment::After].into_iter();
    let struck = moments.find_map(|moment| Some((moment, fate.reach(|| format!("{what}: {moment:?}"))?)));
    if let Some((moment, _)) = struck {
        fail(ledger, 1, moment);
    }
    let answer = write.await;
    if matches!(struck, Some((_, Blow::Death))) {
        fate.end().await;
    }
    answer
}

impl Run for MortalRun {
    fn loaded(&self) -> &Loaded {
        self.run.loaded()
    }

    fn lease(&self) -> Lease {
        self.run.lease()
    }

    fn room(&self) -> Result<(), LedgerFault> {
        self.run.room()
    }

    fn carries_out<'a>(&'a mut self, plan: &'a str) -> Doing<'a, ()> {
        self.run.carries_out(plan)
    }

    fn append<'a>(&'a mut self, entries: &'a [Entry]) -> Doing<'a, ()> {
        let Self { run, ledger, fate } = self;
        Box::pin(async move { written(ledger, fate, "append", MemoryLedger::fail_append, run.append(entries)).await })
    }

    fn set_aside<'a>(&'a mut self, answers: &'a [Answer]) -> Doing<'a, bool> {
        let Self { run, fate, .. } = self;
        Box::pin(async move {
            match fate.reach(|| "set aside".to_owned()) {
                Some(Blow::Death) => fate.end().await,
                Some(Blow::Loss) => return Ok(false),
                None => {}
            }
            run.set_aside(answers).await
        })
    }

    fn checkpoint(&mut self) -> Doing<'_, ()> {
        let Self { run, ledger, fate } = self;
        Box::pin(async move { written(ledger, fate, "checkpoint", MemoryLedger::fail_checkpoint, run.checkpoint()).await })
    }

    fn replace<'a>(&'a mut self, state: State) -> Doing<'a, ()> {
        self.run.replace(state)
    }

    fn finish(self: Box<Self>) -> Doing<'static, Loaded> {
        let Self { run, ledger, fate } = *self;
        Box::pin(async move { written(&ledger, &fate, "finish", MemoryLedger::fail_finish, run.finish()).await })
    }
}
