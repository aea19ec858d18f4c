//! States that leave a folder, or come to one. A file `moved` says where a state went.

use lowtide_state::{
    Doing, LedgerFault, StackKey,
    format::{Snapshot, Written},
};

use super::{
    LocalLedger, blocking,
    commit::{self, STATE},
    contents::{self, Contents},
    folder::{Folder, unusable},
    kept, key,
    lock::Lock,
    note,
};
use crate::{
    archive::{self, Archive, Leaving, Parcel, Unpacked},
    who::Us,
};

/// Says where a state went.
pub(super) const MOVED: &str = "moved";

/// Refuses a state that went elsewhere.
pub(super) fn check(folder: &Folder) -> Result<(), LedgerFault> {
    match folder.read(MOVED)? {
        Some((to, _)) => Err(archive::moved(folder.path(STATE).display().to_string(), String::from_utf8_lossy(&to).trim())),
        None => Ok(()),
    }
}

impl Archive for LocalLedger {
    fn pack<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Parcel> {
        let (ledger, key) = (self.clone(), key.clone());
        blocking(move || {
            let folder = ledger.made(&key)?;
            let place = folder.path(STATE);
            let (bytes, _) = folder.text(STATE, STATE)?.ok_or_else(|| unusable(&place, "read", "it has vanished"))?;
            let parcel = Parcel::new(bytes).map_err(|error| error.at(place.display()))?;
            let mut notes = std::collections::BTreeMap::new();
            for name in note::names(&folder)? {
                notes.extend(note::read(&folder, &name)?.map(|text| (name, text)));
            }
            Ok(Parcel { key: key::load(&folder)?, notes, ..parcel })
        })
    }

    fn unpack<'a>(&'a self, key: &'a StackKey, parcel: &'a Parcel) -> Doing<'a, Unpacked> {
        let (ledger, key, parcel) = (self.clone(), key.clone(), parcel.clone());
        blocking(move || take_in(&ledger.made(&key)?, &key, &ledger.us, parcel))
    }

    fn keep<'a>(&'a self, key: &'a StackKey, text: Vec<u8>) -> Doing<'a, ()> {
        let (ledger, key) = (self.clone(), key.clone());
        blocking(move || kept::add(&ledger.made(&key)?, text))
    }

    fn retire<'a>(&'a self, key: &'a StackKey, leaving: Leaving<'a>, to: &'a str) -> Doing<'a, ()> {
        let (ledger, key, to) = (self.clone(), key.clone(), to.to_owned());
        let hash = leaving.hash.to_owned();
        blocking(move || leave(&ledger.made(&key)?, &key, &hash, &to))
    }
}

/// Makes a parcel the state of a folder that has none, or whose state went elsewhere and now comes back.
pub(super) fn take_in(folder: &Folder, key: &StackKey, us: &Us, parcel: Parcel) -> Result<Unpacked, LedgerFault> {
    let _lock = Lock::take(folder, key, us, "init --migrate-state")?;
    let written = Written { text: parcel.text, snapshot: parcel.snapshot };
    let previous = match place_for(folder, &written.snapshot)? {
        Place::Free => None,
        Place::Behind(found) => Some(found),
        Place::There => {
            come_back(folder)?;
            return Ok(Unpacked::AlreadyThere);
        }
    };
    match (&parcel.key, &previous) {
        // Where no state was, no digest depends on a key that is there; a plan may have made it.
        (Some(secret), None) => key::replace(folder, secret)?,
        (Some(secret), Some(_)) => key::put(folder, secret)?,
        (None, _) => {}
    }
    for name in note::names(folder)?.iter().filter(|name| !parcel.notes.contains_key(*name)) {
        note::write(folder, name, None)?;
    }
    for (name, text) in &parcel.notes {
        note::write(folder, name, Some(text))?;
    }
    folder.sync_way()?;
    // The last step but one: until then there is no state here, or it is elsewhere.
    commit::commit(folder, &written, previous.as_deref(), None, &mut |_| Ok(()))?;
    come_back(folder)?;
    Ok(Unpacked::Done)
}

enum Place {
    /// There is none.
    Free,
    /// An older one of the same lineage is there, which went elsewhere.
    Behind(Box<Snapshot>),
    /// It is there.
    There,
}

fn place_for(folder: &Folder, coming: &Snapshot) -> Result<Place, LedgerFault> {
    let found = match contents::read_even_moved(folder)? {
        Contents::Nothing => return Ok(Place::Free),
        Contents::Snapshot { snapshot, .. } => snapshot,
        Contents::Results { base, .. } => return Err(archive::occupied(folder.path(STATE).display().to_string(), &base)),
    };
    let (here, there) = (&found.document.state, &coming.document.state);
    if found.hash == coming.hash {
        return Ok(Place::There);
    }
    if check(folder).is_err() && here.lineage == there.lineage && here.serial < there.serial {
        return Ok(Place::Behind(Box::new(found)));
    }
    Err(archive::occupied(folder.path(STATE).display().to_string(), &found))
}

/// Says where the state is from now on, if it is still that which was moved. The run that moves it holds the lock.
pub(super) fn leave(folder: &Folder, key: &StackKey, hash: &str, to: &str) -> Result<(), LedgerFault> {
    if contents::read(folder)?.loaded().is_none_or(|now| now.hash != hash) {
        return Err(archive::went_on(key));
    }
    folder.write_new(MOVED, format!("{to}\n").as_bytes())?;
    folder.sync()
}

/// Says that the state is here again.
pub(super) fn come_back(folder: &Folder) -> Result<(), LedgerFault> {
    folder.make_way(MOVED)?;
    folder.sync()
}
