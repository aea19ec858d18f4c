//! `aws_lb_target_group`: where a load balancer sends traffic.
//!
//! The name is the key and the physical id; AWS ends the ARN with something of its own, and calls that change take the
//! ARN from what was read. What AWS calls attributes can only be set afterwards and is read one target group to a call.

mod blocks;
mod checks;
mod settings;
mod wire;

use aws_sdk_elasticloadbalancingv2::types::{ProtocolEnum, TargetGroupIpAddressTypeEnum, TargetTypeEnum};
use lowtide_model::{Arn, Check, Create, Model, Object, Place, Set};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen};

pub use blocks::{DnsFailover, GroupHealth, HealthCheck, Stickiness, TargetFailover, TargetHealthState, UnhealthyStateRouting};

use crate::{
    Elbv2, arn,
    key_value::small,
    name,
    tags::{self, Tags},
};

/// A group of targets that a load balancer sends traffic to, with how their health is checked.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct TargetGroup {
    /// The name, up to 32 letters, digits and hyphens. Lowtide chooses one when it is not given.
    #[attr(computed, identity, range = 1..=32, replaces)]
    pub name: Option<String>,
    /// What the name starts with when Lowtide chooses it, up to 6 characters.
    #[attr(computed, range = 1..=6, replaces)]
    pub name_prefix: Option<String>,
    /// What targets are: EC2 instances (`instance`), IP addresses (`ip`), a Lambda function (`lambda`) or an application load balancer (`alb`).
    #[attr(default = "instance", one_of = ["instance", "ip", "lambda", "alb"], replaces)]
    pub target_type: String,
    /// The port that targets take traffic on, unless they are registered with another. Not for Lambda functions.
    #[attr(range = 1..=65535, replaces)]
    pub port: Option<i64>,
    /// The protocol to targets. Not for Lambda functions.
    #[attr(one_of = ["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"], replaces)]
    pub protocol: Option<String>,
    /// The version of HTTP to targets: `HTTP1`, `HTTP2` or `GRPC`.
    #[attr(computed, one_of = ["HTTP1", "HTTP2", "GRPC"], replaces)]
    pub protocol_version: Option<String>,
    /// The network that targets are in. Not for Lambda functions.
    #[attr(refers = "aws_vpc.id", replaces)]
    pub vpc_id: Option<String>,
    /// Whether targets have `ipv4` or `ipv6` addresses.
    #[attr(computed, one_of = ["ipv4", "ipv6"], replaces)]
    pub ip_address_type: Option<String>,
    /// How AWS finds out whether a target is well.
    #[attr(computed)]
    pub health_check: Option<HealthCheck>,
    /// Whether the requests of one client keep going to one target.
    #[attr(computed)]
    pub stickiness: Option<Stickiness>,
    /// How many seconds a target that is taken out may finish what it has begun.
    #[attr(default = 300, range = 0..=3600)]
    pub deregistration_delay: i64,
    /// Whether connections are cut at the end of that time. Network load balancers only.
    #[attr(computed)]
    pub connection_termination: Option<bool>,
    /// Over how many seconds a new target gets its full share, 30 to 900; 0 is at once.
    #[attr(default = 0, range = 0..=900)]
    pub slow_start: i64,
    /// Which target gets the next request: `round_robin`, `least_outstanding_requests` or `weighted_random`.
    #[attr(computed, one_of = ["round_robin", "least_outstanding_requests", "weighted_random"])]
    pub load_balancing_algorithm_type: Option<String>,
    /// Whether targets that answer oddly get less, `on` or `off`. Needs `weighted_random`.
    #[attr(computed, one_of = ["on", "off"])]
    pub load_balancing_anomaly_mitigation: Option<String>,
    /// Whether targets of all zones get requests of each zone: `true`, `false` or `use_load_balancer_configuration`.
    #[attr(computed, one_of = ["true", "false", "use_load_balancer_configuration"])]
    pub load_balancing_cross_zone_enabled: Option<String>,
    /// Whether a Lambda function gets headers as lists.
    #[attr(default = false)]
    pub lambda_multi_value_headers_enabled: bool,
    /// Whether targets see the client's address. Network load balancers only.
    #[attr(computed)]
    pub preserve_client_ip: Option<bool>,
    /// Whether the client's address comes in a header of the proxy protocol, version 2. Network load balancers only.
    #[attr(default = false)]
    pub proxy_protocol_v2: bool,
    /// Where flows go whose target fails. Gateway load balancers only.
    #[attr(computed)]
    pub target_failover: Option<TargetFailover>,
    /// How many targets must be well for the group to count as well.
    #[attr(computed)]
    pub target_group_health: Option<GroupHealth>,
    /// What happens to connections of a target that is no longer well. Network load balancers only.
    #[attr(computed)]
    pub target_health_state: Option<TargetHealthState>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about a target group.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct TargetGroupOutputs {
    /// The target group's ARN.
    pub arn: Arn,
    /// The part of the ARN that names it to CloudWatch.
    pub arn_suffix: String,
    /// The target group's ARN.
    pub id: String,
    /// The load balancers that send traffic to it.
    pub load_balancer_arns: Set<String>,
}

impl Resource for TargetGroup {
    type Outputs = TargetGroupOutputs;
    type Service = Elbv2;
    const KIND: &'static str = "aws_lb_target_group";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "TARGET_GROUP_ARN";
    const BATCH: usize = 20;
    const CHECKS: &'static [Check] = &[name::check, checks::needs, checks::slow_start, checks::health];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        wish.name.clone()
    }

    fn import(id: &str, _place: &Place) -> Result<String, String> {
        arn::imported(id, "target group")
    }

    async fn create(cx: &Context<'_, Elbv2>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let name = name::given(op, wish.name.as_deref(), wish.name_prefix.as_deref());
        let request = cx
            .client
            .create_target_group()
            .name(&name)
            .target_type(TargetTypeEnum::from(wish.target_type.as_str()))
            .set_port(small(wish.port)?)
            .set_protocol(wish.protocol.as_deref().map(ProtocolEnum::from))
            .set_protocol_version(wish.protocol_version.clone())
            .set_vpc_id(wish.vpc_id.clone())
            .set_ip_address_type(wish.ip_address_type.as_deref().map(TargetGroupIpAddressTypeEnum::from))
            .set_tags(tags::request(&wish.tags));
        let request = match &wish.health_check {
            None => request,
            Some(check) => {
                let probe = wire::Probe::of(check, wish)?;
                request
                    .health_check_enabled(check.enabled)
                    .set_health_check_interval_seconds(probe.interval)
                    .set_health_check_timeout_seconds(probe.timeout)
                    .set_healthy_threshold_count(probe.healthy)
                    .set_unhealthy_threshold_count(probe.unhealthy)
                    .set_health_check_protocol(probe.protocol)
                    .set_health_check_port(probe.port)
                    .set_health_check_path(probe.path)
                    .set_matcher(probe.matcher)
            }
        };
        request.send().await?;
        Made::id(Some(name), "the name of the target group")
    }

    async fn read(cx: &Context<'_, Elbv2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        wire::read(cx, asked).await
    }

    async fn update(cx: &Context<'_, Elbv2>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        wire::update(cx, now, to, changed).await
    }

    async fn delete(cx: &Context<'_, Elbv2>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_target_group().target_group_arn(&*last.outputs.arn).send().await?;
        Ok(Going::Gone)
    }

    /// Names that Lowtide chose end in the operation's id.
    async fn find(cx: &Context<'_, Elbv2>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let all = cx.client.describe_target_groups().into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        Ok(all.into_iter().filter_map(|one| one.target_group_name).filter(|name| name.ends_with(&op.name_ending())).collect())
    }
}
