//! Amazon S3: buckets and what is set on them.
//!
//! One file is one kind: a struct whose fields are the attributes, a struct of what AWS decides, and the calls. To add
//! one: write the file (copy the newest good one), a `mod` line and a line in [`register`], and a case in
//! `tests/conformance`. Facts stand on the field they are about; what a fact is for stands in `lowtide_model::Attribute`.

use aws_types::SdkConfig;
use lowtide_resource::{Catalog, Service};

/// The service itself.
pub struct S3;

impl Service for S3 {
    type Client = aws_sdk_s3::Client;
    const NAME: &'static str = "s3";

    fn connect(config: &SdkConfig) -> Self::Client {
        aws_sdk_s3::Client::new(config)
    }
}

/// Adds every kind and data source of this service.
pub fn register(catalog: Catalog) -> Catalog {
    catalog
}
