//! What a shared ledger asks of the place where it keeps its texts: little enough that S3 alone can give it.

use std::{fmt, pin::Pin};

use lowtide_state::LedgerFault;

/// A call to a store under way.
pub type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreFault>> + Send + 'a>>;

/// Tells one content of a head from every other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(pub String);

/// What went wrong with a call to a store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreFault {
    /// What the write asked for as its condition is not so.
    #[error("somebody else wrote it")]
    Conflict,
    /// Nobody knows whether it was done, or it may work the next time.
    #[error("{0}")]
    Unknown(String),
    /// What a text leads to is not there: it has gone since the text was read, or was lost.
    #[error("{0}")]
    Missing(String),
    /// It was not done, and asking again does not help.
    #[error("{0}")]
    Refused(String),
}

impl StoreFault {
    /// Returns the fault of a ledger that met it at a place.
    pub(crate) fn at(self, place: impl fmt::Display, doing: &'static str) -> LedgerFault {
        let (place, why) = (place.to_string(), self.to_string());
        match self {
            Self::Missing(_) => LedgerFault::Damaged { place, why },
            Self::Conflict | Self::Unknown(_) | Self::Refused(_) => LedgerFault::Unusable { place, doing, why },
        }
    }
}

/// A place where a shared ledger keeps its texts. Every read sees every write that was answered before it began.
pub trait Store: Send + Sync {
    /// Returns the head of a stack.
    fn head<'a>(&'a self, stack: &'a str) -> Asked<'a, Option<(Vec<u8>, Version)>>;

    /// Puts a head in the place of exactly this version, or where none is. `write_id` is what no other write has.
    fn set_head<'a>(&'a self, stack: &'a str, text: &'a [u8], write_id: &'a str, over: Option<&'a Version>) -> Asked<'a, Version>;

    /// Returns the slots of a journal from a number on, in their order.
    fn slots<'a>(&'a self, stack: &'a str, from: u64) -> Asked<'a, Vec<(u64, Vec<u8>)>>;

    /// Returns one slot of a journal.
    fn slot<'a>(&'a self, stack: &'a str, number: u64) -> Asked<'a, Option<Vec<u8>>>;

    /// Writes a slot that is not there yet.
    fn add_slot<'a>(&'a self, stack: &'a str, number: u64, text: &'a [u8]) -> Asked<'a, ()>;

    /// Deletes a slot; that it is gone already is as good.
    fn remove_slot<'a>(&'a self, stack: &'a str, number: u64) -> Asked<'a, ()>;

    /// Returns an object.
    fn object<'a>(&'a self, name: &'a str) -> Asked<'a, Option<Vec<u8>>>;

    /// Writes an object that is not there yet.
    fn add_object<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> Asked<'a, ()>;

    /// Puts an object in the place of whatever is there, or takes it away.
    fn replace_object<'a>(&'a self, name: &'a str, bytes: Option<Vec<u8>>) -> Asked<'a, ()>;

    /// Puts an object in the place of exactly this one.
    fn exchange_object<'a>(&'a self, name: &'a str, seen: &'a [u8], bytes: &'a [u8]) -> Asked<'a, ()>;

    /// Returns the names of objects and folders directly in a folder, sorted; the empty name is the folder of all.
    fn names<'a>(&'a self, folder: &'a str) -> Asked<'a, Vec<String>>;

    /// Returns a text as it would stand here under a name, for who keeps it elsewhere.
    fn sealed<'a>(&'a self, name: &'a str, text: &'a [u8]) -> Asked<'a, Vec<u8>> {
        let _ = name;
        Box::pin(async move { Ok(text.to_vec()) })
    }

    /// Returns what such a text says.
    fn opened<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> Asked<'a, Vec<u8>> {
        let _ = name;
        Box::pin(async move { Ok(bytes.to_vec()) })
    }

    /// Says where an object is, for people.
    fn place(&self, name: &str) -> String;
}
