//! Every kind of this service led through its life against moto.

use lowtide_model::{Object, Observation, Value};
use lowtide_resource::{Catalog, Session};
use lowtide_testkit::{World, drive::Driver};

mod addresses;
mod availability_zones;
mod checks;
mod internet_gateway;
mod routing;
mod security_group;
mod security_group_rule;
mod subnet;
mod vpc;

/// One simulator for one test, with a session that leads to it.
struct Bench {
    world: World,
    session: Session,
    catalog: Catalog,
}

impl Bench {
    async fn start() -> anyhow::Result<Self> {
        let world = World::start().await?;
        let session = lowtide_testkit::drive::session(&world.endpoint(), world.region(), |_| None);
        Ok(Self { world, session, catalog: lowtide_service_ec2::register(Catalog::default()) })
    }

    fn driver(&self, kind: &str) -> Driver<'_> {
        Driver { kind: self.catalog.kind(kind).expect("a kind of this service").as_ref(), session: &self.session }
    }

    async fn create(&self, kind: &str, wish: &str) -> anyhow::Result<Observation> {
        self.driver(kind).create(&object(wish)).await
    }

    /// Ends a test: no call may have met something the simulator can't do.
    fn finish(self) {
        assert!(self.world.proxy().not_implemented().is_empty(), "{:?}", self.world.proxy().not_implemented());
    }
}

/// Reads attributes from JSON.
fn object(json: &str) -> Object {
    match Value::from_json(&serde_json::from_str(json).expect("JSON")) {
        Some(Value::Object(members)) => Object(members),
        other => panic!("{other:?} is no object"),
    }
}
