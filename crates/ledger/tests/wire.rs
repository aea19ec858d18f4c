//! The ledger in S3, with DynamoDB and alone, over the wire against a simulator: the promises, races, lost answers.

use std::{
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
use aws_types::SdkConfig;
use lowtide_ledger::{Bucket, RemoteLedger, S3DynamoDb, S3Only, SealedStore, Store, StoreFault, Table, Timing};
use lowtide_state::Ledger;
use lowtide_testkit::{Fault, Match, What, World, drive};
use tokio::sync::watch;

use crate::{
    conformance::PROMISES,
    races,
    samples::{forget, key, names, put, run},
};

pub const BUCKET: &str = "lowtide-state";
const TABLE: &str = "lowtide-state";
const ROUNDS: usize = 20;

/// A simulator with a bucket and a table.
pub struct Wire {
    pub world: World,
    pub config: SdkConfig,
}

#[derive(Clone, Copy, Debug)]
pub enum Backend {
    S3DynamoDb,
    S3Only,
}

pub const BACKENDS: [Backend; 2] = [Backend::S3DynamoDb, Backend::S3Only];

impl Wire {
    pub async fn start() -> Self {
        let world = World::start().await.unwrap();
        let config = drive::session(&world.endpoint(), world.region(), |_| None).reading_config().clone();
        let s3 = aws_sdk_s3::config::Builder::from(&config).force_path_style(true).build();
        let place = aws_sdk_s3::types::CreateBucketConfiguration::builder().location_constraint(world.region().into()).build();
        aws_sdk_s3::Client::from_conf(s3).create_bucket().bucket(BUCKET).create_bucket_configuration(place).send().await.unwrap();
        let mut table = aws_sdk_dynamodb::Client::new(&config).create_table().table_name(TABLE).billing_mode(BillingMode::PayPerRequest);
        for (name, role) in [("stack", KeyType::Hash), ("item", KeyType::Range)] {
            let string = ScalarAttributeType::S;
            table = table
                .attribute_definitions(AttributeDefinition::builder().attribute_name(name).attribute_type(string).build().unwrap())
                .key_schema(KeySchemaElement::builder().attribute_name(name).key_type(role).build().unwrap());
        }
        table.send().await.unwrap();
        Self { world, config }
    }

    /// The ledger under a prefix of its own.
    pub fn ledger(&self, backend: Backend, prefix: &str) -> RemoteLedger {
        let bucket = Bucket::new(&self.config, BUCKET, &format!("{backend:?}/{prefix}"), None);
        let store: Arc<dyn Store> = match backend {
            Backend::S3DynamoDb => Arc::new(S3DynamoDb::new(bucket, Table::new(&self.config, TABLE))),
            Backend::S3Only => Arc::new(S3Only::new(bucket)),
        };
        RemoteLedger::on(store)
    }

    pub fn finish(&self) {
        let missing = self.world.proxy().not_implemented();
        assert!(missing.is_empty(), "the simulator can't do: {missing:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_promise_is_kept() {
    let wire = Wire::start().await;
    for backend in BACKENDS {
        for (name, promise) in PROMISES {
            println!("{backend:?}: {name}");
            // A dropped run is followed as soon as it has let go; nothing here waits for a lease to end.
            promise(Arc::new(wire.ledger(backend, name).timed(Timing::of(Duration::from_secs(12))))).await;
        }
    }
    wire.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_writers_one_has_the_right() {
    let wire = Wire::start().await;
    for backend in BACKENDS {
        for writers in [2, 64] {
            println!("{}", race(&wire, backend, writers).await);
        }
    }
    wire.finish();
}

async fn race(wire: &Wire, backend: Backend, writers: usize) -> String {
    let prefix = format!("race-{writers}");
    let inside = Arc::new(AtomicUsize::new(0));
    let mut before = "none".to_owned();
    for round in 0..ROUNDS {
        let (over, is_over) = watch::channel(false);
        let mut racing = tokio::task::JoinSet::new();
        for writer in 0..writers {
            let (ledger, before) = (wire.ledger(backend, &prefix), before.clone());
            let (inside, over, mut is_over) = (inside.clone(), over.clone(), is_over.clone());
            racing.spawn(async move {
                let name = format!("r{round}_{writer}");
                let won = tokio::select! {
                    won = races::write(&ledger, &name, &before, &inside) => won,
                    // Whoever is late gives up in the middle of it, as at Ctrl-C.
                    _ = is_over.wait_for(|over| *over) => None,
                };
                if won.is_some() {
                    over.send_replace(true);
                }
                ledger.released().await;
                won
            });
        }
        let won: Vec<_> = racing.join_all().await.into_iter().flatten().collect();
        assert!(!won.is_empty(), "{backend:?}, round {round}: somebody wins");
        let newest = won.iter().max_by_key(|loaded| loaded.state.serial).expect("somebody won");
        let found = wire.ledger(backend, &prefix).read(&key()).await.unwrap().expect("a state");
        assert!(found.state.serial >= newest.state.serial, "{backend:?}, round {round}");
        before = names(&found).pop().expect("a record");
    }
    format!("{backend:?}: {writers} writers, {ROUNDS} rounds, never two at once")
}

/// The answer to each write of a run is lost in turn, or can't be read.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_found_out_about() {
    let wire = Wire::start().await;
    for (backend, what) in BACKENDS.into_iter().flat_map(|backend| [(backend, What::DropAfterEffect), (backend, What::GarbleAnswer)]) {
        let mut lost = 0;
        for n in 1.. {
            let proxy = wire.world.proxy();
            proxy.clear();
            let on = Match { service: None, operation: None, mutating_only: true, about: None, nth: Some(n) };
            proxy.inject(Fault { on, what: what.clone() });
            let prefix = format!("{what:?}-{n}");
            run(&wire.ledger(backend, &prefix), &[put("a"), put("b")]).await;
            let ended = run(&wire.ledger(backend, &prefix), &[forget("a"), put("c")]).await;
            let writes = proxy.calls().iter().filter(|call| call.mutating).count();
            proxy.clear_faults();
            assert_eq!((ended.state.serial, names(&ended)), (2, ["b", "c"].map(str::to_owned).to_vec()), "{backend:?} {what:?} {n}");
            assert_eq!(wire.ledger(backend, &prefix).read(&key()).await, Ok(Some(ended)), "{backend:?} {what:?} {n}");
            if writes < n {
                break;
            }
            lost = n;
        }
        assert!(lost >= 14, "{lost}");
        println!("{backend:?}: {lost} answers met {what:?}, none missed");
    }
    wire.finish();
}

/// A clock that jumps in the middle of a run: AWS refuses what is signed by it, which is no loss.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_wrong_is_told_and_loses_nothing() {
    let wire = Wire::start().await;
    let key = key();
    let early = "Signature expired: 20260101T000000Z is now earlier than 20260101T015500Z (20260101T020000Z - 5 min.)";
    let skewed = "The difference between the request time and the current time is too large.";
    for (backend, status, code, message) in
        [(Backend::S3DynamoDb, 400, "InvalidSignatureException", early), (Backend::S3Only, 403, "RequestTimeTooSkewed", skewed)]
    {
        let ledger = wire.ledger(backend, "clock");
        let mut open = ledger.open(&key, "apply").await.unwrap();
        open.append(&[put("a")]).await.unwrap();
        let what = What::Error { status, code: code.to_owned(), message: message.to_owned() };
        wire.world.proxy().inject(Fault { on: Match::any(), what });
        let told = open.append(&[put("b")]).await.expect_err("it is refused").to_string();
        assert!(told.contains(code) && told.contains("the clock of this machine is wrong"), "{backend:?}: {told}");
        let told = wire.ledger(backend, "clock").read(&key).await.expect_err("it is refused").to_string();
        assert!(told.contains("the clock of this machine is wrong"), "{backend:?}: {told}");
        wire.world.proxy().clear_faults();
        assert!(open.append(&[put("c")]).await.is_err(), "after a write that failed nothing follows it");
        drop(open);
        ledger.released().await;
        let ended = run(&wire.ledger(backend, "clock"), &[put("d")]).await;
        assert_eq!(names(&ended), ["a", "d"], "{backend:?}: what was refused was not done, and what was done is there");
    }
    wire.finish();
}

/// More than an item of DynamoDB can hold goes into the bucket, and goes away with its slot.
#[tokio::test(flavor = "multi_thread")]
async fn a_large_record_is_no_trouble() {
    let wire = Wire::start().await;
    for backend in BACKENDS {
        let mut record = crate::samples::record("large");
        record.inputs.set("user_data", "x".repeat(600_000).as_str().into());
        let large = lowtide_state::Entry::Put { record: Box::new(record) };
        let key = key();
        let ledger = wire.ledger(backend, "large");
        let mut open = ledger.open(&key, "apply").await.unwrap();
        open.append(std::slice::from_ref(&large)).await.unwrap();
        assert_eq!(names(&ledger.read(&key).await.unwrap().unwrap()), ["large"]);
        drop(open);
        ledger.released().await;
        run(&ledger, &[forget("large")]).await;
        let ended = run(&ledger, &[put("small")]).await;
        assert_eq!(names(&ended), ["small"]);
    }
    wire.finish();
}

/// What a slot leads to goes after the slot, so that nobody is led to nothing; where it was lost, that is damage, in clear or not.
#[tokio::test(flavor = "multi_thread")]
async fn a_large_slot_goes_before_what_it_leads_to() {
    let wire = Wire::start().await;
    let bucket = Bucket::new(&wire.config, BUCKET, "large", None);
    let store = Arc::new(S3DynamoDb::new(bucket, Table::new(&wire.config, TABLE)));
    let stack = "durable/dev/base";
    store.add_slot(stack, 7, &vec![b'x'; 300_000]).await.unwrap();
    wire.world.proxy().clear();
    store.remove_slot(stack, 7).await.unwrap();
    let deletes: Vec<_> = wire.world.proxy().calls().into_iter().filter(|call| call.mutating).map(|call| call.service).collect();
    assert_eq!(deletes, ["dynamodb", "s3"]);
    for sealed in [false, true] {
        let clear: Arc<dyn Store> = store.clone();
        let over: Arc<dyn Store> = if sealed { Arc::new(SealedStore::over(clear, crate::samples::keys("open sesame"))) } else { clear };
        over.add_slot(stack, 8, &vec![b'x'; 300_000]).await.unwrap();
        let names = store.names(&format!("{stack}/journal")).await.unwrap();
        store.replace_object(&format!("{stack}/journal/{}", names[0]), None).await.unwrap();
        let fault = over.slots(stack, 0).await.unwrap_err();
        assert!(matches!(&fault, StoreFault::Missing(why) if why.contains("which is gone")), "{fault}");
        store.remove_slot(stack, 8).await.unwrap();
    }
    wire.finish();
}

/// On a slow line a whole state takes longer than a sign of life may.
#[tokio::test(flavor = "multi_thread")]
async fn a_large_text_has_more_time_to_arrive() {
    let wire = Wire::start().await;
    let short = aws_types::sdk_config::TimeoutConfig::builder();
    let short = short.read_timeout(Duration::from_millis(500)).operation_attempt_timeout(Duration::from_millis(500));
    let config = wire.config.to_builder().timeout_config(short.operation_timeout(Duration::from_secs(1)).build()).build();
    let store = S3Only::new(Bucket::new(&config, BUCKET, "slow", None));
    store.add_object("a/b/c/first", b"small").await.unwrap();
    let on = Match { service: None, operation: None, mutating_only: true, about: None, nth: None };
    wire.world.proxy().inject(Fault { on, what: What::Delay(Duration::from_secs(2)) });
    assert!(store.add_object("a/b/c/small", b"small").await.is_err());
    let large = vec![b'x'; 3 << 20];
    store.add_object("a/b/c/large", &large).await.unwrap();
    wire.world.proxy().clear_faults();
    assert_eq!(store.object("a/b/c/large").await, Ok(Some(large)));
    wire.finish();
}
