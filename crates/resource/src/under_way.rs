//! Requests whose end AWS tells under an id of their own, while what they are about already reads as it will be.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::{Context, Service};

/// The requests of this session that are not known to be done, by service and by what they are about. A later run knows none of
/// them, and takes for done what reads so.
#[derive(Default)]
pub struct UnderWay(Mutex<HashMap<(&'static str, String), Vec<String>>>);

impl<S: Service> Context<'_, S> {
    /// Remembers the id under which AWS tells how far a request about `thing` is.
    pub fn began(&self, thing: &str, request: &str) {
        self.change(thing, |requests| requests.push(request.to_owned()));
    }

    /// Returns the ids of requests about `thing` that are not known to be done.
    pub fn under_way(&self, thing: &str) -> Vec<String> {
        self.change(thing, |requests| requests.clone())
    }

    /// Forgets a request that is done.
    pub fn ended(&self, thing: &str, request: &str) {
        self.change(thing, |requests| requests.retain(|one| one != request));
    }

    fn change<T>(&self, thing: &str, change: impl FnOnce(&mut Vec<String>) -> T) -> T {
        let mut all = self.under_way.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (S::NAME, thing.to_owned());
        let requests = all.entry(key.clone()).or_default();
        let answer = change(requests);
        if requests.is_empty() {
            all.remove(&key);
        }
        answer
    }
}
