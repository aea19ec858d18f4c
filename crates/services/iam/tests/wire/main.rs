//! Every kind of this service led through its life against moto.

use lowtide_model::{Object, Observation, Value};
use lowtide_resource::{Catalog, Session};
use lowtide_testkit::{World, drive::Driver};

mod role;
mod role_policy;
mod role_policy_attachment;

/// One simulator for one test, with a session that leads to it.
struct Bench {
    world: World,
    session: Session,
    catalog: Catalog,
}

impl Bench {
    async fn start() -> anyhow::Result<Self> {
        let world = World::start().await?;
        let session = lowtide_testkit::drive::session(&world.endpoint(), "us-east-1", |_| None);
        Ok(Self { world, session, catalog: lowtide_service_iam::register(Catalog::default()) })
    }

    fn driver(&self, kind: &str) -> Driver<'_> {
        Driver { kind: self.catalog.kind(kind).expect("a kind of this service").as_ref(), session: &self.session }
    }

    async fn create(&self, kind: &str, wish: &str) -> anyhow::Result<Observation> {
        self.driver(kind).create(&object(wish)).await
    }

    /// Makes a role that a service may take on.
    async fn role(&self, name: &str) -> anyhow::Result<Observation> {
        self.create("aws_iam_role", &format!(r#"{{"name": "{name}", "assume_role_policy": {TRUST}}}"#)).await
    }

    /// Returns which of these are there, read in bulk.
    async fn there(&self, kind: &str, ids: &[&str]) -> Vec<bool> {
        use lowtide_resource::{Ask, Round};
        let these: Vec<_> = ids.iter().map(|id| Ask { id: (*id).to_owned(), last: Object::default() }).collect();
        let kind = self.catalog.kind(kind).expect("a kind of this service");
        let seen = kind.read(&self.session, &Round::default(), &these, false).await.expect("an answer");
        seen.iter().map(|(_, sight)| matches!(sight, Ok(Some(_)))).collect()
    }

    /// Ends a test: no call may have met something the simulator can't do.
    fn finish(self) {
        assert!(self.world.proxy().not_implemented().is_empty(), "{:?}", self.world.proxy().not_implemented());
    }
}

/// Who may take on the roles of these tests.
const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                        "Action": "sts:AssumeRole"}]}"#;

/// Reads attributes from JSON.
fn object(json: &str) -> Object {
    match Value::from_json(&serde_json::from_str(json).expect("JSON")) {
        Some(Value::Object(members)) => Object(members),
        other => panic!("{other:?} is no object"),
    }
}
