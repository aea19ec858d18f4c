//! Amazon Elastic Container Registry: repositories of container images and their policies.
//!
//! One file is one kind: a struct whose fields are the attributes, a struct of what AWS decides, and the calls. To add
//! one: write the file (copy the newest good one), a `mod` line and a line in [`register`], and a case in
//! `tests/conformance`. Facts stand on the field they are about; what a fact is for stands in `lowtide_model::Attribute`.

mod lifecycle_policy;
mod repository;
mod repository_policy;
mod tags;

use aws_types::SdkConfig;
use lowtide_resource::{Catalog, Of, Service};

/// The service itself.
pub struct Ecr;

impl Service for Ecr {
    type Client = aws_sdk_ecr::Client;
    const NAME: &'static str = "ecr";

    fn connect(config: &SdkConfig) -> Self::Client {
        aws_sdk_ecr::Client::new(config)
    }
}

/// Adds every kind and data source of this service.
pub fn register(catalog: Catalog) -> Catalog {
    catalog
        .with(Of::<lifecycle_policy::LifecyclePolicy>::KIND)
        .with(Of::<repository::Repository>::KIND)
        .with(Of::<repository_policy::RepositoryPolicy>::KIND)
}
