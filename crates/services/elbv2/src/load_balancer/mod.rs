//! `aws_lb`: a load balancer.
//!
//! The name is the key and the physical id; AWS ends the ARN with something of its own, and calls that change take the
//! ARN from what was read. `CreateLoadBalancer` returns one that is there already if its settings are the same. What AWS
//! calls attributes can only be set afterwards and is read one load balancer to a call. Its network interfaces outlive it
//! for a minute or so; their security groups and subnets are in use until then.

mod checks;
mod settings;
mod wire;

use aws_sdk_elasticloadbalancingv2::types::{IpAddressType, LoadBalancerSchemeEnum, LoadBalancerTypeEnum};
use lowtide_model::{Arn, Check, Create, Follows, Model, Object, Place, Relation, Set};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Patience, Resource, Seen, absent_is_none};

use crate::{
    Elbv2, arn, name,
    tags::{self, Tags},
};

/// A load balancer: it takes connections or requests and spreads them over targets.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct LoadBalancer {
    /// The name, up to 32 letters, digits and hyphens. Lowtide chooses one when it is not given.
    #[attr(computed, identity, range = 1..=32, replaces)]
    pub name: Option<String>,
    /// What the name starts with when Lowtide chooses it, up to 6 characters.
    #[attr(computed, range = 1..=6, replaces)]
    pub name_prefix: Option<String>,
    /// `application` (HTTP and HTTPS), `network` (TCP, UDP and TLS) or `gateway` (for virtual appliances).
    #[attr(default = "application", one_of = ["application", "network", "gateway"], replaces)]
    pub load_balancer_type: String,
    /// Whether it has private addresses only. One that is not internal faces the internet.
    #[attr(computed, replaces)]
    pub internal: Option<bool>,
    /// Whether it has IPv4 addresses only (`ipv4`), IPv6 ones as well (`dualstack`), or public ones of IPv6 only (`dualstack-without-public-ipv4`).
    #[attr(computed, one_of = ["ipv4", "dualstack", "dualstack-without-public-ipv4"])]
    pub ip_address_type: Option<String>,
    /// The subnets it has addresses in, one for each Availability Zone. An application load balancer needs two.
    #[attr(computed, refers = "aws_subnet.id")]
    pub subnets: Option<Set<String>>,
    /// The subnets with the addresses to use in them, instead of `subnets`.
    #[attr(computed)]
    pub subnet_mapping: Option<Set<SubnetMapping>>,
    /// The security groups that say who may connect. Network load balancers take them only if they had some from the start.
    #[attr(computed, refers = "aws_security_group.id")]
    pub security_groups: Option<Set<String>>,
    /// Where a file with every request is put, every five minutes.
    pub access_logs: Option<Logs>,
    /// Where a file with every connection is put. Application load balancers only.
    pub connection_logs: Option<Logs>,
    /// How many seconds a connection from a client may live. Application load balancers only.
    #[attr(default = 3600, range = 60..=604800)]
    pub client_keep_alive: i64,
    /// What happens to requests that are not quite right: `monitor`, `defensive` or `strictest`. Application load balancers only.
    #[attr(default = "defensive", one_of = ["monitor", "defensive", "strictest"])]
    pub desync_mitigation_mode: String,
    /// Which addresses clients get by DNS: those of any zone or mostly of their own. Network load balancers only.
    #[attr(default = "any_availability_zone", one_of = ["any_availability_zone", "availability_zone_affinity", "partial_availability_zone_affinity"])]
    pub dns_record_client_routing_policy: String,
    /// Whether headers with odd names are removed rather than passed on. Application load balancers only.
    #[attr(default = false)]
    pub drop_invalid_header_fields: bool,
    /// Whether targets of all zones get requests of each zone. An application load balancer always does so, whatever stands here.
    #[attr(default = false)]
    pub enable_cross_zone_load_balancing: bool,
    /// Whether AWS refuses to delete it.
    #[attr(default = false)]
    pub enable_deletion_protection: bool,
    /// Whether clients may use HTTP/2. Application load balancers only.
    #[attr(default = true)]
    pub enable_http2: bool,
    /// Whether targets are told TLS version and cipher in headers. Application load balancers only.
    #[attr(default = false)]
    pub enable_tls_version_and_cipher_suite_headers: bool,
    /// Whether requests go through when AWS WAF can't be asked. Application load balancers only.
    #[attr(default = false)]
    pub enable_waf_fail_open: bool,
    /// Whether targets are told the client's port in `X-Forwarded-For`. Application load balancers only.
    #[attr(default = false)]
    pub enable_xff_client_port: bool,
    /// Whether traffic can be shifted away from a zone that is in trouble.
    #[attr(default = false)]
    pub enable_zonal_shift: bool,
    /// Whether security groups also judge what comes through PrivateLink, `on` or `off`. Network load balancers only.
    #[attr(computed, one_of = ["on", "off"])]
    pub enforce_security_group_inbound_rules_on_private_link_traffic: Option<String>,
    /// How many seconds a connection may be idle. Application load balancers only.
    #[attr(default = 60, range = 1..=4000)]
    pub idle_timeout: i64,
    /// Whether targets get the `Host` header as the client sent it. Application load balancers only.
    #[attr(default = false)]
    pub preserve_host_header: bool,
    /// What happens to `X-Forwarded-For`: `append`, `preserve` or `remove`. Application load balancers only.
    #[attr(default = "append", one_of = ["append", "preserve", "remove"])]
    pub xff_header_processing_mode: String,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// A subnet and the addresses to use in it.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct SubnetMapping {
    /// The subnet.
    #[attr(key, refers = "aws_subnet.id")]
    pub subnet_id: String,
    /// The elastic address of a network load balancer that faces the internet.
    #[attr(refers = "aws_eip.id")]
    pub allocation_id: Option<String>,
    /// The IPv6 address of a network load balancer.
    pub ipv6_address: Option<String>,
    /// The private address of an internal network load balancer.
    pub private_ipv4_address: Option<String>,
}

/// Where logs are put.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Logs {
    /// The name of the S3 bucket. Its policy must let Elastic Load Balancing write.
    #[attr(refers = "aws_s3_bucket.id")]
    pub bucket: String,
    /// What the names of the files start with.
    pub prefix: Option<String>,
    /// Whether logs are written at all.
    #[attr(default = false)]
    pub enabled: bool,
}

/// What AWS decides about a load balancer.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct LoadBalancerOutputs {
    /// The load balancer's ARN.
    pub arn: Arn,
    /// The part of the ARN that names it to CloudWatch.
    pub arn_suffix: String,
    /// The host name that leads to it.
    pub dns_name: String,
    /// The load balancer's ARN.
    pub id: String,
    /// The network it is in.
    pub vpc_id: Option<String>,
    /// The Route 53 zone of its host name, for alias records.
    pub zone_id: Option<String>,
}

impl Resource for LoadBalancer {
    type Outputs = LoadBalancerOutputs;
    type Service = Elbv2;
    const KIND: &'static str = "aws_lb";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "LOAD_BALANCER_ARN";
    const BATCH: usize = 20;
    const PATIENCE: Patience = Patience { create: 15, delete: 15, ..Patience::DEFAULT };
    const CHECKS: &'static [Check] = &[name::check, checks::name, checks::subnets, checks::of_another_type];
    const FOLLOWS: &'static [Follows] = &[checks::internet];
    const RELATIONS: &'static [Relation] = &[checks::zones];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("customer_owned_ipv4_pool", "Outposts are not supported"),
        ("ipam_pools", "address pools (IPAM) are not supported yet"),
        ("minimum_load_balancer_capacity", "reserved capacity is not supported yet"),
        ("subnet_mapping.outpost_id", "Outposts are not supported"),
    ];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        wish.name.clone()
    }

    fn import(id: &str, _place: &Place) -> Result<String, String> {
        arn::imported(id, "load balancer")
    }

    async fn create(cx: &Context<'_, Elbv2>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let name = name::given(op, wish.name.as_deref(), wish.name_prefix.as_deref());
        let scheme = |internal| if internal { LoadBalancerSchemeEnum::Internal } else { LoadBalancerSchemeEnum::InternetFacing };
        cx.client
            .create_load_balancer()
            .name(&name)
            .r#type(LoadBalancerTypeEnum::from(wish.load_balancer_type.as_str()))
            .set_scheme(wish.internal.map(scheme))
            .set_ip_address_type(wish.ip_address_type.as_deref().map(IpAddressType::from))
            .set_subnets(wish.subnets.as_ref().map(|subnets| subnets.0.clone()))
            .set_subnet_mappings(wish.subnet_mapping.as_ref().map(wire::mappings))
            .set_security_groups(wish.security_groups.as_ref().filter(|groups| !groups.is_empty()).map(|groups| groups.0.clone()))
            .set_tags(tags::request(&wish.tags))
            .send()
            .await?;
        Made::id(Some(name), "the name of the load balancer")
    }

    async fn read(cx: &Context<'_, Elbv2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        wire::read(cx, asked).await
    }

    async fn update(cx: &Context<'_, Elbv2>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        wire::update(cx, now, to, changed).await
    }

    async fn delete(cx: &Context<'_, Elbv2>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        let arn = &*last.outputs.arn;
        // Deleting what is gone already is quiet.
        cx.client.delete_load_balancer().load_balancer_arn(arn).send().await?;
        let left = absent_is_none(cx.client.describe_load_balancers().load_balancer_arns(arn).send().await)?;
        let there = left.is_some_and(|answer| answer.load_balancers.is_some_and(|all| !all.is_empty()));
        Ok(if there { Going::Going("being deleted".to_owned()) } else { Going::Gone })
    }

    /// Names that Lowtide chose end in the operation's id.
    async fn find(cx: &Context<'_, Elbv2>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let all = cx.client.describe_load_balancers().into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        Ok(all.into_iter().filter_map(|one| one.load_balancer_name).filter(|name| name.ends_with(&op.name_ending())).collect())
    }
}
