//! Amazon Route 53: zones and records.
//!
//! One file is one kind: a struct whose fields are the attributes, a struct of what AWS decides, and the calls. To add
//! one: write the file (copy the newest good one), a `mod` line and a line in [`register`], and a case in
//! `tests/conformance`. Facts stand on the field they are about; what a fact is for stands in `lowtide_model::Attribute`.

mod change;
mod hosted_zone;
mod record;
mod sets;
mod tags;
mod zone;

use aws_types::SdkConfig;
use lowtide_model::Scope;
use lowtide_resource::{Catalog, LookupOf, Of, Service};

/// The service itself.
pub struct Route53;

impl Service for Route53 {
    type Client = aws_sdk_route53::Client;
    const NAME: &'static str = "route53";

    fn connect(config: &SdkConfig) -> Self::Client {
        aws_sdk_route53::Client::new(config)
    }
}

/// Where calls to Route 53 go.
const HOME: Scope = Scope::Global("us-east-1");

/// Adds every kind and data source of this service.
pub fn register(catalog: Catalog) -> Catalog {
    catalog.with(Of::<record::Record>::KIND).with(Of::<zone::Zone>::KIND).with_source(LookupOf::<hosted_zone::HostedZone>::SOURCE)
}
