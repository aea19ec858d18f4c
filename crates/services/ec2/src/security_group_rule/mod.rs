//! `aws_vpc_security_group_ingress_rule` and `aws_vpc_security_group_egress_rule`: one rule each, by its own id.
//!
//! Both kinds are one struct and one set of calls; [`Way`] says in which direction. A rule is authorized with the
//! ownership tag in the same request. `ModifySecurityGroupRules` changes all of a rule but the sort of place it is about,
//! and whether a description that it leaves out is taken away is not documented, so that has a call of its own. `wire` knows requests and answers.

mod checks;
mod wire;

use std::{collections::BTreeMap, marker::PhantomData};

use aws_sdk_ec2::types::{ResourceType, SecurityGroupRule as Described, SecurityGroupRuleUpdate};
use lowtide_model::{Arn, Attribute, Check, Cidr, Create, Model, Object, Unfit};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen};

use crate::{
    Ec2,
    describe::{FILTER_VALUES, filter, made_by},
    security_group::Direction,
    tags::{self, Tags},
};

/// Which way the traffic of a rule goes, and so which kind it is.
pub trait Way: Send + Sync + 'static {
    /// The direction.
    const DIRECTION: Direction;
    /// The name of the kind.
    const KIND: &'static str;
    /// What users read about the kind.
    const DOC: &'static str;
}

/// Traffic that comes in.
pub struct In;

impl Way for In {
    const DIRECTION: Direction = Direction::Ingress;
    const KIND: &'static str = "aws_vpc_security_group_ingress_rule";
    const DOC: &'static str = "A rule of a security group that lets traffic in: one protocol, one range of ports, one place it comes from.";
}

/// Traffic that leaves.
pub struct Out;

impl Way for Out {
    const DIRECTION: Direction = Direction::Egress;
    const KIND: &'static str = "aws_vpc_security_group_egress_rule";
    const DOC: &'static str = "A rule of a security group that lets traffic out: one protocol, one range of ports, one place it goes to.";
}

/// A rule in one direction.
pub struct SecurityGroupRule<W>(Rule, PhantomData<W>);

/// What both kinds have.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Rule {
    /// The IPv4 block that the traffic comes from (ingress) or goes to (egress). A rule has exactly one such place.
    #[attr(removed = "replaces")]
    pub cidr_ipv4: Option<Cidr>,
    /// The IPv6 block that the traffic comes from (ingress) or goes to (egress). A rule has exactly one such place.
    #[attr(removed = "replaces")]
    pub cidr_ipv6: Option<Cidr>,
    /// What the rule is for, up to 255 characters.
    #[attr(range = 1..=255)]
    pub description: Option<String>,
    /// The first port; for `icmp` and `icmpv6` the type, -1 for all. Left out for other protocols.
    #[attr(range = -1..=65535)]
    pub from_port: Option<i64>,
    /// The protocol: `tcp`, `udp`, `icmp`, `icmpv6`, a protocol number, or `-1` for all.
    pub ip_protocol: String,
    /// The prefix list whose blocks the traffic comes from (ingress) or goes to (egress). A rule has exactly one such place.
    #[attr(removed = "replaces")]
    pub prefix_list_id: Option<String>,
    /// The security group whose interfaces the traffic comes from (ingress) or goes to (egress); one of another account is
    /// `ACCOUNT/GROUP`. A rule has exactly one such place.
    #[attr(refers = "aws_security_group.id", removed = "replaces")]
    pub referenced_security_group_id: Option<String>,
    /// The group that the rule belongs to.
    #[attr(parent, refers = "aws_security_group.id", replaces)]
    pub security_group_id: String,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
    /// The last port; for `icmp` and `icmpv6` the code, -1 for all. Left out for other protocols.
    #[attr(range = -1..=65535)]
    pub to_port: Option<i64>,
}

/// What AWS decides about a rule.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RuleOutputs {
    /// The rule's ARN.
    pub arn: Arn,
    /// The rule's id.
    pub id: String,
    /// The rule's id.
    pub security_group_rule_id: String,
}

impl<W: Way> Model for SecurityGroupRule<W> {
    const DOC: &'static str = W::DOC;
    const ATTRIBUTES: &'static [Attribute] = Rule::ATTRIBUTES;

    fn from_object(object: &Object) -> Result<Self, Unfit> {
        Rule::from_object(object).map(Self::new)
    }

    fn into_object(self) -> Object {
        self.0.into_object()
    }
}

impl<W> SecurityGroupRule<W> {
    fn new(rule: Rule) -> Self {
        Self(rule, PhantomData)
    }
}

impl<W: Way> Resource for SecurityGroupRule<W> {
    type Outputs = RuleOutputs;
    type Service = Ec2;
    const KIND: &'static str = W::KIND;
    const CREATE: Create = Create::TagOnly;
    const IMPORT: &'static str = "SECURITY_GROUP_RULE_ID";
    const BATCH: usize = 200;
    const CHECKS: &'static [Check] = &[checks::place, checks::ports];

    async fn create(cx: &Context<'_, Ec2>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let (group, permission) = (&wish.0.security_group_id, wish.0.permission());
        let tags = tags::specification(ResourceType::SecurityGroupRule, &wish.0.tags);
        let made = match W::DIRECTION {
            Direction::Ingress => {
                let authorize = cx.client.authorize_security_group_ingress().group_id(group).ip_permissions(permission);
                authorize.set_tag_specifications(tags).send().await?.security_group_rules
            }
            Direction::Egress => {
                let authorize = cx.client.authorize_security_group_egress().group_id(group).ip_permissions(permission);
                authorize.set_tag_specifications(tags).send().await?.security_group_rules
            }
        };
        let made = made.unwrap_or_default().into_iter().find_map(|rule| rule.security_group_rule_id);
        Made::id(made, "the id of the security group rule")
    }

    async fn read(cx: &Context<'_, Ec2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let ask = |ids: Vec<String>| async move {
            let ids = filter("security-group-rule-id", ids);
            let pages = cx.client.describe_security_group_rules().filters(ids).into_paginator().items().send();
            Ok(pages.collect::<Result<Vec<Described>, _>>().await?)
        };
        let found = cx.round.together("ec2:DescribeSecurityGroupRules", FILTER_VALUES, asked.ids(), ask).await?;
        let of_this_kind = found.iter().filter(|rule| rule.is_egress == Some(W::DIRECTION == Direction::Egress)).cloned();
        let seen = of_this_kind.map(|rule| wire::observed(cx, rule)).map(|seen| (seen.id.clone(), seen));
        Ok(asked.answer(seen.collect::<BTreeMap<_, _>>()))
    }

    async fn update(cx: &Context<'_, Ec2>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        let (now, id, to) = (&now.inputs.0, &now.id, &to.0);
        if changed.any(&["cidr_ipv4", "cidr_ipv6", "description", "from_port", "ip_protocol", "prefix_list_id", "to_port"])
            || changed.has("referenced_security_group_id")
        {
            let update = SecurityGroupRuleUpdate::builder().security_group_rule_id(id).security_group_rule(to.request()).build();
            cx.client.modify_security_group_rules().group_id(&to.security_group_id).security_group_rules(update).send().await?;
        }
        if changed.has("description") && to.description.is_none() {
            wire::forget_description(&cx.client, W::DIRECTION, &to.security_group_id, id).await?;
        }
        if changed.has("tags") {
            tags::update(&cx.client, id, &now.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ec2>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        W::DIRECTION.revoke(&cx.client, &last.inputs.0.security_group_id, vec![last.id.clone()]).await?;
        Ok(Going::Gone)
    }

    async fn find(cx: &Context<'_, Ec2>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let found = cx.client.describe_security_group_rules().filters(made_by(op)).send().await?;
        Ok(found.security_group_rules.unwrap_or_default().into_iter().filter_map(|rule| rule.security_group_rule_id).collect())
    }
}
