//! Elastic Load Balancing: load balancers, what they listen to and where they send it.
//!
//! One file or folder is one kind: a struct whose fields are the attributes, a struct of what AWS decides, and the calls.
//! To add one: write the file (copy the newest good one), a `mod` line and a line in [`register`], and a case in
//! `tests/conformance`. Facts stand on the field they are about; what a fact is for stands in `lowtide_model::Attribute`.
//!
//! Every list that AWS is asked for fails as a whole when one of its things is gone: `batch` then asks in halves.

mod action;
mod arn;
mod key_value;
mod listener;
mod listener_rule;
mod load_balancer;
mod name;
mod tags;
mod target_group;

use aws_types::SdkConfig;
use lowtide_resource::{Catalog, Of, Service};

/// The service itself.
pub struct Elbv2;

impl Service for Elbv2 {
    type Client = aws_sdk_elasticloadbalancingv2::Client;
    const NAME: &'static str = "elasticloadbalancingv2";

    fn connect(config: &SdkConfig) -> Self::Client {
        aws_sdk_elasticloadbalancingv2::Client::new(config)
    }
}

/// Adds every kind and data source of this service.
pub fn register(catalog: Catalog) -> Catalog {
    catalog
        .with(Of::<load_balancer::LoadBalancer>::KIND)
        .with(Of::<target_group::TargetGroup>::KIND)
        .with(Of::<listener::Listener>::KIND)
        .with(Of::<listener_rule::ListenerRule>::KIND)
}
