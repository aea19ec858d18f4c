//! The calls that read and change a load balancer.

use aws_sdk_elasticloadbalancingv2::types::{
    AvailabilityZone, EnforceSecurityGroupInboundRulesOnPrivateLinkTrafficEnum as OnPrivateLink, IpAddressType, LoadBalancer as Described,
    LoadBalancerAttribute, LoadBalancerSchemeEnum, LoadBalancerStateEnum, SubnetMapping as Mapping,
};
use futures::future::{try_join, try_join_all};
use lowtide_model::{Object, Phase, Set};
use lowtide_resource::{Asked, Changed, Context, Fault, Observed, Seen, absent_is_none, in_halves, prefix_of_name};

use super::{LoadBalancer, LoadBalancerOutputs, SubnetMapping, settings};
use crate::{Elbv2, arn, key_value::KeyValues, tags};

pub(super) async fn read(cx: &Context<'_, Elbv2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<LoadBalancer>)>, Fault> {
    let client = &cx.client;
    let described = |names: Vec<String>| async move {
        let answer = client.describe_load_balancers().set_names(Some(names)).send().await?;
        Ok::<_, Fault>(answer.load_balancers.unwrap_or_default())
    };
    let found = in_halves(asked.ids(), described).await?;
    let arns: Vec<_> = found.iter().filter_map(|one| one.load_balancer_arn.clone()).collect();
    let (said, mut tags) = try_join(try_join_all(arns.iter().map(|arn| attributes(cx, arn))), tags::of(cx, &arns)).await?;
    let seen = found.into_iter().zip(said).filter_map(|(one, said)| {
        let tags = one.load_balancer_arn.as_ref().and_then(|arn| tags.remove(arn));
        let last = asked.these.iter().find(|ask| one.load_balancer_name.as_ref() == Some(&ask.id))?;
        // One without attributes went between two calls.
        Some((last.id.clone(), observed(one, &said?, tags, &last.last)))
    });
    Ok(asked.answer(seen.collect()))
}

async fn attributes(cx: &Context<'_, Elbv2>, arn: &str) -> Result<Option<KeyValues>, Fault> {
    let answer = absent_is_none(cx.client.describe_load_balancer_attributes().load_balancer_arn(arn).send().await)?;
    Ok(answer.map(|answer| answer.attributes.unwrap_or_default().into_iter().map(|one| (one.key, one.value)).collect()))
}

fn observed(one: Described, said: &KeyValues, tags: tags::Tags, last: &Object) -> Observed<LoadBalancer> {
    let name = one.load_balancer_name.unwrap_or_default();
    let zones = one.availability_zones.unwrap_or_default();
    let enforced = one.enforce_security_group_inbound_rules_on_private_link_traffic;
    let mut inputs = LoadBalancer {
        name_prefix: prefix_of_name(&name),
        name: Some(name.clone()),
        load_balancer_type: one.r#type.map_or_else(|| "application".to_owned(), |kind| kind.as_str().to_owned()),
        internal: Some(one.scheme == Some(LoadBalancerSchemeEnum::Internal)),
        ip_address_type: one.ip_address_type.map(|kind| kind.as_str().to_owned()),
        subnets: Some(zones.iter().filter_map(|zone| zone.subnet_id.clone()).collect()),
        subnet_mapping: Some(zones.into_iter().filter_map(mapping).collect()),
        security_groups: Some(Set(one.security_groups.unwrap_or_default())),
        enforce_security_group_inbound_rules_on_private_link_traffic: enforced,
        tags,
        // What follows is filled in from the attributes.
        access_logs: None,
        connection_logs: None,
        client_keep_alive: 0,
        desync_mitigation_mode: String::new(),
        dns_record_client_routing_policy: String::new(),
        drop_invalid_header_fields: false,
        enable_cross_zone_load_balancing: false,
        enable_deletion_protection: false,
        enable_http2: false,
        enable_tls_version_and_cipher_suite_headers: false,
        enable_waf_fail_open: false,
        enable_xff_client_port: false,
        enable_zonal_shift: false,
        idle_timeout: 0,
        preserve_host_header: false,
        xff_header_processing_mode: String::new(),
    };
    settings::read(&mut inputs, said, last);
    let arn = one.load_balancer_arn.unwrap_or_default();
    let outputs = LoadBalancerOutputs {
        arn_suffix: arn::suffix(&arn),
        dns_name: one.dns_name.unwrap_or_default(),
        id: arn.clone(),
        arn: arn.into(),
        vpc_id: one.vpc_id,
        zone_id: one.canonical_hosted_zone_id,
    };
    let state = one.state.as_ref();
    let phase = match state.and_then(|state| state.code.as_ref()) {
        Some(LoadBalancerStateEnum::Provisioning) => Phase::Accepted("provisioning".to_owned()),
        Some(LoadBalancerStateEnum::Failed) => {
            let why = state.and_then(|state| state.reason.clone()).unwrap_or_else(|| "AWS could not set it up".to_owned());
            Phase::Failed { replace: true, why }
        }
        // One that is impaired serves; it only lacks room to grow.
        _ => Phase::Stable,
    };
    Observed::stable(name, inputs, outputs).in_phase(phase)
}

fn mapping(zone: AvailabilityZone) -> Option<SubnetMapping> {
    let addresses = zone.load_balancer_addresses.unwrap_or_default();
    Some(SubnetMapping {
        subnet_id: zone.subnet_id?,
        allocation_id: addresses.iter().find_map(|address| address.allocation_id.clone()),
        ipv6_address: addresses.iter().find_map(|address| address.ipv6_address.clone()),
        private_ipv4_address: addresses.iter().find_map(|address| address.private_ipv4_address.clone()),
    })
}

/// Returns mappings as requests hold them.
pub(super) fn mappings(all: &Set<SubnetMapping>) -> Vec<Mapping> {
    let one = |mapping: &SubnetMapping| {
        Mapping::builder()
            .subnet_id(&mapping.subnet_id)
            .set_allocation_id(mapping.allocation_id.clone())
            .set_ipv6_address(mapping.ipv6_address.clone())
            .set_private_ipv4_address(mapping.private_ipv4_address.clone())
            .build()
    };
    all.iter().map(one).collect()
}

pub(super) async fn update(
    cx: &Context<'_, Elbv2>,
    now: &Observed<LoadBalancer>,
    to: &LoadBalancer,
    changed: &Changed,
) -> Result<Option<String>, Fault> {
    let arn = &*now.outputs.arn;
    if changed.any(&["security_groups", "enforce_security_group_inbound_rules_on_private_link_traffic"]) {
        let groups = to.security_groups.as_ref().map(|groups| groups.0.clone());
        let enforce = to.enforce_security_group_inbound_rules_on_private_link_traffic.as_deref().map(OnPrivateLink::from);
        let request = cx.client.set_security_groups().load_balancer_arn(arn).set_security_groups(groups);
        request.set_enforce_security_group_inbound_rules_on_private_link_traffic(enforce).send().await?;
    }
    if changed.any(&["subnets", "subnet_mapping"]) {
        let request = cx.client.set_subnets().load_balancer_arn(arn);
        let by_mapping = changed.has("subnet_mapping") && !changed.has("subnets");
        match &to.subnet_mapping {
            Some(mapping) if by_mapping => request.set_subnet_mappings(Some(mappings(mapping))).send().await?,
            _ => request.set_subnets(to.subnets.as_ref().map(|subnets| subnets.0.clone())).send().await?,
        };
    }
    if let Some(kind) = to.ip_address_type.as_deref().filter(|_| changed.has("ip_address_type")) {
        cx.client.set_ip_address_type().load_balancer_arn(arn).ip_address_type(IpAddressType::from(kind)).send().await?;
    }
    let set = settings::of(to).into_iter().filter(|setting| changed.has(setting.attribute));
    let set: Vec<_> = set.map(|one| LoadBalancerAttribute::builder().key(one.key).set_value(one.value).build()).collect();
    if !set.is_empty() {
        cx.client.modify_load_balancer_attributes().load_balancer_arn(arn).set_attributes(Some(set)).send().await?;
    }
    if changed.has("tags") {
        tags::update(&cx.client, arn, &now.inputs.tags, &to.tags).await?;
    }
    Ok(None)
}
