//! What is remembered of a resource after a step, without anything sensitive.

use std::collections::BTreeMap;

use lowtide_model::{Address, Description, Object, Observation, Planned, PlannedObject};
use lowtide_plan::{Hidden, Step, asks_otherwise, secret_path};
use lowtide_state::{Digester, Lingering, Protection, Record, Remembered, Status};

use crate::lingering;

/// What a record is made of, beside what AWS says.
pub struct Memory<'a> {
    /// The step that made or changed it.
    pub step: &'a Step,
    /// Its kind.
    pub description: &'a Description,
    /// What was asked for, with its marks.
    pub wish: &'a PlannedObject,
    /// What was remembered of it before.
    pub former: Option<&'a Record>,
    /// What it refers to.
    pub dependencies: Vec<Address>,
    /// How it is protected.
    pub protection: Protection,
    /// Requests for it that may still arrive, of earlier operations.
    pub lingering: Vec<Lingering>,
    /// What was deleted and is watched, with the requests for it that may still arrive: who takes its name meets them.
    pub watched: Vec<(&'a Record, Vec<Lingering>)>,
    /// Until when this one's may, where its reply was lost.
    pub ambiguous_until: Option<u64>,
    /// Makes digests of sensitive values.
    pub digester: &'a dyn Digester,
}

impl Memory<'_> {
    /// Returns the record of something that AWS has given an id; what it looks like is not known yet, or not any more.
    pub fn made(&self, id: &str, uid: &str) -> Record {
        self.record(id, uid, Remembered::default(), Status::Partial)
    }

    /// Returns the record of something as it was seen.
    pub fn seen(&self, uid: &str, seen: &Observation, status: Status) -> Record {
        let mut record = self.record(&seen.id, uid, Remembered::default(), status);
        let hidden = Hidden { description: self.description, wish: Some(self.wish), record: Some(&record) };
        record.seen = hidden.clear(seen);
        record
    }

    fn hides(&self, name: &str) -> bool {
        let secret = self.description.input(name).is_some_and(|row| row.secret);
        secret || self.wish.get(name).is_some_and(Planned::holds_sensitive)
    }

    fn record(&self, id: &str, uid: &str, seen: Remembered, status: Status) -> Record {
        let mut record = Record {
            address: self.step.address.clone(),
            generation: self.step.generation,
            provider: self.step.provider.clone(),
            place: self.step.place.clone(),
            id: id.to_owned(),
            uid: uid.to_owned(),
            inputs: Object::default(),
            digests: BTreeMap::new(),
            seen,
            dependencies: self.dependencies.clone(),
            status,
            protection: self.protection,
            lingering: Vec::new(),
            unknown: BTreeMap::new(),
        };
        for (name, value) in self.wish.iter().filter_map(|(name, value)| Some((name, value.known()?))) {
            if self.hides(name) {
                let digest = self.digester.digest(&secret_path(uid, name), &value);
                record.digests.insert(name.clone(), digest);
            } else {
                record.inputs.set(name.clone(), value);
            }
        }
        // What was sensitive and is no longer asked for stays so where AWS keeps it, or others may have added to it.
        for (name, digest) in self.former.into_iter().flat_map(|former| &former.digests) {
            if self.wish.get(name).is_none() && self.description.input(name).is_some_and(|row| row.computed() || row.open) {
                record.digests.insert(name.clone(), digest.clone());
            }
        }
        let namesakes = self.watched.iter().filter(|(watched, _)| watched.has_the_name_of(&record) && watched.key() != record.key());
        let theirs: Vec<_> = namesakes.flat_map(|(_, requests)| requests.clone()).collect();
        record.lingering = lingering::merged(self.lingering.iter().cloned().chain(theirs));
        if let Some(until) = self.ambiguous_until {
            let one = record.lingering_until(until);
            lingering::add(&mut record.lingering, one, |known| !asks_otherwise(known.asked(), self.wish, self.digester));
        }
        record
    }
}
