use anyhow::Context as _;
use lowtide_model::Object;
use lowtide_resource::{Ask, Currency, Round};
use lowtide_testkit::wire;

use super::{Bench, object, start, without};

/// Makes what a service needs: a cluster, and two revisions of a task definition.
async fn ground(bench: &Bench) -> anyhow::Result<(String, String)> {
    bench.create("aws_ecs_cluster", r#"{"name": "main"}"#).await?;
    let definition = r#"{"family": "web", "memory": "512", "container_definitions": [{"name": "web", "image": "nginx"}]}"#;
    let first = bench.create("aws_ecs_task_definition", definition).await?;
    let second = bench.create("aws_ecs_task_definition", definition).await?;
    Ok((first.id, second.id))
}

/// Makes a network of two subnets and a security group, by raw calls: this crate knows no EC2.
async fn network(bench: &Bench) -> anyhow::Result<[String; 3]> {
    let endpoint = bench.world.endpoint();
    let authority = endpoint.trim_start_matches("http://");
    let call = async |fields: &[(&str, &str)], wanted: &str| {
        let reply = wire::query(authority, "ec2", bench.world.region(), fields).await?;
        let text = String::from_utf8_lossy(reply.body()).into_owned();
        let value = text.split_once(&format!("<{wanted}>")).and_then(|(_, rest)| rest.split_once('<'));
        value.map(|(value, _)| value.to_owned()).with_context(|| format!("no {wanted} in {text}"))
    };
    let vpc = call(&[("Action", "CreateVpc"), ("Version", "2016-11-15"), ("CidrBlock", "10.0.0.0/16")], "vpcId").await?;
    let subnet = async |cidr| {
        let fields = [("Action", "CreateSubnet"), ("Version", "2016-11-15"), ("VpcId", vpc.as_str()), ("CidrBlock", cidr)];
        call(&fields, "subnetId").await
    };
    let group = [
        ("Action", "CreateSecurityGroup"),
        ("Version", "2016-11-15"),
        ("VpcId", vpc.as_str()),
        ("GroupName", "web"),
        ("GroupDescription", "web"),
    ];
    Ok([subnet("10.0.0.0/24").await?, subnet("10.0.1.0/24").await?, call(&group, "groupId").await?])
}

/// The `target_group_arn` of a load balancer, which moto takes unseen.
const TARGETS: &str = "arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/web/0123456789abcdef";

#[tokio::test]
async fn a_service_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let (_, second) = ground(&bench).await?;
    let [one, two, group] = network(&bench).await?;
    let service = bench.driver("aws_ecs_service");
    let wish = r#"{
        "name": "web", "cluster": "main", "task_definition": "web:1", "desired_count": 2, "launch_type": "FARGATE",
        "network_configuration": {"subnets": ["SUBNET1", "SUBNET2"], "security_groups": ["GROUP"], "assign_public_ip": true},
        "load_balancer": [{"target_group_arn": "TARGETS", "container_name": "web", "container_port": 80}],
        "deployment_circuit_breaker": {"enable": true, "rollback": true}, "deployment_maximum_percent": 150,
        "health_check_grace_period_seconds": 30, "enable_execute_command": true, "propagate_tags": "SERVICE",
        "tags": {"Name": "web"}, "wait_for_steady_state": true, "triggers": {"a": "1"}}"#;
    let wish = wish.replace("TARGETS", TARGETS).replace("SUBNET1", &one).replace("SUBNET2", &two).replace("GROUP", &group);
    let made = service.create(&object(&wish)).await?;
    let changes = r#"{"desired_count": 3, "deployment_circuit_breaker": {"enable": true, "rollback": false},
            "deployment_minimum_healthy_percent": 50, "deployment_maximum_percent": 200,
            "alarms": {"alarm_names": ["a"], "enable": true, "rollback": true},
            "network_configuration": {"subnets": ["SUBNET1"], "assign_public_ip": false},
            "health_check_grace_period_seconds": 60, "enable_execute_command": false, "propagate_tags": "TASK_DEFINITION",
            "enable_ecs_managed_tags": true, "availability_zone_rebalancing": "ENABLED", "platform_version": "1.4.0",
            "tags": {"Name": "other"}, "triggers": {"a": "2"}, "load_balancer": []}"#;
    let mut changes = object(&changes.replace("SUBNET1", &one));
    changes.set("task_definition", second.into());
    let changed = service.update(&made, &changes).await?;
    let bare = service.update(&changed, &without(&["alarms", "deployment_circuit_breaker", "tags"])).await?;
    for gone in ["alarms", "deployment_circuit_breaker", "load_balancer", "tags"] {
        assert_eq!(bare.inputs.get(gone), None, "{gone} is taken away");
    }
    service.delete(&bare).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn a_service_on_capacity_providers_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    ground(&bench).await?;
    let service = bench.driver("aws_ecs_service");
    let wish = r#"{
        "name": "worker", "cluster": "main", "task_definition": "web", "desired_count": 1,
        "capacity_provider_strategy": [{"capacity_provider": "FARGATE", "base": 1, "weight": 1}],
        "ordered_placement_strategy": [{"type": "spread", "field": "host"}], "placement_constraints": [{"type": "distinctInstance"}],
        "service_registries": {"registry_arn": "arn:aws:servicediscovery:us-west-2:123456789012:service/srv-1"}}"#;
    let made = service.create(&object(wish)).await?;
    let changes = object(
        r#"{"capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT", "weight": 2}], "desired_count": 0,
            "ordered_placement_strategy": [{"type": "binpack", "field": "memory"}], "placement_constraints": [],
            "service_registries": {"registry_arn": "arn:aws:servicediscovery:us-west-2:123456789012:service/srv-2"}}"#,
    );
    let changed = service.update(&made, &changes).await?;
    service.delete(&changed).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn services_of_several_clusters_are_read_together() -> anyhow::Result<()> {
    let bench = start().await?;
    ground(&bench).await?;
    bench.create("aws_ecs_cluster", r#"{"name": "default"}"#).await?;
    let service = bench.driver("aws_ecs_service");
    let mut asked = Vec::new();
    for at in 0..11 {
        let wish = format!(r#"{{"name": "s{at}", "cluster": "main", "task_definition": "web:1", "force_delete": true}}"#);
        asked.push(bench.create("aws_ecs_service", &wish).await?.id);
    }
    asked.push(bench.create("aws_ecs_service", r#"{"name": "s", "task_definition": "web:1"}"#).await?.id);
    for lost in ["main/lost", "nowhere/lost"] {
        asked.push(service.kind.import(&bench.session.place, lost).expect("a name"));
    }
    let asks: Vec<_> = asked.iter().map(|id| Ask::new(id.clone(), Object::default())).collect();
    let seen = service.kind.read(&bench.session, &Round::default(), &asks, Currency::Exact).await?;
    let here = |id: &String| seen.iter().find(|(one, _)| one == id).map(|(_, seen)| seen.as_ref().is_ok_and(Option::is_some));
    let expected: Vec<_> = (0..14).map(|at| Some(at < 12)).collect();
    assert_eq!(asked.iter().map(here).collect::<Vec<_>>(), expected);
    bench.finish();
    Ok(())
}
