//! `aws_db_subnet_group`: the subnets that a database may be in.
//!
//! The name is the key and the physical id. RDS keeps it in lower case.

use aws_sdk_rds::types::DbSubnetGroup as Described;
use lowtide_model::{Arn, Beside, Check, Complaint, Create, Model, Neighbour, Object, Place, Planned, PlannedObject, Relation, Set};
use lowtide_resource::{
    Ask, Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none, prefix_of_name,
};

use crate::{
    Rds,
    tags::{self, Tags},
};

/// The subnets that a database may be in, in at least two zones.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct SubnetGroup {
    /// The name, in lower case. Lowtide chooses one when it is not given.
    #[attr(computed, identity, range = 1..=255, replaces)]
    pub name: Option<String>,
    /// What the name starts with when Lowtide chooses it.
    #[attr(computed, range = 1..=229, replaces)]
    pub name_prefix: Option<String>,
    /// What it is for.
    #[attr(default = "Managed by Lowtide", range = 1..=255)]
    pub description: String,
    /// The ids of the subnets.
    #[attr(refers = "aws_subnet.id")]
    pub subnet_ids: Set<String>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about a subnet group.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct SubnetGroupOutputs {
    /// The group's ARN.
    #[attr(predict = "arn:{partition}:rds:{region}:{account}:subgrp:{name}")]
    pub arn: Arn,
    /// The group's name.
    #[attr(predict = "{name}")]
    pub id: String,
    /// The id of the VPC that its subnets are in.
    #[attr(renewed_by = ["subnet_ids"])]
    pub vpc_id: String,
    /// Whether it takes `IPV4` or `DUAL` databases, or both.
    #[attr(renewed_by = ["subnet_ids"])]
    pub supported_network_types: Set<String>,
}

impl Resource for SubnetGroup {
    type Outputs = SubnetGroupOutputs;
    type Service = Rds;
    const KIND: &'static str = "aws_db_subnet_group";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "SUBNET_GROUP_NAME";
    const CHECKS: &'static [Check] = &[names, zones];
    const RELATIONS: &'static [Relation] = &[two_zones];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        wish.name.clone()
    }

    async fn create(cx: &Context<'_, Rds>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let name = op.name(wish.name.as_deref(), wish.name_prefix.as_deref());
        let request = cx.client.create_db_subnet_group().db_subnet_group_name(&name).db_subnet_group_description(&wish.description);
        request.set_subnet_ids(Some(wish.subnet_ids.0.clone())).set_tags(tags::request(&wish.tags)).send().await?;
        Made::id(Some(name), "the name of the group")
    }

    async fn read(cx: &Context<'_, Rds>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        // RDS finds groups by one name to a call, or all of them.
        let one = |ask: Ask| async move {
            let found = absent_is_none(cx.client.describe_db_subnet_groups().db_subnet_group_name(&ask.id).send().await)?;
            Ok(found.and_then(|found| found.db_subnet_groups).and_then(|all| all.into_iter().next()))
        };
        let groups = asked.each(one).await;
        let arns: Vec<_> = groups.found().filter_map(|group| group.db_subnet_group_arn.clone()).collect();
        let mut tags = tags::of(cx, &arns, asked).await?;
        Ok(groups.seen(|ask, group| {
            let tags = group.db_subnet_group_arn.as_ref().and_then(|arn| tags.remove(arn)).filter(|tags| !tags.is_empty());
            Ok(observed(ask.id.clone(), group, tags))
        }))
    }

    async fn update(cx: &Context<'_, Rds>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.any(&["description", "subnet_ids"]) {
            let request = cx.client.modify_db_subnet_group().db_subnet_group_name(&now.id).db_subnet_group_description(&to.description);
            request.set_subnet_ids(Some(to.subnet_ids.0.clone())).send().await?;
        }
        if changed.has("tags") {
            tags::update(cx, &now.outputs.arn, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Rds>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_db_subnet_group().db_subnet_group_name(&last.id).send().await?;
        Ok(Going::Gone)
    }

    /// Names that Lowtide chose end in the operation's id.
    async fn find(cx: &Context<'_, Rds>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let groups = cx.client.describe_db_subnet_groups().into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        Ok(groups.into_iter().filter_map(|group| group.db_subnet_group_name).filter(|name| name.ends_with(&op.name_ending())).collect())
    }
}

fn observed(name: String, group: Described, tags: Tags) -> Observed<SubnetGroup> {
    let subnets = group.subnets.unwrap_or_default().into_iter().filter_map(|subnet| subnet.subnet_identifier).collect();
    let inputs = SubnetGroup {
        name_prefix: prefix_of_name(&name),
        name: Some(name.clone()),
        description: group.db_subnet_group_description.unwrap_or_default(),
        subnet_ids: subnets,
        tags,
    };
    let outputs = SubnetGroupOutputs {
        arn: group.db_subnet_group_arn.unwrap_or_default().into(),
        id: name.clone(),
        vpc_id: group.vpc_id.unwrap_or_default(),
        supported_network_types: Set(group.supported_network_types.unwrap_or_default()),
    };
    Observed::stable(name, inputs, outputs)
}

fn names(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = Vec::new();
    if wish.get("name").is_some() && wish.get("name_prefix").is_some() {
        all.push(Complaint::about("name_prefix", "`name` and `name_prefix` exclude each other.").hint("keep one of them"));
    }
    for attribute in ["name", "name_prefix"] {
        if let Some(name) = wish.text(attribute).filter(|name| name.to_lowercase() != *name || *name == "default") {
            let detail = format!("RDS keeps names of subnet groups in lower case, and `default` for its own; this is `{name}`.");
            all.push(Complaint::about(attribute, detail).hint(format!("write \"{}\"", name.to_lowercase())));
        }
    }
    all
}

/// Subnets that are declared and whose zones are known are in two of them at least.
///
/// Source: Amazon RDS API Reference, `CreateDBSubnetGroup`, error `DBSubnetGroupDoesNotCoverEnoughAZs`.
fn two_zones(group: &Neighbour<'_>, beside: &dyn Beside) -> Vec<Complaint> {
    let subnets = group.get("subnet_ids").and_then(Planned::as_elements).unwrap_or_default();
    let zone_of = |id: &Planned| {
        let subnet = beside.whose("aws_subnet", "id", id).into_iter().next()?;
        Some((subnet, subnet.text("availability_zone")?))
    };
    let Some(zones) = subnets.iter().map(zone_of).collect::<Option<Vec<_>>>() else { return Vec::new() };
    let Some((subnet, zone)) = zones.first().filter(|(_, first)| zones.len() > 1 && zones.iter().all(|(_, zone)| zone == first)) else {
        return Vec::new();
    };
    let detail =
        format!("All these subnets are in {zone}, and a database wants them in at least two zones, so that it can move between them.");
    vec![Complaint::about("subnet_ids", detail).hint("add a subnet of another zone").beside(subnet)]
}

/// Two zones take two subnets.
fn zones(wish: &PlannedObject) -> Vec<Complaint> {
    let Some(subnets) = wish.get("subnet_ids").filter(|all| all.is_wholly_known()).and_then(Planned::as_elements) else {
        return Vec::new();
    };
    if subnets.len() >= 2 {
        return Vec::new();
    }
    vec![
        Complaint::about("subnet_ids", "A database wants subnets in at least two zones, so that it can move between them.")
            .hint("add a subnet of another zone"),
    ]
}
