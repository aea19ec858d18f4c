//! The place where state is kept. Every backend has this interface; the engine knows no other.

use std::{collections::BTreeMap, fmt, future::Future, pin::Pin, sync::Arc};

use crate::{Answer, Digester, Entry, OutputValue, State};

/// A call to a ledger under way.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T, LedgerFault>> + Send + 'a>>;

/// Whose state: the same three words in table, bucket, folder and tag.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StackKey {
    /// The project.
    pub project: String,
    /// The environment; `default` where none is named.
    pub environment: String,
    /// The stack.
    pub stack: String,
}

impl fmt::Display for StackKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}/{}", self.project, self.environment, self.stack)
    }
}

/// A state as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The state, with what an interrupted run had already written down.
    pub state: State,
    /// SHA-256 of its canonical form, lower-case hexadecimal: plans bind to it.
    pub hash: String,
}

/// The place where state is kept.
pub trait Ledger: Send + Sync {
    /// Reads a state without locking anything; `None` where the stack has never been applied. Never takes a damaged state for none.
    fn read<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Option<Loaded>>;

    /// Returns what a stack has published: the outputs of the state that [`Ledger::read`] returns. A ledger that several machines share has
    /// them in a small text of their own.
    fn outputs<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Option<BTreeMap<String, OutputValue>>> {
        Box::pin(async move { Ok(self.read(key).await?.map(|read| read.state.outputs)) })
    }

    /// Begins a run that may write. Nobody else can until it ends or is dropped. A stack without state gets a new lineage.
    fn open<'a>(&'a self, key: &'a StackKey, doing: &'a str) -> Doing<'a, Box<dyn Run>>;

    /// Returns the digester of a stack, making its key if there is none yet.
    fn digester<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Arc<dyn Digester>>;

    /// Returns the stacks that have a state.
    fn list<'a>(&'a self) -> Doing<'a, Vec<StackKey>>;

    /// Returns a note that lies beside a stack's state, such as how long its tide is held; `None` where there is none. Notes are
    /// small texts that are no part of the state: writing one changes no serial and takes no lock.
    fn note<'a>(&'a self, key: &'a StackKey, name: &'a str) -> Doing<'a, Option<String>>;

    /// Puts a note in the place of the one before, or takes it away; durable when this returns. A name is lower-case letters.
    fn set_note<'a>(&'a self, key: &'a StackKey, name: &'a str, text: Option<&'a str>) -> Doing<'a, ()>;

    /// Returns the names of the snapshots that are kept of a stack: first the one that is its state, then all others, newest first.
    /// A snapshot is never changed. None where the stack has never been applied.
    fn kept<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Vec<String>>;

    /// Returns the text of a snapshot that is kept, as it was written. Only who reads it can tell whether it is damaged.
    fn kept_text<'a>(&'a self, key: &'a StackKey, name: &'a str) -> Doing<'a, Vec<u8>>;

    /// Says where a stack's state is, for people.
    fn location(&self, key: &StackKey) -> String;
}

/// Whether a run still has the right to write, told without asking anybody. Asked again right before each change goes out to AWS.
#[derive(Clone)]
pub struct Lease(Arc<dyn Fn() -> Result<(), LedgerFault> + Send + Sync>);

impl Lease {
    /// Returns a lease that is as good as what this says.
    pub fn told_by(check: impl Fn() -> Result<(), LedgerFault> + Send + Sync + 'static) -> Self {
        Self(Arc::new(check))
    }

    /// Returns a lease that lasts as long as the process: that of a lock which the system takes back when its holder dies.
    pub fn of_process() -> Self {
        Self::told_by(|| Ok(()))
    }

    /// Says whether the right to write is still ours.
    ///
    /// # Errors
    /// When it is not, or when that can no longer be told.
    pub fn check(&self) -> Result<(), LedgerFault> {
        (self.0)()
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Lease({:?})", self.check())
    }
}

/// A run that may write. One task owns it.
pub trait Run: Send {
    /// Returns the state as it was when the run began.
    fn loaded(&self) -> &Loaded;

    /// Returns the epoch of the run, which tells it from every run before and after, where the ledger counts them; elsewhere a lock keeps
    /// others out.
    fn epoch(&self) -> Option<u64> {
        None
    }

    /// Returns what says whether this run may still change anything.
    fn lease(&self) -> Lease;

    /// Says whether there is room to begin more. What has begun can be written down even so, as far as that can be seen to.
    ///
    /// # Errors
    /// When the disk is full.
    fn room(&self) -> Result<(), LedgerFault> {
        Ok(())
    }

    /// Says which plan this run carries out, by its fingerprint, before anything is written down: journal and snapshots name it.
    fn carries_out<'a>(&'a mut self, plan: &'a str) -> Doing<'a, ()>;

    /// Writes down results; they are durable when this returns.
    fn append<'a>(&'a mut self, entries: &'a [Entry]) -> Doing<'a, ()>;

    /// Keeps on this machine how operations went, where the ledger can't be written any more. The next run from here takes it in, as far as it
    /// is still in doubt by then; one from elsewhere finds out by itself, so that nothing depends on it. Returns whether it is kept.
    fn set_aside<'a>(&'a mut self, answers: &'a [Answer]) -> Doing<'a, bool> {
        let _ = answers;
        Box::pin(async { Ok(false) })
    }

    /// Makes what was written down so far a snapshot, with the serial counted up, and goes on from there: so an interrupted run leaves little
    /// to be read again, however long it was. Does nothing where nothing was written down since the last one, or where another state was
    /// put in place. One that can't be written is put off, as long as what it is to follow stands.
    fn checkpoint(&mut self) -> Doing<'_, ()>;

    /// Puts another state of this lineage in the place of what the run has so far. It counts from the run's end on, at once and whole,
    /// under a serial above both.
    fn replace<'a>(&'a mut self, state: State) -> Doing<'a, ()>;

    /// Ends the run with a snapshot: state, serial counted up if anything changed, and what was appended no longer needed.
    fn finish(self: Box<Self>) -> Doing<'static, Loaded>;
}

/// What went wrong with the place where state is kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerFault {
    /// Someone else is writing.
    #[error("the state of {stack} is in use by {holder}")]
    Held {
        /// Whose state.
        stack: String,
        /// Who, as far as is known.
        holder: String,
    },
    /// The right to write was ours, and is no longer, or nobody can tell.
    #[error("the lease on the state of {stack} is lost: {why}")]
    Lost {
        /// Whose state.
        stack: String,
        /// What happened to it.
        why: String,
    },
    /// It can't be what Lowtide wrote.
    #[error("the state at {place} is damaged: {why}")]
    Damaged {
        /// Where.
        place: String,
        /// What is wrong with it.
        why: String,
    },
    /// A newer Lowtide wrote it.
    #[error("the state at {place} has format {found}; this version reads up to {known}")]
    Newer {
        /// Where.
        place: String,
        /// Its format.
        found: u32,
        /// The newest format this version reads.
        known: u32,
    },
    /// There is no room left to write it.
    #[error("the disk is full: the state at {place} can't be written")]
    Full {
        /// Where.
        place: String,
    },
    /// It can't be read or written.
    #[error("the state at {place} can't be {doing}: {why}")]
    Unusable {
        /// Where.
        place: String,
        /// `read`, `written`, `locked`.
        doing: &'static str,
        /// What the system said.
        why: String,
    },
}
