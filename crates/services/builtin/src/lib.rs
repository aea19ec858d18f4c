//! What needs no AWS service: `terraform_data`, and what is known of the place where a stack lives.
//!
//! Nothing here makes a call. To add one: write the file, a `mod` line and a line in [`register`].

mod partition;
mod region;
mod terraform_data;

use aws_types::SdkConfig;
use lowtide_resource::{Catalog, LookupOf, Of, Service};

/// The service that is none: its client is nothing.
pub struct Builtin;

impl Service for Builtin {
    type Client = ();
    const NAME: &'static str = "builtin";

    fn connect(_config: &SdkConfig) -> Self::Client {}
}

/// Adds every kind and data source of this crate.
pub fn register(catalog: Catalog) -> Catalog {
    catalog
        .with(Of::<terraform_data::TerraformData>::KIND)
        .with_source(LookupOf::<partition::Partition>::SOURCE)
        .with_source(LookupOf::<region::Region>::SOURCE)
}
