//! `aws_subnet`: a part of a VPC in one Availability Zone.
//!
//! `CreateSubnet` takes neither token nor name: only the ownership tag in the request tells its result apart. What a
//! subnet does for launched instances is set afterwards by `ModifySubnetAttribute`, which takes one attribute to a call.

use aws_sdk_ec2::{
    operation::modify_subnet_attribute::builders::ModifySubnetAttributeFluentBuilder as Modify,
    types::{
        AttributeBooleanValue, HostnameType, ResourceType, Subnet as Described, SubnetCidrBlockStateCode as BlockState,
        SubnetIpv6CidrBlockAssociation as Ipv6Block, SubnetState,
    },
};
use lowtide_model::{Arn, Check, Cidr, Complaint, Create, Model, Object, Phase, PlannedObject, Relation};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Patience, Resource, Seen};

use crate::{
    Ec2, HELD_BY_INTERFACES, blocks,
    describe::{filter, made_by},
    tags::{self, Tags},
};

/// A subnet: a range of a VPC's addresses in one Availability Zone.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Subnet {
    /// The VPC it is a part of.
    #[attr(replaces, parent, refers = "aws_vpc.id")]
    pub vpc_id: String,
    /// The subnet's block of IPv4 addresses, /16 to /28, inside the VPC's. Every subnet needs one unless it is `ipv6_native`.
    #[attr(replaces)]
    pub cidr_block: Option<Cidr>,
    /// The Availability Zone by name, like `us-west-2a`. AWS picks one where neither this nor `availability_zone_id` is given.
    #[attr(computed, replaces)]
    pub availability_zone: Option<String>,
    /// The Availability Zone by the id that means the same zone in every account, like `usw2-az1`.
    #[attr(computed, replaces)]
    pub availability_zone_id: Option<String>,
    /// Whether new network interfaces get an IPv6 address; needs `ipv6_cidr_block`.
    #[attr(default = false)]
    pub assign_ipv6_address_on_creation: bool,
    /// Whether Amazon's DNS server answers with made-up IPv6 addresses (DNS64) for hosts that only have IPv4.
    #[attr(default = false)]
    pub enable_dns64: bool,
    /// Whether an instance's resource name resolves to its IPv4 address.
    #[attr(default = false)]
    pub enable_resource_name_dns_a_record_on_launch: bool,
    /// Whether an instance's resource name resolves to its IPv6 address.
    #[attr(default = false)]
    pub enable_resource_name_dns_aaaa_record_on_launch: bool,
    /// The subnet's block of IPv6 addresses, /44 to /64 in steps of four, inside the VPC's.
    pub ipv6_cidr_block: Option<Cidr>,
    /// Whether it has IPv6 addresses only.
    #[attr(default = false, replaces)]
    pub ipv6_native: bool,
    /// Whether instances launched here get a public IPv4 address.
    #[attr(default = false)]
    pub map_public_ip_on_launch: bool,
    /// What host names are made of: the private address (`ip-name`) or the instance's id (`resource-name`).
    #[attr(computed, one_of = ["ip-name", "resource-name"])]
    pub private_dns_hostname_type_on_launch: Option<String>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about a subnet.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct SubnetOutputs {
    /// The subnet's ARN.
    pub arn: Arn,
    /// The subnet's id.
    pub id: String,
    /// The association of the IPv6 block.
    #[attr(renewed_by = ["ipv6_cidr_block"])]
    pub ipv6_cidr_block_association_id: Option<String>,
    /// The account that owns it.
    #[attr(predict = "{account}")]
    pub owner_id: String,
}

impl Resource for Subnet {
    type Outputs = SubnetOutputs;
    type Service = Ec2;
    const KIND: &'static str = "aws_subnet";
    const CREATE: Create = Create::TagOnly;
    const IMPORT: &'static str = "SUBNET_ID";
    const BATCH: usize = 200;
    const PATIENCE: Patience = HELD_BY_INTERFACES;
    const CHECKS: &'static [Check] = &[one_zone, some_addresses, addresses_of_ipv6, blocks::size, blocks::size_of_ipv6];
    const RELATIONS: &'static [Relation] = &[blocks::inside_the_vpc, blocks::beside_each_other];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("customer_owned_ipv4_pool", "Outposts are not supported yet"),
        ("enable_lni_at_device_index", "Outposts are not supported yet"),
        ("map_customer_owned_ip_on_launch", "Outposts are not supported yet"),
        ("outpost_arn", "Outposts are not supported yet"),
    ];

    async fn create(cx: &Context<'_, Ec2>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let made = cx
            .client
            .create_subnet()
            .vpc_id(&wish.vpc_id)
            .set_cidr_block(wish.cidr_block.as_deref().map(str::to_owned))
            .set_ipv6_cidr_block(wish.ipv6_cidr_block.as_deref().map(str::to_owned))
            .set_ipv6_native(wish.ipv6_native.then_some(true))
            .set_availability_zone(wish.availability_zone.clone())
            .set_availability_zone_id(wish.availability_zone_id.clone())
            .set_tag_specifications(tags::specification(ResourceType::Subnet, &wish.tags))
            .send()
            .await?;
        Made::id(made.subnet.and_then(|subnet| subnet.subnet_id), "the id of the subnet")
    }

    async fn read(cx: &Context<'_, Ec2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let pages = cx.client.describe_subnets().filters(filter("subnet-id", asked.ids())).into_paginator().items().send();
        let found: Vec<Described> = pages.collect::<Result<_, _>>().await?;
        Ok(asked.answer(found.into_iter().map(|subnet| observed(cx, subnet)).map(|seen| (seen.id.clone(), seen)).collect()))
    }

    async fn update(cx: &Context<'_, Ec2>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        let switches = switches(to).into_iter().filter(|(attribute, ..)| changed.has(attribute));
        let (on, off): (Vec<_>, Vec<_>) = switches.partition(|(_, value, _)| *value);
        let modify = || cx.client.modify_subnet_attribute().subnet_id(&now.id);
        // What builds on the IPv6 block goes off before the block goes, and on after it has come.
        for (_, value, set) in off {
            set(modify(), flag(value)).send().await?;
        }
        if changed.has("ipv6_cidr_block") {
            if let Some(association) = &now.outputs.ipv6_cidr_block_association_id {
                cx.client.disassociate_subnet_cidr_block().association_id(association).send().await?;
            }
            if let Some(block) = &to.ipv6_cidr_block {
                cx.client.associate_subnet_cidr_block().subnet_id(&now.id).ipv6_cidr_block(&**block).send().await?;
            }
        }
        for (_, value, set) in on {
            set(modify(), flag(value)).send().await?;
        }
        if let Some(names) =
            to.private_dns_hostname_type_on_launch.as_deref().filter(|_| changed.has("private_dns_hostname_type_on_launch"))
        {
            modify().private_dns_hostname_type_on_launch(HostnameType::from(names)).send().await?;
        }
        if changed.has("tags") {
            tags::update(&cx.client, &now.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ec2>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_subnet().subnet_id(&last.id).send().await?;
        Ok(Going::Gone)
    }

    async fn find(cx: &Context<'_, Ec2>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let found = cx.client.describe_subnets().filters(made_by(op)).send().await?;
        Ok(found.subnets.unwrap_or_default().into_iter().filter_map(|subnet| subnet.subnet_id).collect())
    }
}

/// An attribute that is on or off, what it should be, and how a request says so.
type Switch = (&'static str, bool, fn(Modify, AttributeBooleanValue) -> Modify);

fn switches(to: &Subnet) -> [Switch; 5] {
    [
        ("assign_ipv6_address_on_creation", to.assign_ipv6_address_on_creation, Modify::assign_ipv6_address_on_creation),
        ("enable_dns64", to.enable_dns64, Modify::enable_dns64),
        (
            "enable_resource_name_dns_a_record_on_launch",
            to.enable_resource_name_dns_a_record_on_launch,
            Modify::enable_resource_name_dns_a_record_on_launch,
        ),
        (
            "enable_resource_name_dns_aaaa_record_on_launch",
            to.enable_resource_name_dns_aaaa_record_on_launch,
            Modify::enable_resource_name_dns_aaaa_record_on_launch,
        ),
        ("map_public_ip_on_launch", to.map_public_ip_on_launch, Modify::map_public_ip_on_launch),
    ]
}

fn flag(value: bool) -> AttributeBooleanValue {
    AttributeBooleanValue::builder().value(value).build()
}

fn observed(cx: &Context<'_, Ec2>, subnet: Described) -> Observed<Subnet> {
    let id = subnet.subnet_id.unwrap_or_default();
    let owner = subnet.owner_id.unwrap_or_else(|| cx.place.account.clone());
    let ipv6 = subnet.ipv6_cidr_block_association_set.unwrap_or_default().into_iter().find(is_held);
    let names = subnet.private_dns_name_options_on_launch;
    let inputs = Subnet {
        vpc_id: subnet.vpc_id.unwrap_or_default(),
        cidr_block: subnet.cidr_block.filter(|block| !block.is_empty()).map(Into::into),
        availability_zone: subnet.availability_zone,
        availability_zone_id: subnet.availability_zone_id,
        assign_ipv6_address_on_creation: subnet.assign_ipv6_address_on_creation.unwrap_or_default(),
        enable_dns64: subnet.enable_dns64.unwrap_or_default(),
        enable_resource_name_dns_a_record_on_launch: names
            .as_ref()
            .and_then(|names| names.enable_resource_name_dns_a_record)
            .unwrap_or_default(),
        enable_resource_name_dns_aaaa_record_on_launch: names
            .as_ref()
            .and_then(|names| names.enable_resource_name_dns_aaaa_record)
            .unwrap_or_default(),
        ipv6_cidr_block: ipv6.as_ref().and_then(|block| block.ipv6_cidr_block.clone()).map(Into::into),
        ipv6_native: subnet.ipv6_native.unwrap_or_default(),
        map_public_ip_on_launch: subnet.map_public_ip_on_launch.unwrap_or_default(),
        private_dns_hostname_type_on_launch: names.and_then(|names| names.hostname_type).map(|kind| kind.as_str().to_owned()),
        tags: tags::read(subnet.tags.as_deref()),
    };
    let phase = phase(subnet.state.as_ref(), ipv6.as_ref());
    let outputs = SubnetOutputs {
        arn: format!("arn:{}:ec2:{}:{owner}:subnet/{id}", cx.place.partition, cx.place.region).into(),
        id: id.clone(),
        ipv6_cidr_block_association_id: ipv6.and_then(|block| block.association_id),
        owner_id: owner,
    };
    Observed::stable(id, inputs, outputs).in_phase(phase)
}

fn block_state(block: &Ipv6Block) -> Option<&BlockState> {
    block.ipv6_cidr_block_state.as_ref()?.state.as_ref()
}

fn is_held(block: &Ipv6Block) -> bool {
    matches!(block_state(block), None | Some(BlockState::Associated | BlockState::Associating))
}

fn phase(state: Option<&SubnetState>, ipv6: Option<&Ipv6Block>) -> Phase {
    match state {
        Some(SubnetState::Pending) => Phase::Accepted("pending".to_owned()),
        Some(state @ (SubnetState::Failed | SubnetState::FailedInsufficientCapacity)) => {
            Phase::Failed { replace: true, why: format!("the subnet is {}", state.as_str()) }
        }
        _ if ipv6.and_then(block_state) == Some(&BlockState::Associating) => Phase::Accepted("associating its IPv6 block".to_owned()),
        _ => Phase::Stable,
    }
}

fn one_zone(wish: &PlannedObject) -> Vec<Complaint> {
    let both = wish.text("availability_zone").is_some() && wish.text("availability_zone_id").is_some();
    let detail = "A subnet's Availability Zone is given by name or by id, not by both.";
    both.then(|| Complaint::about("availability_zone_id", detail)).into_iter().collect()
}

fn some_addresses(wish: &PlannedObject) -> Vec<Complaint> {
    let native = wish.get("ipv6_native");
    if native.is_some_and(|native| native.is_unknown()) {
        return Vec::new();
    }
    let native = native.and_then(|native| native.as_bool()).unwrap_or_default();
    match (native, wish.get("cidr_block").is_some(), wish.get("ipv6_cidr_block").is_some()) {
        (false, false, _) => {
            let detail = "A subnet needs a block of IPv4 addresses, unless it has IPv6 addresses only.";
            vec![Complaint::about("cidr_block", detail).hint("give `cidr_block`, or `ipv6_native = true` with `ipv6_cidr_block`")]
        }
        (true, true, _) => vec![Complaint::about("cidr_block", "A subnet that is `ipv6_native` takes no block of IPv4 addresses.")],
        (true, false, false) => {
            vec![Complaint::about("ipv6_cidr_block", "A subnet that is `ipv6_native` needs a block of IPv6 addresses.")]
        }
        (false, true, _) | (true, false, true) => Vec::new(),
    }
}

fn addresses_of_ipv6(wish: &PlannedObject) -> Vec<Complaint> {
    let on = wish.get("assign_ipv6_address_on_creation").and_then(|on| on.as_bool()) == Some(true);
    let detail = "Interfaces get IPv6 addresses only in a subnet with a block of them: `ipv6_cidr_block` is missing.";
    (on && wish.get("ipv6_cidr_block").is_none()).then(|| Complaint::about("assign_ipv6_address_on_creation", detail)).into_iter().collect()
}
