//! `aws_vpc_security_group_ingress_rule` and `aws_vpc_security_group_egress_rule`: one rule each, by its own id.
//!
//! Both kinds are one struct and one set of calls; [`Way`] says in which direction. A rule is authorized with the
//! ownership tag in the same request. `ModifySecurityGroupRules` changes all of a rule but the sort of place it is about,
//! and whether a description that it leaves out is taken away is not documented, so that has a call of its own.

use std::{collections::BTreeMap, marker::PhantomData};

use aws_sdk_ec2::{
    Client,
    types::{
        IpPermission, IpRange, Ipv6Range, PrefixListId, ResourceType, SecurityGroupRule as Described, SecurityGroupRuleDescription,
        SecurityGroupRuleRequest, SecurityGroupRuleUpdate, UserIdGroupPair,
    },
};
use lowtide_model::{Arn, Attribute, Check, Cidr, Complaint, Create, Model, Object, Planned, PlannedObject, Unfit};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen};

use crate::{
    Ec2,
    describe::{FILTER_VALUES, filter, made_by},
    protocol::{has_ports, misspelt},
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
    const CHECKS: &'static [Check] = &[place, ports];

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
        let seen = of_this_kind.map(|rule| observed(cx, rule)).map(|seen| (seen.id.clone(), seen));
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
            forget_description(&cx.client, W::DIRECTION, &to.security_group_id, id).await?;
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

impl Rule {
    /// Returns the ports as requests hold them: protocols without ports have -1.
    fn ports(&self) -> (Option<i32>, Option<i32>) {
        let port = |port: Option<i64>| if has_ports(&self.ip_protocol) { port.and_then(|port| i32::try_from(port).ok()) } else { Some(-1) };
        (port(self.from_port), port(self.to_port))
    }

    /// Returns account and id of the group it refers to; the account where it is another one.
    fn referenced(&self) -> Option<(Option<&str>, &str)> {
        let name = self.referenced_security_group_id.as_deref()?;
        Some(name.split_once('/').map_or((None, name), |(account, id)| (Some(account), id)))
    }

    fn permission(&self) -> IpPermission {
        let (from, to) = self.ports();
        let description = || self.description.clone();
        let mut one = IpPermission::builder().ip_protocol(&self.ip_protocol).set_from_port(from).set_to_port(to);
        if let Some(cidr) = &self.cidr_ipv4 {
            one = one.ip_ranges(IpRange::builder().cidr_ip(&**cidr).set_description(description()).build());
        }
        if let Some(cidr) = &self.cidr_ipv6 {
            one = one.ipv6_ranges(Ipv6Range::builder().cidr_ipv6(&**cidr).set_description(description()).build());
        }
        if let Some(id) = &self.prefix_list_id {
            one = one.prefix_list_ids(PrefixListId::builder().prefix_list_id(id).set_description(description()).build());
        }
        if let Some((account, id)) = self.referenced() {
            let pair = UserIdGroupPair::builder().set_user_id(account.map(str::to_owned)).group_id(id);
            one = one.user_id_group_pairs(pair.set_description(description()).build());
        }
        one.build()
    }

    fn request(&self) -> SecurityGroupRuleRequest {
        let (from, to) = self.ports();
        SecurityGroupRuleRequest::builder()
            .ip_protocol(&self.ip_protocol)
            .set_from_port(from)
            .set_to_port(to)
            .set_cidr_ipv4(self.cidr_ipv4.as_ref().map(|cidr| cidr.to_string()))
            .set_cidr_ipv6(self.cidr_ipv6.as_ref().map(|cidr| cidr.to_string()))
            .set_prefix_list_id(self.prefix_list_id.clone())
            .set_referenced_group_id(self.referenced().map(|(_, id)| id.to_owned()))
            .set_description(self.description.clone())
            .build()
    }
}

fn observed<W>(cx: &Context<'_, Ec2>, rule: Described) -> Observed<SecurityGroupRule<W>>
where
    W: Way,
{
    let id = rule.security_group_rule_id.unwrap_or_default();
    let owner = rule.group_owner_id.unwrap_or_else(|| cx.place.account.clone());
    let ip_protocol = rule.ip_protocol.unwrap_or_default();
    let port = |port: Option<i32>| port.filter(|_| has_ports(&ip_protocol)).map(i64::from);
    let referenced = rule.referenced_group_info.and_then(|group| {
        let foreign = group.user_id.filter(|account| !account.is_empty() && *account != owner);
        let id = group.group_id.filter(|id| !id.is_empty())?;
        Some(foreign.map_or_else(|| id.clone(), |account| format!("{account}/{id}")))
    });
    let arn = || format!("arn:{}:ec2:{}:{owner}:security-group-rule/{id}", cx.place.partition, cx.place.region);
    let text = |text: Option<String>| text.filter(|text| !text.is_empty());
    let outputs = RuleOutputs {
        arn: text(rule.security_group_rule_arn).unwrap_or_else(arn).into(),
        id: id.clone(),
        security_group_rule_id: id.clone(),
    };
    let inputs = Rule {
        cidr_ipv4: text(rule.cidr_ipv4).map(Cidr::from),
        cidr_ipv6: text(rule.cidr_ipv6).map(Cidr::from),
        description: text(rule.description),
        from_port: port(rule.from_port),
        to_port: port(rule.to_port),
        prefix_list_id: text(rule.prefix_list_id),
        referenced_security_group_id: referenced,
        security_group_id: rule.group_id.unwrap_or_default(),
        tags: tags::read(rule.tags.as_deref()),
        ip_protocol,
    };
    Observed::stable(id, SecurityGroupRule::new(inputs), outputs)
}

async fn forget_description(client: &Client, direction: Direction, group: &str, rule: &str) -> Result<(), Fault> {
    let nothing = SecurityGroupRuleDescription::builder().security_group_rule_id(rule).build();
    match direction {
        Direction::Ingress => {
            let update = client.update_security_group_rule_descriptions_ingress().group_id(group);
            update.security_group_rule_descriptions(nothing).send().await?;
        }
        Direction::Egress => {
            let update = client.update_security_group_rule_descriptions_egress().group_id(group);
            update.security_group_rule_descriptions(nothing).send().await?;
        }
    }
    Ok(())
}

/// A rule is about exactly one place.
fn place(wish: &PlannedObject) -> Vec<Complaint> {
    const PLACES: [&str; 4] = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];
    let given: Vec<_> = PLACES.into_iter().filter(|name| wish.get(name).is_some()).collect();
    let detail = "A rule is about exactly one place that the traffic comes from or goes to.";
    match given.as_slice() {
        [] => vec![Complaint::about(PLACES[0], detail).hint(format!("give one of {}", PLACES.join(", ")))],
        [_] => Vec::new(),
        [_, more @ ..] => more.iter().map(|name| Complaint::about(name, detail).hint("declare a rule of its own for each place")).collect(),
    }
}

/// Protocols with ports need both, the others have none.
fn ports(wish: &PlannedObject) -> Vec<Complaint> {
    const PORTS: [&str; 2] = ["from_port", "to_port"];
    let Some(protocol) = wish.text("ip_protocol") else { return Vec::new() };
    if let Some((detail, hint)) = misspelt(protocol) {
        let complaint = Complaint::about("ip_protocol", detail);
        return vec![Complaint { hint, ..complaint }];
    }
    let port = |name: &str| wish.get(name).and_then(Planned::as_i64);
    if !has_ports(protocol) {
        let given = PORTS.into_iter().filter(|name| wish.get(name).is_some());
        let detail = format!("A rule for protocol {protocol} is for all of its traffic and has no ports.");
        return given.map(|name| Complaint::about(name, detail.clone()).hint("leave it out")).collect();
    }
    let lacking = PORTS.into_iter().filter(|name| wish.get(name).is_none());
    let detail = format!("A rule for {protocol} needs both `from_port` and `to_port`.");
    let mut all: Vec<_> = lacking.map(|name| Complaint::about(name, detail.clone())).collect();
    if let ("tcp" | "udp", Some(from), Some(to)) = (protocol, port("from_port"), port("to_port"))
        && from > to
    {
        all.push(Complaint::about("from_port", format!("The first port, {from}, comes after the last, {to}.")));
    }
    all
}

#[cfg(test)]
mod tests {
    use lowtide_model::Value;

    use super::*;

    fn complaints(json: &str) -> Vec<String> {
        let Some(Value::Object(members)) = Value::from_json(&serde_json::from_str(json).expect("JSON")) else { panic!("no object") };
        let wish = PlannedObject::from(Object(members));
        place(&wish).into_iter().chain(ports(&wish)).map(|one| one.path.to_string()).collect()
    }

    #[test]
    fn checks_name_what_is_wrong() {
        assert_eq!(complaints(r#"{"cidr_ipv4": "10.0.0.0/8", "ip_protocol": "tcp", "from_port": 1, "to_port": 2}"#), [""; 0]);
        assert_eq!(complaints(r#"{"ip_protocol": "tcp", "from_port": 2, "to_port": 1}"#), ["cidr_ipv4", "from_port"]);
        assert_eq!(
            complaints(r#"{"cidr_ipv4": "10.0.0.0/8", "cidr_ipv6": "::/0", "ip_protocol": "-1", "to_port": -1}"#),
            ["cidr_ipv6", "to_port"]
        );
        assert_eq!(complaints(r#"{"cidr_ipv4": "10.0.0.0/8", "ip_protocol": "udp", "to_port": 1}"#), ["from_port"]);
    }

    #[test]
    fn a_rule_for_all_traffic_has_no_ports_to_see() {
        let rule = Rule::from_object(&Object(
            [("ip_protocol", "-1"), ("cidr_ipv4", "0.0.0.0/0"), ("security_group_id", "sg-1")]
                .map(|(name, value)| (name.to_owned(), Value::from(value)))
                .into(),
        ));
        let permission = rule.expect("a rule").permission();
        assert_eq!((permission.from_port, permission.to_port), (Some(-1), Some(-1)));
    }
}
