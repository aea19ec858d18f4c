//! `aws_vpc`: a network of its own.
//!
//! `CreateVpc` takes neither token nor name: only the ownership tag in the request tells its result apart. DNS settings
//! are attributes of their own, which AWS returns one by one and sets one to a call.

mod defaults;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::{
    Client,
    types::{
        AttributeBooleanValue, ResourceType, Tenancy, Vpc as Described, VpcAttributeName, VpcCidrBlockState, VpcCidrBlockStateCode,
        VpcState,
    },
};
use defaults::Defaults;
use futures::future::{try_join_all, try_join3};
use lowtide_model::{Arn, Check, Cidr, Create, Model, Object, Phase, Value};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen};

use crate::{
    Ec2, blocks,
    describe::{filter, made_by},
    tags::{self, Tags},
};

/// A virtual private cloud: a network of its own in one region.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Vpc {
    /// The network's main block of IPv4 addresses, /16 to /28.
    #[attr(replaces)]
    pub cidr_block: Cidr,
    /// Whether Amazon provides a /56 block of IPv6 addresses.
    #[attr(default = false)]
    pub assign_generated_ipv6_cidr_block: bool,
    /// Whether instances with public addresses get public DNS names.
    #[attr(computed)]
    pub enable_dns_hostnames: Option<bool>,
    /// Whether Amazon's DNS server answers in the network.
    #[attr(default = true)]
    pub enable_dns_support: bool,
    /// Whether CloudWatch gets metrics of how many addresses are in use.
    #[attr(computed)]
    pub enable_network_address_usage_metrics: Option<bool>,
    /// Whether instances share hardware with other accounts (`default`) or not (`dedicated`).
    #[attr(default = "default", one_of = ["default", "dedicated"], replaces)]
    pub instance_tenancy: String,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about a VPC.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct VpcOutputs {
    /// The network's ARN.
    pub arn: Arn,
    /// The network's id.
    pub id: String,
    /// The network ACL that subnets get unless they are given another.
    pub default_network_acl_id: Option<String>,
    /// The route table that the network was created with.
    pub default_route_table_id: Option<String>,
    /// The security group that interfaces get unless they are given another.
    pub default_security_group_id: Option<String>,
    /// The DHCP options in use.
    pub dhcp_options_id: Option<String>,
    /// The association of the IPv6 block.
    #[attr(renewed_by = ["assign_generated_ipv6_cidr_block"])]
    pub ipv6_association_id: Option<String>,
    /// The IPv6 block.
    #[attr(renewed_by = ["assign_generated_ipv6_cidr_block"])]
    pub ipv6_cidr_block: Option<Cidr>,
    /// The route table of subnets that are given no other.
    pub main_route_table_id: Option<String>,
    /// The account that owns it.
    #[attr(predict = "{account}")]
    pub owner_id: String,
}

impl Resource for Vpc {
    type Outputs = VpcOutputs;
    type Service = Ec2;
    const KIND: &'static str = "aws_vpc";
    const CREATE: Create = Create::TagOnly;
    const IMPORT: &'static str = "VPC_ID";
    const BATCH: usize = 200;
    const CHECKS: &'static [Check] = &[blocks::size];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("ipv4_ipam_pool_id", "address pools (IPAM) are not supported yet"),
        ("ipv4_netmask_length", "goes with an IPAM pool"),
        ("ipv6_ipam_pool_id", "address pools (IPAM) are not supported yet"),
        ("ipv6_netmask_length", "goes with an IPAM pool"),
        ("ipv6_cidr_block_network_border_group", "Local Zones are not supported yet"),
    ];

    async fn create(cx: &Context<'_, Ec2>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let made = cx
            .client
            .create_vpc()
            .cidr_block(&*wish.cidr_block)
            .instance_tenancy(Tenancy::from(wish.instance_tenancy.as_str()))
            .amazon_provided_ipv6_cidr_block(wish.assign_generated_ipv6_cidr_block)
            .set_tag_specifications(tags::specification(ResourceType::Vpc, &wish.tags))
            .send()
            .await?;
        Made::id(made.vpc.and_then(|vpc| vpc.vpc_id), "the id of the VPC")
    }

    async fn read(cx: &Context<'_, Ec2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let pages = cx.client.describe_vpcs().filters(filter("vpc-id", asked.ids())).into_paginator().items().send();
        let found: Vec<Described> = pages.collect::<Result<_, _>>().await?;
        let ids: Vec<_> = found.iter().filter_map(|vpc| vpc.vpc_id.clone()).collect();
        if ids.is_empty() {
            return Ok(asked.answer(BTreeMap::new()));
        }
        let defaults = Defaults::of(cx, asked, &ids).await?;
        let settings = try_join_all(ids.iter().map(|id| Settings::of(&cx.client, id))).await?;
        let seen = found.into_iter().zip(settings).map(|(vpc, settings)| observed(cx, vpc, settings, &defaults));
        Ok(asked.answer(seen.map(|seen| (seen.id.clone(), seen)).collect()))
    }

    async fn update(cx: &Context<'_, Ec2>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        let flag = |value| AttributeBooleanValue::builder().value(value).build();
        let modify = || cx.client.modify_vpc_attribute().vpc_id(&now.id);
        // Host names need the DNS server: it comes first and goes last.
        if changed.has("enable_dns_support") && to.enable_dns_support {
            modify().enable_dns_support(flag(true)).send().await?;
        }
        if let Some(value) = to.enable_dns_hostnames.filter(|_| changed.has("enable_dns_hostnames")) {
            modify().enable_dns_hostnames(flag(value)).send().await?;
        }
        if changed.has("enable_dns_support") && !to.enable_dns_support {
            modify().enable_dns_support(flag(false)).send().await?;
        }
        if let Some(value) = to.enable_network_address_usage_metrics.filter(|_| changed.has("enable_network_address_usage_metrics")) {
            modify().enable_network_address_usage_metrics(flag(value)).send().await?;
        }
        if changed.has("assign_generated_ipv6_cidr_block") {
            match &now.outputs.ipv6_association_id {
                Some(association) if !to.assign_generated_ipv6_cidr_block => {
                    cx.client.disassociate_vpc_cidr_block().association_id(association).send().await?;
                }
                _ => {
                    cx.client.associate_vpc_cidr_block().vpc_id(&now.id).amazon_provided_ipv6_cidr_block(true).send().await?;
                }
            }
        }
        if changed.has("tags") {
            tags::update(&cx.client, &now.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ec2>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_vpc().vpc_id(&last.id).send().await?;
        Ok(Going::Gone)
    }

    async fn find(cx: &Context<'_, Ec2>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let found = cx.client.describe_vpcs().filters(made_by(op)).send().await?;
        Ok(found.vpcs.unwrap_or_default().into_iter().filter_map(|vpc| vpc.vpc_id).collect())
    }
}

/// Returns all blocks that a VPC has or is about to have: the one that it was made with, and what it got later.
fn blocks_of(vpc: &Described) -> Value {
    let counts = |state: Option<&VpcCidrBlockState>| {
        let state = state.and_then(|state| state.state.as_ref());
        state.is_some_and(|state| matches!(state, VpcCidrBlockStateCode::Associated | VpcCidrBlockStateCode::Associating))
    };
    let first = vpc.cidr_block.as_deref();
    let later = vpc.cidr_block_association_set().iter();
    let later = later.filter(|block| counts(block.cidr_block_state.as_ref())).filter_map(|block| block.cidr_block.as_deref());
    let ipv6 = vpc.ipv6_cidr_block_association_set().iter();
    let ipv6 = ipv6.filter(|block| counts(block.ipv6_cidr_block_state.as_ref())).filter_map(|block| block.ipv6_cidr_block.as_deref());
    let all: BTreeSet<_> = first.into_iter().chain(later).chain(ipv6).collect();
    Value::List(all.into_iter().map(Value::from).collect())
}

fn observed(cx: &Context<'_, Ec2>, vpc: Described, settings: Settings, defaults: &Defaults) -> Observed<Vpc> {
    let all_blocks = blocks_of(&vpc);
    let id = vpc.vpc_id.unwrap_or_default();
    let owner = vpc.owner_id.unwrap_or_else(|| cx.place.account.clone());
    let ipv6 = vpc.ipv6_cidr_block_association_set.unwrap_or_default().into_iter().find(|block| {
        let state = block.ipv6_cidr_block_state.as_ref().and_then(|state| state.state.as_ref());
        state.is_some_and(|state| matches!(state.as_str(), "associated" | "associating"))
    });
    let inputs = Vpc {
        cidr_block: vpc.cidr_block.unwrap_or_default().into(),
        assign_generated_ipv6_cidr_block: ipv6.is_some(),
        enable_dns_hostnames: Some(settings.dns_hostnames),
        enable_dns_support: settings.dns_support,
        enable_network_address_usage_metrics: Some(settings.usage_metrics),
        instance_tenancy: vpc.instance_tenancy.map_or_else(|| "default".to_owned(), |tenancy| tenancy.as_str().to_owned()),
        tags: tags::read(vpc.tags.as_deref()),
    };
    let outputs = VpcOutputs {
        arn: format!("arn:{}:ec2:{}:{owner}:vpc/{id}", cx.place.partition, cx.place.region).into(),
        id: id.clone(),
        default_network_acl_id: defaults.network_acl.get(&id).cloned(),
        default_route_table_id: defaults.route_table.get(&id).cloned(),
        default_security_group_id: defaults.security_group.get(&id).cloned(),
        dhcp_options_id: vpc.dhcp_options_id,
        ipv6_association_id: ipv6.as_ref().and_then(|block| block.association_id.clone()),
        ipv6_cidr_block: ipv6.and_then(|block| block.ipv6_cidr_block).map(Into::into),
        main_route_table_id: defaults.route_table.get(&id).cloned(),
        owner_id: owner,
    };
    let phase = if vpc.state == Some(VpcState::Pending) { Phase::Accepted("pending".to_owned()) } else { Phase::Stable };
    Observed::stable(id, inputs, outputs).in_phase(phase).with_aside(blocks::OF_VPC, all_blocks)
}

/// The settings that AWS returns one to a call.
struct Settings {
    dns_support: bool,
    dns_hostnames: bool,
    usage_metrics: bool,
}

impl Settings {
    async fn of(client: &Client, id: &str) -> Result<Self, Fault> {
        let ask = |name: VpcAttributeName| client.describe_vpc_attribute().vpc_id(id).attribute(name).send();
        let (support, hostnames, metrics) = try_join3(
            ask(VpcAttributeName::EnableDnsSupport),
            ask(VpcAttributeName::EnableDnsHostnames),
            ask(VpcAttributeName::EnableNetworkAddressUsageMetrics),
        )
        .await?;
        let flag = |value: Option<AttributeBooleanValue>| value.and_then(|value| value.value).unwrap_or_default();
        Ok(Self {
            dns_support: flag(support.enable_dns_support),
            dns_hostnames: flag(hostnames.enable_dns_hostnames),
            usage_metrics: flag(metrics.enable_network_address_usage_metrics),
        })
    }
}
