//! What this machine saw last of shared states, so that one that went back is noticed.
//!
//! Each text of a state is bound to its head, but who can write to the bucket could put all of it back to what it was a week ago. Serial
//! and epoch only ever grow; so a machine that has seen a later one knows. The first look of a machine has nothing to go by.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use lowtide_state::format::Head;
use serde_json::{Value, json};

use super::{own_file, view::sha256};

/// How large a file of ours may be.
const MOST: u64 = 4096;

/// A state that is older than what this machine has seen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WentBack {
    /// Where the state is.
    pub place: String,
    /// What was seen.
    pub seen: Mark,
    /// What is there; none where there is no state at all.
    pub now: Option<Mark>,
    /// The file that remembers what was seen.
    pub file: PathBuf,
}

/// How far a state has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which state it is.
    pub lineage: String,
    /// Counts what was written.
    pub serial: u64,
    /// Counts who had the right to write.
    pub epoch: u64,
}

/// Remembers in a folder of this machine. What can't be remembered is forgotten: it protects, and nothing depends on it.
pub struct LastSeen {
    folder: PathBuf,
    tell: Box<dyn Fn(&WentBack) + Send + Sync>,
    told: Mutex<BTreeMap<String, Option<Mark>>>,
}

impl LastSeen {
    /// Returns one that remembers in a folder, made when needed, and tells of each state that went back once.
    pub fn new(folder: impl Into<PathBuf>, tell: impl Fn(&WentBack) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { folder: folder.into(), tell: Box::new(tell), told: Mutex::default() })
    }

    /// Takes in what there is at a place, and tells if that is older than what was seen there.
    pub(super) async fn look(self: &Arc<Self>, place: String, now: Option<Mark>) {
        let this = self.clone();
        // Nobody waits for its end in vain: it is a small file of this machine.
        let _ = tokio::task::spawn_blocking(move || this.compare(&place, now)).await;
    }

    fn compare(&self, place: &str, now: Option<Mark>) {
        let name = sha256(place.as_bytes());
        let file = self.folder.join(&name);
        let seen = read(&file);
        match (seen, now) {
            (Some(seen), now) if now.as_ref().is_none_or(|now| now.is_before(&seen)) => {
                self.tell(WentBack { place: place.to_owned(), seen, now, file })
            }
            (seen, Some(now)) if seen.as_ref() != Some(&now) => {
                drop(own_file::write(&self.folder, &name, text(place, &now).as_bytes()));
            }
            _ => {}
        }
    }

    fn tell(&self, back: WentBack) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.insert(back.place.clone(), back.now.clone()) != Some(back.now.clone()) {
            (self.tell)(&back);
        }
    }
}

impl Mark {
    /// Returns how far a head has come; none where it leads to no state yet.
    pub(super) fn of(head: &Head) -> Option<Self> {
        let serial = head.snapshot.as_ref()?.serial;
        Some(Self { lineage: head.lineage.clone(), serial, epoch: head.epoch })
    }

    /// Another lineage is another state, which nobody puts in the place of one that is there.
    fn is_before(&self, other: &Self) -> bool {
        self.lineage != other.lineage || self.serial < other.serial || self.epoch < other.epoch
    }
}

fn read(file: &Path) -> Option<Mark> {
    let json: Value = serde_json::from_slice(&own_file::read(file, MOST)?).ok()?;
    let number = |name: &str| json.get(name)?.as_u64();
    Some(Mark { lineage: json.get("lineage")?.as_str()?.to_owned(), serial: number("serial")?, epoch: number("epoch")? })
}

fn text(place: &str, mark: &Mark) -> String {
    json!({ "place": place, "lineage": mark.lineage, "serial": mark.serial, "epoch": mark.epoch }).to_string()
}
