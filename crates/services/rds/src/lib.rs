//! Amazon RDS: database instances and their subnet groups.
//!
//! One file is one kind: a struct whose fields are the attributes, a struct of what AWS decides, and the calls. To add
//! one: write the file (copy the newest good one), a `mod` line and a line in [`register`], and a case in
//! `tests/conformance`. Facts stand on the field they are about; what a fact is for stands in `lowtide_model::Attribute`.

mod instance;
mod subnet_group;
mod tags;

use aws_types::SdkConfig;
use lowtide_resource::{Catalog, Of, Service};

/// The service itself.
pub struct Rds;

impl Service for Rds {
    type Client = aws_sdk_rds::Client;
    const NAME: &'static str = "rds";

    fn connect(config: &SdkConfig) -> Self::Client {
        aws_sdk_rds::Client::new(config)
    }
}

/// Adds every kind and data source of this service.
pub fn register(catalog: Catalog) -> Catalog {
    catalog.with(Of::<instance::Instance>::KIND).with(Of::<subnet_group::SubnetGroup>::KIND)
}
