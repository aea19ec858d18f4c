//! How an ECS service looks when it is read: as it was asked for, and at rest.

use serde_json::{Map, Value, json};

/// What is shown as it was sent (Amazon ECS API Reference, CreateService and Service). moto loses some of these at
/// creation, and shows others only after an update.
const AS_SENT: [&str; 15] = [
    "availabilityZoneRebalancing",
    "capacityProviderStrategy",
    "createdAt",
    "deploymentConfiguration",
    "deploymentController",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
    "loadBalancers",
    "networkConfiguration",
    "placementConstraints",
    "placementStrategy",
    "platformVersion",
    "propagateTags",
    "serviceRegistries",
];

/// Turns what moto shows of a service into what AWS would.
pub(super) fn present(service: &mut Value, sent: &Map<String, Value>) {
    for field in AS_SENT {
        if let Some(value) = sent.get(field).filter(|value| !value.is_null()) {
            service[field] = value.clone();
        }
    }
    fill_in_defaults(service);
    show_launch(service);
    show_network(service);
    show_full_task_definition(service);
    show_at_rest(service);
}

/// What is shown though nobody asked (the same pages, "default").
fn fill_in_defaults(service: &mut Value) {
    let is_daemon = service["schedulingStrategy"] == "DAEMON";
    let rebalancing = if is_daemon { "DISABLED" } else { "ENABLED" };
    let defaults = [
        ("availabilityZoneRebalancing", json!(rebalancing)),
        ("deploymentConfiguration", json!({})),
        ("enableECSManagedTags", json!(false)),
        ("enableExecuteCommand", json!(false)),
        ("healthCheckGracePeriodSeconds", json!(0)),
        ("placementConstraints", json!([])),
        ("placementStrategy", json!([])),
        ("propagateTags", json!("NONE")),
    ];
    for (field, default) in defaults {
        set_if_absent(service, field, default);
    }
    let deployment = &mut service["deploymentConfiguration"];
    set_if_absent(deployment, "maximumPercent", json!(if is_daemon { 100 } else { 200 }));
    set_if_absent(deployment, "minimumHealthyPercent", json!(if is_daemon { 0 } else { 100 }));
    set_if_absent(deployment, "deploymentCircuitBreaker", json!({"enable": false, "rollback": false}));
    set_if_absent(deployment, "strategy", json!("ROLLING"));
    set_if_absent(deployment, "bakeTimeInMinutes", json!(0));
}

/// A service of capacity providers has no launch type; one on Fargate has a platform (CreateService, `launchType`,
/// `platformVersion`). moto calls every service without a launch type `EC2`.
fn show_launch(service: &mut Value) {
    let has_providers = service["capacityProviderStrategy"].as_array().is_some_and(|strategy| !strategy.is_empty());
    if has_providers {
        service.as_object_mut().map(|fields| fields.remove("launchType"));
    }
    if service["launchType"] == "FARGATE" {
        set_if_absent(service, "platformVersion", json!("LATEST"));
        service["platformFamily"] = json!("Linux");
    }
}

/// A service outside `awsvpc` shows no network configuration; inside, no public address unless asked for
/// (AwsVpcConfiguration, `assignPublicIp`).
fn show_network(service: &mut Value) {
    match service.pointer_mut("/networkConfiguration/awsvpcConfiguration") {
        Some(network) => {
            set_if_absent(network, "assignPublicIp", json!("DISABLED"));
            set_if_absent(network, "securityGroups", json!([]));
        }
        None => {
            service.as_object_mut().map(|fields| fields.remove("networkConfiguration"));
        }
    }
}

/// The task definition is shown as a whole ARN (Service, `taskDefinition`). moto shows what an update said.
fn show_full_task_definition(service: &mut Value) {
    let (Some(shown), Some(arn)) = (service["taskDefinition"].as_str(), service["serviceArn"].as_str()) else { return };
    if let (false, Some((account, _))) = (shown.starts_with("arn:"), arn.split_once(":service/")) {
        service["taskDefinition"] = json!(format!("{account}:task-definition/{shown}"));
    }
}

/// A service comes to rest with as many tasks as desired and one deployment that is `COMPLETED` (Amazon ECS API
/// Reference, Service and Deployment; this is what the waiter "services stable" waits for). In moto it never does. A
/// deleted one has neither tasks nor deployments.
fn show_at_rest(service: &mut Value) {
    let is_active = service["status"] == "ACTIVE";
    if !is_active {
        service["desiredCount"] = json!(0);
    }
    service["runningCount"] = service["desiredCount"].clone();
    service["pendingCount"] = json!(0);
    let first = service["deployments"].get(0).filter(|_| is_active).cloned();
    service["deployments"] = first.map_or_else(|| json!([]), |deployment| json!([completed(deployment, service)]));
}

fn completed(mut deployment: Value, service: &Value) -> Value {
    let id = deployment["id"].as_str().unwrap_or_default().to_owned();
    deployment["status"] = json!("PRIMARY");
    deployment["rolloutState"] = json!("COMPLETED");
    deployment["rolloutStateReason"] = json!(format!("ECS deployment {id} completed."));
    deployment["failedTasks"] = json!(0);
    for field in ["taskDefinition", "desiredCount", "runningCount", "pendingCount"] {
        deployment[field] = service[field].clone();
    }
    for field in ["launchType", "platformVersion", "platformFamily", "networkConfiguration", "capacityProviderStrategy"] {
        match service.get(field) {
            Some(value) => deployment[field] = value.clone(),
            None => {
                deployment.as_object_mut().map(|fields| fields.remove(field));
            }
        }
    }
    deployment
}

fn set_if_absent(object: &mut Value, field: &str, value: Value) {
    if object.get(field).is_none_or(Value::is_null) {
        object[field] = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_by_family_shows_the_whole_arn_and_rest() {
        let mut service = json!({
            "serviceArn": "arn:aws:ecs:us-west-2:123456789012:service/c/s", "status": "ACTIVE", "taskDefinition": "f:2",
            "desiredCount": 3, "runningCount": 0, "pendingCount": 3, "networkConfiguration": {},
            "deployments": [{"id": "d", "status": "PRIMARY", "rolloutState": "IN_PROGRESS", "networkConfiguration": {}}],
        });
        present(&mut service, &Map::new());
        assert_eq!(service["taskDefinition"], "arn:aws:ecs:us-west-2:123456789012:task-definition/f:2");
        assert_eq!(service["runningCount"], 3);
        assert_eq!(service.get("networkConfiguration"), None);
        let deployment = &service["deployments"][0];
        assert_eq!(deployment["rolloutState"], "COMPLETED");
        assert_eq!(deployment["taskDefinition"], service["taskDefinition"]);
        assert_eq!(deployment.get("networkConfiguration"), None);
    }

    #[test]
    fn what_was_sent_is_shown_over_the_defaults() {
        let mut service = json!({"serviceArn": "x", "status": "INACTIVE", "desiredCount": 2, "deployments": [{}]});
        let sent = json!({"deploymentConfiguration": {"maximumPercent": 150}, "enableExecuteCommand": true});
        present(&mut service, sent.as_object().unwrap());
        assert_eq!(service["deploymentConfiguration"]["maximumPercent"], 150);
        assert_eq!(service["deploymentConfiguration"]["minimumHealthyPercent"], 100);
        assert_eq!(service["enableExecuteCommand"], true);
        assert_eq!((&service["desiredCount"], &service["deployments"]), (&json!(0), &json!([])));
    }
}
