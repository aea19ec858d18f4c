//! What a VPC is created with: a network ACL, a route table, a security group.

use std::collections::BTreeMap;

use aws_sdk_ec2::Client;
use futures::future::try_join3;
use lowtide_resource::{Asked, Context, Fault};

use crate::{
    Ec2,
    describe::filter,
    tables::{By, tables},
};

/// What each VPC was created with, by its id.
pub struct Defaults {
    pub network_acl: BTreeMap<String, String>,
    pub route_table: BTreeMap<String, String>,
    pub security_group: BTreeMap<String, String>,
}

impl Defaults {
    /// Returns the defaults of these VPCs, those that can't change as they are remembered.
    ///
    /// The default network ACL and security group stay as long as the VPC does (Amazon VPC User Guide, "Default network ACL" and "Default
    /// security groups": they can't be deleted), so that they are asked for only where they are not remembered. The main route table can
    /// be another one tomorrow.
    pub async fn of(cx: &Context<'_, Ec2>, asked: &Asked<'_>, ids: &[String]) -> Result<Self, Fault> {
        let remembered = |name: &str| -> BTreeMap<String, String> {
            let known = asked.these.iter().filter_map(|ask| Some((ask.id.clone(), ask.known.text(name)?.to_owned())));
            known.filter(|_| !asked.exact()).collect()
        };
        let (mut network_acl, mut security_group) = (remembered("default_network_acl_id"), remembered("default_security_group_id"));
        let without = |known: &BTreeMap<String, String>| ids.iter().filter(|id| !known.contains_key(*id)).cloned().collect::<Vec<_>>();
        let (acls, groups) = (acls(&cx.client, without(&network_acl)), groups(&cx.client, without(&security_group)));
        let (acls, groups, tables) = try_join3(acls, groups, tables(cx, By::Vpc, ids.iter().cloned())).await?;
        network_acl.extend(acls);
        security_group.extend(groups);
        let main = tables.iter().filter(|table| table.associations().iter().any(|one| one.main() == Some(true)));
        let route_table = main.filter_map(|table| Some((table.vpc_id.clone()?, table.route_table_id.clone()?))).collect();
        Ok(Self { network_acl, route_table, security_group })
    }
}

/// Returns the default network ACLs of VPCs.
async fn acls(client: &Client, vpcs: Vec<String>) -> Result<Vec<(String, String)>, Fault> {
    if vpcs.is_empty() {
        return Ok(Vec::new());
    }
    let acls = client.describe_network_acls().filters(filter("vpc-id", vpcs)).filters(filter("default", ["true"]));
    let acls: Vec<_> = acls.into_paginator().items().send().collect::<Result<_, _>>().await?;
    Ok(acls.into_iter().filter_map(|acl| Some((acl.vpc_id?, acl.network_acl_id?))).collect())
}

/// Returns the default security groups of VPCs.
async fn groups(client: &Client, vpcs: Vec<String>) -> Result<Vec<(String, String)>, Fault> {
    if vpcs.is_empty() {
        return Ok(Vec::new());
    }
    let groups = client.describe_security_groups().filters(filter("vpc-id", vpcs)).filters(filter("group-name", ["default"]));
    let groups: Vec<_> = groups.into_paginator().items().send().collect::<Result<_, _>>().await?;
    Ok(groups.into_iter().filter_map(|group| Some((group.vpc_id?, group.group_id?))).collect())
}
