//! Amazon EC2: networks and what secures them.
//!
//! One file is one kind: a struct whose fields are the attributes, a struct of what AWS decides, and the calls. To add
//! one: write the file (copy the newest good one), a `mod` line and a line in [`register`], and a case in
//! `tests/conformance`. Facts stand on the field they are about; what a fact is for stands in `lowtide_model::Attribute`.

mod availability_zones;
mod blocks;
mod describe;
mod eip;
mod internet;
mod internet_gateway;
mod nat_gateway;
mod protocol;
mod route;
mod route_table;
mod route_table_association;
mod routing;
mod security_group;
mod security_group_rule;
mod subnet;
mod tables;
mod tags;
mod vpc;

use aws_types::SdkConfig;
use lowtide_resource::{Catalog, LookupOf, Of, Patience, Service};

/// The service itself.
pub struct Ec2;

impl Service for Ec2 {
    type Client = aws_sdk_ec2::Client;
    const NAME: &'static str = "ec2";

    fn connect(config: &SdkConfig) -> Self::Client {
        aws_sdk_ec2::Client::new(config)
    }
}

/// How long to wait for what network interfaces may hold. They go some time after the load balancer, task or function that they were for:
/// those of a function up to 45 minutes after it (AWS Knowledge Center, "How do I delete a network interface that Lambda created?").
const HELD_BY_INTERFACES: Patience = Patience { delete: 45, in_use: 45, ..Patience::DEFAULT };

/// Adds every kind and data source of this service.
pub fn register(catalog: Catalog) -> Catalog {
    catalog
        .with(Of::<security_group::SecurityGroup>::KIND)
        .with(Of::<security_group_rule::SecurityGroupRule<security_group_rule::In>>::KIND)
        .with(Of::<security_group_rule::SecurityGroupRule<security_group_rule::Out>>::KIND)
        .with(Of::<eip::Eip>::KIND)
        .with(Of::<internet_gateway::InternetGateway>::KIND)
        .with(Of::<nat_gateway::NatGateway>::KIND)
        .with(Of::<route::Route>::KIND)
        .with(Of::<route_table::RouteTable>::KIND)
        .with(Of::<route_table_association::RouteTableAssociation>::KIND)
        .with(Of::<subnet::Subnet>::KIND)
        .with(Of::<vpc::Vpc>::KIND)
        .with_source(LookupOf::<availability_zones::AvailabilityZones>::SOURCE)
}
