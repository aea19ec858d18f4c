//! What becomes of a call to a store when something else happens in the middle of it.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
};

use lowtide_ledger::{Asked, MemoryStore, RemoteLedger, SealedStore, Store, Version};
use lowtide_state::Ledger;

use crate::samples::{TokioClock, key, keys, names, put, run, sealed, shared, shared_on};

type Event = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A store where each of these calls waits once for something else to happen in its middle.
pub struct Meanwhile {
    inner: Arc<dyn Store>,
    events: Mutex<BTreeMap<&'static str, Event>>,
}

impl Meanwhile {
    /// Returns a store where something happens in the middle of the next call of this name.
    pub fn over(inner: Arc<dyn Store>, call: &'static str, event: impl Future<Output = ()> + Send + 'static) -> Arc<Self> {
        let event: Event = Box::pin(event);
        Arc::new(Self { inner, events: Mutex::new([(call, event)].into()) })
    }

    async fn happens(&self, call: &str) {
        let event = self.events.lock().unwrap().remove(call);
        if let Some(event) = event {
            event.await;
        }
    }
}

impl Store for Meanwhile {
    fn head<'a>(&'a self, stack: &'a str) -> Asked<'a, Option<(Vec<u8>, Version)>> {
        self.inner.head(stack)
    }

    fn set_head<'a>(&'a self, stack: &'a str, text: &'a [u8], write_id: &'a str, over: Option<&'a Version>) -> Asked<'a, Version> {
        self.inner.set_head(stack, text, write_id, over)
    }

    /// As S3 does it: a list, and then each by itself.
    fn slots<'a>(&'a self, stack: &'a str, from: u64) -> Asked<'a, Vec<(u64, Vec<u8>)>> {
        Box::pin(async move {
            let listed = self.inner.slots(stack, from).await?;
            self.happens("slots").await;
            let mut slots = Vec::new();
            for (number, _) in listed {
                slots.extend(self.inner.slot(stack, number).await?.map(|bytes| (number, bytes)));
            }
            Ok(slots)
        })
    }

    fn slot<'a>(&'a self, stack: &'a str, number: u64) -> Asked<'a, Option<Vec<u8>>> {
        self.inner.slot(stack, number)
    }

    fn add_slot<'a>(&'a self, stack: &'a str, number: u64, text: &'a [u8]) -> Asked<'a, ()> {
        self.inner.add_slot(stack, number, text)
    }

    fn remove_slot<'a>(&'a self, stack: &'a str, number: u64) -> Asked<'a, ()> {
        self.inner.remove_slot(stack, number)
    }

    fn object<'a>(&'a self, name: &'a str) -> Asked<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let found = self.inner.object(name).await;
            self.happens("object").await;
            found
        })
    }

    fn add_object<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> Asked<'a, ()> {
        self.inner.add_object(name, bytes)
    }

    fn replace_object<'a>(&'a self, name: &'a str, bytes: Option<Vec<u8>>) -> Asked<'a, ()> {
        self.inner.replace_object(name, bytes)
    }

    fn exchange_object<'a>(&'a self, name: &'a str, seen: &'a [u8], bytes: &'a [u8]) -> Asked<'a, ()> {
        Box::pin(async move {
            self.happens("exchange_object").await;
            self.inner.exchange_object(name, seen, bytes).await
        })
    }

    fn names<'a>(&'a self, folder: &'a str) -> Asked<'a, Vec<String>> {
        self.inner.names(folder)
    }

    fn place(&self, name: &str) -> String {
        self.inner.place(name)
    }
}

pub fn on(store: Arc<dyn Store>) -> RemoteLedger {
    RemoteLedger::on(store).by(Arc::new(TokioClock::new()))
}

/// What was acknowledged before a read began is in what it returns, wherever checkpoints and the end of the run come between.
#[tokio::test(start_paused = true)]
async fn a_journal_that_goes_while_it_is_read_is_not_taken_for_all() {
    for ended_before in [false, true] {
        let (store, key) = (MemoryStore::new(), key());
        let writing = shared(&store);
        if ended_before {
            run(&writing, &[]).await;
        }
        let mut open = writing.open(&key, "apply").await.unwrap();
        open.append(&[put("a")]).await.unwrap();
        open.append(&[put("b")]).await.unwrap();
        let ends = async move {
            open.checkpoint().await.unwrap();
            open.append(&[put("c")]).await.unwrap();
            open.finish().await.unwrap();
        };
        let reading = on(Meanwhile::over(Arc::new(store.clone()), "slots", ends));
        assert_eq!(names(&reading.read(&key).await.unwrap().unwrap()), ["a", "b", "c"], "ended before: {ended_before}");
    }
}

/// Notes are written without a lock, while all else is encrypted as well.
#[tokio::test(start_paused = true)]
async fn a_newer_note_is_not_overwritten_by_what_is_written_anew() {
    let (store, key) = (MemoryStore::new(), key());
    run(&shared(&store), &[put("a")]).await;
    shared(&store).set_note(&key, "tide", Some("older")).await.unwrap();
    let (noting, at) = (shared_on(sealed(&store, "open sesame").letting_clear()), key.clone());
    let noted = async move { noting.set_note(&at, "tide", Some("newer")).await.unwrap() };
    let between = Meanwhile::over(Arc::new(store.clone()), "exchange_object", noted);
    on(Arc::new(SealedStore::over(between, keys("open sesame")).letting_clear())).seal(&key).await.unwrap();
    assert_eq!(shared_on(sealed(&store, "open sesame")).note(&key, "tide").await.unwrap().as_deref(), Some("newer"));
}
