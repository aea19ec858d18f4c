use lowtide_model::Value;
use lowtide_resource::Currency;

use super::{object, start};

const WEB: &str = r#"{
    "family": "web", "cpu": ".25 vCPU", "memory": "512", "network_mode": "awsvpc", "requires_compatibilities": ["FARGATE"],
    "execution_role_arn": "arn:aws:iam::123456789012:role/execution", "task_role_arn": "arn:aws:iam::123456789012:role/task",
    "runtime_platform": {"cpu_architecture": "ARM64", "operating_system_family": "LINUX"}, "ephemeral_storage": {"size_in_gib": 30},
    "pid_mode": "task",
    "volume": [{"name": "data", "efs_volume_configuration": {"file_system_id": "fs-1", "root_directory": "/data",
        "transit_encryption": "ENABLED", "authorization_config": {"access_point_id": "fsap-1", "iam": "ENABLED"}}}],
    "container_definitions": [{"name": "web", "image": "nginx:1", "portMappings": [{"containerPort": 80}],
        "environment": [{"name": "B", "value": "2"}, {"name": "A", "value": "1"}],
        "secrets": [{"name": "S", "valueFrom": "arn:aws:ssm:us-west-2:123456789012:parameter/s"}],
        "mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}],
        "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "web"}}}],
    "tags": {"Name": "web"}}"#;

#[tokio::test]
async fn a_revision_lives_and_the_next_one_replaces_it() -> anyhow::Result<()> {
    let bench = start().await?;
    let definition = bench.driver("aws_ecs_task_definition");
    let first = definition.create(&object(WEB)).await?;
    assert_eq!(first.outputs.text("id"), Some("web"));
    assert!(first.outputs.text("arn").is_some_and(|arn| arn == first.id && arn.ends_with(":task-definition/web:1")));
    assert!(first.outputs.text("arn_without_revision").is_some_and(|arn| arn.ends_with(":task-definition/web")));
    let tagged = definition.update(&first, &object(r#"{"tags": {"Name": "other", "team": "a"}}"#)).await?;
    let second = definition.create(&object(&WEB.replace("nginx:1", "nginx:2"))).await?;
    assert_eq!(second.outputs.get("revision"), Some(&Value::from(2)));
    definition.delete(&tagged).await?;
    assert!(definition.read(&second.id, &second.inputs, Currency::Exact).await?.is_some(), "the new revision stays");
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn a_task_on_instances_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let definition = bench.driver("aws_ecs_task_definition");
    let made = definition
        .create(&object(
            r#"{"family": "worker", "network_mode": "host", "ipc_mode": "host",
                "container_definitions": [{"name": "w", "image": "busybox", "memory": 128, "cpu": 10}],
                "volume": [{"name": "logs", "host_path": "/var/log"}, {"name": "cache", "docker_volume_configuration":
                    {"scope": "shared", "autoprovision": true, "driver": "local", "labels": {"a": "b"}}}],
                "placement_constraints": [{"type": "memberOf", "expression": "attribute:ecs.instance-type == t3.micro"}]}"#,
        ))
        .await?;
    definition.delete(&made).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn options_keep_a_revision_and_follow_the_newest() -> anyhow::Result<()> {
    let bench = start().await?;
    let definition = bench.driver("aws_ecs_task_definition");
    let first = definition.create(&object(&WEB.replace(r#""family""#, r#""track_latest": true, "skip_destroy": true, "family""#))).await?;
    definition.create(&object(&WEB.replace("nginx:1", "nginx:2"))).await?;
    let seen = definition.read(&first.id, &first.inputs, Currency::Exact).await?.expect("still in use");
    assert!(seen.outputs.text("arn").is_some_and(|arn| arn.ends_with(":task-definition/web:2")));
    assert_eq!(seen.id, first.id);
    assert!(definition.delete(&seen).await.is_err(), "it stays");
    bench.finish();
    Ok(())
}
