//! Amazon DynamoDB: tables.
//!
//! One file is one kind: a struct whose fields are the attributes, a struct of what AWS decides, and the calls. To add
//! one: write the file (copy the newest good one), a `mod` line and a line in [`register`], and a case in
//! `tests/conformance`. Facts stand on the field they are about; what a fact is for stands in `lowtide_model::Attribute`.

mod table;
mod tags;

use aws_sdk_dynamodb::error::BuildError;
use aws_types::SdkConfig;
use lowtide_resource::{Catalog, Fault, Of, Service};

/// The service itself.
pub struct DynamoDb;

impl Service for DynamoDb {
    type Client = aws_sdk_dynamodb::Client;
    const NAME: &'static str = "dynamodb";

    fn connect(config: &SdkConfig) -> Self::Client {
        aws_sdk_dynamodb::Client::new(config)
    }
}

/// Adds every kind and data source of this service.
pub fn register(catalog: Catalog) -> Catalog {
    catalog.with(Of::<table::Table>::KIND)
}

/// Returns a part of a request, or what it lacks.
fn built<T>(part: Result<T, BuildError>) -> Result<T, Fault> {
    part.map_err(|error| Fault::ours(&error.to_string()))
}
