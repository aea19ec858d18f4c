//! Rules as requests and answers hold them.

use aws_sdk_ec2::{
    Client,
    types::{
        IpPermission, IpRange, Ipv6Range, PrefixListId, SecurityGroupRule as Described, SecurityGroupRuleDescription,
        SecurityGroupRuleRequest, UserIdGroupPair,
    },
};
use lowtide_model::Cidr;
use lowtide_resource::{Context, Fault, Observed};

use super::{Rule, RuleOutputs, SecurityGroupRule, Way};
use crate::{Ec2, protocol::has_ports, security_group::Direction, tags};

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

    /// Returns it as the request has it that makes it.
    pub(super) fn permission(&self) -> IpPermission {
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

    /// Returns it as the request has it that changes it.
    pub(super) fn request(&self) -> SecurityGroupRuleRequest {
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

/// Returns what AWS says of a rule.
pub(super) fn observed<W>(cx: &Context<'_, Ec2>, rule: Described) -> Observed<SecurityGroupRule<W>>
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

/// Takes a description away.
pub(super) async fn forget_description(client: &Client, direction: Direction, group: &str, rule: &str) -> Result<(), Fault> {
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

#[cfg(test)]
mod tests {
    use lowtide_model::{Model, Object, Value};

    use super::*;

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
