//! What was just made is not to be seen at once.
//!
//! EC2 and IAM are eventually consistent: an id that a create has returned may be unknown to the reads that follow (Amazon EC2
//! Developer Guide, "Ensuring eventual consistency in the Amazon EC2 API"; IAM User Guide, "Troubleshoot IAM: changes that I make
//! are not always immediately visible"). moto shows everything at once. Here a new thing is hidden from a number of looks at it
//! ([`Rules::hidden_reads`](crate::Rules)): a list leaves it out, and who asks for it by name is told that it is not there.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::Memory;
use crate::proxy::error_reply::error_reply;
use crate::proxy::exchange::Exchange;
use crate::proxy::xml::Element;

/// One sort of things.
struct Kind {
    service: &'static str,
    creates: &'static [&'static str],
    /// Where its name is, in the answer to a create and in a list.
    id: &'static str,
    /// The read that lists it, and the list.
    listed: (&'static str, &'static str),
    /// The read that asks for one, and the field that names it: by a number after the field where it asks for several.
    asked: (&'static str, &'static str),
    code: &'static str,
}

const fn ec2(
    creates: &'static [&'static str],
    id: &'static str,
    look: &'static str,
    list: &'static str,
    field: &'static str,
    code: &'static str,
) -> Kind {
    Kind { service: "ec2", creates, id, listed: (look, list), asked: (look, field), code }
}

const fn iam(
    create: &'static [&'static str],
    id: &'static str,
    listed: (&'static str, &'static str),
    asked: (&'static str, &'static str),
) -> Kind {
    Kind { service: "iam", creates: create, id, listed, asked, code: "NoSuchEntity" }
}

const KINDS: [Kind; 10] = [
    ec2(&["AllocateAddress"], "allocationId", "DescribeAddresses", "addressesSet", "AllocationId.", "InvalidAllocationID.NotFound"),
    ec2(
        &["AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"],
        "securityGroupRuleId",
        "DescribeSecurityGroupRules",
        "securityGroupRuleSet",
        "SecurityGroupRuleId.",
        "InvalidSecurityGroupRuleId.NotFound",
    ),
    ec2(
        &["CreateInternetGateway"],
        "internetGatewayId",
        "DescribeInternetGateways",
        "internetGatewaySet",
        "InternetGatewayId.",
        "InvalidInternetGatewayID.NotFound",
    ),
    ec2(&["CreateNatGateway"], "natGatewayId", "DescribeNatGateways", "natGatewaySet", "NatGatewayId.", "NatGatewayNotFound"),
    ec2(&["CreateRouteTable"], "routeTableId", "DescribeRouteTables", "routeTableSet", "RouteTableId.", "InvalidRouteTableID.NotFound"),
    ec2(&["CreateSecurityGroup"], "groupId", "DescribeSecurityGroups", "securityGroupInfo", "GroupId.", "InvalidGroup.NotFound"),
    ec2(&["CreateSubnet"], "subnetId", "DescribeSubnets", "subnetSet", "SubnetId.", "InvalidSubnetID.NotFound"),
    ec2(&["CreateVpc"], "vpcId", "DescribeVpcs", "vpcSet", "VpcId.", "InvalidVpcID.NotFound"),
    iam(&["CreatePolicy"], "Arn", ("ListPolicies", "Policies"), ("GetPolicy", "PolicyArn")),
    iam(&["CreateRole"], "RoleName", ("ListRoles", "Roles"), ("GetRole", "RoleName")),
];

/// A thing: its service, its region, its name.
pub(super) type Key = (String, String, String);

/// Hides what was just made, and keeps hiding it.
pub(super) fn show(exchange: &Exchange<'_>, memory: &Memory, reads: usize, reply: Response<Bytes>) -> anyhow::Result<Response<Bytes>> {
    if reads == 0 || !reply.status().is_success() {
        return Ok(reply);
    }
    let call = exchange.call;
    let operation = call.operation.as_str();
    let key = |name: &str| (call.service.clone(), call.region.clone(), name.to_owned());
    for kind in KINDS.iter().filter(|kind| kind.service == call.service) {
        if kind.creates.contains(&operation) {
            let root = Element::parse(&String::from_utf8_lossy(reply.body()))?;
            each(&root, kind.id, &mut |name| memory.hidden.put(key(name), reads));
            return Ok(reply);
        }
        let is_hidden = |name: &str| memory.hidden.get(&key(name)).is_some();
        if let Some(name) = asked(exchange, kind).find(|name| is_hidden(name)) {
            count(memory, &key(&name));
            let message = format!("The '{name}' does not exist");
            let status = if kind.service == "iam" { StatusCode::NOT_FOUND } else { StatusCode::BAD_REQUEST };
            return Ok(error_reply(call, status, kind.code, &message));
        }
        if kind.listed.0 == operation {
            return super::mend::xml(reply, |root| leave_out(root, kind, &mut |name| is_hidden(name) && count(memory, &key(name))));
        }
    }
    Ok(reply)
}

/// The names that a request asks for.
fn asked<'a>(exchange: &Exchange<'_>, kind: &'a Kind) -> impl Iterator<Item = String> + 'a {
    let (operation, field) = kind.asked;
    let form = if exchange.call.operation == operation { exchange.form() } else { Vec::new() };
    let is_it = move |name: &str| if field.ends_with('.') { name.starts_with(field) } else { name == field };
    form.into_iter().filter(move |(name, _)| is_it(name)).map(|(_, value)| value)
}

/// Takes what is hidden out of a list.
fn leave_out(element: &mut Element, kind: &Kind, is_hidden: &mut dyn FnMut(&str) -> bool) {
    for child in &mut element.children {
        if child.name == kind.listed.1 {
            child.children.retain(|item| !is_hidden(item.text_at(&[kind.id])));
        } else {
            leave_out(child, kind, is_hidden);
        }
    }
}

/// One look less. It was hidden from this one.
fn count(memory: &Memory, key: &Key) -> bool {
    match memory.hidden.get(key) {
        Some(left) if left > 1 => memory.hidden.put(key.clone(), left - 1),
        _ => drop(memory.hidden.take(key)),
    }
    true
}

fn each(element: &Element, name: &str, found: &mut dyn FnMut(&str)) {
    if element.name == name && !element.text.is_empty() {
        found(&element.text);
    }
    element.children.iter().for_each(|child| each(child, name, found));
}
