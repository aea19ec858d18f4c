//! Attributes of load balancers and target groups: AWS shows all there are, moto a few.

use bytes::Bytes;
use http::Response;

use super::mend;
use crate::proxy::exchange::Exchange;
use crate::proxy::xml::Element;

type Defaults = [(&'static str, &'static str)];

/// Elastic Load Balancing API Reference, LoadBalancerAttribute: of every load balancer.
const OF_ALL: &Defaults = &[
    ("access_logs.s3.bucket", ""),
    ("access_logs.s3.enabled", "false"),
    ("access_logs.s3.prefix", ""),
    ("deletion_protection.enabled", "false"),
    ("ipv6.deny_all_igw_traffic", "false"),
    ("zonal_shift.config.enabled", "false"),
];

/// The same page: of application load balancers.
const OF_APPLICATION: &Defaults = &[
    ("client_keep_alive.seconds", "3600"),
    ("connection_logs.s3.bucket", ""),
    ("connection_logs.s3.enabled", "false"),
    ("connection_logs.s3.prefix", ""),
    ("idle_timeout.timeout_seconds", "60"),
    ("routing.http.desync_mitigation_mode", "defensive"),
    ("routing.http.drop_invalid_header_fields.enabled", "false"),
    ("routing.http.preserve_host_header.enabled", "false"),
    ("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false"),
    ("routing.http.xff_client_port.enabled", "false"),
    ("routing.http.xff_header_processing.mode", "append"),
    ("routing.http2.enabled", "true"),
    ("waf.fail_open.enabled", "false"),
];

/// The same page: of network load balancers.
const OF_NETWORK: &Defaults = &[("dns_record.client_routing_policy", "any_availability_zone")];

/// Elastic Load Balancing API Reference, TargetGroupAttribute: of targets of an application load balancer.
const OF_TARGETS: &Defaults = &[
    ("deregistration_delay.timeout_seconds", "300"),
    ("load_balancing.algorithm.anomaly_mitigation", "off"),
    ("load_balancing.algorithm.type", "round_robin"),
    ("load_balancing.cross_zone.enabled", "use_load_balancer_configuration"),
    ("slow_start.duration_seconds", "0"),
    ("stickiness.app_cookie.cookie_name", ""),
    ("stickiness.app_cookie.duration_seconds", "86400"),
    ("stickiness.enabled", "false"),
    ("stickiness.lb_cookie.duration_seconds", "86400"),
    ("stickiness.type", "lb_cookie"),
    ("target_group_health.dns_failover.minimum_healthy_targets.count", "1"),
    ("target_group_health.dns_failover.minimum_healthy_targets.percentage", "off"),
    ("target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "1"),
    ("target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", "off"),
];

/// Attributes nobody set have their defaults; an application load balancer always balances across zones, where moto says
/// it does not.
pub(super) async fn of_load_balancer(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    if !reply.status().is_success() {
        return Ok(reply);
    }
    let arn = exchange.field("LoadBalancerArn").unwrap_or_default();
    let asked = exchange.ask_query("DescribeLoadBalancers", &[("LoadBalancerArns.member.1".to_owned(), arn)]).await?;
    let kind = asked.members("LoadBalancers").first().map_or("", |balancer| balancer.text_at(&["Type"])).to_owned();
    mend::xml(reply, |root| {
        fill_in(root, OF_ALL);
        match kind.as_str() {
            "application" => {
                fill_in(root, OF_APPLICATION);
                root.for_each_in("Attributes", &mut |attribute| {
                    if attribute.text_at(&["Key"]) == "load_balancing.cross_zone.enabled" {
                        attribute.set("Value", "true");
                    }
                });
            }
            "network" => fill_in(root, OF_NETWORK),
            _ => {}
        }
    })
}

/// Attributes nobody set have their defaults.
pub(super) async fn of_target_group(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    if !reply.status().is_success() {
        return Ok(reply);
    }
    let arn = exchange.field("TargetGroupArn").unwrap_or_default();
    let asked = exchange.ask_query("DescribeTargetGroups", &[("TargetGroupArns.member.1".to_owned(), arn)]).await?;
    let group = asked.members("TargetGroups").first().map_or("", |group| group.text_at(&["Protocol"])).to_owned();
    mend::xml(reply, |root| {
        if matches!(group.as_str(), "HTTP" | "HTTPS") {
            fill_in(root, OF_TARGETS);
        }
    })
}

fn fill_in(root: &mut Element, defaults: &Defaults) {
    let shown: Vec<String> = root.members("Attributes").iter().map(|attribute| attribute.text_at(&["Key"]).to_owned()).collect();
    let missing: Vec<Element> = defaults
        .iter()
        .filter(|(key, _)| !shown.iter().any(|shown| shown == key))
        .map(|(key, value)| Element::with_children("member", vec![Element::with_text("Key", key), Element::with_text("Value", value)]))
        .collect();
    for result in &mut root.children {
        if let Some(list) = result.children.iter_mut().find(|child| child.name == "Attributes") {
            list.children.extend(missing.iter().cloned());
        }
    }
}
