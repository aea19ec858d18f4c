//! What corrections remember between calls, because moto does not.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value};

/// One thing of a region: region and id, or region and name.
pub(super) type Place = (String, String);

/// Everything that is remembered.
#[derive(Default)]
pub(in super::super) struct Memory {
    /// What was sent for an ECS service, by its ARN.
    pub(super) services: Shelf<String, Map<String, Value>>,
    /// The class of a log group.
    pub(super) log_groups: Shelf<Place, String>,
    /// The key of a log group.
    pub(super) log_group_keys: Shelf<Place, Option<String>>,
    /// Attributes of a subnet as they were last modified.
    pub(super) subnets: Shelf<Place, HashMap<String, String>>,
    /// What was asked for when a certificate was requested, by its ARN.
    pub(super) certificates: Shelf<String, Value>,
    /// Certificates whose records were found.
    pub(super) issued: Shelf<String, ()>,
    /// For whom an issuer's tokens must be made out, by its ARN.
    pub(super) client_ids: Shelf<String, Vec<String>>,
    /// Tags of what moto keeps none for, by ARN.
    pub(super) tags: Shelf<String, Map<String, Value>>,
    /// The policy of a bucket, by its name.
    pub(super) bucket_policies: Shelf<String, String>,
    /// Budgets with their notices, by account and name.
    pub(super) budgets: Shelf<Place, Value>,
    /// Attributes of a topic that moto loses, by its ARN.
    pub(super) topics: Shelf<String, HashMap<String, String>>,
    /// What was sent for a Lambda function, by region and name.
    pub(super) functions: Shelf<Place, Map<String, Value>>,
    /// Things that take their time.
    pub(super) held: Shelf<super::held::Key, super::held::Hold>,
    /// New things, and from how many looks they are still hidden.
    pub(super) hidden: Shelf<super::hidden::Key, usize>,
    /// What is held by interfaces of things that are gone, and from how many askings it still is.
    pub(super) lingering: Shelf<super::lingering::Key, usize>,
    /// What was refused because it was in use.
    pub(in super::super) refused: Notes,
    /// Requests that carried a client token, and their answers.
    pub(super) tokens: Shelf<super::client_token::Key, (Bytes, Response<Bytes>)>,
}

impl Memory {
    /// Forgets everything, as moto does when it is reset.
    pub(in super::super) fn clear(&self) {
        self.services.clear();
        self.log_groups.clear();
        self.log_group_keys.clear();
        self.subnets.clear();
        self.certificates.clear();
        self.issued.clear();
        self.client_ids.clear();
        self.tags.clear();
        self.bucket_policies.clear();
        self.budgets.clear();
        self.functions.clear();
        self.topics.clear();
        self.tokens.clear();
        self.held.clear();
        self.hidden.clear();
        self.lingering.clear();
        self.refused.clear();
    }
}

/// Sentences in the order they were noted.
#[derive(Default)]
pub(in super::super) struct Notes {
    sentences: Mutex<Vec<String>>,
}

impl Notes {
    pub(super) fn push(&self, sentence: String) {
        self.lock().push(sentence);
    }

    pub(in super::super) fn all(&self) -> Vec<String> {
        self.lock().clone()
    }

    pub(in super::super) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.sentences.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Values kept under keys, for many calls at once.
pub(super) struct Shelf<K, V> {
    values: Mutex<HashMap<K, V>>,
}

impl<K, V> Default for Shelf<K, V> {
    fn default() -> Self {
        Self { values: Mutex::default() }
    }
}

impl<K: Eq + Hash, V: Clone + Default> Shelf<K, V> {
    /// Changes a value, which is made if it is not there.
    pub(super) fn change(&self, key: K, change: impl FnOnce(&mut V)) {
        change(self.lock().entry(key).or_default());
    }
}

impl<K: Eq + Hash, V: Clone> Shelf<K, V> {
    pub(super) fn put(&self, key: K, value: V) {
        self.lock().insert(key, value);
    }

    pub(super) fn get(&self, key: &K) -> Option<V> {
        self.lock().get(key).cloned()
    }

    pub(super) fn take(&self, key: &K) -> Option<V> {
        self.lock().remove(key)
    }

    fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<K, V>> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
