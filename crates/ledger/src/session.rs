//! What every backend's run has in common: the state it builds on, what it has written down since, and how it becomes a snapshot.

use lowtide_state::{
    Answer, Author, Entry, Ledger, LedgerFault, Loaded, StackKey, State,
    format::{Base, Chain, Document, FORMAT, Pointer, Replay, Snapshot, Unreadable, Written, read_journal, replay, write_snapshot},
};
use uuid::Uuid;

/// What writes the states.
pub(crate) const TOOL: &str = concat!("lowtide ", env!("CARGO_PKG_VERSION"));

/// What the newest snapshot is called where it is told apart from those before it by its place alone.
pub(crate) const CURRENT: &str = "state";

/// A run's knowledge. It touches no file: the backend makes texts durable and then tells it so.
pub(crate) struct Session {
    snapshot: Snapshot,
    state: State,
    chain: Option<Chain>,
    replaced: bool,
    author: Author,
}

/// Results as text to append, which the session has not taken in yet.
pub(crate) struct Prepared {
    /// The lines, with the journal's first line if this begins it.
    pub(crate) text: String,
    chain: Chain,
    entries: Vec<Entry>,
}

impl Session {
    /// Begins a run on a snapshot whose journal is empty.
    pub(crate) fn new(snapshot: Snapshot, author: Author) -> Self {
        let state = snapshot.document.state.clone();
        Self { snapshot, state, chain: None, replaced: false, author }
    }

    /// Returns the snapshot that what is written down builds on: that of the last checkpoint, or the one that the run began with.
    pub(crate) fn builds_on(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Returns the state of that snapshot.
    pub(crate) fn loaded(&self) -> Loaded {
        loaded(&self.snapshot)
    }

    /// Writes entries as text to append.
    pub(crate) fn prepare(&self, entries: &[Entry]) -> Result<Prepared, Unreadable> {
        let (mut text, mut chain) = match &self.chain {
            Some(chain) => (String::new(), chain.clone()),
            None => Chain::begin(&self.base()),
        };
        let mut read_back = Vec::with_capacity(entries.len());
        for entry in entries {
            let line = chain.add(entry)?;
            text.push_str(&line.text);
            read_back.push(line.entry);
        }
        Ok(Prepared { text, chain, entries: read_back })
    }

    /// Takes in results that are durable now.
    pub(crate) fn accept(&mut self, prepared: Prepared) {
        prepared.entries.iter().for_each(|entry| self.state.apply(entry));
        self.chain = Some(prepared.chain);
    }

    /// Takes in which plan the run carries out.
    pub(crate) fn carry_out(&mut self, plan: &str) {
        self.author.plan = Some(plan.to_owned());
    }

    /// Puts another state of the lineage in the place of this one.
    pub(crate) fn replace(&mut self, state: State) {
        self.state = State { lineage: self.state.lineage.clone(), ..state };
        self.replaced = true;
    }

    /// Returns the snapshot to end with; `None` where nothing was written down.
    pub(crate) fn ending(&self) -> Result<Option<Written>, Unreadable> {
        if self.chain.is_none() && !self.replaced {
            return Ok(None);
        }
        let next = self.snapshot.document.next(&self.snapshot.hash, self.state.clone(), TOOL);
        write_snapshot(&next.by(Some(self.author.clone()))).map(Some)
    }

    /// Returns the snapshot of what was written down so far, to go on from; `None` where nothing was, or where another state was put in
    /// place, which counts from the end on.
    pub(crate) fn checkpoint(&self) -> Result<Option<Written>, Unreadable> {
        if self.replaced { Ok(None) } else { self.ending() }
    }

    /// Takes in that such a snapshot is in place: what is written down next builds on it.
    pub(crate) fn go_on_from(&mut self, snapshot: Snapshot) {
        self.state = snapshot.document.state.clone();
        (self.snapshot, self.chain) = (snapshot, None);
    }

    fn base(&self) -> Base {
        let state = &self.snapshot.document.state;
        let (lineage, hash, author) = (state.lineage.clone(), self.snapshot.hash.clone(), Some(self.author.clone()));
        Base { format: FORMAT, lineage, serial: state.serial, hash, author }
    }
}

/// Returns a lineage that nothing else has.
pub(crate) fn lineage() -> String {
    Uuid::new_v4().to_string()
}

/// Returns the first state of a lineage.
pub(crate) fn first(lineage: impl Into<String>, author: &Author) -> Result<Written, Unreadable> {
    write_snapshot(&Document::new(State::new(lineage), TOOL).by(Some(author.clone())))
}

/// Returns what an interrupted run left in the journal beside a snapshot, as the snapshot that is to be written next.
pub(crate) fn results(snapshot: &Snapshot, journal: &[u8]) -> Result<Option<Written>, Unreadable> {
    match replay(snapshot, read_journal(journal)?.as_ref(), TOOL)? {
        Replay::Nothing | Replay::Covered => Ok(None),
        Replay::Results(document) => write_snapshot(&document).map(Some),
    }
}

/// Takes what was set aside into the snapshot that is to be written next, or into a new one; nothing depends on it, so what can't be
/// taken in is left. Returns as well how many operations that settles.
pub(crate) fn with_answers(snapshot: &Snapshot, next: Option<Written>, answers: &[Answer], author: &Author) -> (Option<Written>, usize) {
    let mut document = match &next {
        Some(written) => written.snapshot.document.clone(),
        None => snapshot.document.next(&snapshot.hash, snapshot.document.state.clone(), TOOL).by(Some(author.clone())),
    };
    match document.state.take_in(answers) {
        0 => (next, 0),
        settled => write_snapshot(&document).map_or((next, 0), |written| (Some(written), settled)),
    }
}

/// Returns the name that a snapshot is kept under, which no other content has.
pub(crate) fn kept_name(snapshot: &Snapshot) -> String {
    Pointer { serial: snapshot.document.state.serial, sha256: snapshot.hash.clone(), length: 0, outputs: None }.name()
}

/// Returns a snapshot as the rest of Lowtide sees it.
pub(crate) fn loaded(snapshot: &Snapshot) -> Loaded {
    Loaded { state: snapshot.document.state.clone(), hash: snapshot.hash.clone() }
}

/// Writes a state anew as it is, under the next serial.
pub(crate) async fn write_anew(ledger: &dyn Ledger, key: &StackKey, doing: &str) -> Result<Loaded, LedgerFault> {
    let mut run = ledger.open(key, doing).await?;
    let outputs = run.loaded().state.outputs.clone();
    run.append(&[Entry::Outputs { outputs }]).await?;
    run.finish().await
}
