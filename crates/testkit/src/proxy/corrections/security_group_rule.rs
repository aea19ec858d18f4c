//! Security group rules.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::mend;
use super::security_group_rule_key::{RuleKey, wanted};
use crate::proxy::error_reply::error_reply;
use crate::proxy::exchange::Exchange;
use crate::proxy::xml::Element;

type Fields = Vec<(String, String)>;

/// A rule that is there already is refused with `InvalidPermission.Duplicate`, whatever its description; a rule that
/// refers to a group keeps its description (Amazon EC2 API Reference, "Error codes" and SecurityGroupRule). moto makes a
/// second rule when the description differs, and does not show that of a rule that refers to a group: it is told again
/// by ModifySecurityGroupRules, which it heeds.
pub(super) async fn authorize(exchange: &Exchange<'_>, is_egress: bool) -> anyhow::Result<Response<Bytes>> {
    let wanted = wanted(&exchange.form(), is_egress);
    let group = exchange.field("GroupId").unwrap_or_default();
    let present = exchange.ask_query("DescribeSecurityGroupRules", &filter("group-id", &group)).await?;
    let present: Vec<RuleKey> = present.members("securityGroupRuleSet").into_iter().map(RuleKey::of).collect();
    if let Some(twice) = wanted.iter().find(|wanted| present.contains(&wanted.key)) {
        let message = format!("the specified rule \"{}\" already exists", twice.key.in_words());
        return Ok(error_reply(exchange.call, StatusCode::BAD_REQUEST, "InvalidPermission.Duplicate", &message));
    }

    let reply = exchange.pass_on().await?;
    if !reply.status().is_success() {
        return Ok(reply);
    }
    let mut root = Element::parse(&String::from_utf8_lossy(reply.body()))?;
    let mut untold = Vec::new();
    root.for_each_in("securityGroupRuleSet", &mut |rule| {
        show_ports(rule);
        let key = RuleKey::of(rule);
        let description = wanted.iter().find(|wanted| wanted.key == key).and_then(|wanted| wanted.description.as_ref());
        if let (Some(description), None) = (description, rule.child("description")) {
            rule.set("description", description);
            untold.push(rule.clone());
        }
    });
    for rule in &untold {
        describe_rule(exchange, rule, rule.text_at(&["description"])).await?;
    }
    Ok(reply.map(|_| Bytes::from(root.document())))
}

/// Ports are shown for every protocol, -1 where there are none (Amazon EC2 API Reference, SecurityGroupRule), and so is
/// the account that owns the group. moto leaves both out.
fn show_ports(rule: &mut Element) {
    for port in ["fromPort", "toPort"] {
        if rule.child(port).is_none() {
            rule.set(port, "-1");
        }
    }
}

pub(super) async fn describe(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    if !reply.status().is_success() {
        return Ok(reply);
    }
    let groups = exchange.ask_query("DescribeSecurityGroups", &[]).await?;
    let groups = groups.members("securityGroupInfo");
    mend::xml(reply, |root| {
        root.for_each_in("securityGroupRuleSet", &mut |rule| {
            show_ports(rule);
            let group = groups.iter().find(|group| group.text_at(&["groupId"]) == rule.text_at(&["groupId"]));
            if let (Some(group), None) = (group, rule.child("groupOwnerId")) {
                rule.set("groupOwnerId", group.text_at(&["ownerId"]));
            }
        });
    })
}

/// Descriptions are changed by rule id as well as by permission (Amazon EC2 API Reference,
/// UpdateSecurityGroupRuleDescriptionsIngress). moto heeds only permissions.
pub(super) async fn update_descriptions(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let form = exchange.form();
    let ids: Vec<(&str, &str)> =
        form.iter().filter_map(|(name, id)| Some((name.strip_suffix(".SecurityGroupRuleId")?, id.as_str()))).collect();
    if ids.is_empty() {
        return exchange.pass_on().await;
    }
    for (prefix, id) in ids {
        let name = format!("{prefix}.Description");
        let description = form.iter().find(|(field, _)| *field == name).map_or("", |(_, text)| text.as_str());
        let found = exchange.ask_query("DescribeSecurityGroupRules", &filter("security-group-rule-id", id)).await?;
        let Some(rule) = found.members("securityGroupRuleSet").first().copied().cloned() else {
            let message = format!("The security group rule ID '{id}' does not exist");
            let code = "InvalidSecurityGroupRuleId.NotFound";
            return Ok(error_reply(exchange.call, StatusCode::BAD_REQUEST, code, &message));
        };
        describe_rule(exchange, &rule, description).await?;
    }
    let done = Element::with_text("return", "true");
    Ok(mend::xml_reply(&Element::with_children(&format!("{}Response", exchange.call.operation), vec![done])))
}

/// A rule id that is not there is `InvalidSecurityGroupRuleId.NotFound` (Amazon EC2 API Reference, "Error codes"). moto
/// speaks of a permission.
pub(super) async fn revoke(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    let by_id = exchange.form().iter().any(|(name, _)| name.starts_with("SecurityGroupRuleId."));
    let text = String::from_utf8_lossy(reply.body());
    if !by_id || !text.contains("<Code>InvalidPermission.NotFound</Code>") {
        return Ok(reply);
    }
    let message = "The security group rule ID does not exist";
    Ok(error_reply(exchange.call, StatusCode::BAD_REQUEST, "InvalidSecurityGroupRuleId.NotFound", message))
}

/// Tells moto the description of a rule, leaving the rest of it as it is.
async fn describe_rule(exchange: &Exchange<'_>, rule: &Element, description: &str) -> anyhow::Result<()> {
    let shown: [(&str, &[&str]); 8] = [
        ("SecurityGroupRuleId", &["securityGroupRuleId"]),
        ("SecurityGroupRule.IpProtocol", &["ipProtocol"]),
        ("SecurityGroupRule.FromPort", &["fromPort"]),
        ("SecurityGroupRule.ToPort", &["toPort"]),
        ("SecurityGroupRule.CidrIpv4", &["cidrIpv4"]),
        ("SecurityGroupRule.CidrIpv6", &["cidrIpv6"]),
        ("SecurityGroupRule.PrefixListId", &["prefixListId"]),
        ("SecurityGroupRule.ReferencedGroupId", &["referencedGroupInfo", "groupId"]),
    ];
    let mut fields: Fields = vec![
        ("GroupId".to_owned(), rule.text_at(&["groupId"]).to_owned()),
        ("SecurityGroupRule.1.SecurityGroupRule.Description".to_owned(), description.to_owned()),
    ];
    let present = shown.iter().map(|(name, path)| (name, rule.text_at(path))).filter(|(_, value)| !value.is_empty());
    fields.extend(present.map(|(name, value)| (format!("SecurityGroupRule.1.{name}"), value.to_owned())));
    exchange.ask_query("ModifySecurityGroupRules", &fields).await?;
    Ok(())
}

fn filter(name: &str, value: &str) -> Fields {
    vec![("Filter.1.Name".to_owned(), name.to_owned()), ("Filter.1.Value.1".to_owned(), value.to_owned())]
}
