//! A project whose state is in S3, and the simulator that it is in.

use std::{collections::BTreeMap, process::Child, sync::Arc};

use lowtide_ledger::{Bucket, RemoteLedger, S3DynamoDb, S3Only, Store, StoreFault, Table};
use lowtide_state::StackKey;
use lowtide_testkit::{World, drive};
use tokio::runtime::Runtime;

use crate::project::{CHAIN, Project};

const BUCKET: &str = "lowtide-demo";
const TABLE: &str = "lowtide-locks";
/// Not the region that the environment names.
pub const REGION: &str = "eu-west-1";
/// The folder of its only stack.
const STACK: &str = "demo/default/main";

/// A project whose state is in S3, and the simulator that it is in.
pub struct Shared {
    pub project: Project,
    pub world: World,
    pub runtime: Runtime,
    pub with_table: bool,
}

/// What a stack's place holds, by name.
#[derive(Debug, PartialEq, Eq)]
pub struct Held {
    head: Vec<u8>,
    slots: BTreeMap<u64, Vec<u8>>,
    objects: BTreeMap<String, Vec<u8>>,
}

impl Held {
    /// Returns every text but the head, with its name.
    pub fn texts(&self) -> impl Iterator<Item = (String, &[u8])> {
        let slots = self.slots.iter().map(|(number, bytes)| (format!("slot {number}"), bytes.as_slice()));
        slots.chain(self.objects.iter().map(|(name, bytes)| (name.clone(), bytes.as_slice())))
    }

    /// Returns the names of texts that hold this, the head's included.
    pub fn holding(&self, words: &str) -> Vec<String> {
        let head = std::iter::once(("head".to_owned(), self.head.as_slice()));
        let holds = |bytes: &[u8]| bytes.windows(words.len()).any(|part| part == words.as_bytes());
        self.texts().chain(head).filter(|(_, bytes)| holds(bytes)).map(|(name, _)| name).collect()
    }
}

impl Shared {
    pub fn new(with_table: bool) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let world = runtime.block_on(World::start()).expect("a simulator");
        let shared = Self { project: Project::of(CHAIN), world, runtime, with_table };
        shared.configure(&shared.project, "lease = \"30s\"");
        shared
    }

    /// Writes the project's file, with more lines in `[state]`.
    pub fn configure(&self, project: &Project, lines: &str) {
        let table = if self.with_table { format!("lock_table = \"{TABLE}\"\n") } else { String::new() };
        project.write(
            "lowtide.toml",
            &format!(
                "[project]\nname = \"demo\"\n\n[state]\nbackend = \"s3\"\nbucket = \"{BUCKET}\"\nprefix = \"team\"\nregion = \"{REGION}\"\n\
                 {table}{lines}\n\n[stacks.main]\nspec = \"main.toml\"\n"
            ),
        );
    }

    /// Runs the program in this world.
    pub fn run(&self, arguments: &[&str]) -> String {
        self.run_in(&self.project, arguments)
    }

    pub fn run_in(&self, project: &Project, arguments: &[&str]) -> String {
        self.run_knowing(project, arguments, &[])
    }

    /// The same, with more in the environment.
    pub fn run_knowing(&self, project: &Project, arguments: &[&str], more: &[(&str, &str)]) -> String {
        let environment = self.world.environment();
        let environment = environment.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let environment: Vec<_> = environment.chain(more.iter().copied()).collect();
        project.run_with(arguments, &environment)
    }

    /// Runs the program, which must succeed, and returns its stdout as it is.
    pub fn stdout(&self, arguments: &[&str]) -> String {
        self.project.stdout_with(arguments, &self.world.environment())
    }

    pub fn start(&self, arguments: &[&str]) -> Child {
        self.project.start(arguments, &self.world.environment())
    }

    /// The same ledger, as somebody else uses it.
    pub fn ledger(&self) -> RemoteLedger {
        RemoteLedger::on(self.store()).known_as("somebody")
    }

    /// Where its texts are, as they stand.
    fn store(&self) -> Arc<dyn Store> {
        let config = drive::session(&self.world.endpoint(), REGION, |_| None).reading_config().clone();
        let bucket = Bucket::new(&config, BUCKET, "team", None);
        match self.with_table {
            true => Arc::new(S3DynamoDb::new(bucket, Table::new(&config, TABLE))),
            false => Arc::new(S3Only::new(bucket)),
        }
    }

    /// Returns all that is kept of the stack, as it stands.
    pub fn held(&self) -> Held {
        let store = self.store();
        self.runtime.block_on(async {
            let (head, _) = store.head(STACK).await.expect("an answer").expect("a head");
            let slots = store.slots(STACK, 0).await.expect("an answer").into_iter().collect();
            let mut objects = BTreeMap::new();
            for folder in [STACK.to_owned(), format!("{STACK}/state")] {
                for name in store.names(&folder).await.expect("an answer") {
                    let name = format!("{folder}/{name}");
                    // A folder is listed as well; the head of one without a table is told above.
                    if let Some(bytes) = store.object(&name).await.expect("an answer").filter(|_| !name.ends_with("head.json")) {
                        objects.insert(name, bytes);
                    }
                }
            }
            Held { head, slots, objects }
        })
    }

    /// Puts a copy of what a stack's place held in the place of whatever is there, as who can write to all of it might.
    pub fn put_back(&self, held: &Held) {
        let store = self.store();
        self.runtime.block_on(async {
            let over = store.head(STACK).await.expect("an answer").map(|(_, version)| version);
            for (name, bytes) in &held.objects {
                // What is there still never changes, and the bucket's policy lets nobody replace it.
                let added = store.add_object(name, bytes).await;
                assert!(matches!(added, Ok(()) | Err(StoreFault::Conflict)), "{added:?}");
            }
            for (number, _) in store.slots(STACK, 0).await.expect("an answer") {
                store.remove_slot(STACK, number).await.expect("it is done");
            }
            for (number, bytes) in &held.slots {
                store.add_slot(STACK, *number, bytes).await.expect("it is done");
            }
            store.set_head(STACK, &held.head, "copied", over.as_ref()).await.expect("it is done");
        });
    }

    pub fn finish(&self) {
        let missing = self.world.proxy().not_implemented();
        assert!(missing.is_empty(), "the simulator can't do: {missing:?}");
    }
}

pub fn key() -> StackKey {
    StackKey { project: "demo".to_owned(), environment: "default".to_owned(), stack: "main".to_owned() }
}

pub fn flat(said: &str) -> String {
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}
