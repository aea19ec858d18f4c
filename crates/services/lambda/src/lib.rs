//! AWS Lambda: functions and who may call them.
//!
//! One file is one kind: a struct whose fields are the attributes, a struct of what AWS decides, and the calls. To add
//! one: write the file (copy the newest good one), a `mod` line and a line in [`register`], and a case in
//! `tests/conformance`. Facts stand on the field they are about; what a fact is for stands in `lowtide_model::Attribute`.

mod function;
mod permission;

use aws_types::SdkConfig;
use lowtide_resource::{Catalog, Of, Service};

/// The service itself.
pub struct Lambda;

impl Service for Lambda {
    type Client = aws_sdk_lambda::Client;
    const NAME: &'static str = "lambda";

    fn connect(config: &SdkConfig) -> Self::Client {
        aws_sdk_lambda::Client::new(config)
    }
}

/// Adds every kind and data source of this service.
pub fn register(catalog: Catalog) -> Catalog {
    catalog.with(Of::<function::Function>::KIND).with(Of::<permission::Permission>::KIND)
}
