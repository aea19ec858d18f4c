//! A stack's state as a whole: taken out of one ledger, put into another, and left behind in a way that nobody goes on with it.

use std::collections::{BTreeMap, BTreeSet};

use lowtide_state::{
    Doing, Ledger, LedgerFault, Run, StackKey,
    format::{Snapshot, Unreadable, read_snapshot},
};
use zeroize::Zeroizing;

use crate::history;

/// A state with all that lies beside it.
#[derive(Clone)]
pub struct Parcel {
    /// The snapshot as it was written.
    pub(crate) text: String,
    /// The same, read.
    pub(crate) snapshot: Snapshot,
    /// The key of its digests; without it every secret would count as changed.
    pub(crate) key: Option<Zeroizing<[u8; 32]>>,
    /// Notes by name.
    pub(crate) notes: BTreeMap<String, String>,
}

impl Parcel {
    pub(crate) fn new(bytes: Vec<u8>) -> Result<Self, Unreadable> {
        let snapshot = read_snapshot(&bytes)?;
        let text = String::from_utf8(bytes).map_err(|error| Unreadable::Malformed { why: error.to_string() })?;
        Ok(Self { text, snapshot, key: None, notes: BTreeMap::new() })
    }
}

/// What became of a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpacked {
    /// It is the state now.
    Done,
    /// It was the state already, or one that the state there has come from.
    AlreadyThere,
}

/// How a move went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// What became of the state.
    pub state: Unpacked,
    /// How many earlier snapshots are at the new place as well.
    pub earlier: usize,
    /// How many pieces of the history could not be read, or were missing: they stay where they are.
    pub left: usize,
}

/// What leaves a place: nothing else may be taken leave of there.
#[derive(Clone, Copy, Debug)]
pub struct Leaving<'a> {
    /// The epoch of the run that holds it, where the ledger counts them.
    epoch: Option<u64>,
    /// The hash of the state.
    pub(crate) hash: &'a str,
}

impl<'a> Leaving<'a> {
    /// Returns what leaves when the state does that a run began with.
    pub fn with(run: &'a dyn Run) -> Self {
        Self { epoch: run.epoch(), hash: &run.loaded().hash }
    }

    /// Returns whether that is what is there, by the epoch of whoever holds it and the hash of the state.
    pub(crate) fn is(self, epoch: Option<u64>, hash: Option<&str>) -> bool {
        self.epoch == epoch && hash == Some(self.hash)
    }
}

/// Says that a state is no longer what was moved.
pub(crate) fn went_on(stack: impl std::fmt::Display) -> LedgerFault {
    let why = "somebody else took it over while it was moved, so it stays in use at the old place; move it again".to_owned();
    LedgerFault::Lost { stack: stack.to_string(), why }
}

/// A ledger whose states can go elsewhere.
pub trait Archive: Ledger {
    /// Returns a state as a whole, while a run of ours holds it.
    fn pack<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Parcel>;

    /// Makes a parcel the state of a stack that has none, or whose state went elsewhere and now comes back. Overwrites nothing.
    fn unpack<'a>(&'a self, key: &'a StackKey, parcel: &'a Parcel) -> Doing<'a, Unpacked>;

    /// Keeps a snapshot that comes before the state, as it was read elsewhere. That it is there already is as good.
    fn keep<'a>(&'a self, key: &'a StackKey, text: Vec<u8>) -> Doing<'a, ()>;

    /// Leaves a state where it is, but says to everybody who comes for it that it is elsewhere now. Only while the run holds it that
    /// moves it, and as long as nothing was written since.
    fn retire<'a>(&'a self, key: &'a StackKey, leaving: Leaving<'a>, to: &'a str) -> Doing<'a, ()>;
}

/// Moves a state with its history. At no time is it nowhere, and at the end only the new place goes on with it. May be repeated after it
/// was interrupted.
///
/// # Errors
/// When someone is writing it, when there is another state at the new place, or when either place can't be read or written.
pub async fn migrate(from: &dyn Archive, to: &dyn Archive, key: &StackKey) -> Result<Moved, LedgerFault> {
    // Nobody else writes meanwhile, and what an interrupted run left is part of the state by now.
    let held = from.open(key, "init --migrate-state").await?;
    let leaving = Leaving::with(&*held);
    let parcel = from.pack(key).await?;
    if parcel.snapshot.hash != leaving.hash {
        return Err(went_on(key));
    }
    let unlike = || {
        let why = "what was written there does not read back as what was read here; nothing was taken away here".to_owned();
        LedgerFault::Damaged { place: to.location(key), why }
    };
    let state = match to.unpack(key, &parcel).await {
        // Whoever is at work there may be ourselves: this very place under another name. What is in use proves nothing.
        Err(fault @ LedgerFault::Held { .. }) => return Err(fault),
        // An earlier move came this far, and the new place has gone on since.
        Err(_) if hashes(to, key).await.is_ok_and(|there| there.contains(&parcel.snapshot.hash)) => Unpacked::AlreadyThere,
        Err(fault) => return Err(fault),
        Ok(_) if to.read(key).await?.as_ref() != Some(held.loaded()) => return Err(unlike()),
        Ok(unpacked) => unpacked,
    };
    let history = history(from, key, None).await?;
    if history.kept().next().is_none_or(|newest| newest.hash != leaving.hash) {
        return Err(went_on(key));
    }
    let there = hashes(to, key).await?;
    for kept in history.kept().filter(|kept| !there.contains(&kept.hash)) {
        to.keep(key, from.kept_text(key, &kept.name).await?).await?;
    }
    let there = hashes(to, key).await?;
    if !history.kept().all(|kept| there.contains(&kept.hash)) {
        return Err(unlike());
    }
    from.retire(key, leaving, &to.location(key)).await?;
    let came = history.kept().count();
    Ok(Moved { state, earlier: came.saturating_sub(1), left: history.pieces.len() - came })
}

/// Returns the hashes of all snapshots in a history.
async fn hashes(ledger: &dyn Archive, key: &StackKey) -> Result<BTreeSet<String>, LedgerFault> {
    Ok(history(ledger, key, None).await?.kept().map(|kept| kept.hash.clone()).collect())
}

/// Says that a state went elsewhere.
pub(crate) fn moved(place: String, to: &str) -> LedgerFault {
    LedgerFault::Unusable { place, doing: "used", why: format!("it was moved to {to}; name that place in [state] of lowtide.toml") }
}

/// Says that a parcel does not go where another state is.
pub(crate) fn occupied(place: String, found: &Snapshot) -> LedgerFault {
    let state = &found.document.state;
    let why = format!("a state is there already (lineage {}, serial {}), and nothing is ever overwritten", state.lineage, state.serial);
    LedgerFault::Unusable { place, doing: "written", why }
}
