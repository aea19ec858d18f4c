//! Amazon EventBridge: rules and their targets.
//!
//! One file is one kind: a struct whose fields are the attributes, a struct of what AWS decides, and the calls. To add
//! one: write the file (copy the newest good one), a `mod` line and a line in [`register`], and a case in
//! `tests/conformance`. Facts stand on the field they are about; what a fact is for stands in `lowtide_model::Attribute`.

mod rule;
mod tags;
mod target;

use aws_types::SdkConfig;
use lowtide_resource::{Catalog, Of, Service};

/// The service itself.
pub struct Events;

impl Service for Events {
    type Client = aws_sdk_eventbridge::Client;
    const NAME: &'static str = "eventbridge";

    fn connect(config: &SdkConfig) -> Self::Client {
        aws_sdk_eventbridge::Client::new(config)
    }
}

/// Adds every kind and data source of this service.
pub fn register(catalog: Catalog) -> Catalog {
    catalog.with(Of::<rule::Rule>::KIND).with(Of::<target::Target>::KIND)
}
