//! Stacks, records and entries to test with.

use std::{path::Path, sync::Arc, time::Duration};

use lowtide_ledger::{Clock, Keys, LocalLedger, MemoryLedger, MemoryStore, PassphraseKeys, RemoteLedger, SealedStore, Store};
use lowtide_model::{Object, Place, Value};
use lowtide_state::{Attempt, Entry, Intent, Ledger, LedgerFault, Loaded, Protection, Record, Remembered, StackKey, Status};

pub fn key() -> StackKey {
    StackKey { project: "durable".to_owned(), environment: "dev".to_owned(), stack: "base".to_owned() }
}

/// A record with everything in it, under a name.
pub fn record(name: &str) -> Record {
    let inputs: Object =
        [("cidr_block".to_owned(), Value::from("10.0.0.0/16")), ("size".to_owned(), Value::from(12))].into_iter().collect();
    Record {
        address: format!("aws_vpc.{name}").parse().unwrap(),
        generation: 1,
        provider: Some("east".to_owned()),
        place: Place { account: "123456789012".to_owned(), partition: "aws".to_owned(), region: "us-west-2".to_owned() },
        id: format!("vpc-{name}"),
        uid: "op-1".to_owned(),
        inputs: inputs.clone(),
        digests: [].into(),
        seen: Remembered { inputs, outputs: Object::default() },
        dependencies: vec!["data.aws_region.here".parse().unwrap()],
        status: Status::Ok,
        protection: Protection { prevent_destroy: true, create_before_destroy: false },
        lingering: Vec::new(),
        unknown: [].into(),
    }
}

pub fn put(name: &str) -> Entry {
    Entry::Put { record: Box::new(record(name)) }
}

/// What is written down before something is created.
pub fn intent(name: &str) -> Intent {
    let record = record(name);
    let (op, address) = (record.uid.clone(), record.address.clone());
    Intent { op, attempt: Attempt::Create, address, generation: record.generation, record: Some(Box::new(record)), until: None }
}

pub fn forget(name: &str) -> Entry {
    Entry::Forget { address: record(name).address, generation: 1 }
}

pub fn names(loaded: &Loaded) -> Vec<String> {
    loaded.state.records.values().map(|record| record.address.to_string().replace("aws_vpc.", "")).collect()
}

/// Runs to the end, with these entries appended one by one.
pub async fn run(ledger: &dyn Ledger, entries: &[Entry]) -> Loaded {
    try_run(ledger, entries).await.unwrap()
}

pub async fn try_run(ledger: &dyn Ledger, entries: &[Entry]) -> Result<Loaded, LedgerFault> {
    let key = key();
    let mut run = ledger.open(&key, "apply").await?;
    for entry in entries {
        run.append(std::slice::from_ref(entry)).await?;
    }
    run.finish().await
}

/// Runs, and is interrupted before the end.
pub async fn interrupted(ledger: &dyn Ledger, entries: &[Entry]) {
    let key = key();
    let mut run = ledger.open(&key, "apply").await.unwrap();
    run.append(entries).await.unwrap();
}

pub fn local(root: &Path) -> LocalLedger {
    LocalLedger::new(root.join("state"))
}

/// The clock of the runtime, which tests may hold still and move on.
pub struct TokioClock(tokio::time::Instant);

impl TokioClock {
    pub fn new() -> Self {
        Self(tokio::time::Instant::now())
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A shared ledger on a store in memory, by the clock of the runtime.
pub fn shared(store: &MemoryStore) -> RemoteLedger {
    RemoteLedger::on(Arc::new(store.clone())).by(Arc::new(TokioClock::new()))
}

/// The keys of a passphrase, at a cost that tests can afford.
pub fn keys(passphrase: &str) -> Arc<dyn Keys> {
    Arc::new(PassphraseKeys::new(passphrase).costing(1))
}

/// Seals a store in memory.
pub fn sealed(store: &MemoryStore, passphrase: &str) -> SealedStore {
    SealedStore::over(Arc::new(store.clone()) as Arc<dyn Store>, keys(passphrase))
}

/// A shared ledger on a sealed store.
pub fn shared_on(store: SealedStore) -> RemoteLedger {
    RemoteLedger::on(Arc::new(store)).by(Arc::new(TokioClock::new()))
}

/// Does something with every backend that needs no simulator, each empty.
pub async fn with_each<F: Future<Output = ()>>(test: impl Fn(Arc<dyn Ledger>) -> F) {
    let root = tempfile::tempdir().unwrap();
    test(Arc::new(MemoryLedger::new())).await;
    test(Arc::new(local(root.path()))).await;
    test(Arc::new(shared(&MemoryStore::new()))).await;
    let root = tempfile::tempdir().unwrap();
    test(Arc::new(local(root.path()).sealed_with(keys("open sesame")))).await;
    test(Arc::new(shared_on(sealed(&MemoryStore::new(), "open sesame")))).await;
}
