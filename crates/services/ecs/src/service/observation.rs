//! What AWS says of a service, as attributes hold it.

use aws_sdk_ecs::types::{self as sdk, AssignPublicIp, DeploymentRolloutState};
use lowtide_model::{Object, Phase, Set};
use lowtide_resource::{Ask, Observed};

use super::attributes::*;
use crate::{
    arn::{DEFAULT_CLUSTER, name, same_task_definition},
    asked_for::{in_its_words, option, several, unless_idle},
    tags,
};

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
    let outputs = ServiceOutputs { id: seen.service_arn.unwrap_or_else(|| ask.id.clone()) };
    Observed::stable(&ask.id, inputs, outputs).in_phase(phase).without(&["triggers"])
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
        let see = |last: Object| observed(&Ask::new("id", last), service.clone()).inputs;
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
