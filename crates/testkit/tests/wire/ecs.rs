//! ECS through the proxy: services come to rest and read back as they were asked for.

use lowtide_testkit::World;
use serde_json::{Value, json};

use crate::calls::{between, ec2, ecs};

const SERVICE: &str = "arn:aws:ecs:us-west-2:123456789012:service/web/api";

async fn world_with_cluster() -> anyhow::Result<(World, String)> {
    let world = World::start().await?;
    let vpc = between(&ec2(&world, "CreateVpc", &[("CidrBlock", "10.0.0.0/16")]).await?, "vpcId")?;
    let subnet = ec2(&world, "CreateSubnet", &[("VpcId", &vpc), ("CidrBlock", "10.0.0.0/24")]).await?;
    let subnet = between(&subnet, "subnetId")?;
    ecs(&world, "CreateCluster", json!({"clusterName": "web"})).await?;
    let containers = json!([{"name": "main", "image": "nginx", "memory": 128, "portMappings": [{"containerPort": 80}]}]);
    let definition = json!({"family": "api", "networkMode": "awsvpc", "containerDefinitions": containers});
    let definition = ecs(&world, "RegisterTaskDefinition", definition).await?;
    let port = json!({"containerPort": 80, "hostPort": 80, "protocol": "tcp"});
    assert_eq!(definition["taskDefinition"]["containerDefinitions"][0]["portMappings"], json!([port]));
    Ok((world, subnet))
}

fn wish(subnet: &str) -> Value {
    json!({
        "cluster": "web", "serviceName": "api", "taskDefinition": "api:1", "desiredCount": 2, "launchType": "FARGATE",
        "networkConfiguration": {"awsvpcConfiguration": {"subnets": [subnet]}},
        "deploymentConfiguration": {
            "maximumPercent": 150, "minimumHealthyPercent": 50,
            "deploymentCircuitBreaker": {"enable": true, "rollback": true},
        },
        "enableExecuteCommand": true, "healthCheckGracePeriodSeconds": 30, "propagateTags": "SERVICE",
        "enableECSManagedTags": true,
    })
}

async fn read(world: &World) -> anyhow::Result<Value> {
    let found = ecs(world, "DescribeServices", json!({"cluster": "web", "services": ["api"]})).await?;
    Ok(found["services"][0].clone())
}

#[tokio::test]
async fn a_service_comes_to_rest_and_reads_back_as_asked() -> anyhow::Result<()> {
    let (world, subnet) = world_with_cluster().await?;
    let wish = wish(&subnet);
    let mut made = ecs(&world, "CreateService", wish.clone()).await?["service"].clone();
    made.as_object_mut().and_then(|fields| fields.remove("tags"));
    let service = read(&world).await?;
    assert_eq!(made, service);

    assert_eq!(service["serviceArn"], SERVICE);
    assert_eq!((&service["runningCount"], &service["pendingCount"]), (&json!(2), &json!(0)));
    assert_eq!(service["deployments"].as_array().map(Vec::len), Some(1));
    assert_eq!(service["deployments"][0]["status"], "PRIMARY");
    assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED");
    assert_eq!(service["deploymentConfiguration"]["maximumPercent"], 150);
    assert_eq!(service["deploymentConfiguration"]["deploymentCircuitBreaker"], json!({"enable": true, "rollback": true}));
    for field in ["enableExecuteCommand", "healthCheckGracePeriodSeconds", "propagateTags", "enableECSManagedTags"] {
        assert_eq!(service[field], wish[field], "{field}");
    }
    let network = json!({"subnets": [subnet], "securityGroups": [], "assignPublicIp": "DISABLED"});
    assert_eq!(service["networkConfiguration"], json!({"awsvpcConfiguration": network}));
    assert!(service["createdAt"].is_u64());
    assert_eq!(world.proxy().not_implemented(), Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_leaves_the_rest() -> anyhow::Result<()> {
    let (world, subnet) = world_with_cluster().await?;
    ecs(&world, "CreateService", wish(&subnet)).await?;
    let containers = json!([{"name": "main", "image": "nginx:2", "memory": 128}]);
    ecs(&world, "RegisterTaskDefinition", json!({"family": "api", "containerDefinitions": containers})).await?;
    let update = json!({
        "cluster": "web", "service": "api", "taskDefinition": "api", "desiredCount": 3,
        "deploymentConfiguration": {"maximumPercent": 200}, "healthCheckGracePeriodSeconds": 0,
    });
    ecs(&world, "UpdateService", update).await?;

    let service = read(&world).await?;
    assert_eq!(service["taskDefinition"], "arn:aws:ecs:us-west-2:123456789012:task-definition/api:2");
    assert_eq!(service["deployments"][0]["taskDefinition"], service["taskDefinition"]);
    assert_eq!((&service["desiredCount"], &service["runningCount"]), (&json!(3), &json!(3)));
    assert_eq!(service["deploymentConfiguration"]["maximumPercent"], 200);
    assert_eq!(service["deploymentConfiguration"]["minimumHealthyPercent"], 50);
    assert_eq!(service["healthCheckGracePeriodSeconds"], 0);
    assert_eq!(service["enableExecuteCommand"], true);
    Ok(())
}

#[tokio::test]
async fn what_is_deleted_is_inactive_unlisted_and_no_leftover() -> anyhow::Result<()> {
    let (mut world, subnet) = world_with_cluster().await?;
    world.remember().await?;
    let wish = wish(&subnet);
    ecs(&world, "CreateService", wish.clone()).await?;
    assert_eq!(ecs(&world, "CreateService", wish.clone()).await?["service"]["serviceArn"], SERVICE);
    let mut other = wish.clone();
    other["desiredCount"] = json!(1);
    assert_eq!(ecs(&world, "CreateService", other).await?["__type"], "InvalidParameterException");
    let refused = ecs(&world, "DeleteCluster", json!({"cluster": "web"})).await?;
    assert_eq!(refused["__type"], "ClusterContainsServicesException");
    assert_eq!(world.leftovers().await?.len(), 1);

    ecs(&world, "DeleteService", json!({"cluster": "web", "service": "api", "force": true})).await?;
    let service = read(&world).await?;
    assert_eq!((&service["status"], &service["runningCount"]), (&json!("INACTIVE"), &json!(0)));
    assert_eq!(ecs(&world, "ListServices", json!({"cluster": "web"})).await?["serviceArns"], json!([]));
    let late = ecs(&world, "UpdateService", json!({"cluster": "web", "service": "api", "desiredCount": 1})).await?;
    assert_eq!(late["__type"], "ServiceNotActiveException");

    ecs(&world, "DeleteCluster", json!({"cluster": "web"})).await?;
    assert_eq!(ecs(&world, "ListClusters", json!({})).await?["clusterArns"], json!([]));
    let lost = ecs(&world, "CreateService", wish).await?;
    assert_eq!(lost["__type"], "ClusterNotFoundException");
    assert_eq!(world.leftovers().await?, []);
    Ok(())
}

#[tokio::test]
async fn a_cluster_made_again_is_the_same_and_its_settings_can_be_changed() -> anyhow::Result<()> {
    let world = World::start().await?;
    let tags = json!([{"key": "a", "value": "b"}]);
    ecs(&world, "CreateCluster", json!({"clusterName": "c", "tags": tags})).await?;
    assert_eq!(ecs(&world, "CreateCluster", json!({"clusterName": "c"})).await?["cluster"]["tags"], tags);
    let settings = json!([{"name": "containerInsights", "value": "enabled"}]);
    let updated = ecs(&world, "UpdateClusterSettings", json!({"cluster": "c", "settings": settings})).await?;
    assert_eq!(updated["cluster"]["settings"], settings);
    assert_eq!(world.proxy().not_implemented(), Vec::<String>::new());
    Ok(())
}
