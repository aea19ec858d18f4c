//! AWS Identity and Access Management: roles, policies, and whose tokens are trusted.
//!
//! One file is one kind: a struct whose fields are the attributes, a struct of what AWS decides, and the calls. To add
//! one: write the file (copy the newest good one), a `mod` line and a line in [`register`], and a case in
//! `tests/conformance`. IAM is one for the whole account; rounds that need not be exact read it from one dump (`account`).

mod account;
mod grammar;
mod openid_connect_provider;
mod policy;
mod policy_document;
mod policy_text;
mod role;
mod role_policy;
mod role_policy_attachment;
mod tags;

use aws_types::SdkConfig;
use lowtide_resource::{Catalog, Of, Service};

/// The service itself.
pub struct Iam;

impl Service for Iam {
    type Client = aws_sdk_iam::Client;
    const NAME: &'static str = "iam";

    fn connect(config: &SdkConfig) -> Self::Client {
        aws_sdk_iam::Client::new(config)
    }
}

/// Where calls to IAM go.
const HOME: lowtide_model::Scope = lowtide_model::Scope::Global("us-east-1");

/// Adds every kind and data source of this service.
pub fn register(catalog: Catalog) -> Catalog {
    catalog
        .with(Of::<openid_connect_provider::OpenIdConnectProvider>::KIND)
        .with(Of::<policy::ManagedPolicy>::KIND)
        .with(Of::<role::Role>::KIND)
        .with(Of::<role_policy::RolePolicy>::KIND)
        .with(Of::<role_policy_attachment::RolePolicyAttachment>::KIND)
        .with_source(&policy_document::POLICY_DOCUMENT)
}
