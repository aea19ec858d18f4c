//! Every kind of this service led through its life against moto.

use lowtide_model::{Object, Value};
use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

mod cluster;
mod service;
mod task_definition;

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_ecs::register(Catalog::default())).await
}

/// Returns changes that take attributes away.
fn without(names: &[&str]) -> Object {
    Object(names.iter().map(|name| ((*name).to_owned(), Value::Null)).collect())
}
