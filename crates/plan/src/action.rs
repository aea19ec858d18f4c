//! Steps: an action with its place in the order.

use lowtide_model::{Address, Path, Place, Planned, PlannedObject};

/// A step's number in its plan.
pub type StepId = usize;

/// What is done to one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// A new one is made.
    Create,
    /// It is changed in place.
    Update,
    /// It is destroyed.
    Delete,
    /// A data source is read, now that what it depends on is there.
    Read,
    /// It is found, tagged by an interrupted run of this stack, and taken on.
    Adopt,
    /// It is no longer remembered: it was already gone.
    Forget,
}

/// Why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is declared and there is none yet.
    New,
    /// It is not as declared.
    Changed,
    /// It is as declared, but for what its lifecycle says of its end, which is to be remembered.
    Protected,
    /// Somebody else has made it as it is declared now, which is to be remembered.
    Met,
    /// It was there and somebody else removed it.
    GoneOutside,
    /// It can't be changed in place; [`Change::replaces`] says what forces it.
    Replaced,
    /// It is replaced if a value that is not known yet turns out to be another.
    PerhapsReplaced,
    /// The user asked for its replacement.
    ReplaceRequested,
    /// One of these, named in `replace_triggered_by`, changes.
    Triggered(Vec<Address>),
    /// What it is a part of is replaced.
    ParentReplaced(Address),
    /// It moves to another account or region.
    PlaceChanged(Place),
    /// AWS says it is broken.
    Broken(String),
    /// It is no longer declared.
    NotDeclared,
    /// Its declaration no longer makes an instance of this key.
    NoInstance,
    /// A newer one has taken its place in an earlier run.
    Deposed,
    /// The whole stack is destroyed.
    Destroyed,
    /// It was deleted by an earlier run, and a request that makes it anew may arrive until then, in seconds since 1970.
    Watched(u64),
}

/// One attribute, or part of one, that changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which.
    pub path: Path,
    /// What it is now; null for absent.
    pub before: Planned,
    /// What it will be; null for absent.
    pub after: Planned,
    /// Whether it takes a new resource.
    pub replaces: bool,
}

/// An action with its place in the order.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its number in the plan.
    pub id: StepId,
    /// The resource.
    pub address: Address,
    /// Which of the things with this address.
    pub generation: u32,
    /// The physical id, where there is one.
    pub physical_id: Option<String>,
    /// What is done.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// What changes: for a create everything that is asked for, for an update what differs; empty for a delete.
    pub changes: Vec<Change>,
    /// All attributes as they are, as expressions see them; null where there is nothing.
    pub before: Planned,
    /// All attributes as they will be, as expressions see them; null where there will be nothing.
    pub after: Planned,
    /// The inputs as they will be, by their shapes: what apply compares with.
    pub wish: PlannedObject,
    /// Where.
    pub place: Place,
    /// The alias of the provider.
    pub provider: Option<String>,
    /// The other half of a replacement: the delete of a create, the create of a delete.
    pub pair: Option<StepId>,
    /// Of a replacement: whether the new one comes before the old one goes.
    pub create_first: bool,
    /// The steps that come before it.
    pub needs: Vec<StepId>,
}
