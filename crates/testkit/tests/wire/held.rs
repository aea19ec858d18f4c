//! Things take their time, and hold what they use until they are gone.

use http::Method;
use lowtide_testkit::{Options, Rules, World, wire};
use serde_json::{Value, json};

use crate::calls::{authority, between, ec2, ecs, query, rest, text};

async fn slow() -> anyhow::Result<World> {
    World::start_with(Options::default(), Rules { held_reads: 2, ..Rules::default() }).await
}

#[tokio::test]
async fn a_nat_gateway_is_pending_then_available_and_deleting_then_deleted() -> anyhow::Result<()> {
    let world = slow().await?;
    let vpc = between(&ec2(&world, "CreateVpc", &[("CidrBlock", "10.0.0.0/16")]).await?, "vpcId")?;
    let subnet = between(&ec2(&world, "CreateSubnet", &[("VpcId", &vpc), ("CidrBlock", "10.0.0.0/24")]).await?, "subnetId")?;
    let address = between(&ec2(&world, "AllocateAddress", &[("Domain", "vpc")]).await?, "allocationId")?;
    let made = ec2(&world, "CreateNatGateway", &[("SubnetId", &subnet), ("AllocationId", &address)]).await?;
    assert!(made.contains("<state>pending</state>"), "{made}");
    let gateway = between(&made, "natGatewayId")?;
    let state = async || between(&ec2(&world, "DescribeNatGateways", &[("NatGatewayId.1", &gateway)]).await?, "state");
    assert_eq!([state().await?, state().await?, state().await?], ["pending", "pending", "available"]);

    ec2(&world, "DeleteNatGateway", &[("NatGatewayId", &gateway)]).await?;
    assert_eq!(state().await?, "deleting");
    let release = async || ec2(&world, "ReleaseAddress", &[("AllocationId", &address)]).await;
    assert!(release().await?.contains("<Code>InvalidIPAddress.InUse</Code>"), "it holds its address");
    assert!(ec2(&world, "DeleteSubnet", &[("SubnetId", &subnet)]).await?.contains("<Code>DependencyViolation</Code>"));
    assert_eq!([state().await?, state().await?], ["deleting", "deleted"]);
    assert!(!release().await?.contains("<Code>"), "it let go");
    Ok(())
}

#[tokio::test]
async fn a_database_is_not_changed_before_it_is_available_and_shown_until_it_is_gone() -> anyhow::Result<()> {
    let world = slow().await?;
    let rds = async |action: &str, fields: &[(&str, &str)]| text(&query(&world, "rds", "2014-10-31", action, fields).await?);
    let named = ("DBInstanceIdentifier", "slow");
    let fields = [
        named,
        ("DBInstanceClass", "db.t4g.micro"),
        ("Engine", "postgres"),
        ("AllocatedStorage", "20"),
        ("MasterUsername", "root"),
        ("MasterUserPassword", "a-long-password"),
    ];
    assert_eq!(between(&rds("CreateDBInstance", &fields).await?, "DBInstanceStatus")?, "creating");
    let change = [named, ("AllocatedStorage", "30"), ("ApplyImmediately", "true")];
    assert!(rds("ModifyDBInstance", &change).await?.contains("<Code>InvalidDBInstanceState</Code>"));
    let state = async || between(&rds("DescribeDBInstances", &[named]).await?, "DBInstanceStatus");
    assert_eq!([state().await?, state().await?], ["creating", "available"]);
    assert_eq!(between(&rds("ModifyDBInstance", &change).await?, "DBInstanceStatus")?, "modifying");
    assert_eq!([state().await?, state().await?, state().await?], ["modifying", "modifying", "available"]);
    let gone = rds("DeleteDBInstance", &[named, ("SkipFinalSnapshot", "true")]).await?;
    assert_eq!(between(&gone, "DBInstanceStatus")?, "deleting");
    assert_eq!([state().await?, state().await?], ["deleting", "deleting"]);
    assert!(rds("DescribeDBInstances", &[named]).await?.contains("<Code>DBInstanceNotFound</Code>"));
    Ok(())
}

#[tokio::test]
async fn a_service_rolls_out_and_drains() -> anyhow::Result<()> {
    let world = slow().await?;
    ecs(&world, "CreateCluster", json!({"clusterName": "c"})).await?;
    let task = json!({"family": "f", "containerDefinitions": [{"name": "a", "image": "i", "memory": 128}]});
    ecs(&world, "RegisterTaskDefinition", task).await?;
    let service = json!({"cluster": "c", "serviceName": "s", "taskDefinition": "f", "desiredCount": 2});
    ecs(&world, "CreateService", service).await?;
    let look = async || {
        let found = ecs(&world, "DescribeServices", json!({"cluster": "c", "services": ["s"]})).await?;
        let service = &found["services"][0];
        anyhow::Ok((service["status"].clone(), service["deployments"][0]["rolloutState"].clone(), service["runningCount"].clone()))
    };
    for _ in 0..2 {
        assert_eq!(look().await?, (json!("ACTIVE"), json!("IN_PROGRESS"), json!(0)));
    }
    assert_eq!(look().await?, (json!("ACTIVE"), json!("COMPLETED"), json!(2)));
    ecs(&world, "DeleteService", json!({"cluster": "c", "service": "s", "force": true})).await?;
    assert_eq!(look().await?.0, "DRAINING");
    let refused = ecs(&world, "DeleteCluster", json!({"cluster": "c"})).await?;
    assert_eq!(refused["__type"], "ClusterContainsServicesException");
    assert_eq!([look().await?.0, look().await?.0], ["DRAINING", "INACTIVE"]);
    Ok(())
}

#[tokio::test]
async fn a_table_is_created_and_deleted_in_its_own_time() -> anyhow::Result<()> {
    let world = slow().await?;
    let dynamodb = async |operation: &str, body: Value| {
        let target = format!("DynamoDB_20120810.{operation}");
        let answer = wire::json(&authority(&world), "dynamodb", world.region(), &target, &body).await?;
        anyhow::Ok(serde_json::from_slice::<Value>(answer.body())?)
    };
    let table = json!({
        "TableName": "slow", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
    });
    assert_eq!(dynamodb("CreateTable", table).await?["TableDescription"]["TableStatus"], "CREATING");
    let by_name = json!({"TableName": "slow"});
    let refused = dynamodb("DeleteTable", by_name.clone()).await?;
    assert!(refused["__type"].as_str().is_some_and(|code| code.ends_with("ResourceInUseException")), "{refused}");
    let look = async || anyhow::Ok(dynamodb("DescribeTable", by_name.clone()).await?["Table"]["TableStatus"].clone());
    assert_eq!([look().await?, look().await?], ["CREATING", "ACTIVE"]);
    dynamodb("DeleteTable", by_name.clone()).await?;
    assert_eq!([look().await?, look().await?, look().await?], [json!("DELETING"), json!("DELETING"), Value::Null]);
    Ok(())
}

#[tokio::test]
async fn a_function_is_pending_before_it_can_be_changed() -> anyhow::Result<()> {
    let world = slow().await?;
    let trust = r#"{"Version":"2012-10-17","Statement":[]}"#;
    let role = [("RoleName", "runs"), ("AssumeRolePolicyDocument", trust)];
    let role = between(&text(&query(&world, "iam", "2010-05-08", "CreateRole", &role).await?)?, "Arn")?;
    let code = json!({"ZipFile": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="});
    let function = json!({"FunctionName": "slow", "Runtime": "python3.12", "Handler": "a.b", "Role": role, "Code": code});
    let lambda = async |method: Method, path: &str, body: Value| {
        let answer = rest(&world, "lambda", method, &format!("/2015-03-31/functions{path}"), body.to_string()).await?;
        anyhow::Ok(serde_json::from_str::<Value>(&answer)?)
    };
    assert_eq!(lambda(Method::POST, "", function).await?["State"], "Pending");
    let change = lambda(Method::PUT, "/slow/configuration", json!({"Timeout": 9})).await?;
    assert!(change["message"].as_str().is_some_and(|words| words.contains("Pending")), "{change}");
    let state = async || anyhow::Ok(lambda(Method::GET, "/slow", Value::Null).await?["Configuration"]["State"].clone());
    assert_eq!([state().await?, state().await?], ["Pending", "Active"]);
    Ok(())
}

#[tokio::test]
async fn a_change_of_a_zone_is_pending_until_it_is_everywhere() -> anyhow::Result<()> {
    let world = slow().await?;
    let zone = async |name: &str| {
        let asked =
            format!("<CreateHostedZoneRequest><Name>{name}</Name><CallerReference>{name}</CallerReference></CreateHostedZoneRequest>");
        let made = rest(&world, "route53", Method::POST, "/2013-04-01/hostedzone", asked).await?;
        assert_eq!(between(&made, "Status")?, "PENDING");
        between(&between(&made, "ChangeInfo")?, "Id")
    };
    let (first, second) = (zone("example.com").await?, zone("example.org").await?);
    assert_ne!(first, second);
    let state = async |change: &str| {
        between(&rest(&world, "route53", Method::GET, &format!("/2013-04-01{change}"), String::new()).await?, "Status")
    };
    assert_eq!([state(&first).await?, state(&first).await?, state(&first).await?], ["PENDING", "PENDING", "INSYNC"]);
    assert_eq!(state(&second).await?, "PENDING", "each change has a state of its own");
    Ok(())
}

#[tokio::test]
async fn interfaces_of_a_load_balancer_hold_its_group_for_a_while() -> anyhow::Result<()> {
    let world = slow().await?;
    let vpc = between(&ec2(&world, "CreateVpc", &[("CidrBlock", "10.0.0.0/16")]).await?, "vpcId")?;
    let subnet = async |block: &str, zone: &str| {
        let fields = [("VpcId", vpc.as_str()), ("CidrBlock", block), ("AvailabilityZone", zone)];
        between(&ec2(&world, "CreateSubnet", &fields).await?, "subnetId")
    };
    let (first, second) = (subnet("10.0.0.0/24", "us-west-2a").await?, subnet("10.0.1.0/24", "us-west-2b").await?);
    let group = [("GroupName", "balancer"), ("GroupDescription", "balancer"), ("VpcId", vpc.as_str())];
    let group = between(&ec2(&world, "CreateSecurityGroup", &group).await?, "groupId")?;
    let fields = [("Name", "a"), ("Subnets.member.1", &*first), ("Subnets.member.2", &*second), ("SecurityGroups.member.1", &*group)];
    let elb =
        async |action: &str, fields: &[(&str, &str)]| text(&query(&world, "elasticloadbalancing", "2015-12-01", action, fields).await?);
    let arn = between(&elb("CreateLoadBalancer", &fields).await?, "LoadBalancerArn")?;
    elb("DeleteLoadBalancer", &[("LoadBalancerArn", &arn)]).await?;
    for (action, field, id) in [("DeleteSecurityGroup", "GroupId", &group), ("DeleteSubnet", "SubnetId", &first)] {
        let delete = async || ec2(&world, action, &[(field, id)]).await;
        for _ in 0..2 {
            assert!(delete().await?.contains("<Code>DependencyViolation</Code>"), "{action}");
        }
        assert!(!delete().await?.contains("<Code>"), "{action}: it let go");
    }
    assert!(world.proxy().refused_in_use().is_empty(), "no order would have helped");
    Ok(())
}
