//! The requests that make and change a service.

use aws_sdk_ecs::{
    Client,
    operation::{create_service::builders::CreateServiceFluentBuilder, update_service::builders::UpdateServiceFluentBuilder},
    types::{
        self as sdk, AssignPublicIp, AwsVpcConfiguration, CapacityProviderStrategyItem, DeploymentAlarms, DeploymentCircuitBreaker,
        DeploymentConfiguration, DeploymentControllerType,
    },
};
use lowtide_model::Set;
use lowtide_resource::{Changed, Fault};

use super::attributes::*;
use crate::tags;

/// Returns the request that makes a service.
pub fn create(client: &Client, wish: &Service, token: &str) -> Result<CreateServiceFluentBuilder, Fault> {
    let replica = wish.scheduling_strategy == "REPLICA";
    let controller = wish.deployment_controller.as_ref().map(|controller| {
        let kind = DeploymentControllerType::from(controller.r#type.as_str());
        sdk::DeploymentController::builder().r#type(kind).build().map_err(unbuilt)
    });
    let grace = wish.health_check_grace_period_seconds;
    Ok(client
        .create_service()
        .client_token(token)
        .service_name(&wish.name)
        .set_cluster(wish.cluster.clone())
        .set_task_definition(wish.task_definition.clone())
        .availability_zone_rebalancing(wish.availability_zone_rebalancing.as_str().into())
        .set_capacity_provider_strategy(wish.capacity_provider_strategy.as_ref().map(capacity).transpose()?)
        .set_deployment_configuration(deployment_at_first(wish)?)
        .set_deployment_controller(controller.transpose()?)
        .set_desired_count(wish.desired_count.or(replica.then_some(0)))
        .enable_ecs_managed_tags(wish.enable_ecs_managed_tags)
        .enable_execute_command(wish.enable_execute_command)
        // AWS refuses a grace period, even of nothing, where there is no load balancer.
        .set_health_check_grace_period_seconds((grace > 0).then_some(grace))
        .set_role(wish.iam_role.clone())
        .set_launch_type(wish.launch_type.as_deref().map(Into::into))
        .set_load_balancers(wish.load_balancer.as_ref().map(load_balancers))
        .set_network_configuration(wish.network_configuration.as_ref().map(network).transpose()?)
        .set_placement_strategy(wish.ordered_placement_strategy.as_deref().map(placement_strategy))
        .set_placement_constraints(wish.placement_constraints.as_ref().map(placement_constraints))
        .set_platform_version(wish.platform_version.clone())
        .set_propagate_tags((wish.propagate_tags != "NONE").then(|| wish.propagate_tags.as_str().into()))
        .scheduling_strategy(wish.scheduling_strategy.as_str().into())
        .set_service_registries(wish.service_registries.as_ref().map(registries))
        .set_tags(tags::sent(&wish.tags)))
}

/// Returns the request that changes what changed: what it does not mention stays.
pub fn update(client: &Client, to: &Service, changed: &Changed) -> Result<UpdateServiceFluentBuilder, Fault> {
    let mut call = client.update_service();
    if changed.has("task_definition") {
        call = call.set_task_definition(to.task_definition.clone());
    }
    if changed.has("desired_count") {
        call = call.set_desired_count(to.desired_count);
    }
    if changed.has("availability_zone_rebalancing") {
        call = call.availability_zone_rebalancing(to.availability_zone_rebalancing.as_str().into());
    }
    if changed.has("capacity_provider_strategy") {
        call = call
            .set_capacity_provider_strategy(Some(to.capacity_provider_strategy.as_ref().map(capacity).transpose()?.unwrap_or_default()));
    }
    if changed.any(&["alarms", "deployment_circuit_breaker", "deployment_maximum_percent", "deployment_minimum_healthy_percent"]) {
        call = call.deployment_configuration(deployment(to, changed)?);
    }
    if changed.has("enable_ecs_managed_tags") {
        call = call.enable_ecs_managed_tags(to.enable_ecs_managed_tags);
    }
    if changed.has("enable_execute_command") {
        call = call.enable_execute_command(to.enable_execute_command);
    }
    if changed.has("health_check_grace_period_seconds") {
        call = call.health_check_grace_period_seconds(to.health_check_grace_period_seconds);
    }
    if changed.has("load_balancer") {
        call = call.set_load_balancers(Some(to.load_balancer.as_ref().map(load_balancers).unwrap_or_default()));
    }
    if changed.has("network_configuration") {
        call = call.set_network_configuration(to.network_configuration.as_ref().map(network).transpose()?);
    }
    if changed.has("ordered_placement_strategy") {
        call = call.set_placement_strategy(Some(placement_strategy(to.ordered_placement_strategy.as_deref().unwrap_or_default())));
    }
    if changed.has("placement_constraints") {
        call = call.set_placement_constraints(Some(to.placement_constraints.as_ref().map(placement_constraints).unwrap_or_default()));
    }
    if changed.has("platform_version") {
        call = call.set_platform_version(to.platform_version.clone());
    }
    if changed.has("propagate_tags") {
        call = call.propagate_tags(to.propagate_tags.as_str().into());
    }
    if changed.has("service_registries") {
        call = call.set_service_registries(Some(to.service_registries.as_ref().map(registries).unwrap_or_default()));
    }
    // Another capacity takes effect only with a new deployment, and triggers are there to start one.
    let anew = to.force_new_deployment || changed.any(&["triggers", "capacity_provider_strategy"]);
    Ok(call.set_force_new_deployment(anew.then_some(true)))
}

/// Returns how a new service is deployed; nothing where nobody said.
fn deployment_at_first(wish: &Service) -> Result<Option<DeploymentConfiguration>, Fault> {
    let said = wish.alarms.is_some()
        || wish.deployment_circuit_breaker.is_some()
        || wish.deployment_maximum_percent.is_some()
        || wish.deployment_minimum_healthy_percent.is_some();
    said.then(|| deployment(wish, &Changed::default())).transpose()
}

/// Returns how a service is deployed. What was taken away is switched off: it can't be left out.
fn deployment(to: &Service, changed: &Changed) -> Result<DeploymentConfiguration, Fault> {
    let breaker = |enable, rollback| DeploymentCircuitBreaker::builder().enable(enable).rollback(rollback).build();
    let alarms = |names: &[String], enable, rollback| {
        DeploymentAlarms::builder().set_alarm_names(Some(names.to_vec())).enable(enable).rollback(rollback).build().map_err(unbuilt)
    };
    let mut whole = DeploymentConfiguration::builder()
        .set_maximum_percent(to.deployment_maximum_percent)
        .set_minimum_healthy_percent(to.deployment_minimum_healthy_percent);
    match &to.deployment_circuit_breaker {
        Some(to) => whole = whole.deployment_circuit_breaker(breaker(to.enable, to.rollback)),
        None if changed.has("deployment_circuit_breaker") => whole = whole.deployment_circuit_breaker(breaker(false, false)),
        None => {}
    }
    match &to.alarms {
        Some(to) => whole = whole.alarms(alarms(&to.alarm_names, to.enable, to.rollback)?),
        None if changed.has("alarms") => whole = whole.alarms(alarms(&[], false, false)?),
        None => {}
    }
    Ok(whole.build())
}

fn capacity(all: &Set<CapacityProvider>) -> Result<Vec<CapacityProviderStrategyItem>, Fault> {
    let one = |one: &CapacityProvider| {
        CapacityProviderStrategyItem::builder()
            .capacity_provider(&one.capacity_provider)
            .set_base(one.base)
            .set_weight(one.weight)
            .build()
            .map_err(unbuilt)
    };
    all.iter().map(one).collect()
}

fn load_balancers(all: &Set<LoadBalancer>) -> Vec<sdk::LoadBalancer> {
    let one = |one: &LoadBalancer| {
        sdk::LoadBalancer::builder()
            .container_name(&one.container_name)
            .container_port(one.container_port)
            .set_load_balancer_name(one.elb_name.clone())
            .set_target_group_arn(one.target_group_arn.as_ref().map(|arn| arn.0.clone()))
            .build()
    };
    all.iter().map(one).collect()
}

fn network(to: &NetworkConfiguration) -> Result<sdk::NetworkConfiguration, Fault> {
    let public = if to.assign_public_ip { AssignPublicIp::Enabled } else { AssignPublicIp::Disabled };
    let vpc = AwsVpcConfiguration::builder()
        .set_subnets(Some(to.subnets.0.clone()))
        .set_security_groups(to.security_groups.as_ref().map(|groups| groups.0.clone()))
        .assign_public_ip(public)
        .build()
        .map_err(unbuilt)?;
    Ok(sdk::NetworkConfiguration::builder().awsvpc_configuration(vpc).build())
}

fn placement_strategy(all: &[PlacementStrategy]) -> Vec<sdk::PlacementStrategy> {
    let one =
        |one: &PlacementStrategy| sdk::PlacementStrategy::builder().r#type(one.r#type.as_str().into()).set_field(one.field.clone()).build();
    all.iter().map(one).collect()
}

fn placement_constraints(all: &Set<PlacementConstraint>) -> Vec<sdk::PlacementConstraint> {
    let one = |one: &PlacementConstraint| {
        sdk::PlacementConstraint::builder().r#type(one.r#type.as_str().into()).set_expression(one.expression.clone()).build()
    };
    all.iter().map(one).collect()
}

fn registries(one: &ServiceRegistry) -> Vec<sdk::ServiceRegistry> {
    let registry = sdk::ServiceRegistry::builder()
        .registry_arn(&*one.registry_arn)
        .set_container_name(one.container_name.clone())
        .set_container_port(one.container_port)
        .set_port(one.port);
    vec![registry.build()]
}

fn unbuilt(error: impl std::error::Error) -> Fault {
    Fault::ours(&error.to_string())
}
