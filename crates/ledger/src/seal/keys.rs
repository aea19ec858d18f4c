//! Where data keys come from.

use std::{future::Future, pin::Pin};

use zeroize::Zeroizing;

use super::SealFault;

/// A call for a key under way.
pub type Wrapping<'a, T> = Pin<Box<dyn Future<Output = Result<T, SealFault>> + Send + 'a>>;

/// A key that texts are sealed with, and what it can be had from again.
#[derive(Clone)]
pub struct DataKey {
    /// The key itself: 256 bits, wiped from memory when dropped.
    pub key: Zeroizing<[u8; 32]>,
    /// What stands beside the texts: tells nothing to who has not the keys it is wrapped with.
    pub wrapped: Vec<u8>,
}

/// Makes data keys and gives them back.
pub trait Keys: Send + Sync {
    /// Returns the sort of keys, as one word: `kms`, `passphrase`.
    fn sort(&self) -> &'static str;

    /// Makes a data key for a stack.
    fn make<'a>(&'a self, stack: &'a str) -> Wrapping<'a, DataKey>;

    /// Gives a stack's data key back.
    fn unwrap<'a>(&'a self, stack: &'a str, wrapped: &'a [u8]) -> Wrapping<'a, Zeroizing<[u8; 32]>>;
}
