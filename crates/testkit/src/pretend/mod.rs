//! A pretend AWS in memory, small enough to read, that fails on demand.
//!
//! [`Pretend`] holds a world of objects and gives a [`lowtide_resource::Catalog`] of kinds that live in it: one of each
//! idempotency class and sort of trouble. `descriptions` says what they are, `kind` what they are asked, `deeds` what they
//! do, `world` what there is,
//! `trouble` what goes wrong and when, `fate` where a run may be struck, `load` what services bear. To add a kind, describe it and add a line to `Pretend::catalog`.
//!
//! It is strict where AWS is: a reference to something that is not there is refused, so is deleting what is referred to,
//! taking a name that is taken, and changing in place what can't be changed. So a test that comes through has kept the order.

mod asked;
mod deeds;
mod descriptions;
mod fate;
mod kind;
mod load;
mod source;
mod trouble;
mod world;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::SdkConfig;
use lowtide_model::{Object, Place, Value};
use lowtide_resource::{Catalog, Session};

pub use fate::{Blow, Fate};
pub use kind::LATE;
pub use load::{Borne, Load};
pub use trouble::{Call, Trouble, Verb, What};
pub use world::Thing;

use kind::{Behaviour, PretendKind};
use load::Strain;
use world::World;

/// The account it is.
pub const ACCOUNT: &str = "111122223333";

/// A pretend AWS. Clones share what is in it.
#[derive(Clone, Default)]
pub struct Pretend {
    world: Arc<Mutex<World>>,
    fate: Fate,
    strain: Arc<Mutex<Option<Strain>>>,
}

impl Pretend {
    /// Returns an empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the kinds and data sources that live in it.
    pub fn catalog(&self) -> Catalog {
        use descriptions as of;
        let kind = |description, behaviour| PretendKind { pretend: self.clone(), description, behaviour };
        Catalog::default()
            .with(kind(&of::NET, Behaviour { accepted: 1, usable: 1, late: &["label"], ..Behaviour::QUICK }))
            .with(kind(&of::HOST, Behaviour { going: 2, ..Behaviour::QUICK }))
            .with(kind(&of::ROLE, Behaviour::QUICK))
            .with(kind(&of::GRANT, Behaviour::QUICK))
            .with(kind(&of::ALARM, Behaviour { late: &["note"], ..Behaviour::QUICK }))
            .with(kind(&of::GATE, Behaviour::QUICK))
            .with(kind(&of::TASK, Behaviour { going: 1, ..Behaviour::QUICK }))
            .with(kind(&of::BASE, Behaviour { accepted: 1, late: &["egress"], ..Behaviour::QUICK }))
            .with(kind(&of::NOTE, Behaviour::QUICK))
            .with_source(source::Zones(self.clone()))
    }

    /// Returns a session that leads nowhere: pretend kinds need none.
    pub fn session(place: &Place) -> Session {
        let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).build();
        Session::new(place.clone(), config.clone(), config, None)
    }

    /// Returns where a run may be struck while it asks.
    pub fn fate(&self) -> &Fate {
        &self.fate
    }

    /// Has services bear only so much from now on. Before, they bear everything, and each request is over at once.
    pub fn put_under(&self, load: Load) {
        *self.strain.lock().unwrap_or_else(PoisonError::into_inner) = Some(Strain::new(load));
    }

    /// Returns how the load was borne since it began.
    pub fn borne(&self) -> Borne {
        self.strain().map(|strain| strain.borne()).unwrap_or_default()
    }

    fn strain(&self) -> Option<Strain> {
        self.strain.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes something go wrong.
    pub fn make_trouble(&self, trouble: Trouble) {
        self.world().trouble(trouble);
    }

    /// Forgets calls and troubles; what there is stays.
    pub fn calm(&self) {
        self.world().calm();
    }

    /// Returns the calls made, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.world().calls.clone()
    }

    /// Returns whether a trouble has happened.
    pub fn troubled(&self) -> bool {
        self.world().troubled
    }

    /// Returns everything there is, oldest first; what is being deleted as well.
    pub fn things(&self) -> Vec<Thing> {
        self.world().things.values().cloned().collect()
    }

    /// Changes an input of something behind our back; null takes it away. Returns whether it is there.
    pub fn change(&self, id: &str, attribute: &str, value: Value) -> bool {
        self.world().change(id, attribute, value)
    }

    /// Takes something away behind our back, whatever stands on it. Returns whether it was there.
    pub fn remove(&self, id: &str) -> bool {
        self.world().remove(id)
    }

    /// Puts something there that is not ours.
    pub fn put(&self, kind: &'static str, id: &str, inputs: Object) {
        self.world().put(kind, id, inputs);
    }

    // A test that panicked while it held this has failed already.
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
