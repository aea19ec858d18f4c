//! The passage between the attributes of a service and what the SDK sends and receives.

use aws_sdk_ecs::{
    Client,
    operation::{create_service::builders::CreateServiceFluentBuilder, update_service::builders::UpdateServiceFluentBuilder},
    types::{
        self as sdk, AssignPublicIp, AwsVpcConfiguration, CapacityProviderStrategyItem, DeploymentAlarms, DeploymentCircuitBreaker,
        DeploymentConfiguration, DeploymentControllerType, DeploymentRolloutState,
    },
};
use lowtide_model::{Object, Phase, Set};
use lowtide_resource::{Ask, Changed, Fault, Observed};

use super::attributes::*;
use crate::{
    arn::{DEFAULT_CLUSTER, name, same_task_definition},
    asked_for::{in_its_words, option, unless_idle},
    tags,
};

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

/// Returns what AWS says of a service.
pub fn observed(ask: &Ask, seen: sdk::Service) -> Observed<Service> {
    let last = &ask.last;
    let phase = phase(&seen, option(last, "wait_for_steady_state"));
    let deployment = seen.deployment_configuration.as_ref();
    let breaker = deployment.and_then(|all| all.deployment_circuit_breaker.as_ref());
    let breaker = breaker.map(|one| CircuitBreaker { enable: one.enable, rollback: one.rollback });
    let alarms = deployment.and_then(|all| all.alarms.as_ref());
    let alarms = alarms.map(|one| Alarms { alarm_names: Set(one.alarm_names.clone()), enable: one.enable, rollback: one.rollback });
    let vpc = seen.network_configuration.as_ref().and_then(|network| network.awsvpc_configuration());
    let inputs = Service {
        name: seen.service_name.clone().unwrap_or_default(),
        cluster: seen.cluster_arn.clone().map(|cluster| seen_cluster(last, cluster)),
        task_definition: seen.task_definition.clone().map(|seen| in_its_words(last, "task_definition", seen, same_task_definition)),
        alarms: unless_idle(last, "alarms", alarms, |seen| !seen.enable && seen.alarm_names.is_empty()),
        availability_zone_rebalancing: seen
            .availability_zone_rebalancing()
            .map_or_else(|| "DISABLED".to_owned(), |word| word.as_str().to_owned()),
        capacity_provider_strategy: several(seen.capacity_provider_strategy().iter().map(|one| CapacityProvider {
            base: Some(one.base),
            capacity_provider: one.capacity_provider.clone(),
            weight: Some(one.weight),
        })),
        deployment_circuit_breaker: unless_idle(last, "deployment_circuit_breaker", breaker, |seen| !seen.enable && !seen.rollback),
        deployment_controller: Some(DeploymentController {
            r#type: seen.deployment_controller().map_or_else(|| "ECS".to_owned(), |controller| controller.r#type.as_str().to_owned()),
        }),
        deployment_maximum_percent: deployment.and_then(|all| all.maximum_percent),
        deployment_minimum_healthy_percent: deployment.and_then(|all| all.minimum_healthy_percent),
        desired_count: Some(seen.desired_count),
        enable_ecs_managed_tags: seen.enable_ecs_managed_tags,
        enable_execute_command: seen.enable_execute_command,
        force_delete: option(last, "force_delete"),
        force_new_deployment: option(last, "force_new_deployment"),
        health_check_grace_period_seconds: seen.health_check_grace_period_seconds.unwrap_or(0),
        iam_role: seen.role_arn.clone().map(|role| in_its_words(last, "iam_role", role, |asked, seen| name(asked) == name(seen))),
        launch_type: seen.launch_type().map(|word| word.as_str().to_owned()),
        load_balancer: several(seen.load_balancers().iter().map(|one| LoadBalancer {
            container_name: one.container_name.clone().unwrap_or_default(),
            container_port: one.container_port.unwrap_or_default(),
            elb_name: one.load_balancer_name.clone(),
            target_group_arn: one.target_group_arn.clone().map(Into::into),
        })),
        network_configuration: vpc.map(|vpc| NetworkConfiguration {
            assign_public_ip: vpc.assign_public_ip == Some(AssignPublicIp::Enabled),
            security_groups: several(vpc.security_groups().iter().cloned()),
            subnets: Set(vpc.subnets.clone()),
        }),
        ordered_placement_strategy: Some(seen.placement_strategy())
            .filter(|all| !all.is_empty())
            .map(|all| all.iter().enumerate().map(|(at, one)| seen_strategy(last, at, one)).collect()),
        placement_constraints: several(seen.placement_constraints().iter().map(|one| PlacementConstraint {
            expression: one.expression.clone(),
            r#type: one.r#type().map(|word| word.as_str().to_owned()).unwrap_or_default(),
        })),
        platform_version: seen.platform_version.clone(),
        propagate_tags: seen.propagate_tags().map_or_else(|| "NONE".to_owned(), |word| word.as_str().to_owned()),
        scheduling_strategy: seen.scheduling_strategy().map_or_else(|| "REPLICA".to_owned(), |word| word.as_str().to_owned()),
        service_registries: seen.service_registries().first().map(|one| ServiceRegistry {
            container_name: one.container_name.clone(),
            container_port: one.container_port,
            port: one.port,
            registry_arn: one.registry_arn.clone().unwrap_or_default().into(),
        }),
        triggers: last.take("triggers", None).unwrap_or_default(),
        wait_for_steady_state: option(last, "wait_for_steady_state"),
        tags: tags::read(seen.tags.as_deref()),
    };
    let arn = seen.service_arn.unwrap_or_else(|| ask.id.clone());
    let outputs = ServiceOutputs { arn: arn.as_str().into(), id: arn };
    Observed::stable(&ask.id, inputs, outputs).in_phase(phase).without(&["triggers"])
}

/// Returns a set, or nothing for none: AWS shows what was not given as an empty list.
fn several<T>(all: impl Iterator<Item = T>) -> Option<Set<T>> {
    let all: Set<T> = all.collect();
    (!all.is_empty()).then_some(all)
}

fn seen_cluster(last: &Object, seen: String) -> String {
    match last.text("cluster") {
        None if name(&seen) == DEFAULT_CLUSTER => DEFAULT_CLUSTER.to_owned(),
        _ => in_its_words(last, "cluster", seen, |asked, seen| name(asked) == name(seen)),
    }
}

/// AWS writes `cpu` and `memory` in capitals, and `instanceId` for `host`.
fn seen_strategy(last: &Object, at: usize, one: &sdk::PlacementStrategy) -> PlacementStrategy {
    let last: Option<Vec<PlacementStrategy>> = last.take("ordered_placement_strategy", None).unwrap_or_default();
    let asked = last.and_then(|all| all.into_iter().nth(at)).and_then(|one| one.field);
    let field = one.field.clone().map(|seen| match asked {
        Some(asked) if asked.eq_ignore_ascii_case(&seen) || (asked == "host" && seen == "instanceId") => asked,
        _ if seen == "CPU" || seen == "MEMORY" => seen.to_lowercase(),
        _ => seen,
    });
    PlacementStrategy { field, r#type: one.r#type().map(|word| word.as_str().to_owned()).unwrap_or_default() }
}

/// A service is steady when one deployment is complete and as many tasks run as are desired.
fn phase(service: &sdk::Service, waits: bool) -> Phase {
    let deployments = service.deployments();
    let primary = deployments.iter().find(|deployment| deployment.status() == Some("PRIMARY"));
    let rollout = primary.and_then(|primary| primary.rollout_state.as_ref());
    if rollout == Some(&DeploymentRolloutState::Failed) {
        let why = primary.and_then(|primary| primary.rollout_state_reason.clone());
        return Phase::Failed { replace: false, why: why.unwrap_or_else(|| "the deployment failed".to_owned()) };
    }
    let complete = rollout.is_none_or(|state| *state == DeploymentRolloutState::Completed);
    if deployments.len() <= 1 && complete && service.running_count == service.desired_count {
        return Phase::Stable;
    }
    let mut doing = format!("{} of {} tasks run", service.running_count, service.desired_count);
    if let Some(failed) = primary.map(|primary| primary.failed_tasks).filter(|failed| *failed > 0) {
        doing += &format!(", {failed} failed");
        if let Some(event) = service.events().first().and_then(|event| event.message()) {
            doing += &format!(": {event}");
        }
    }
    if waits { Phase::Accepted(doing) } else { Phase::Usable(doing) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment(state: DeploymentRolloutState) -> sdk::Deployment {
        sdk::Deployment::builder().status("PRIMARY").rollout_state(state).rollout_state_reason("tasks failed to start").build()
    }

    #[test]
    fn a_service_is_stable_when_its_one_deployment_is_complete() {
        let service =
            |running, state| sdk::Service::builder().desired_count(2).running_count(running).deployments(deployment(state)).build();
        assert_eq!(phase(&service(2, DeploymentRolloutState::Completed), true), Phase::Stable);
        assert_eq!(phase(&service(1, DeploymentRolloutState::Completed), false), Phase::Usable("1 of 2 tasks run".to_owned()));
        assert_eq!(phase(&service(2, DeploymentRolloutState::InProgress), true), Phase::Accepted("2 of 2 tasks run".to_owned()));
        assert!(matches!(phase(&service(2, DeploymentRolloutState::Failed), true), Phase::Failed { replace: false, .. }));
    }

    #[test]
    fn a_service_is_seen_in_the_words_of_the_one_who_asked() {
        let service = sdk::Service::builder()
            .cluster_arn("arn:aws:ecs:us-west-2:123456789012:cluster/main")
            .task_definition("arn:aws:ecs:us-west-2:123456789012:task-definition/web:7")
            .placement_strategy(sdk::PlacementStrategy::builder().r#type("binpack".into()).field("MEMORY").build())
            .placement_strategy(sdk::PlacementStrategy::builder().r#type("spread".into()).field("instanceId").build())
            .build();
        let see = |last: Object| observed(&Ask { id: "id".to_owned(), last }, service.clone()).inputs;
        let mut last = Object::default();
        last.set("cluster", "main".into());
        last.set("task_definition", "web".into());
        let asked = |field: &str| PlacementStrategy { field: Some(field.to_owned()), r#type: "spread".to_owned() };
        last.put("ordered_placement_strategy", vec![asked("memory"), asked("host")]);
        let seen = see(last);
        assert_eq!((seen.cluster.as_deref(), seen.task_definition.as_deref()), (Some("main"), Some("web")));
        let fields = |service: &Service| {
            service.ordered_placement_strategy.iter().flatten().map(|one| one.field.clone().unwrap_or_default()).collect::<Vec<_>>()
        };
        assert_eq!(fields(&seen), ["memory", "host"]);
        let seen = see(Object::default());
        assert_eq!(seen.cluster.as_deref(), Some("arn:aws:ecs:us-west-2:123456789012:cluster/main"));
        assert_eq!(fields(&seen), ["memory", "instanceId"]);
    }
}
