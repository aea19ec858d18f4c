//! `aws_security_group`: who may talk to what.
//!
//! `CreateSecurityGroup` takes neither token nor rules. EC2 gives every new group a rule that lets all traffic out: it
//! shows as a difference from the empty `egress` that a new group starts with, and is revoked by the update that follows.
//! What a block of rules becomes on the wire stands in `permissions`.

mod change;
mod checks;
mod permissions;

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{IpPermission, ResourceType, SecurityGroup as Described};
use lowtide_model::{Arn, Check, Cidr, Create, Model, Object, Set};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Patience, Resource, Seen, prefix_of_name};

pub use self::change::Direction;
use self::{
    change::{Rules, revoke_all},
    permissions::{Home, blocks},
};
use crate::{
    Ec2, HELD_BY_INTERFACES,
    describe::{filter, made_by},
    tags::{self, Tags},
};

/// AWS wants a description.
const DESCRIPTION: &str = "Managed by Lowtide";

/// A security group: a set of rules that say which traffic may reach and leave the network interfaces that carry it.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct SecurityGroup {
    /// What the group is for, up to 255 characters; `Managed by Lowtide` when it is not given. It can't be changed later.
    #[attr(computed, fresh = "Managed by Lowtide", range = 1..=255, replaces)]
    pub description: Option<String>,
    /// The traffic that may leave. All of it is given here, or none and each rule is an `aws_vpc_security_group_egress_rule`;
    /// a new group lets nothing out.
    #[attr(computed, fresh = [], owned_elsewhere = "aws_vpc_security_group_egress_rule")]
    pub egress: Option<Set<Rule>>,
    /// The traffic that may come in. All of it is given here, or none and each rule is an `aws_vpc_security_group_ingress_rule`.
    #[attr(computed, owned_elsewhere = "aws_vpc_security_group_ingress_rule")]
    pub ingress: Option<Set<Rule>>,
    /// The group's name, unique in its network, up to 255 characters, not beginning with `sg-`. Lowtide makes one up when it is not given.
    #[attr(computed, range = 1..=255, replaces)]
    pub name: Option<String>,
    /// What the name begins with, up to 229 characters; Lowtide adds the rest. Not together with `name`.
    #[attr(computed, range = 1..=229, replaces)]
    pub name_prefix: Option<String>,
    /// Whether the group's rules are revoked before it is deleted, which some services that add rules of their own need.
    #[attr(default = false, option)]
    pub revoke_rules_on_delete: bool,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
    /// The network the group is in; the region's default network when it is not given.
    #[attr(computed, replaces, refers = "aws_vpc.id")]
    pub vpc_id: Option<String>,
}

/// Traffic of one sort, from or to any number of places.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Rule {
    /// IPv4 blocks the traffic comes from (ingress) or goes to (egress).
    pub cidr_blocks: Option<Set<Cidr>>,
    /// What the rule is for, up to 255 characters.
    #[attr(range = 0..=255)]
    pub description: Option<String>,
    /// The first port; for `icmp` and `icmpv6` the type, -1 for all; 0 where the protocol is `-1`.
    #[attr(range = -1..=65535)]
    pub from_port: i64,
    /// IPv6 blocks the traffic comes from (ingress) or goes to (egress).
    pub ipv6_cidr_blocks: Option<Set<Cidr>>,
    /// Prefix lists whose blocks the traffic comes from (ingress) or goes to (egress).
    pub prefix_list_ids: Option<Set<String>>,
    /// The protocol: `tcp`, `udp`, `icmp`, `icmpv6`, a protocol number, or `-1` for all.
    pub protocol: String,
    /// Security groups whose interfaces the traffic comes from (ingress) or goes to (egress); one of another account is `ACCOUNT/GROUP`.
    #[attr(refers = "aws_security_group.id")]
    pub security_groups: Option<Set<String>>,
    /// Whether the traffic may also come from (ingress) or go to (egress) the interfaces that carry this very group.
    pub self_: Option<bool>,
    /// The last port; for `icmp` and `icmpv6` the code, -1 for all; 0 where the protocol is `-1`.
    #[attr(range = -1..=65535)]
    pub to_port: i64,
}

/// What AWS decides about a security group.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct SecurityGroupOutputs {
    /// The group's ARN.
    pub arn: Arn,
    /// The group's id.
    pub id: String,
    /// The account that owns it.
    #[attr(predict = "{account}")]
    pub owner_id: String,
}

impl Resource for SecurityGroup {
    type Outputs = SecurityGroupOutputs;
    type Service = Ec2;
    const KIND: &'static str = "aws_security_group";
    const CREATE: Create = Create::TagOnly;
    const IMPORT: &'static str = "SECURITY_GROUP_ID";
    const BATCH: usize = 200;
    const PATIENCE: Patience = HELD_BY_INTERFACES;
    const CHECKS: &'static [Check] = &[checks::names, checks::rules];

    async fn create(cx: &Context<'_, Ec2>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let made = cx
            .client
            .create_security_group()
            .group_name(op.name(wish.name.as_deref(), wish.name_prefix.as_deref()))
            .description(wish.description.as_deref().unwrap_or(DESCRIPTION))
            .set_vpc_id(wish.vpc_id.clone())
            .set_tag_specifications(tags::specification(ResourceType::SecurityGroup, &wish.tags))
            .send()
            .await?;
        Made::id(made.group_id, "the id of the security group")
    }

    async fn read(cx: &Context<'_, Ec2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let pages = cx.client.describe_security_groups().filters(filter("group-id", asked.ids())).into_paginator().items().send();
        let found: Vec<Described> = pages.collect::<Result<_, _>>().await?;
        let mut groups: BTreeMap<_, _> = found.into_iter().filter_map(|group| Some((group.group_id.clone()?, group))).collect();
        asked
            .these
            .iter()
            .map(|ask| {
                let Some(group) = groups.remove(&ask.id) else { return Ok((ask.id.clone(), Seen::Gone)) };
                let last = Last {
                    egress: ask.last.take("egress", None)?,
                    ingress: ask.last.take("ingress", None)?,
                    revoke_rules_on_delete: ask.last.take("revoke_rules_on_delete", Some(false))?,
                };
                Ok((ask.id.clone(), Seen::Here(Box::new(observed(cx, group, last)))))
            })
            .collect()
    }

    async fn update(cx: &Context<'_, Ec2>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        let rules = Rules { client: &cx.client, home: Home { group: &now.id, account: &now.outputs.owner_id } };
        if changed.has("ingress") {
            rules.bring(Direction::Ingress, now.inputs.ingress.as_ref(), to.ingress.as_ref()).await?;
        }
        if changed.has("egress") {
            rules.bring(Direction::Egress, now.inputs.egress.as_ref(), to.egress.as_ref()).await?;
        }
        if changed.has("tags") {
            tags::update(&cx.client, &now.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ec2>, last: &Observed<Self>, how: &Self) -> Result<Going, Fault> {
        if how.revoke_rules_on_delete {
            revoke_all(&cx.client, &last.id).await?;
        }
        cx.client.delete_security_group().group_id(&last.id).send().await?;
        Ok(Going::Gone)
    }

    async fn find(cx: &Context<'_, Ec2>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let found = cx.client.describe_security_groups().filters(made_by(op)).send().await?;
        Ok(found.security_groups.unwrap_or_default().into_iter().filter_map(|group| group.group_id).collect())
    }
}

/// What was last asked for, as far as reading needs it.
struct Last {
    egress: Option<Set<Rule>>,
    ingress: Option<Set<Rule>>,
    revoke_rules_on_delete: bool,
}

fn observed(cx: &Context<'_, Ec2>, group: Described, last: Last) -> Observed<SecurityGroup> {
    let id = group.group_id.unwrap_or_default();
    let owner = group.owner_id.unwrap_or_else(|| cx.place.account.clone());
    let home = Home { group: &id, account: &owner };
    let rules = |seen: Option<Vec<IpPermission>>, last| Some(blocks(&seen.unwrap_or_default(), last, &home));
    let arn = || format!("arn:{}:ec2:{}:{owner}:security-group/{id}", cx.place.partition, cx.place.region);
    let inputs = SecurityGroup {
        description: group.description,
        egress: rules(group.ip_permissions_egress, last.egress),
        ingress: rules(group.ip_permissions, last.ingress),
        name_prefix: group.group_name.as_deref().and_then(prefix_of_name),
        name: group.group_name,
        revoke_rules_on_delete: last.revoke_rules_on_delete,
        tags: tags::read(group.tags.as_deref()),
        vpc_id: group.vpc_id.filter(|vpc| !vpc.is_empty()),
    };
    let arn = group.security_group_arn.filter(|arn| !arn.is_empty()).unwrap_or_else(arn).into();
    let outputs = SecurityGroupOutputs { arn, id: id.clone(), owner_id: owner };
    Observed::stable(id, inputs, outputs)
}
