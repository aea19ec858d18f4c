//! What a stack's texts say together. Reading takes no lock: the head leads to a snapshot that never changes and to slots that
//! never change, and while a run replaces the head it is read anew.

use lowtide_state::{
    LedgerFault, Loaded,
    format::{Extent, Head, Pointer, Slot, Snapshot, Unreadable, Written, read_snapshot},
};

use super::{
    archive, outputs,
    stack::{HEAD, SNAPSHOTS, Stack, slot_name},
    write::{Found, find},
};
use crate::{
    digester::hex,
    session::{self, loaded},
};

/// How often a reader looks again while runs end under its eyes.
const LOOKS: usize = 20;
/// How many older snapshots are looked at for a good one.
const OLDER: usize = 10;

/// What a stack's texts say.
pub(super) struct View {
    /// The head; none where the stack was never opened.
    pub found: Option<Found>,
    /// The snapshot it leads to; none while the first run has not begun.
    pub snapshot: Option<Snapshot>,
    /// What an interrupted run left, as it is to be written next.
    pub results: Option<Written>,
    /// The journal from the snapshot on.
    pub tail: Tail,
}

/// A journal as far as it was read: each slot bound to the one before it.
#[derive(Clone, Debug)]
pub(super) struct Tail {
    /// The number of the next slot.
    pub next: u64,
    /// The hash of the last one.
    pub chain: String,
    /// The epoch of the last one.
    pub epoch: u64,
    /// What stands in them.
    pub lines: String,
    /// Which of them are fences.
    pub fences: Vec<u64>,
}

impl Tail {
    /// Returns the beginning of a journal.
    pub(super) fn of(extent: &Extent) -> Self {
        Self { next: extent.base, chain: extent.base_chain.clone(), epoch: 0, lines: String::new(), fences: Vec::new() }
    }

    /// Takes in the next slot.
    pub(super) fn follow(&mut self, bytes: &[u8]) -> Result<(), Unreadable> {
        let stored = Slot::read(bytes)?;
        let label = &stored.slot.label;
        if label.number != self.next || label.previous != self.chain || label.epoch < self.epoch {
            return Err(Unreadable::Malformed { why: format!("it does not follow slot {}", self.next.saturating_sub(1)) });
        }
        if stored.slot.is_fence() {
            self.fences.push(self.next);
        }
        self.epoch = label.epoch;
        self.lines.push_str(&stored.slot.lines);
        self.chain = stored.hash;
        self.next += 1;
        Ok(())
    }
}

impl View {
    /// Returns it as the rest of Lowtide sees it.
    pub(super) fn loaded(&self) -> Option<Loaded> {
        self.results.as_ref().map(|written| &written.snapshot).or(self.snapshot.as_ref()).map(loaded)
    }
}

/// Reads a stack, unless its state went elsewhere.
pub(super) async fn read(stack: &Stack) -> Result<View, LedgerFault> {
    let view = read_even_moved(stack).await?;
    let head = view.found.as_ref().map(|found| &found.head);
    head.map_or(Ok(()), |head| archive::check(stack, head))?;
    stack.look(head).await;
    Ok(view)
}

/// Reads a stack. What makes no sense is believed only if the head was the same before and after.
pub(super) async fn read_even_moved(stack: &Stack) -> Result<View, LedgerFault> {
    let mut before = None;
    for _ in 0..LOOKS {
        let Some(found) = find(stack).await? else {
            match missing(stack).await {
                // Somebody has just begun it.
                Err(LedgerFault::Damaged { .. }) if find(stack).await?.is_some() => continue,
                read => return read,
            }
        };
        let version = found.version.clone();
        match understood(stack, found).await {
            Ok(None) => {}
            Err(LedgerFault::Damaged { .. }) if before.as_ref() != Some(&version) => before = Some(version),
            Ok(Some(read)) => return Ok(read),
            Err(fault) => return Err(fault),
        }
    }
    Err(stack.fault(HEAD, "read", "it changes again and again; try later"))
}

/// Returns whether a stack was ever opened, even if it can't be read, and has not gone elsewhere.
pub(super) async fn is_there(stack: &Stack) -> Result<bool, LedgerFault> {
    let head = stack.store.head(&stack.folder).await.map_err(|fault| fault.at(stack.place(HEAD), "read"))?;
    Ok(match head {
        Some(_) => !archive::has_left(stack).await?,
        None => is_damaged(stack).await?,
    })
}

/// A stack without a head is a new one only if nothing shows that there was one.
async fn missing(stack: &Stack) -> Result<View, LedgerFault> {
    if is_damaged(stack).await? {
        let why = "it is gone, but there was a state: snapshots or slots of the journal are still there";
        return Err(pointed_out(stack, stack.damaged(HEAD, why), u64::MAX).await);
    }
    Ok(View { found: None, snapshot: None, results: None, tail: Tail::of(&Extent::empty()) })
}

async fn is_damaged(stack: &Stack) -> Result<bool, LedgerFault> {
    Ok(!snapshots(stack).await?.is_empty() || !slots(stack, 0).await?.is_empty())
}

/// Returns what the texts say; nothing if what was read of the journal need not be all that there was.
async fn understood(stack: &Stack, found: Found) -> Result<Option<View>, LedgerFault> {
    let head = &found.head;
    let tail = journal(stack, head).await?;
    if may_be_cut_short(head, &tail) && !find(stack).await?.is_some_and(|now| has_all(&now.head, head)) {
        return Ok(None);
    }
    let Some(pointer) = &head.snapshot else {
        let orphaned = || stack.damaged(HEAD, "it names no snapshot, but there are results");
        let view = View { found: Some(found), snapshot: None, results: None, tail };
        return if view.tail.lines.is_empty() { Ok(Some(view)) } else { Err(orphaned()) };
    };
    let snapshot = match snapshot(stack, pointer, &head.lineage).await {
        Ok(snapshot) => snapshot,
        Err(fault @ LedgerFault::Damaged { .. }) => return Err(pointed_out(stack, fault, pointer.serial).await),
        Err(fault) => return Err(fault),
    };
    let at = slot_name(head.journal.base);
    let results = session::results(&snapshot, tail.lines.as_bytes()).map_err(|error| error.at(stack.place(&at)))?;
    Ok(Some(View { found: Some(found), snapshot: Some(snapshot), results, tail }))
}

/// Returns whether slots may have gone while they were read. A run lets slots go only after the head leads to a snapshot that holds them. If
/// nobody held the stack before, the first slot written since is a fence, which stays: where there is none, nothing was written.
fn may_be_cut_short(head: &Head, tail: &Tail) -> bool {
    head.holder.is_some() || tail.next > head.journal.base
}

/// Returns whether the slots from a head's base on are all still there, by what is the head now.
fn has_all(now: &Head, before: &Head) -> bool {
    (now.epoch, now.journal.base, &now.snapshot) == (before.epoch, before.journal.base, &before.snapshot)
}

async fn journal(stack: &Stack, head: &Head) -> Result<Tail, LedgerFault> {
    let mut tail = Tail::of(&head.journal);
    for (number, bytes) in slots(stack, head.journal.base).await? {
        let name = slot_name(number);
        if number != tail.next {
            return Err(stack.damaged(&slot_name(tail.next), "it is gone, but the slots after it are there"));
        }
        tail.follow(&bytes).map_err(|error| error.at(stack.place(&name)))?;
    }
    if tail.next < head.journal.next {
        return Err(stack.damaged(&slot_name(tail.next), "it is gone, but the head says that it was written"));
    }
    Ok(tail)
}

pub(super) async fn slots(stack: &Stack, from: u64) -> Result<Vec<(u64, Vec<u8>)>, LedgerFault> {
    let found = stack.store.slots(&stack.folder, from).await.map_err(|fault| fault.at(stack.place("journal"), "read"))?;
    found.into_iter().map(|(number, bytes)| Ok((number, stack.legible(&slot_name(number), bytes)?))).collect()
}

async fn snapshot(stack: &Stack, pointer: &Pointer, lineage: &str) -> Result<Snapshot, LedgerFault> {
    let name = snapshot_name(pointer);
    let bytes = stack.object(&name).await?.ok_or_else(|| stack.damaged(&name, "it is gone, but the head leads to it"))?;
    if (Pointer { outputs: pointer.outputs.clone(), ..pointer_to(&bytes, pointer.serial) }) != *pointer {
        return Err(stack.damaged(&name, "it is not what the head says it is"));
    }
    let snapshot = read_snapshot(&bytes).map_err(|error| error.at(stack.place(&name)))?;
    let state = &snapshot.document.state;
    if state.lineage != lineage || state.serial != pointer.serial {
        return Err(stack.damaged(&name, "it is of another lineage or serial than the head says"));
    }
    Ok(snapshot)
}

/// Returns what leads to a snapshot of these bytes.
pub(super) fn pointer_to(bytes: &[u8], serial: u64) -> Pointer {
    Pointer { serial, sha256: sha256(bytes), length: bytes.len() as u64, outputs: None }
}

/// Returns the SHA-256 of a text, in lower-case hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex(&sha2::Sha256::digest(bytes))
}

/// Returns the name of a snapshot's object.
pub(super) fn snapshot_name(pointer: &Pointer) -> String {
    format!("{SNAPSHOTS}/{}", pointer.name())
}

/// Returns the names of a stack's snapshots, oldest first.
pub(super) async fn snapshots(stack: &Stack) -> Result<Vec<String>, LedgerFault> {
    let folder = stack.named(SNAPSHOTS);
    let mut names = stack.store.names(&folder).await.map_err(|fault| fault.at(stack.store.place(&folder), "read"))?;
    names.retain(|name| !outputs::is_one(name));
    Ok(names)
}

/// Returns the names of a stack's snapshots: that which the head leads to, then all others, newest first.
pub(super) async fn kept(stack: &Stack) -> Result<Vec<String>, LedgerFault> {
    let Some(found) = find(stack).await? else { return missing(stack).await.map(|_| Vec::new()) };
    archive::check(stack, &found.head)?;
    let current = found.head.snapshot.map(|pointer| pointer.name());
    let others = snapshots(stack).await?.into_iter().rev().filter(|name| Some(name) != current.as_ref());
    Ok(current.iter().cloned().chain(others).collect())
}

/// Adds to a fault where the last good state is, as far as one can be read.
async fn pointed_out(stack: &Stack, fault: LedgerFault, before: u64) -> LedgerFault {
    let LedgerFault::Damaged { place, why } = fault else { return fault };
    let names = snapshots(stack).await.unwrap_or_default();
    let serial = |name: &str| name.split('-').next().and_then(|serial| serial.parse::<u64>().ok());
    for name in names.iter().rev().filter(|name| serial(name).is_some_and(|serial| serial < before)).take(OLDER) {
        let name = format!("{SNAPSHOTS}/{name}");
        if let Ok(Some(bytes)) = stack.object(&name).await
            && let Ok(good) = read_snapshot(&bytes)
        {
            let why = format!("{why}; the last good state is serial {}, in {}", good.document.state.serial, stack.place(&name));
            return LedgerFault::Damaged { place, why };
        }
    }
    LedgerFault::Damaged { place, why: format!("{why}; no older state can be read either") }
}
