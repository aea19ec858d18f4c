//! A step before it has its place in the order.

use std::collections::BTreeSet;

use lowtide_diagnostic::Diagnostic;
use lowtide_model::{Address, Place, Planned, PlannedObject};

use crate::{Action, Change, Reason};

/// A step before it has its place in the order.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The resource or data source.
    pub address: Address,
    /// Which of the things with this address.
    pub generation: u32,
    /// The physical id, where there is one.
    pub physical_id: Option<String>,
    /// What is done.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// What changes.
    pub changes: Vec<Change>,
    /// As it is.
    pub before: Planned,
    /// As it will be.
    pub after: Planned,
    /// The inputs as they will be.
    pub wish: PlannedObject,
    /// Where.
    pub place: Place,
    /// The alias of the provider.
    pub provider: Option<String>,
    /// Whether it is half of a replacement.
    pub replaces: bool,
    /// Of a replacement: whether the new one comes first.
    pub create_first: bool,
    /// What it refers to, by its spec or, where it is no longer declared, by its record.
    pub depends_on: BTreeSet<Address>,
    /// What it may stand on besides: by its record where the spec no longer says so, by its spec where the record does not
    /// say so yet. Heeded where an order allows it.
    pub may_stand_on: BTreeSet<Address>,
    /// Of a create: the physical id it takes, where that is known.
    pub takes: Option<String>,
    /// Of a replacement: what is wrong if the new one comes first.
    pub clash: Option<Box<Diagnostic>>,
}
