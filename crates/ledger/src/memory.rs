//! A ledger in memory, for tests: same texts and same rules as the others, failing on demand.

mod run;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lowtide_state::{
    Answer, Author, Digester, Doing, Ledger, LedgerFault, Loaded, Run, StackKey,
    format::{Snapshot, Unreadable, read_snapshot},
};
use zeroize::Zeroizing;

use crate::{
    KeyedDigester,
    session::{self, CURRENT, Session},
    who::Us,
};

/// A ledger in memory. Clones share what they hold, as processes share a folder.
#[derive(Clone, Default)]
pub struct MemoryLedger(Arc<Mutex<Shared>>);

/// When in a call to a ledger it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before anything is kept.
    Before,
    /// In the middle: half of an appended text is there; a snapshot is written but the journal not emptied.
    Midway,
    /// When all is kept, so that only the answer is lost.
    After,
}

#[derive(Default)]
struct Shared {
    stacks: BTreeMap<StackKey, Stack>,
    runs: u64,
    calls: Calls,
    full: bool,
    fail_append: Option<(usize, Moment)>,
    fail_checkpoint: Option<(usize, Moment)>,
    fail_finish: Option<(usize, Moment)>,
}

#[derive(Default)]
struct Stack {
    snapshot: Option<String>,
    /// Those before it, by name.
    earlier: BTreeMap<String, String>,
    journal: Vec<u8>,
    key: Option<[u8; 32]>,
    holder: Option<(u64, String)>,
    notes: BTreeMap<String, String>,
    aside: Vec<Answer>,
}

impl Stack {
    /// Puts a snapshot in the place of the one before it, which is kept.
    fn put(&mut self, text: String) {
        if let Some(before) = self.snapshot.replace(text)
            && let Ok(snapshot) = read_snapshot(before.as_bytes())
        {
            self.earlier.insert(session::kept_name(&snapshot), before);
        }
    }

    /// Puts a snapshot in place and empties the journal, or does as much of it as comes before it fails.
    fn commit(&mut self, text: &str, fails: Option<Moment>) {
        if fails == Some(Moment::Before) {
            return;
        }
        self.put(text.to_owned());
        if fails != Some(Moment::Midway) {
            self.journal.clear();
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Calls {
    appends: usize,
    checkpoints: usize,
    finishes: usize,
}

impl MemoryLedger {
    /// Returns an empty ledger.
    pub fn new() -> Self {
        Self::default()
    }

    /// Fills the place where it is, so that nothing more is to begin, or makes room again.
    pub fn set_full(&self, full: bool) {
        self.shared().full = full;
    }

    /// Makes the n-th append from now fail; 1 is the next. The run it belongs to can then do nothing more.
    pub fn fail_append(&self, n: usize, moment: Moment) {
        let mut shared = self.shared();
        shared.fail_append = Some((shared.calls.appends + n, moment));
    }

    /// Makes the n-th checkpoint from now fail; 1 is the next. The run it belongs to can then do nothing more.
    pub fn fail_checkpoint(&self, n: usize, moment: Moment) {
        let mut shared = self.shared();
        shared.fail_checkpoint = Some((shared.calls.checkpoints + n, moment));
    }

    /// Makes the n-th finish from now fail; 1 is the next.
    pub fn fail_finish(&self, n: usize, moment: Moment) {
        let mut shared = self.shared();
        shared.fail_finish = Some((shared.calls.finishes + n, moment));
    }

    /// Forgets all locks, as if the processes that held them had been killed. Their runs can write nothing more.
    pub fn crash(&self) {
        self.shared().stacks.values_mut().for_each(|stack| stack.holder = None);
    }

    /// Goes on on another machine: what runs have set aside is not there.
    pub fn go_elsewhere(&self) {
        self.shared().stacks.values_mut().for_each(|stack| stack.aside.clear());
    }

    /// Returns how often entries were appended, by all runs.
    pub fn appends(&self) -> usize {
        self.shared().calls.appends
    }

    /// Returns all that is kept of a stack as text: snapshot and journal. For tests that look for what must not be there.
    pub fn text(&self, key: &StackKey) -> String {
        self.shared()
            .stacks
            .get(key)
            .map_or_else(String::new, |stack| stack.snapshot.clone().unwrap_or_default() + &String::from_utf8_lossy(&stack.journal))
    }

    // A test that panicked while it held this has failed already.
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read_now(&self, key: &StackKey) -> Result<Option<Loaded>, LedgerFault> {
        let shared = self.shared();
        let Some((stack, text)) = shared.stacks.get(key).and_then(|stack| Some((stack, stack.snapshot.as_ref()?))) else {
            return Ok(None);
        };
        let snapshot = together(text, &stack.journal).map_err(|error| error.at(self.location(key)))?;
        Ok(Some(session::loaded(&snapshot)))
    }

    fn open_now(&self, key: &StackKey, doing: &str) -> Result<Box<dyn Run>, LedgerFault> {
        let mut shared = self.shared();
        let author = Us::default().author(doing);
        shared.runs += 1;
        let run = shared.runs;
        let stack = shared.stacks.entry(key.clone()).or_default();
        if let Some((_, holder)) = &stack.holder {
            return Err(LedgerFault::Held { stack: key.to_string(), holder: holder.clone() });
        }
        let begun = match &stack.snapshot {
            Some(text) => begun(text, &stack.journal, &stack.aside, &author),
            None => session::first(session::lineage(), &author).map(|written| (written.snapshot, Some(written.text))),
        };
        let (snapshot, write) = begun.map_err(|error| error.at(self.location(key)))?;
        if let Some(text) = write {
            stack.put(text);
        }
        stack.journal.clear();
        stack.aside.clear();
        stack.holder = Some((run, format!("run {run} ({doing})")));
        Ok(Box::new(run::MemoryRun::new(self.clone(), key.clone(), run, Session::new(snapshot, author))))
    }
}

/// Returns what snapshot and journal say together.
fn together(text: &str, journal: &[u8]) -> Result<Snapshot, Unreadable> {
    let snapshot = read_snapshot(text.as_bytes())?;
    let results = session::results(&snapshot, journal)?;
    Ok(results.map_or(snapshot, |written| written.snapshot))
}

/// Returns what a run begins with that takes in what was set aside, and its text where it is to be written first.
fn begun(text: &str, journal: &[u8], aside: &[Answer], author: &Author) -> Result<(Snapshot, Option<String>), Unreadable> {
    let snapshot = read_snapshot(text.as_bytes())?;
    let results = session::results(&snapshot, journal)?;
    let (next, _) = session::with_answers(&snapshot, results, aside, author);
    Ok(next.map_or((snapshot, None), |written| (written.snapshot, Some(written.text))))
}

impl Ledger for MemoryLedger {
    fn read<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Option<Loaded>> {
        Box::pin(async move { self.read_now(key) })
    }

    fn open<'a>(&'a self, key: &'a StackKey, doing: &'a str) -> Doing<'a, Box<dyn Run>> {
        Box::pin(async move { self.open_now(key, doing) })
    }

    fn digester<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Arc<dyn Digester>> {
        Box::pin(async move {
            let mut shared = self.shared();
            let stack = shared.stacks.entry(key.clone()).or_default();
            let bytes = *stack.key.get_or_insert_with(|| *KeyedDigester::random_key());
            Ok(Arc::new(KeyedDigester::new(Zeroizing::new(bytes))) as Arc<dyn Digester>)
        })
    }

    fn list<'a>(&'a self) -> Doing<'a, Vec<StackKey>> {
        Box::pin(async move {
            Ok(self.shared().stacks.iter().filter(|(_, stack)| stack.snapshot.is_some()).map(|(key, _)| key.clone()).collect())
        })
    }

    fn note<'a>(&'a self, key: &'a StackKey, name: &'a str) -> Doing<'a, Option<String>> {
        Box::pin(async move { Ok(self.shared().stacks.get(key).and_then(|stack| stack.notes.get(name)).cloned()) })
    }

    fn set_note<'a>(&'a self, key: &'a StackKey, name: &'a str, text: Option<&'a str>) -> Doing<'a, ()> {
        Box::pin(async move {
            let mut shared = self.shared();
            let notes = &mut shared.stacks.entry(key.clone()).or_default().notes;
            match text {
                Some(text) => drop(notes.insert(name.to_owned(), text.to_owned())),
                None => drop(notes.remove(name)),
            }
            Ok(())
        })
    }

    fn kept<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Vec<String>> {
        Box::pin(async move {
            let shared = self.shared();
            let Some(stack) = shared.stacks.get(key).filter(|stack| stack.snapshot.is_some()) else { return Ok(Vec::new()) };
            Ok([CURRENT.to_owned()].into_iter().chain(stack.earlier.keys().rev().cloned()).collect())
        })
    }

    fn kept_text<'a>(&'a self, key: &'a StackKey, name: &'a str) -> Doing<'a, Vec<u8>> {
        Box::pin(async move {
            let shared = self.shared();
            let stack = shared.stacks.get(key);
            let text = if name == CURRENT {
                stack.and_then(|stack| stack.snapshot.as_ref())
            } else {
                stack.and_then(|stack| stack.earlier.get(name))
            };
            let gone = || LedgerFault::Damaged { place: format!("{}/{name}", self.location(key)), why: "it is gone".to_owned() };
            text.map(|text| text.clone().into_bytes()).ok_or_else(gone)
        })
    }

    fn location(&self, key: &StackKey) -> String {
        format!("memory:{key}")
    }
}
