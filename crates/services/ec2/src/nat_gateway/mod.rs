//! `aws_nat_gateway`: the way out of private subnets.
//!
//! `CreateNatGateway` takes a client token. A gateway takes minutes to come and to go, and AWS lists deleted ones for
//! about an hour: they count as gone. Addresses beside the first can change; each change is a request that AWS works on
//! for a while.

mod addresses;

use aws_sdk_ec2::types::{
    ConnectivityType, NatGateway as Described, NatGatewayAddress as Address, NatGatewayAddressStatus as AddressStatus,
    NatGatewayState as State, ResourceType,
};
use lowtide_model::{Check, Complaint, Create, Follows, Model, Object, Phase, PlannedObject, Set};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, TAG_ID};

use crate::{
    Ec2,
    describe::{filter, made_by},
    internet,
    tags::{self, Tags},
};

/// A NAT gateway: lets subnets without public addresses reach the internet or other networks, and none reach them.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct NatGateway {
    /// The Elastic IP address it shows to the internet. A public gateway needs one.
    #[attr(replaces, refers = "aws_eip.id")]
    pub allocation_id: Option<String>,
    /// Whether it leads to the internet (`public`) or to other networks only (`private`).
    #[attr(default = "public", one_of = ["public", "private"], replaces)]
    pub connectivity_type: String,
    /// Its private IPv4 address in the subnet. AWS picks one unless given.
    #[attr(computed, replaces)]
    pub private_ip: Option<String>,
    /// More Elastic IP addresses, for a public gateway with very many connections.
    pub secondary_allocation_ids: Option<Set<String>>,
    /// How many more private addresses AWS picks, for a private gateway.
    #[attr(computed, replaces, range = 1..=31)]
    pub secondary_private_ip_address_count: Option<i32>,
    /// More private IPv4 addresses in the subnet.
    #[attr(computed)]
    pub secondary_private_ip_addresses: Option<Set<String>>,
    /// The subnet it is in: for a public gateway one whose route table leads to an internet gateway.
    #[attr(replaces, refers = "aws_subnet.id")]
    pub subnet_id: String,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about a NAT gateway.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct NatGatewayOutputs {
    /// The association of its Elastic IP address.
    pub association_id: Option<String>,
    /// The gateway's id.
    pub id: String,
    /// Its network interface.
    pub network_interface_id: Option<String>,
    /// The public address it shows to the internet.
    pub public_ip: Option<String>,
}

impl Resource for NatGateway {
    type Outputs = NatGatewayOutputs;
    type Service = Ec2;
    const KIND: &'static str = "aws_nat_gateway";
    const CREATE: Create = Create::Token { minutes: 60 };
    const IMPORT: &'static str = "NAT_GATEWAY_ID";
    const BATCH: usize = 200;
    const PATIENCE: lowtide_resource::Patience = lowtide_resource::Patience { delete: 30, ..lowtide_resource::Patience::DEFAULT };
    const CHECKS: &'static [Check] = &[fitting_addresses];
    const FOLLOWS: &'static [Follows] = &[internet::of_nat_gateway];

    async fn create(cx: &Context<'_, Ec2>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let secondary = |all: &Option<Set<String>>| all.as_ref().map(|all| all.0.clone()).filter(|all| !all.is_empty());
        let made = cx
            .client
            .create_nat_gateway()
            .client_token(op.token())
            .subnet_id(&wish.subnet_id)
            .connectivity_type(ConnectivityType::from(wish.connectivity_type.as_str()))
            .set_allocation_id(wish.allocation_id.clone())
            .set_private_ip_address(wish.private_ip.clone())
            .set_secondary_allocation_ids(secondary(&wish.secondary_allocation_ids))
            .set_secondary_private_ip_addresses(secondary(&wish.secondary_private_ip_addresses))
            .set_secondary_private_ip_address_count(wish.secondary_private_ip_address_count)
            .set_tag_specifications(tags::specification(ResourceType::Natgateway, &wish.tags))
            .send()
            .await?;
        Made::id(made.nat_gateway.and_then(|gateway| gateway.nat_gateway_id), "the id of the NAT gateway")
    }

    async fn read(cx: &Context<'_, Ec2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let found = described(cx, asked.ids()).await?;
        Ok(asked.answer(found.into_iter().map(observed).map(|seen| (seen.id.clone(), seen)).collect()))
    }

    async fn update(cx: &Context<'_, Ec2>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.any(&["secondary_allocation_ids", "secondary_private_ip_addresses"]) {
            if to.connectivity_type == "private" {
                addresses::set_private(cx, now, to).await?;
            } else {
                addresses::set_public(cx, now, to, changed).await?;
            }
        }
        if changed.has("tags") {
            tags::update(&cx.client, &now.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ec2>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        let state = |found: &[Described]| found.first().and_then(|gateway| gateway.state.clone());
        let before = described(cx, vec![last.id.clone()]).await?;
        if before.is_empty() {
            return Ok(Going::Gone);
        }
        if state(&before) != Some(State::Deleting) {
            cx.client.delete_nat_gateway().nat_gateway_id(&last.id).send().await?;
        }
        let after = described(cx, vec![last.id.clone()]).await?;
        Ok(if after.is_empty() { Going::Gone } else { Going::Going("deleting, which takes a minute or two".to_owned()) })
    }

    async fn find(cx: &Context<'_, Ec2>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let pages = cx.client.describe_nat_gateways().filter(made_by(op)).into_paginator().items().send();
        let found = pages.collect::<Result<Vec<_>, _>>().await?;
        let ours = |gateway: &Described| gateway.tags().iter().any(|tag| tag.key() == Some(TAG_ID) && tag.value() == Some(&op.id));
        Ok(found.into_iter().filter(|gateway| ours(gateway) && is_there(gateway)).filter_map(|gateway| gateway.nat_gateway_id).collect())
    }
}

/// Returns the gateways of these ids that are not deleted. Asked by filter: an id in the request that is unknown to AWS would fail it.
async fn described(cx: &Context<'_, Ec2>, ids: Vec<String>) -> Result<Vec<Described>, Fault> {
    let pages = cx.client.describe_nat_gateways().filter(filter("nat-gateway-id", ids)).into_paginator().items().send();
    let found: Vec<Described> = pages.collect::<Result<_, _>>().await?;
    Ok(found.into_iter().filter(is_there).collect())
}

fn is_there(gateway: &Described) -> bool {
    gateway.state != Some(State::Deleted)
}

fn observed(gateway: Described) -> Observed<NatGateway> {
    let phase = phase(&gateway);
    let id = gateway.nat_gateway_id.unwrap_or_default();
    let all = gateway.nat_gateway_addresses.unwrap_or_default();
    let first = all.iter().find(|address| address.is_primary != Some(false)).cloned();
    let first = first.unwrap_or_else(|| Address::builder().build());
    let others: Vec<_> = all.into_iter().filter(addresses::is_secondary).collect();
    let some = |set: Set<String>| (!set.is_empty()).then_some(set);
    let private: Set<String> = others.iter().filter_map(|address| address.private_ip.clone()).collect();
    let inputs = NatGateway {
        allocation_id: first.allocation_id,
        connectivity_type: gateway.connectivity_type.map_or_else(|| "public".to_owned(), |kind| kind.as_str().to_owned()),
        private_ip: first.private_ip,
        secondary_allocation_ids: some(others.iter().filter_map(|address| address.allocation_id.clone()).collect()),
        secondary_private_ip_address_count: i32::try_from(private.len()).ok().filter(|count| *count > 0),
        secondary_private_ip_addresses: some(private),
        subnet_id: gateway.subnet_id.unwrap_or_default(),
        tags: tags::read(gateway.tags.as_deref()),
    };
    let outputs = NatGatewayOutputs {
        association_id: first.association_id,
        id: id.clone(),
        network_interface_id: first.network_interface_id,
        public_ip: first.public_ip,
    };
    Observed::stable(id, inputs, outputs).in_phase(phase)
}

fn phase(gateway: &Described) -> Phase {
    let changes = |status: &AddressStatus| {
        matches!(status, AddressStatus::Assigning | AddressStatus::Associating | AddressStatus::Disassociating | AddressStatus::Unassigning)
    };
    match &gateway.state {
        Some(State::Pending) => Phase::Accepted("pending".to_owned()),
        Some(State::Deleting) => Phase::Failed { replace: true, why: "it is being deleted".to_owned() },
        Some(State::Failed) => {
            let why = gateway.failure_message().or(gateway.failure_code()).unwrap_or("AWS says no more than `failed`");
            Phase::Failed { replace: true, why: why.to_owned() }
        }
        _ if gateway.nat_gateway_addresses().iter().any(|address| address.status().is_some_and(changes)) => {
            Phase::Usable("changing its addresses".to_owned())
        }
        _ => Phase::Stable,
    }
}

fn fitting_addresses(wish: &PlannedObject) -> Vec<Complaint> {
    let known = |name| wish.get(name).is_some_and(|value| !value.is_unknown());
    let mut complaints = Vec::new();
    match wish.text("connectivity_type") {
        Some("private") => {
            for attribute in ["allocation_id", "secondary_allocation_ids"].into_iter().filter(|name| known(name)) {
                complaints.push(Complaint::about(attribute, "A private NAT gateway takes no Elastic IP address."));
            }
        }
        Some("public") => {
            if wish.get("allocation_id").is_none() {
                let detail = "A public NAT gateway needs an Elastic IP address: `allocation_id` is missing.";
                complaints.push(
                    Complaint::about("allocation_id", detail).hint("give the `id` of an `aws_eip`, or `connectivity_type = \"private\"`"),
                );
            }
            if known("secondary_private_ip_address_count") {
                let detail = "Only a private NAT gateway takes a number of further private addresses.";
                complaints.push(Complaint::about("secondary_private_ip_address_count", detail));
            }
        }
        _ => {}
    }
    if known("secondary_private_ip_address_count") && known("secondary_private_ip_addresses") {
        let detail = "Further private addresses are given by number or one by one, not both.";
        complaints.push(Complaint::about("secondary_private_ip_addresses", detail));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(number: u8) -> aws_sdk_ec2::types::builders::NatGatewayAddressBuilder {
        Address::builder().allocation_id(format!("eipalloc-{number}")).private_ip(format!("10.0.0.{number}")).is_primary(number == 1)
    }

    #[test]
    fn addresses_are_told_apart() {
        let leaving = address(3).status(AddressStatus::Disassociating);
        let gateway = Described::builder().nat_gateway_addresses(address(2).build()).nat_gateway_addresses(address(1).build());
        let seen = observed(gateway.nat_gateway_addresses(leaving.build()).state(State::Available).build());
        assert_eq!(seen.inputs.allocation_id.as_deref(), Some("eipalloc-1"));
        assert_eq!(seen.inputs.secondary_allocation_ids, Some(Set(vec!["eipalloc-2".to_owned()])));
        assert_eq!(seen.inputs.secondary_private_ip_address_count, Some(1));
        assert_eq!(seen.phase, Phase::Usable("changing its addresses".to_owned()));
    }

    #[test]
    fn a_gateway_that_failed_says_why() {
        let gateway = Described::builder().state(State::Failed).failure_code("Gateway.NotAttached").failure_message("no gateway").build();
        assert_eq!(observed(gateway).phase, Phase::Failed { replace: true, why: "no gateway".to_owned() });
    }

    #[test]
    fn nothing_beside_the_first_address_is_nothing() {
        let seen = observed(Described::builder().nat_gateway_addresses(address(1).build()).build());
        assert_eq!((seen.inputs.secondary_allocation_ids, seen.inputs.secondary_private_ip_address_count), (None, None));
    }
}
