//! The calls that read and change a target group.

use aws_sdk_elasticloadbalancingv2::types::{Matcher, ProtocolEnum, TargetGroup as Described, TargetGroupAttribute};
use futures::future::{try_join, try_join_all};
use lowtide_model::{Object, Set};
use lowtide_resource::{Asked, Changed, Context, Fault, Observed, Seen, absent_is_none, in_halves, prefix_of_name};

use super::{HealthCheck, TargetGroup, TargetGroupOutputs, settings};
use crate::{
    Elbv2, arn,
    key_value::{KeyValues, small},
    tags,
};

/// A health check as requests hold it: without what this type of target group does not have.
pub(super) struct Probe {
    pub(super) interval: Option<i32>,
    pub(super) timeout: Option<i32>,
    pub(super) healthy: Option<i32>,
    pub(super) unhealthy: Option<i32>,
    pub(super) protocol: Option<ProtocolEnum>,
    pub(super) port: Option<String>,
    pub(super) path: Option<String>,
    pub(super) matcher: Option<Matcher>,
}

impl Probe {
    pub(super) fn of(check: &HealthCheck, group: &TargetGroup) -> Result<Self, Fault> {
        let function = group.target_type == "lambda";
        let http = function || check.protocol != "TCP";
        let grpc = group.protocol_version.as_deref() == Some("GRPC");
        let matcher = |codes: &String| {
            let codes = Some(codes.clone());
            if grpc { Matcher::builder().set_grpc_code(codes).build() } else { Matcher::builder().set_http_code(codes).build() }
        };
        Ok(Self {
            interval: small(Some(check.interval))?,
            timeout: small(check.timeout)?,
            healthy: small(Some(check.healthy_threshold))?,
            unhealthy: small(Some(check.unhealthy_threshold))?,
            protocol: (!function).then(|| ProtocolEnum::from(check.protocol.as_str())),
            port: (!function).then(|| check.port.clone()),
            path: check.path.clone().filter(|_| http),
            matcher: check.matcher.as_ref().filter(|_| http).map(matcher),
        })
    }
}

pub(super) async fn read(cx: &Context<'_, Elbv2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<TargetGroup>)>, Fault> {
    let client = &cx.client;
    let described = |names: Vec<String>| async move {
        let answer = client.describe_target_groups().set_names(Some(names)).send().await?;
        Ok::<_, Fault>(answer.target_groups.unwrap_or_default())
    };
    let found = in_halves(asked.ids(), described).await?;
    let arns: Vec<_> = found.iter().filter_map(|one| one.target_group_arn.clone()).collect();
    let (said, mut tags) = try_join(try_join_all(arns.iter().map(|arn| attributes(cx, arn))), tags::of(cx, &arns)).await?;
    let seen = found.into_iter().zip(said).filter_map(|(one, said)| {
        let tags = one.target_group_arn.as_ref().and_then(|arn| tags.remove(arn));
        let ask = asked.these.iter().find(|ask| one.target_group_name.as_ref() == Some(&ask.id))?;
        // One without attributes went between two calls.
        Some((ask.id.clone(), observed(one, &said?, tags, &ask.last)))
    });
    Ok(asked.answer(seen.collect()))
}

async fn attributes(cx: &Context<'_, Elbv2>, arn: &str) -> Result<Option<KeyValues>, Fault> {
    let answer = absent_is_none(cx.client.describe_target_group_attributes().target_group_arn(arn).send().await)?;
    Ok(answer.map(|answer| answer.attributes.unwrap_or_default().into_iter().map(|one| (one.key, one.value)).collect()))
}

fn observed(one: Described, said: &KeyValues, tags: tags::Tags, last: &Object) -> Observed<TargetGroup> {
    let name = one.target_group_name.clone().unwrap_or_default();
    let mut inputs = TargetGroup {
        name_prefix: prefix_of_name(&name),
        name: Some(name.clone()),
        health_check: Some(health_check(&one)),
        target_type: one.target_type.map_or_else(|| "instance".to_owned(), |kind| kind.as_str().to_owned()),
        port: one.port.map(i64::from),
        protocol: one.protocol.map(|protocol| protocol.as_str().to_owned()),
        protocol_version: one.protocol_version,
        vpc_id: one.vpc_id,
        ip_address_type: one.ip_address_type.map(|kind| kind.as_str().to_owned()),
        tags,
        // What follows is filled in from the attributes.
        stickiness: None,
        deregistration_delay: 0,
        connection_termination: None,
        slow_start: 0,
        load_balancing_algorithm_type: None,
        load_balancing_anomaly_mitigation: None,
        load_balancing_cross_zone_enabled: None,
        lambda_multi_value_headers_enabled: false,
        preserve_client_ip: None,
        proxy_protocol_v2: false,
        target_failover: None,
        target_group_health: None,
        target_health_state: None,
    };
    settings::read(&mut inputs, said, last);
    let arn = one.target_group_arn.unwrap_or_default();
    let outputs = TargetGroupOutputs {
        arn_suffix: arn::suffix(&arn),
        id: arn.clone(),
        arn: arn.into(),
        load_balancer_arns: Set(one.load_balancer_arns.unwrap_or_default()),
    };
    Observed::stable(name, inputs, outputs)
}

/// What a check of a Lambda function has none of keeps its default.
fn health_check(one: &Described) -> HealthCheck {
    let codes = |matcher: &Matcher| matcher.http_code.clone().or_else(|| matcher.grpc_code.clone());
    HealthCheck {
        enabled: one.health_check_enabled.unwrap_or(true),
        healthy_threshold: one.healthy_threshold_count.map_or(3, i64::from),
        interval: one.health_check_interval_seconds.map_or(30, i64::from),
        matcher: one.matcher.as_ref().and_then(codes),
        path: one.health_check_path.clone(),
        port: one.health_check_port.clone().unwrap_or_else(|| "traffic-port".to_owned()),
        protocol: one.health_check_protocol.as_ref().map_or("HTTP", ProtocolEnum::as_str).to_owned(),
        timeout: one.health_check_timeout_seconds.map(i64::from),
        unhealthy_threshold: one.unhealthy_threshold_count.map_or(3, i64::from),
    }
}

pub(super) async fn update(
    cx: &Context<'_, Elbv2>,
    now: &Observed<TargetGroup>,
    to: &TargetGroup,
    changed: &Changed,
) -> Result<Option<String>, Fault> {
    let arn = &*now.outputs.arn;
    if let Some(check) = to.health_check.as_ref().filter(|_| changed.has("health_check")) {
        let probe = Probe::of(check, to)?;
        let request = cx.client.modify_target_group().target_group_arn(arn).health_check_enabled(check.enabled);
        request
            .set_health_check_interval_seconds(probe.interval)
            .set_health_check_timeout_seconds(probe.timeout)
            .set_healthy_threshold_count(probe.healthy)
            .set_unhealthy_threshold_count(probe.unhealthy)
            .set_health_check_protocol(probe.protocol)
            .set_health_check_port(probe.port)
            .set_health_check_path(probe.path)
            .set_matcher(probe.matcher)
            .send()
            .await?;
    }
    let set = settings::of(to).into_iter().filter(|setting| changed.has(setting.attribute));
    let attribute = |value: String, key: &str| TargetGroupAttribute::builder().key(key).value(value).build();
    let set: Vec<_> = set.filter_map(|one| Some(attribute(one.value?, one.key))).collect();
    if !set.is_empty() {
        cx.client.modify_target_group_attributes().target_group_arn(arn).set_attributes(Some(set)).send().await?;
    }
    if changed.has("tags") {
        tags::update(&cx.client, arn, &now.inputs.tags, &to.tags).await?;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_does_not_say_has_the_default() {
        let nothing = KeyValues::from_iter([]);
        let seen = observed(Described::builder().target_group_name("web").build(), &nothing, None, &Object::default());
        assert_eq!((seen.inputs.deregistration_delay, seen.inputs.slow_start, seen.inputs.stickiness), (300, 0, None));
        let check = seen.inputs.health_check.expect("there is always a health check");
        assert_eq!((check.protocol.as_str(), check.port.as_str(), check.healthy_threshold), ("HTTP", "traffic-port", 3));
    }
}
