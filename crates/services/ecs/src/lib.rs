//! Amazon ECS: clusters, what runs in them, and services that keep it running.
//!
//! One file is one kind (a larger one a folder): a struct whose fields are the attributes, a struct of what AWS decides,
//! and the calls. To add one: write the file (copy the newest good one), a `mod` line and a line in [`register`], and a
//! case in `tests/conformance`. Facts stand on the field they are about; what a fact is for stands in
//! `lowtide_model::Attribute`.

mod arn;
mod asked_for;
mod cluster;
mod service;
mod tags;
mod task_definition;

use aws_types::SdkConfig;
use lowtide_resource::{Catalog, Of, Service};

/// The service itself.
pub struct Ecs;

impl Service for Ecs {
    type Client = aws_sdk_ecs::Client;
    const NAME: &'static str = "ecs";

    fn connect(config: &SdkConfig) -> Self::Client {
        aws_sdk_ecs::Client::new(config)
    }
}

/// Adds every kind and data source of this service.
pub fn register(catalog: Catalog) -> Catalog {
    catalog.with(Of::<cluster::Cluster>::KIND).with(Of::<task_definition::TaskDefinition>::KIND).with(Of::<service::Service>::KIND)
}
