//! Amazon S3: buckets and what is set on them.
//!
//! One file is one kind: a struct whose fields are the attributes, a struct of what AWS decides, and the calls. To add
//! one: write the file (copy the newest good one), a `mod` line and a line in [`register`], and a case in
//! `tests/conformance`. Facts stand on the field they are about; what a fact is for stands in `lowtide_model::Attribute`.

mod bucket;
mod encryption;
mod policy;
mod public_access_block;
mod versioning;

use aws_types::SdkConfig;
use lowtide_resource::{Catalog, Of, Service};

/// The service itself.
pub struct S3;

impl Service for S3 {
    type Client = aws_sdk_s3::Client;
    const NAME: &'static str = "s3";

    fn connect(config: &SdkConfig) -> Self::Client {
        // Buckets have hosts of their own but on a simulator, which has one host for all.
        let settings = aws_sdk_s3::config::Builder::from(config).force_path_style(config.endpoint_url().is_some());
        aws_sdk_s3::Client::from_conf(settings.build())
    }
}

/// Adds every kind and data source of this service.
pub fn register(catalog: Catalog) -> Catalog {
    catalog
        .with(Of::<bucket::Bucket>::KIND)
        .with(Of::<encryption::Encryption>::KIND)
        .with(Of::<policy::BucketPolicy>::KIND)
        .with(Of::<public_access_block::PublicAccessBlock>::KIND)
        .with(Of::<versioning::Versioning>::KIND)
}
