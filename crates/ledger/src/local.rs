//! The ledger in a folder of this machine, the embedded default.
//!
//! `root/<project>/<environment>/<stack>/` holds `state` (the snapshot), `snapshots/<serial>-<hash>` (those before it),
//! `journal` (the results of a run that has not ended), `outputs` (what the stack publishes), `key` (of the digests), `lock`, and notes as
//! `note.<name>`. Where the ledger has keys all are sealed but lock and notes, and outputs are in the state alone.

mod archive;
mod commit;
mod contents;
mod disk;
mod folder;
mod journal;
mod kept;
mod key;
mod list;
mod lock;
mod note;
mod outputs;
mod run;
mod sealed;
mod trust;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use lowtide_state::{Digester, Doing, Ledger, LedgerFault, Loaded, OutputValue, Run, StackKey};
use tokio::task::JoinError;

use self::{
    commit::STATE,
    folder::{Folder, unusable},
    run::{LocalRun, Writer},
};
use crate::{
    KeyedDigester,
    seal::{Keys, Passage, Sealer, Seals},
    session,
    who::Us,
};

/// The ledger in a folder of this machine.
#[derive(Clone)]
pub struct LocalLedger {
    root: PathBuf,
    us: Us,
    seals: Option<Arc<Seals>>,
}

impl LocalLedger {
    /// Returns the ledger in a folder, which is made when something is written.
    pub fn new(root: PathBuf) -> Self {
        Self { root, us: Us::default(), seals: None }
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

    /// Returns it with its texts sealed, but for notes.
    #[must_use]
    pub fn sealed_with(self, keys: Arc<dyn Keys>) -> Self {
        Self { seals: Some(Arc::new(Seals::new(keys))), ..self }
    }

    /// Returns it reading texts in clear as well, on the way to being sealed.
    #[must_use]
    pub fn letting_clear(self) -> Self {
        self.letting(Passage::LettingClear)
    }

    /// Returns it reading texts in clear as well, and writing no others: on the way out of the seal.
    #[must_use]
    pub fn leaving(self) -> Self {
        self.letting(Passage::Leaving)
    }

    fn letting(self, passage: Passage) -> Self {
        Self { seals: self.seals.map(|seals| Arc::new(seals.letting(passage))), ..self }
    }

    /// Seals what stands in clear of a stack: its state, under the next serial, and its key. The snapshot before stays as it is.
    ///
    /// # Errors
    /// When it is in use, or can't be read or written.
    pub async fn seal(&self, key: &StackKey) -> Result<Loaded, LedgerFault> {
        self.write_anew(key, "state encrypt").await
    }

    /// Puts in clear what is sealed of a stack, where the ledger is [`Self::leaving`] its seal: its state, under the next serial, and its
    /// key. The snapshots before stay as they are.
    ///
    /// # Errors
    /// When it is in use, or can't be read or written.
    pub async fn unseal(&self, key: &StackKey) -> Result<Loaded, LedgerFault> {
        self.write_anew(key, "state decrypt").await
    }

    async fn write_anew(&self, key: &StackKey, doing: &str) -> Result<Loaded, LedgerFault> {
        let written = session::write_anew(self, key, doing).await?;
        let (ledger, key) = (self.clone(), key.clone());
        blocking(move || key::write_anew(&ledger.made(&key)?)).await?;
        Ok(written)
    }

    fn existing(&self, key: &StackKey) -> Result<Option<Folder>, LedgerFault> {
        Ok(Folder::existing(&self.root, key)?.map(|folder| folder.with_seal(self.sealer(key))))
    }

    fn made(&self, key: &StackKey) -> Result<Folder, LedgerFault> {
        Ok(Folder::made(&self.root, key)?.with_seal(self.sealer(key)))
    }

    fn sealer(&self, key: &StackKey) -> Option<Sealer> {
        self.seals.as_ref().map(|seals| seals.of(&key.to_string()))
    }
}

impl Ledger for LocalLedger {
    fn read<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Option<Loaded>> {
        let (ledger, key) = (self.clone(), key.clone());
        blocking(move || match ledger.existing(&key)? {
            Some(folder) => Ok(contents::read(&folder)?.loaded()),
            None => Ok(None),
        })
    }

    fn outputs<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Option<BTreeMap<String, OutputValue>>> {
        let (ledger, key) = (self.clone(), key.clone());
        blocking(move || {
            let Some(folder) = ledger.existing(&key)? else { return Ok(None) };
            match outputs::read(&folder)? {
                Some(published) => Ok(Some(published)),
                None => Ok(contents::read(&folder)?.loaded().map(|read| read.state.outputs)),
            }
        })
    }

    fn open<'a>(&'a self, key: &'a StackKey, doing: &'a str) -> Doing<'a, Box<dyn Run>> {
        let (ledger, key, doing) = (self.clone(), key.clone(), doing.to_owned());
        blocking(move || {
            let folder = ledger.made(&key)?;
            let writer = Writer::open(folder, &key, &ledger.us, &doing, &mut |_| Ok(()))?;
            Ok(Box::new(LocalRun::new(writer)) as Box<dyn Run>)
        })
    }

    fn digester<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Arc<dyn Digester>> {
        let (ledger, key) = (self.clone(), key.clone());
        blocking(move || {
            let folder = ledger.made(&key)?;
            Ok(Arc::new(KeyedDigester::new(key::load_or_make(&folder)?)) as Arc<dyn Digester>)
        })
    }

    fn list<'a>(&'a self) -> Doing<'a, Vec<StackKey>> {
        let root = self.root.clone();
        blocking(move || list::list(&root))
    }

    fn note<'a>(&'a self, key: &'a StackKey, name: &'a str) -> Doing<'a, Option<String>> {
        let (ledger, key, name) = (self.clone(), key.clone(), name.to_owned());
        blocking(move || match ledger.existing(&key)? {
            Some(folder) => {
                archive::check(&folder)?;
                note::read(&folder, &name)
            }
            None => Ok(None),
        })
    }

    fn set_note<'a>(&'a self, key: &'a StackKey, name: &'a str, text: Option<&'a str>) -> Doing<'a, ()> {
        let (ledger, key, name, text) = (self.clone(), key.clone(), name.to_owned(), text.map(str::to_owned));
        blocking(move || {
            let folder = ledger.made(&key)?;
            archive::check(&folder)?;
            note::write(&folder, &name, text.as_deref())
        })
    }

    fn kept<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Vec<String>> {
        let (ledger, key) = (self.clone(), key.clone());
        blocking(move || match ledger.existing(&key)? {
            Some(folder) => kept::names(&folder),
            None => Ok(Vec::new()),
        })
    }

    fn kept_text<'a>(&'a self, key: &'a StackKey, name: &'a str) -> Doing<'a, Vec<u8>> {
        let (ledger, key, name) = (self.clone(), key.clone(), name.to_owned());
        blocking(move || kept::text(&ledger.made(&key)?, &name))
    }

    fn location(&self, key: &StackKey) -> String {
        Folder::path_of(&self.root, key).join(STATE).display().to_string()
    }
}

/// Does file work where it keeps nobody waiting. It comes to its end even if the caller stops waiting.
fn blocking<'a, T: Send + 'static>(work: impl FnOnce() -> Result<T, LedgerFault> + Send + 'static) -> Doing<'a, T> {
    Box::pin(async move { joined(tokio::task::spawn_blocking(work).await) })
}

fn joined<T>(done: Result<Result<T, LedgerFault>, JoinError>) -> Result<T, LedgerFault> {
    match done {
        Ok(done) => done,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // Only a runtime that is being shut down cancels such work.
        Err(error) => Err(unusable("", "written", error)),
    }
}
