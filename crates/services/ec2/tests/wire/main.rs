//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

mod addresses;
mod availability_zones;
mod checks;
mod internet_gateway;
mod routing;
mod security_group;
mod security_group_rule;
mod subnet;
mod vpc;

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_ec2::register(Catalog::default())).await
}
