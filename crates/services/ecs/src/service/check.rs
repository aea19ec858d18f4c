//! What AWS would refuse in a service, said while planning. What is not known yet counts as fitting.

use lowtide_model::{Complaint, Planned, PlannedObject};

/// Checks that there is something to run.
pub fn of_task_definition(wish: &PlannedObject) -> Vec<Complaint> {
    if wish.get("task_definition").is_some() || controller(wish).is_none_or(|kind| kind == "EXTERNAL") {
        return Vec::new();
    }
    vec![Complaint::about("task_definition", "A service needs a task definition, unless its deployment controller is `EXTERNAL`.")]
}

/// Checks what the tasks run on.
pub fn of_capacity(wish: &PlannedObject) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    if wish.get("launch_type").is_some() && wish.get("capacity_provider_strategy").is_some() {
        let complaint = Complaint::about("launch_type", "A service has either a launch type or a capacity provider strategy.");
        complaints.push(complaint.hint("leave out one of `launch_type` and `capacity_provider_strategy`"));
    }
    if wish.text("launch_type") == Some("FARGATE") && wish.get("network_configuration").is_none() {
        let complaint = Complaint::about("network_configuration", "Tasks on Fargate need a network.");
        complaints.push(complaint.hint("add `network_configuration` with `subnets`"));
    }
    let automatic = ["alarms", "deployment_circuit_breaker"].into_iter().filter(|name| wish.get(name).is_some());
    if controller(wish).is_some_and(|kind| kind != "ECS") {
        complaints.extend(automatic.map(|name| Complaint::about(name, format!("`{name}` works only where ECS itself deploys."))));
    }
    complaints
}

/// Checks what a daemon can't have.
pub fn of_daemon(wish: &PlannedObject) -> Vec<Complaint> {
    if wish.text("scheduling_strategy") != Some("DAEMON") {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    let mut refuse = |attribute: &str, detail: &str| complaints.push(Complaint::about(attribute, detail));
    if wish.get("desired_count").is_some() {
        refuse("desired_count", "A daemon runs one task on each container instance; it has no desired count.");
    }
    if wish.text("launch_type") == Some("FARGATE") {
        refuse("launch_type", "Fargate has no container instances, so it runs no daemons.");
    }
    if wish.get("ordered_placement_strategy").is_some() {
        refuse("ordered_placement_strategy", "A daemon runs on each container instance; there is nothing to spread.");
    }
    if wish.text("availability_zone_rebalancing") == Some("ENABLED") {
        refuse("availability_zone_rebalancing", "A daemon runs on each container instance; there is nothing to move.");
    }
    complaints
}

/// Checks the load balancers.
pub fn of_load_balancers(wish: &PlannedObject) -> Vec<Complaint> {
    let all = wish.get("load_balancer");
    let mut complaints = Vec::new();
    for one in all.and_then(Planned::as_elements).unwrap_or_default().iter().filter_map(Planned::as_members) {
        let given = |name: &str| one.get(name).is_some_and(|value| !value.is_null());
        if given("elb_name") == given("target_group_arn") {
            let detail = "A load balancer is given by either `target_group_arn` or `elb_name`.";
            complaints.push(Complaint::about("load_balancer", detail));
        }
    }
    let grace = wish.get("health_check_grace_period_seconds").and_then(Planned::as_i64).unwrap_or(0);
    if grace > 0 && all.is_none_or(|all| all.as_elements().is_some_and(<[_]>::is_empty)) {
        let detail = "A grace period is for health checks of a load balancer, and this service has none.";
        complaints.push(Complaint::about("health_check_grace_period_seconds", detail));
    }
    complaints
}

/// Returns who deploys; nothing where that is not known yet.
fn controller(wish: &PlannedObject) -> Option<&str> {
    let Some(controller) = wish.get("deployment_controller") else { return Some("ECS") };
    match controller.as_members()?.get("type") {
        Some(kind) if !kind.is_null() => kind.as_str(),
        _ => Some("ECS"),
    }
}

#[cfg(test)]
mod tests {
    use lowtide_model::{Object, Type, Value};

    use super::*;

    fn complaints(json: &str) -> Vec<String> {
        let Some(Value::Object(members)) = Value::from_json(&serde_json::from_str(json).expect("JSON")) else {
            panic!("{json} is no object")
        };
        let wish = Object(members).into();
        let checks = [of_task_definition, of_capacity, of_daemon, of_load_balancers];
        checks.iter().flat_map(|check| check(&wish)).map(|one| one.path.to_string()).collect()
    }

    #[test]
    fn what_does_not_go_together_is_said() {
        assert_eq!(complaints(r#"{"task_definition": "web"}"#), Vec::<String>::new());
        assert_eq!(complaints("{}"), ["task_definition"]);
        assert_eq!(complaints(r#"{"deployment_controller": {"type": "EXTERNAL"}, "alarms": {}}"#), ["alarms"]);
        assert_eq!(
            complaints(r#"{"task_definition": "web", "launch_type": "FARGATE", "capacity_provider_strategy": []}"#),
            ["launch_type", "network_configuration"]
        );
        assert_eq!(complaints(r#"{"task_definition": "web", "scheduling_strategy": "DAEMON", "desired_count": 1}"#), ["desired_count"]);
        assert_eq!(
            complaints(r#"{"task_definition": "web", "health_check_grace_period_seconds": 5, "load_balancer": []}"#),
            ["health_check_grace_period_seconds"]
        );
        assert_eq!(complaints(r#"{"task_definition": "web", "load_balancer": [{"container_name": "web"}]}"#), ["load_balancer"]);
    }

    #[test]
    fn what_is_unknown_fits() {
        let mut wish = PlannedObject::default();
        for unknown in ["task_definition", "network_configuration", "load_balancer", "deployment_controller"] {
            wish.set(unknown, Planned::unknown(Type::Any));
        }
        wish.set("launch_type", Planned::text("FARGATE"));
        wish.set("health_check_grace_period_seconds", Value::from(30).into());
        let checks = [of_task_definition, of_capacity, of_daemon, of_load_balancers];
        assert_eq!(checks.iter().flat_map(|check| check(&wish)).collect::<Vec<_>>(), []);
    }
}
