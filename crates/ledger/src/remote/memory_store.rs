//! A store in memory, for tests: strict about conditions, and failing on demand.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::{Asked, Store, StoreFault, Version, stack::slot_name};
use crate::Moment;

/// A store in memory. Clones share all; other lines to it ([`MemoryStore::line`]) share what it holds, as machines share a bucket.
#[derive(Clone, Default)]
pub struct MemoryStore {
    shared: Arc<Mutex<Shared>>,
    cut: Arc<AtomicBool>,
}

#[derive(Default)]
struct Shared {
    /// Every text with the number of the write that it is from.
    texts: BTreeMap<String, (Vec<u8>, u64)>,
    writes: u64,
    failing: BTreeMap<u64, Moment>,
    last: Option<u64>,
    delay: Duration,
    late: Vec<(u64, Write)>,
}

/// One write: a name, a condition, and the text, or none to delete it.
#[derive(Clone)]
struct Write {
    name: String,
    condition: Condition,
    text: Option<Vec<u8>>,
}

#[derive(Clone)]
enum Condition {
    None,
    Absent,
    Version(Version),
}

impl MemoryStore {
    /// Returns an empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the n-th write from now fail; 1 is the next. With [`Moment::Midway`] it arrives only after the write that follows
    /// it; nobody is told either way.
    pub fn fail_write(&self, n: u64, moment: Moment) {
        let mut shared = self.shared();
        let at = shared.writes + n;
        shared.failing.insert(at, moment);
    }

    /// Makes every write fail after the n-th from now, until it is called with `None`.
    pub fn set_last_write(&self, n: Option<u64>) {
        let mut shared = self.shared();
        shared.last = n.map(|n| shared.writes + n);
    }

    /// Returns how many writes arrived or failed so far.
    pub fn writes(&self) -> u64 {
        self.shared().writes
    }

    /// Makes each call take this long.
    pub fn set_delay(&self, delay: Duration) {
        self.shared().delay = delay;
    }

    /// Returns another line to the same store, as another machine has it.
    #[must_use]
    pub fn line(&self) -> Self {
        Self { shared: self.shared.clone(), cut: Arc::default() }
    }

    /// Cuts this line, or mends it. Whoever has only a cut line is as good as dead to others.
    pub fn set_cut(&self, cut: bool) {
        self.cut.store(cut, Ordering::SeqCst);
    }

    /// Returns every text by its name.
    pub fn texts(&self) -> BTreeMap<String, Vec<u8>> {
        self.shared().texts.iter().map(|(name, (text, _))| (name.clone(), text.clone())).collect()
    }

    /// Puts a text where it is, or takes it away, as nobody may who keeps to the rules.
    pub fn tamper(&self, name: &str, text: Option<Vec<u8>>) {
        let mut shared = self.shared();
        shared.writes += 1;
        let write = shared.writes;
        match text {
            Some(text) => drop(shared.texts.insert(name.to_owned(), (text, write))),
            None => drop(shared.texts.remove(name)),
        }
    }

    // A test that panicked while it held this has failed already.
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn arrive(&self) -> Result<(), StoreFault> {
        let delay = self.shared().delay;
        if delay > Duration::ZERO {
            tokio::time::sleep(delay).await;
        } else {
            // Others get their turn, as they would while a request is under way.
            tokio::task::yield_now().await;
        }
        if self.cut.load(Ordering::SeqCst) { Err(StoreFault::Unknown("the store can't be reached".to_owned())) } else { Ok(()) }
    }

    fn write(&self, write: Write) -> Asked<'_, Version> {
        Box::pin(async move {
            self.arrive().await?;
            let lost = || StoreFault::Unknown("made to fail: no answer".to_owned());
            let mut shared = self.shared();
            shared.writes += 1;
            let number = shared.writes;
            if shared.last.is_some_and(|last| number > last) {
                return Err(lost());
            }
            let moment = shared.failing.remove(&number);
            if moment == Some(Moment::Midway) {
                shared.late.push((number + 1, write));
                return Err(lost());
            }
            let done = if moment == Some(Moment::Before) { Err(lost()) } else { shared.take(&write, number) };
            shared.take_late(number);
            if moment == Some(Moment::After) { done.and(Err(lost())) } else { done }
        })
    }

    fn read<T: Send + 'static>(&self, read: impl FnOnce(&Shared) -> T + Send + 'static) -> Asked<'_, T> {
        Box::pin(async move {
            self.arrive().await?;
            Ok(read(&self.shared()))
        })
    }
}

impl Shared {
    fn take(&mut self, write: &Write, number: u64) -> Result<Version, StoreFault> {
        let there = self.texts.get(&write.name).map(|(_, version)| Version(version.to_string()));
        let holds = match &write.condition {
            Condition::None => true,
            Condition::Absent => there.is_none(),
            Condition::Version(version) => there.as_ref() == Some(version),
        };
        if !holds {
            return Err(StoreFault::Conflict);
        }
        match &write.text {
            Some(text) => drop(self.texts.insert(write.name.clone(), (text.clone(), number))),
            None => drop(self.texts.remove(&write.name)),
        }
        Ok(Version(number.to_string()))
    }

    /// Lets writes arrive that were on their way for long; what their condition rules out by now is for nothing.
    fn take_late(&mut self, number: u64) {
        let (due, late): (Vec<_>, Vec<_>) = std::mem::take(&mut self.late).into_iter().partition(|(at, _)| *at <= number);
        self.late = late;
        for (_, write) in due {
            self.writes += 1;
            let number = self.writes;
            let _ = self.take(&write, number);
        }
    }
}

fn head(stack: &str) -> String {
    format!("{stack}/head")
}

fn slot(stack: &str, number: u64) -> String {
    format!("{stack}/{}", slot_name(number))
}

impl Store for MemoryStore {
    fn head<'a>(&'a self, stack: &'a str) -> Asked<'a, Option<(Vec<u8>, Version)>> {
        let name = head(stack);
        self.read(move |shared| shared.texts.get(&name).map(|(text, version)| (text.clone(), Version(version.to_string()))))
    }

    fn set_head<'a>(&'a self, stack: &'a str, text: &'a [u8], _write_id: &'a str, over: Option<&'a Version>) -> Asked<'a, Version> {
        let condition = over.map_or(Condition::Absent, |version| Condition::Version(version.clone()));
        self.write(Write { name: head(stack), condition, text: Some(text.to_vec()) })
    }

    fn slots<'a>(&'a self, stack: &'a str, from: u64) -> Asked<'a, Vec<(u64, Vec<u8>)>> {
        let first = slot(stack, from);
        let folder = format!("{stack}/journal/");
        self.read(move |shared| {
            let all = shared.texts.range(first..).take_while(|(name, _)| name.starts_with(&folder));
            all.filter_map(|(name, (text, _))| Some((name[folder.len()..].parse().ok()?, text.clone()))).collect()
        })
    }

    fn slot<'a>(&'a self, stack: &'a str, number: u64) -> Asked<'a, Option<Vec<u8>>> {
        let name = slot(stack, number);
        self.read(move |shared| shared.texts.get(&name).map(|(text, _)| text.clone()))
    }

    fn add_slot<'a>(&'a self, stack: &'a str, number: u64, text: &'a [u8]) -> Asked<'a, ()> {
        let write = Write { name: slot(stack, number), condition: Condition::Absent, text: Some(text.to_vec()) };
        Box::pin(async move { self.write(write).await.map(|_| ()) })
    }

    fn remove_slot<'a>(&'a self, stack: &'a str, number: u64) -> Asked<'a, ()> {
        let write = Write { name: slot(stack, number), condition: Condition::None, text: None };
        Box::pin(async move { self.write(write).await.map(|_| ()) })
    }

    fn object<'a>(&'a self, name: &'a str) -> Asked<'a, Option<Vec<u8>>> {
        let name = name.to_owned();
        self.read(move |shared| shared.texts.get(&name).map(|(text, _)| text.clone()))
    }

    fn add_object<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> Asked<'a, ()> {
        let write = Write { name: name.to_owned(), condition: Condition::Absent, text: Some(bytes.to_vec()) };
        Box::pin(async move { self.write(write).await.map(|_| ()) })
    }

    fn replace_object<'a>(&'a self, name: &'a str, bytes: Option<Vec<u8>>) -> Asked<'a, ()> {
        let write = Write { name: name.to_owned(), condition: Condition::None, text: bytes };
        Box::pin(async move { self.write(write).await.map(|_| ()) })
    }

    fn exchange_object<'a>(&'a self, name: &'a str, seen: &'a [u8], bytes: &'a [u8]) -> Asked<'a, ()> {
        let version = self.shared().texts.get(name).filter(|(text, _)| text == seen).map(|(_, version)| Version(version.to_string()));
        // No write has this version.
        let condition = Condition::Version(version.unwrap_or_else(|| Version(String::new())));
        let write = Write { name: name.to_owned(), condition, text: Some(bytes.to_vec()) };
        Box::pin(async move { self.write(write).await.map(|_| ()) })
    }

    fn names<'a>(&'a self, folder: &'a str) -> Asked<'a, Vec<String>> {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self.read(move |shared| {
            let beneath = shared.texts.keys().filter_map(|name| name.strip_prefix(&start)?.split('/').next().map(str::to_owned));
            let mut names: Vec<_> = beneath.collect();
            names.dedup();
            names
        })
    }

    fn place(&self, name: &str) -> String {
        format!("memory:{name}")
    }
}
