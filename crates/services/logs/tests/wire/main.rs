//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

mod log_group;

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_logs::register(Catalog::default())).await
}
