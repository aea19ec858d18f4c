//! The ledger that several machines share: a head that is only replaced under a condition, snapshots that never change, and a
//! journal of slots that are each written once.
//!
//! `<project>/<environment>/<stack>/` holds the head, `journal/<number>`, `state/<serial>-<hash>`, `key` and `note.<name>`;
//! what is an object and what is an item of a table is the business of the [`Store`].
//!
//! What makes it safe:
//! - Who wants to write raises the epoch in the head, under the condition that nobody else has touched it, and then takes the
//!   next slot of the journal with a fence. Whoever wrote before, and does not know, finds that slot taken and stops. Fences
//!   are never deleted, so it stays taken.
//! - The holder gives a sign of life every few seconds, and stops by itself when it could not for a while. Another takes over
//!   only after it has seen the same sign for longer than that, by its own clock. No two clocks are ever compared.
//! - A write whose answer is lost is looked for: head and slots carry a random id of their write.
//!
//! `acquire` gets the right to write, `enter` begins a run with it, `holding` keeps it, `run` uses it; `view` reads, and `write`
//! finds out what became of writes. On this machine `aside` keeps what can't be written, and `last_seen` what was seen.

mod acquire;
mod archive;
mod aside;
mod aws;
mod clock;
mod enter;
mod holding;
mod last_seen;
mod lease;
mod memory_store;
mod outputs;
mod own_file;
mod pursued;
mod run;
mod secret;
mod stack;
mod store;
mod timing;
mod unlock;
mod view;
mod write;

use std::{
    collections::BTreeMap,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use lowtide_state::{Digester, Doing, Ledger, LedgerFault, Loaded, OutputValue, Run, StackKey};
use tokio::{sync::OnceCell, task::JoinSet};

pub(crate) use self::aws::{ITEM, STACK, words};
pub use self::{
    acquire::Waiting,
    aside::{Aside, TakenIn},
    aws::{Bucket, S3DynamoDb, S3Only, Table},
    clock::{BootClock, Clock},
    last_seen::{LastSeen, Mark, WentBack},
    memory_store::MemoryStore,
    store::{Asked, Store, StoreFault, Version},
    timing::Timing,
    unlock::Shown,
};
use self::{pursued::Pursued, stack::Stack};
use crate::{
    KeyedDigester,
    name::{decode, encode},
    session,
    who::Us,
};

/// Finds the store when it is first needed.
pub type Open = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<Arc<dyn Store>, LedgerFault>> + Send>> + Send + Sync>;

/// The ledger that several machines share.
pub struct RemoteLedger {
    open: Open,
    store: OnceCell<Arc<dyn Store>>,
    place: String,
    us: Us,
    timing: Timing,
    clock: Arc<dyn Clock>,
    waiting: Arc<dyn Fn(&Waiting) + Send + Sync>,
    last_seen: Option<Arc<LastSeen>>,
    aside: Option<Arc<Aside>>,
    releases: Arc<Mutex<JoinSet<()>>>,
}

impl RemoteLedger {
    /// Returns the ledger at a place, as people call it. The store is found when it is first needed.
    pub fn new(place: impl Into<String>, open: Open) -> Self {
        Self {
            open,
            store: OnceCell::new(),
            place: place.into(),
            us: Us::default(),
            timing: Timing::default(),
            clock: Arc::new(BootClock),
            waiting: Arc::new(|_| {}),
            last_seen: None,
            aside: None,
            releases: Arc::default(),
        }
    }

    /// Returns the ledger on a store that is there already.
    pub fn on(store: Arc<dyn Store>) -> Self {
        let place = store.place("");
        Self::new(
            place,
            Box::new(move || {
                let store = store.clone();
                Box::pin(async move { Ok(store) })
            }),
        )
    }

    /// Returns it with a name for us, which others read when they have to wait.
    #[must_use]
    pub fn known_as(self, name: impl Into<String>) -> Self {
        Self { us: Us { name: Some(name.into()), ..self.us }, ..self }
    }

    /// Returns it with the id of our run, which is kept with what we write.
    #[must_use]
    pub fn in_run(self, run: impl Into<String>) -> Self {
        Self { us: Us { run: Some(run.into()), ..self.us }, ..self }
    }

    /// Returns it with other times.
    #[must_use]
    pub fn timed(self, timing: Timing) -> Self {
        Self { timing, ..self }
    }

    /// Returns it with another clock.
    #[must_use]
    pub fn by(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// Returns it with a memory of what this machine saw last.
    #[must_use]
    pub fn remembering(self, last_seen: Arc<LastSeen>) -> Self {
        Self { last_seen: Some(last_seen), ..self }
    }

    /// Returns it with a place on this machine for what it can't write down.
    #[must_use]
    pub fn setting_aside(self, aside: Arc<Aside>) -> Self {
        Self { aside: Some(aside), ..self }
    }

    /// Returns it with somebody to tell when it waits for a holder that gives no sign of life.
    #[must_use]
    pub fn telling(self, waiting: impl Fn(&Waiting) + Send + Sync + 'static) -> Self {
        Self { waiting: Arc::new(waiting), ..self }
    }

    /// Waits until the stacks of runs that were dropped before their end, or given up while they began, are free for others.
    pub async fn released(&self) {
        loop {
            let mut going = std::mem::take(&mut *self.releases.lock().unwrap_or_else(PoisonError::into_inner));
            if going.is_empty() {
                return;
            }
            while going.join_next().await.is_some() {}
        }
    }

    /// Writes all of a stack anew as it is: its state, under the next serial, its key and its notes. On a store that seals and lets
    /// clear texts through, they are sealed from then on. Older snapshots stay as they are.
    ///
    /// # Errors
    /// When it is in use, or can't be read or written.
    pub async fn seal(&self, key: &StackKey) -> Result<Loaded, LedgerFault> {
        self.write_anew(key, "state encrypt").await
    }

    /// The same on a store that is leaving its seal: all is in clear from then on.
    ///
    /// # Errors
    /// When it is in use, or can't be read or written.
    pub async fn unseal(&self, key: &StackKey) -> Result<Loaded, LedgerFault> {
        self.write_anew(key, "state decrypt").await
    }

    async fn write_anew(&self, key: &StackKey, doing: &str) -> Result<Loaded, LedgerFault> {
        let written = session::write_anew(self, key, doing).await?;
        let stack = self.stack(key).await?;
        let names = stack.store.names(&stack.folder).await.map_err(|fault| fault.at(stack.place(""), "read"))?;
        for name in names.iter().filter(|name| *name == secret::NAME || name.starts_with(NOTE)) {
            write::put_anew(&stack, name).await?;
        }
        Ok(written)
    }

    async fn store(&self) -> Result<Arc<dyn Store>, LedgerFault> {
        self.store.get_or_try_init(|| (self.open)()).await.cloned()
    }

    async fn stack(&self, key: &StackKey) -> Result<Stack, LedgerFault> {
        Ok(Stack {
            store: self.store().await?,
            folder: folder(key),
            name: key.to_string(),
            timing: self.timing,
            clock: self.clock.clone(),
            last_seen: self.last_seen.clone(),
            aside: self.aside.clone(),
        })
    }
}

impl Ledger for RemoteLedger {
    fn read<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Option<Loaded>> {
        Box::pin(async move { Ok(view::read(&self.stack(key).await?).await?.loaded()) })
    }

    fn outputs<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Option<BTreeMap<String, OutputValue>>> {
        Box::pin(async move {
            let stack = self.stack(key).await?;
            match outputs::read(&stack).await? {
                Some(outputs) => Ok(Some(outputs)),
                None => Ok(view::read(&stack).await?.loaded().map(|read| read.state.outputs)),
            }
        })
    }

    fn open<'a>(&'a self, key: &'a StackKey, doing: &'a str) -> Doing<'a, Box<dyn Run>> {
        Box::pin(async move {
            let stack = self.stack(key).await?;
            let who = self.us.doing(doing);
            let mut candidate = acquire::Candidate::new(&stack, &who, &*self.waiting);
            loop {
                let claim = candidate.claim().await?;
                let (stack, releases, author) = (stack.clone(), self.releases.clone(), self.us.author(doing));
                let given_up = self.releases.clone();
                // If the caller stops waiting, this comes to its end all the same, and the run frees the stack.
                let begun = Pursued::begin(
                    async move {
                        let acquired = match claim.make(&stack).await? {
                            Ok(acquired) => acquired,
                            Err(faster) => return Ok(Err(faster)),
                        };
                        Ok(Ok(run::RemoteRun::begin(enter::enter(&stack, acquired, author).await?, releases).await))
                    },
                    given_up,
                );
                match run::joined(begun).await? {
                    Ok(run) => return Ok(Box::new(run) as Box<dyn Run>),
                    Err(faster) => candidate.too_late(faster),
                }
            }
        })
    }

    fn digester<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Arc<dyn Digester>> {
        Box::pin(async move {
            let secret = secret::load_or_make(&self.stack(key).await?).await?;
            Ok(Arc::new(KeyedDigester::new(secret)) as Arc<dyn Digester>)
        })
    }

    fn list<'a>(&'a self) -> Doing<'a, Vec<StackKey>> {
        Box::pin(async move {
            let store = self.store().await?;
            let names = async |folder: &str| {
                let names = store.names(folder).await.map_err(|fault| fault.at(store.place(folder), "read"))?;
                Ok::<_, LedgerFault>(names.into_iter().filter_map(|name| decode(&name)).collect::<Vec<_>>())
            };
            let mut found = Vec::new();
            for project in names("").await? {
                for environment in names(&encode(&project)).await? {
                    for stack in names(&format!("{}/{}", encode(&project), encode(&environment))).await? {
                        let key = StackKey { project: project.clone(), environment: environment.clone(), stack };
                        if view::is_there(&self.stack(&key).await?).await? {
                            found.push(key);
                        }
                    }
                }
            }
            found.sort();
            Ok(found)
        })
    }

    fn note<'a>(&'a self, key: &'a StackKey, name: &'a str) -> Doing<'a, Option<String>> {
        Box::pin(async move {
            let stack = self.stack(key).await?;
            let note = note(name).map_err(|why| stack.fault("note", "used", why))?;
            archive::check_left(&stack).await?;
            let Some(bytes) = stack.object(&note).await? else { return Ok(None) };
            String::from_utf8(bytes).map(Some).map_err(|_| stack.damaged(&note, "it is no text"))
        })
    }

    fn set_note<'a>(&'a self, key: &'a StackKey, name: &'a str, text: Option<&'a str>) -> Doing<'a, ()> {
        Box::pin(async move {
            let stack = self.stack(key).await?;
            let note = note(name).map_err(|why| stack.fault("note", "used", why))?;
            archive::check_left(&stack).await?;
            let done = stack.store.replace_object(&stack.named(&note), text.map(|text| text.as_bytes().to_vec())).await;
            done.map_err(|fault| fault.at(stack.place(&note), "written"))
        })
    }

    fn kept<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Vec<String>> {
        Box::pin(async move { view::kept(&self.stack(key).await?).await })
    }

    fn kept_text<'a>(&'a self, key: &'a StackKey, name: &'a str) -> Doing<'a, Vec<u8>> {
        Box::pin(async move {
            let stack = self.stack(key).await?;
            let name = format!("{}/{name}", stack::SNAPSHOTS);
            stack.object(&name).await?.ok_or_else(|| stack.damaged(&name, "it is gone"))
        })
    }

    fn location(&self, key: &StackKey) -> String {
        format!("{}/{}", self.place.trim_end_matches('/'), folder(key))
    }
}

/// How names of notes begin.
const NOTE: &str = "note.";

/// Returns the folder of a stack.
fn folder(key: &StackKey) -> String {
    format!("{}/{}/{}", encode(&key.project), encode(&key.environment), encode(&key.stack))
}

/// Returns the name of a note's object.
fn note(name: &str) -> Result<String, &'static str> {
    let plain = !name.is_empty() && name.bytes().all(|letter| letter.is_ascii_lowercase());
    plain.then(|| format!("{NOTE}{name}")).ok_or("a note's name is lower-case letters")
}
