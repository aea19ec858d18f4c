//! AWS STS: who the credentials in use belong to. No kinds live here.

mod caller_identity;

use aws_types::SdkConfig;
use lowtide_resource::{Catalog, LookupOf, Service};

pub use caller_identity::identity;

/// The service itself.
pub struct Sts;

impl Service for Sts {
    type Client = aws_sdk_sts::Client;
    const NAME: &'static str = "sts";

    fn connect(config: &SdkConfig) -> Self::Client {
        aws_sdk_sts::Client::new(config)
    }
}

/// Adds every kind and data source of this service.
pub fn register(catalog: Catalog) -> Catalog {
    catalog.with_source(LookupOf::<caller_identity::CallerIdentity>::SOURCE)
}
