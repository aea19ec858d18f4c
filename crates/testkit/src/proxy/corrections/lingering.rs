//! What load balancers, functions and services leave behind for a while.
//!
//! Their network interfaces go some time after them, and hold groups, subnets and an internet gateway until then: those of a function for
//! up to 45 minutes (AWS Knowledge Center, "How do I detach or delete a network interface that Lambda created?"), those of a load balancer
//! until Elastic Load Balancing has cleaned up (Elastic Load Balancing User Guide, "Delete an Application Load Balancer": to delete what
//! it used, wait). Who asks for a group or subnet to go is refused meanwhile, however right the order is; so these refusals are not noted
//! down. moto shows no interfaces of these.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::Value;

use super::Memory;
use crate::proxy::error_reply::error_reply;
use crate::proxy::exchange::Exchange;
use crate::proxy::xml::Element;

/// Where such an interface is, or what it has: the region, and the id of a group, a subnet or a VPC.
pub(super) type Key = (String, String);

/// Operations that interfaces refuse, and the field that names what they hold.
const REFUSED: [(&str, &str); 3] = [("DeleteSecurityGroup", "GroupId"), ("DeleteSubnet", "SubnetId"), ("DetachInternetGateway", "VpcId")];

/// The refusal of what an interface still holds.
pub(super) fn refuse(exchange: &Exchange<'_>, memory: &Memory) -> Option<Response<Bytes>> {
    let (_, field) = REFUSED.iter().find(|(operation, _)| exchange.call.service == "ec2" && *operation == exchange.call.operation)?;
    let id = exchange.field(field)?;
    let key = (exchange.call.region.clone(), id.clone());
    let left = memory.lingering.take(&key)?;
    if left > 1 {
        memory.lingering.put(key, left - 1);
    }
    let message = format!("resource {id} has a dependent object: a network interface of something that was deleted");
    Some(error_reply(exchange.call, StatusCode::BAD_REQUEST, "DependencyViolation", &message))
}

/// The ids that interfaces of what is about to be deleted hold.
pub(super) async fn held(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Vec<String>> {
    match (exchange.call.service.as_str(), exchange.call.operation.as_str()) {
        ("elasticloadbalancing", "DeleteLoadBalancer") => {
            let arn = exchange.field("LoadBalancerArn").unwrap_or_default();
            let found = exchange.ask_query("DescribeLoadBalancers", &[("LoadBalancerArns.member.1".to_owned(), arn)]).await;
            Ok(found.map(|found| of_balancer(&found)).unwrap_or_default())
        }
        ("ecs", "DeleteService") => {
            let body = exchange.json();
            let asked = serde_json::json!({"cluster": body["cluster"], "services": [body["service"]]});
            let found = exchange.ask_json("DescribeServices", &asked).await?;
            let network = &found["services"][0]["networkConfiguration"]["awsvpcConfiguration"];
            Ok(texts(&network["subnets"]).chain(texts(&network["securityGroups"])).collect())
        }
        ("lambda", operation) => {
            let name = operation.strip_prefix("DELETE /2015-03-31/functions/").filter(|name| !name.contains('/'));
            let sent = name.and_then(|name| memory.functions.get(&(exchange.call.region.clone(), name.to_owned()))).unwrap_or_default();
            let network = sent.get("VpcConfig").cloned().unwrap_or_default();
            Ok(texts(&network["SubnetIds"]).chain(texts(&network["SecurityGroupIds"])).collect())
        }
        _ => Ok(Vec::new()),
    }
}

/// Holds all of them, from so many askings on.
pub(super) fn begin(exchange: &Exchange<'_>, memory: &Memory, reads: usize, held: Vec<String>) {
    for id in held.into_iter().filter(|_| reads > 0) {
        memory.lingering.put((exchange.call.region.clone(), id), reads);
    }
}

/// A load balancer that the internet reaches has public addresses, so its VPC's gateway stays as well.
fn of_balancer(found: &Element) -> Vec<String> {
    let Some(balancer) = found.members("LoadBalancers").first().copied() else { return Vec::new() };
    let inside = |list: &str| balancer.child(list).map(|list| list.children.as_slice()).unwrap_or_default();
    let subnets = inside("AvailabilityZones").iter().map(|zone| zone.text_at(&["SubnetId"]).to_owned());
    let groups = inside("SecurityGroups").iter().map(|group| group.text.clone());
    let gateway = (balancer.text_at(&["Scheme"]) != "internal").then(|| balancer.text_at(&["VpcId"]).to_owned());
    subnets.chain(groups).chain(gateway).collect()
}

fn texts(list: &Value) -> impl Iterator<Item = String> {
    list.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned))
}
