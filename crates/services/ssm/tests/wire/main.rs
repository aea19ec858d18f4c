//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

mod parameter;

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_ssm::register(Catalog::default())).await
}
