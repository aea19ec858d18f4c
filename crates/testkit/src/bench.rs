//! What the tests of a service crate start from: a simulator of their own, a session that leads to it, the service's kinds.

use lowtide_model::{Object, Observation, Value};
use lowtide_resource::{Catalog, Session};

use crate::{
    World,
    drive::{self, Driver},
};

/// One simulator for one test, with a session that leads to it.
pub struct Bench {
    /// The simulator.
    pub world: World,
    /// Leads to it.
    pub session: Session,
    /// The kinds of the service.
    pub catalog: Catalog,
}

impl Bench {
    /// Starts a simulator for these kinds, with a session in the world's region.
    ///
    /// # Errors
    /// When the simulator does not start.
    pub async fn start(catalog: Catalog) -> anyhow::Result<Self> {
        let world = World::start().await?;
        let region = world.region().to_owned();
        Ok(Self::around(world, &region, catalog))
    }

    /// The same in another region, for services that have only one.
    ///
    /// # Errors
    /// When the simulator does not start.
    pub async fn start_in(region: &str, catalog: Catalog) -> anyhow::Result<Self> {
        Ok(Self::around(World::start().await?, region, catalog))
    }

    fn around(world: World, region: &str, catalog: Catalog) -> Self {
        let session = drive::session(&world.endpoint(), region, |_| None);
        Self { world, session, catalog }
    }

    /// Returns what leads one kind through its life.
    ///
    /// # Panics
    /// When the service has no such kind.
    pub fn driver(&self, kind: &str) -> Driver<'_> {
        Driver { kind: self.catalog.kind(kind).expect("a kind of this service").as_ref(), session: &self.session }
    }

    /// Makes one thing, of attributes in JSON.
    ///
    /// # Errors
    /// Says what differs from what was asked for, or what AWS said.
    pub async fn create(&self, kind: &str, wish: &str) -> anyhow::Result<Observation> {
        self.driver(kind).create(&object(wish)).await
    }

    /// Ends a test.
    ///
    /// # Panics
    /// When a call met something the simulator can't do.
    pub fn finish(&self) {
        let missing = self.world.proxy().not_implemented();
        assert!(missing.is_empty(), "the simulator can't do: {missing:?}");
    }
}

/// Reads attributes from JSON.
///
/// # Panics
/// When it is no JSON object.
pub fn object(json: &str) -> Object {
    match Value::from_json(&serde_json::from_str(json).expect("JSON")) {
        Some(Value::Object(members)) => Object(members),
        other => panic!("{other:?} is no object"),
    }
}
