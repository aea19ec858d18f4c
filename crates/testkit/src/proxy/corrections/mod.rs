//! What moto gets wrong, set right: one file a subject, one function a rule.
//!
//! Each rule says what AWS does and where AWS's documentation says so. None was compared with a live account. To add
//! one: write it beside the others, and name its operation in [`answer`].

mod acm;
mod acm_validation;
mod auto_scaling;
mod bucket_policy;
mod budgets;
pub(super) mod cbor;
mod client_token;
mod dry_run;
mod ecr;
mod ecs_cluster;
mod ecs_service;
mod ecs_service_presentation;
mod ecs_task_definition;
mod elb_action;
mod elb_attributes;
mod elb_listener;
mod elb_load_balancer;
mod held;
mod hidden;
mod iam_account;
mod iam_issuer;
mod in_use;
mod json_tags;
mod lambda;
mod lingering;
mod log_group;
mod log_group_key;
mod memory;
mod mend;
mod nat_gateway;
mod paging;
mod rds;
mod route53;
mod route_table;
mod s3;
mod security_group_rule;
mod security_group_rule_key;
mod sns;
mod subnet;
mod tagging;

use bytes::Bytes;
use http::Response;

use super::call::Protocol;
use super::exchange::Exchange;
use super::server::Rules;

pub(super) use memory::Memory;

/// The answer to a call, corrected, as soon as these rules let it be seen.
pub(super) async fn answer(exchange: &Exchange<'_>, memory: &Memory, rules: &Rules) -> anyhow::Result<Response<Bytes>> {
    if let Some(reply) = held::answer(exchange, memory, rules.held_reads).await? {
        return Ok(reply);
    }
    if let Some(refusal) = lingering::refuse(exchange, memory) {
        return Ok(refusal);
    }
    let reply = page(exchange, memory, rules).await?;
    in_use::note(exchange, memory, &reply);
    let reply = hidden::show(exchange, memory, rules.hidden_reads, reply)?;
    let (reply, over) = held::show(exchange, memory, rules.held_reads, reply)?;
    for (call, request) in over {
        let put_off = Exchange { call: &call, request: &request, authority: exchange.authority };
        let gone = corrected(&put_off, memory, rules).await?;
        anyhow::ensure!(gone.status().is_success(), "{} was put off, then refused: {:?}", call.operation, gone.body());
    }
    Ok(reply)
}

async fn page(exchange: &Exchange<'_>, memory: &Memory, rules: &Rules) -> anyhow::Result<Response<Bytes>> {
    match paging::asked(exchange, rules.page_size)? {
        Some(page) => page.cut(corrected(&Exchange { request: &page.whole, ..*exchange }, memory, rules).await?),
        None => corrected(exchange, memory, rules).await,
    }
}

async fn corrected(exchange: &Exchange<'_>, memory: &Memory, rules: &Rules) -> anyhow::Result<Response<Bytes>> {
    if let Some(reply) = dry_run::answer(exchange).or_else(|| client_token::answer_again(exchange, memory)) {
        return Ok(reply);
    }
    if let Some(refusal) = in_use::refuse(exchange, memory).await? {
        return Ok(refusal);
    }
    let held = lingering::held(exchange, memory).await?;
    let reply = match exchange.call.service.as_str() {
        "acm" => of_acm(exchange, memory).await?,
        "application-autoscaling" => of_auto_scaling(exchange, memory).await?,
        "budgets" => budgets::answer(exchange, memory).await?,
        "ec2" => of_ec2(exchange, memory).await?,
        "ecr" => ecr::answer(exchange).await?,
        "ecs" => of_ecs(exchange, memory).await?,
        "elasticloadbalancing" => of_load_balancing(exchange).await?,
        "iam" => of_iam(exchange, memory).await?,
        "lambda" => lambda::answer(exchange, memory).await?,
        "logs" => of_logs(exchange, memory).await?,
        "monitoring" if exchange.call.protocol == Protocol::Cbor => cbor::translate(exchange).await?,
        "rds" => rds::answer(exchange).await?,
        "route53" if exchange.call.mutating || exchange.request.uri().path().contains("/change/") => route53::answer(exchange).await?,
        "s3" => match bucket_policy::answer(exchange, memory).await? {
            Some(reply) => reply,
            None => s3::answer(exchange).await?,
        },
        "sns" => sns::answer(exchange, memory).await?,
        "tagging" => tagging::show(exchange, memory).await?,
        _ => exchange.pass_on().await?,
    };
    if reply.status().is_success() {
        lingering::begin(exchange, memory, rules.held_reads, held);
    }
    client_token::keep(exchange, memory, &reply);
    Ok(reply)
}

async fn of_ec2(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    match exchange.call.operation.as_str() {
        "AssociateRouteTable" => route_table::associate(exchange).await,
        "AuthorizeSecurityGroupIngress" => security_group_rule::authorize(exchange, false).await,
        "AuthorizeSecurityGroupEgress" => security_group_rule::authorize(exchange, true).await,
        "CreateNatGateway" => nat_gateway::create(exchange).await,
        "CreateSubnet" | "DescribeSubnets" => subnet::show(exchange, memory).await,
        "DeleteNatGateway" => nat_gateway::delete(exchange).await,
        "DescribeNatGateways" => nat_gateway::describe(exchange).await,
        "DescribeRouteTables" => route_table::describe(exchange).await,
        "DescribeSecurityGroupRules" => security_group_rule::describe(exchange).await,
        "ModifySubnetAttribute" => subnet::modify(exchange, memory).await,
        "RevokeSecurityGroupIngress" | "RevokeSecurityGroupEgress" => security_group_rule::revoke(exchange).await,
        "UpdateSecurityGroupRuleDescriptionsIngress" | "UpdateSecurityGroupRuleDescriptionsEgress" => {
            security_group_rule::update_descriptions(exchange).await
        }
        _ => exchange.pass_on().await,
    }
}

async fn of_ecs(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    match exchange.call.operation.as_str() {
        "CreateCluster" => ecs_cluster::create(exchange).await,
        "CreateService" => ecs_service::create(exchange, memory).await,
        "DeleteCluster" => ecs_cluster::delete(exchange).await,
        "DeleteService" | "DescribeServices" => ecs_service::show(exchange, memory).await,
        "DeregisterTaskDefinition" | "DescribeTaskDefinition" | "RegisterTaskDefinition" => ecs_task_definition::show(exchange).await,
        "ListClusters" => ecs_cluster::list(exchange).await,
        "ListServices" => ecs_service::list(exchange).await,
        "UpdateClusterSettings" => ecs_cluster::update_settings(exchange).await,
        "UpdateService" => ecs_service::update(exchange, memory).await,
        _ => exchange.pass_on().await,
    }
}

async fn of_load_balancing(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    match exchange.call.operation.as_str() {
        "CreateListener" | "DescribeListeners" | "ModifyListener" => elb_listener::show(exchange).await,
        "CreateLoadBalancer" => elb_load_balancer::create(exchange).await,
        "CreateRule" | "DescribeRules" | "ModifyRule" => elb_listener::show_rules(exchange).await,
        "DeleteLoadBalancer" => elb_load_balancer::delete(exchange).await,
        "DescribeLoadBalancerAttributes" => elb_attributes::of_load_balancer(exchange).await,
        "DescribeLoadBalancers" => elb_load_balancer::show(exchange).await,
        "DescribeTargetGroupAttributes" => elb_attributes::of_target_group(exchange).await,
        _ => exchange.pass_on().await,
    }
}

async fn of_logs(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    match exchange.call.operation.as_str() {
        "AssociateKmsKey" | "DisassociateKmsKey" => log_group_key::change(exchange, memory).await,
        "CreateLogGroup" => log_group::create(exchange, memory).await,
        "DescribeLogGroups" => log_group::describe(exchange, memory).await,
        _ => exchange.pass_on().await,
    }
}

async fn of_acm(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    match exchange.call.operation.as_str() {
        "DescribeCertificate" => acm_validation::show(exchange, memory, acm::describe(exchange, memory).await?).await,
        "RequestCertificate" => acm::request(exchange, memory).await,
        _ => exchange.pass_on().await,
    }
}

async fn of_auto_scaling(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    if let Some(reply) = json_tags::answer(exchange, memory) {
        return Ok(reply);
    }
    match exchange.call.operation.as_str() {
        "DeleteScalingPolicy" | "DeregisterScalableTarget" | "PutScalingPolicy" => auto_scaling::without_old_alarms(exchange).await,
        "DescribeScalableTargets" => auto_scaling::show_targets(exchange).await,
        "RegisterScalableTarget" => auto_scaling::register(exchange, memory).await,
        _ => exchange.pass_on().await,
    }
}

async fn of_iam(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    match exchange.call.operation.as_str() {
        "AddClientIDToOpenIDConnectProvider" => iam_issuer::change_clients(exchange, memory, true).await,
        "CreateOpenIDConnectProvider" => iam_issuer::create(exchange, memory).await,
        "GetAccountAuthorizationDetails" => iam_account::details(exchange).await,
        "GetOpenIDConnectProvider" => iam_issuer::show(exchange, memory).await,
        "RemoveClientIDFromOpenIDConnectProvider" => iam_issuer::change_clients(exchange, memory, false).await,
        _ => exchange.pass_on().await,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    /// What corrections stand on.
    const NO_CORRECTION: [&str; 3] = ["memory", "mend", "mod"];

    #[test]
    fn every_correction_is_named_in_what_is_verified_and_none_that_is_gone() -> anyhow::Result<()> {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut there = BTreeSet::new();
        for entry in std::fs::read_dir(home.join("src/proxy/corrections"))? {
            there.insert(entry?.path().file_stem().unwrap_or_default().to_string_lossy().into_owned());
        }
        there.retain(|name| !NO_CORRECTION.contains(&name.as_str()));
        let text = std::fs::read_to_string(home.join("../../docs/verified.md"))?;
        let (_, list) = text.split_once("## Corrections").unwrap_or_default();
        let rows = list.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
        let named: BTreeSet<_> = rows.map(|(name, _)| name.to_owned()).collect();
        assert_eq!(named, there);
        Ok(())
    }
}
