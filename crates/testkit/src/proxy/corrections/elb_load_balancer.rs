//! Load balancers.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{Response, StatusCode};

use super::mend;
use crate::proxy::error_reply::error_reply;
use crate::proxy::exchange::Exchange;
use crate::proxy::xml::Element;

/// A load balancer faces the internet unless it is internal (Elastic Load Balancing API Reference, LoadBalancer,
/// `Scheme`). moto shows a scheme only where one was sent.
fn show_scheme(balancer: &mut Element) {
    if balancer.text_at(&["Scheme"]).is_empty() {
        balancer.set("Scheme", "internet-facing");
    }
}

pub(super) async fn show(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    mend::xml(exchange.pass_on().await?, |root| root.for_each_in("LoadBalancers", &mut show_scheme))
}

/// A name is taken once: the same settings return the load balancer that is there, others are refused with
/// `DuplicateLoadBalancerName` (Elastic Load Balancing API Reference, CreateLoadBalancer). moto makes a second one.
pub(super) async fn create(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let name = exchange.field("Name").unwrap_or_default();
    // Refused when there is none, as it should be.
    let Ok(mut found) = exchange.ask_query("DescribeLoadBalancers", &[("Names.member.1".to_owned(), name.clone())]).await else {
        return show(exchange).await;
    };
    found.for_each_in("LoadBalancers", &mut show_scheme);
    let balancers = found.members("LoadBalancers");
    let Some(balancer) = balancers.first().copied() else { return show(exchange).await };
    if is_same(exchange, balancer) {
        let list = Element::with_children("LoadBalancers", vec![balancer.clone()]);
        let result = Element::with_children("CreateLoadBalancerResult", vec![list]);
        return Ok(mend::xml_reply(&Element::with_children("CreateLoadBalancerResponse", vec![result])));
    }
    let message = format!("A load balancer with the same name '{name}' exists, but with different settings");
    Ok(error_reply(exchange.call, StatusCode::BAD_REQUEST, "DuplicateLoadBalancerName", &message))
}

fn is_same(exchange: &Exchange<'_>, balancer: &Element) -> bool {
    let asked = |prefix: &str| -> BTreeSet<String> {
        exchange.form().into_iter().filter(|(name, _)| name.starts_with(prefix)).map(|(_, value)| value).collect()
    };
    let is_default_or = |field: &str, default: &str, shown: &str| exchange.field(field).as_deref().unwrap_or(default) == shown;
    let subnets = balancer.members("AvailabilityZones").iter().map(|zone| zone.text_at(&["SubnetId"]).to_owned()).collect();
    let groups: BTreeSet<String> = balancer.members("SecurityGroups").iter().map(|group| group.text.clone()).collect();
    asked("Subnets.member.") == subnets
        && asked("SecurityGroups.member.") == groups
        && is_default_or("Scheme", "internet-facing", balancer.text_at(&["Scheme"]))
        && is_default_or("Type", "application", balancer.text_at(&["Type"]))
}

/// One that is protected is refused with `OperationNotPermitted` (Elastic Load Balancing API Reference,
/// DeleteLoadBalancer). moto deletes it.
pub(super) async fn delete(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let arn = exchange.field("LoadBalancerArn").unwrap_or_default();
    let asked = exchange.ask_query("DescribeLoadBalancerAttributes", &[("LoadBalancerArn".to_owned(), arn.clone())]).await;
    let is_protected = asked.is_ok_and(|attributes| {
        attributes
            .members("Attributes")
            .iter()
            .any(|attribute| attribute.text_at(&["Key"]) == "deletion_protection.enabled" && attribute.text_at(&["Value"]) == "true")
    });
    if is_protected {
        let message = format!("Load balancer '{arn}' cannot be deleted because deletion protection is enabled");
        return Ok(error_reply(exchange.call, StatusCode::BAD_REQUEST, "OperationNotPermitted", &message));
    }
    exchange.pass_on().await
}
