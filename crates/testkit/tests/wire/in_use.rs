//! What is in use is not deleted, and goes when nothing holds it any more.

use lowtide_testkit::World;
use serde_json::json;

use crate::calls::{authority, between, ec2, query, text};
use lowtide_testkit::wire;

async fn made(world: &World, action: &str, fields: &[(&str, &str)], tag: &str) -> anyhow::Result<String> {
    between(&ec2(world, action, fields).await?, tag)
}

async fn refused(world: &World, action: &str, fields: &[(&str, &str)], code: &str) -> anyhow::Result<()> {
    let answer = ec2(world, action, fields).await?;
    anyhow::ensure!(answer.contains(&format!("<Code>{code}</Code>")), "{action}: {answer}");
    Ok(())
}

async fn done(world: &World, action: &str, fields: &[(&str, &str)]) -> anyhow::Result<()> {
    let answer = ec2(world, action, fields).await?;
    anyhow::ensure!(!answer.contains("<Code>"), "{action}: {answer}");
    Ok(())
}

#[tokio::test]
async fn a_network_goes_from_the_inside_out() -> anyhow::Result<()> {
    let world = World::start().await?;
    let vpc = made(&world, "CreateVpc", &[("CidrBlock", "10.0.0.0/16")], "vpcId").await?;
    let subnet = made(&world, "CreateSubnet", &[("VpcId", &vpc), ("CidrBlock", "10.0.0.0/24")], "subnetId").await?;
    let internet = made(&world, "CreateInternetGateway", &[], "internetGatewayId").await?;
    let attached = [("InternetGatewayId", internet.as_str()), ("VpcId", vpc.as_str())];
    done(&world, "AttachInternetGateway", &attached).await?;
    let address = made(&world, "AllocateAddress", &[("Domain", "vpc")], "allocationId").await?;
    let fields = [("SubnetId", subnet.as_str()), ("AllocationId", address.as_str())];
    let gateway = made(&world, "CreateNatGateway", &fields, "natGatewayId").await?;

    refused(&world, "DeleteSubnet", &[("SubnetId", &subnet)], "DependencyViolation").await?;
    refused(&world, "DetachInternetGateway", &attached, "DependencyViolation").await?;
    refused(&world, "ReleaseAddress", &[("AllocationId", &address)], "InvalidIPAddress.InUse").await?;
    assert_eq!(world.proxy().refused_in_use().len(), 3);
    done(&world, "DeleteNatGateway", &[("NatGatewayId", &gateway)]).await?;
    done(&world, "ReleaseAddress", &[("AllocationId", &address)]).await?;
    done(&world, "DeleteSubnet", &[("SubnetId", &subnet)]).await?;
    refused(&world, "DeleteVpc", &[("VpcId", &vpc)], "DependencyViolation").await?;
    done(&world, "DetachInternetGateway", &attached).await?;
    done(&world, "DeleteInternetGateway", &[("InternetGatewayId", &internet)]).await?;
    done(&world, "DeleteVpc", &[("VpcId", &vpc)]).await?;
    assert_eq!(world.leftovers().await?, []);
    Ok(())
}

#[tokio::test]
async fn a_security_group_that_a_rule_names_stays() -> anyhow::Result<()> {
    let world = World::start().await?;
    let vpc = made(&world, "CreateVpc", &[("CidrBlock", "10.0.0.0/16")], "vpcId").await?;
    let group = async |name: &str| {
        made(&world, "CreateSecurityGroup", &[("GroupName", name), ("GroupDescription", name), ("VpcId", &vpc)], "groupId").await
    };
    let (named, naming) = (group("named").await?, group("naming").await?);
    for (group, from) in [(&naming, &named), (&named, &named)] {
        let rule = [
            ("GroupId", group.as_str()),
            ("IpPermissions.1.IpProtocol", "tcp"),
            ("IpPermissions.1.FromPort", "80"),
            ("IpPermissions.1.ToPort", "80"),
            ("IpPermissions.1.Groups.1.GroupId", from.as_str()),
        ];
        done(&world, "AuthorizeSecurityGroupIngress", &rule).await?;
    }
    refused(&world, "DeleteSecurityGroup", &[("GroupId", &named)], "DependencyViolation").await?;
    done(&world, "DeleteSecurityGroup", &[("GroupId", &naming)]).await?;
    done(&world, "DeleteSecurityGroup", &[("GroupId", &named)]).await?;

    let groups = ec2(&world, "DescribeSecurityGroups", &[("Filter.1.Name", "vpc-id"), ("Filter.1.Value.1", &vpc)]).await?;
    let default = between(&groups, "groupId")?;
    refused(&world, "DeleteSecurityGroup", &[("GroupId", &default)], "CannotDelete").await?;
    done(&world, "DeleteVpc", &[("VpcId", &vpc)]).await
}

#[tokio::test]
async fn a_policy_goes_when_no_role_has_it_and_one_version_is_left() -> anyhow::Result<()> {
    let world = World::start().await?;
    let iam = async |action: &str, fields: &[(&str, &str)]| text(&query(&world, "iam", "2010-05-08", action, fields).await?);
    let document = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
    let answer = iam("CreatePolicy", &[("PolicyName", "held"), ("PolicyDocument", document)]).await?;
    let arn = between(&answer, "Arn")?;
    iam("CreateRole", &[("RoleName", "holder"), ("AssumeRolePolicyDocument", document)]).await?;
    let attached = [("RoleName", "holder"), ("PolicyArn", arn.as_str())];
    iam("AttachRolePolicy", &attached).await?;
    let version = [("PolicyArn", arn.as_str()), ("PolicyDocument", document), ("SetAsDefault", "true")];
    iam("CreatePolicyVersion", &version).await?;

    let by_arn = [("PolicyArn", arn.as_str())];
    assert!(iam("DeletePolicy", &by_arn).await?.contains("<Code>DeleteConflict</Code>"), "a role has it");
    iam("DetachRolePolicy", &attached).await?;
    assert!(iam("DeletePolicy", &by_arn).await?.contains("more than one version"), "two versions are there");
    iam("DeletePolicyVersion", &[("PolicyArn", &arn), ("VersionId", "v1")]).await?;
    assert!(!iam("DeletePolicy", &by_arn).await?.contains("<Code>"), "nothing holds it");
    Ok(())
}

#[tokio::test]
async fn a_certificate_of_a_listener_and_the_subnets_of_its_load_balancer_stay() -> anyhow::Result<()> {
    let world = World::start().await?;
    let vpc = made(&world, "CreateVpc", &[("CidrBlock", "10.0.0.0/16")], "vpcId").await?;
    let subnet = async |block: &str, zone: &str| {
        made(&world, "CreateSubnet", &[("VpcId", &vpc), ("CidrBlock", block), ("AvailabilityZone", zone)], "subnetId").await
    };
    let (first, second) = (subnet("10.0.0.0/24", "us-west-2a").await?, subnet("10.0.1.0/24", "us-west-2b").await?);
    let group = [("GroupName", "balancer"), ("GroupDescription", "balancer"), ("VpcId", vpc.as_str())];
    let group = made(&world, "CreateSecurityGroup", &group, "groupId").await?;
    let acm = async |operation: &str, body: serde_json::Value| {
        let target = format!("CertificateManager.{operation}");
        text(&wire::json(&authority(&world), "acm", world.region(), &target, &body).await?)
    };
    let answer = acm("RequestCertificate", json!({"DomainName": "example.com", "ValidationMethod": "DNS"})).await?;
    let certificate: serde_json::Value = serde_json::from_str(&answer)?;
    let certificate = certificate["CertificateArn"].as_str().unwrap_or_default().to_owned();
    let elb =
        async |action: &str, fields: &[(&str, &str)]| text(&query(&world, "elasticloadbalancing", "2015-12-01", action, fields).await?);
    let fields = [
        ("Name", "holder"),
        ("Subnets.member.1", first.as_str()),
        ("Subnets.member.2", second.as_str()),
        ("SecurityGroups.member.1", group.as_str()),
    ];
    let balancer = between(&elb("CreateLoadBalancer", &fields).await?, "LoadBalancerArn")?;
    let fields = [
        ("LoadBalancerArn", balancer.as_str()),
        ("Protocol", "HTTPS"),
        ("Port", "443"),
        ("Certificates.member.1.CertificateArn", certificate.as_str()),
        ("DefaultActions.member.1.Type", "fixed-response"),
        ("DefaultActions.member.1.FixedResponseConfig.StatusCode", "404"),
    ];
    elb("CreateListener", &fields).await?;

    let by_arn = json!({ "CertificateArn": certificate });
    assert!(acm("DeleteCertificate", by_arn.clone()).await?.contains("ResourceInUseException"));
    refused(&world, "DeleteSubnet", &[("SubnetId", &second)], "DependencyViolation").await?;
    refused(&world, "DeleteSecurityGroup", &[("GroupId", &group)], "DependencyViolation").await?;
    elb("DeleteLoadBalancer", &[("LoadBalancerArn", &balancer)]).await?;
    assert!(!acm("DeleteCertificate", by_arn).await?.contains("Exception"));
    done(&world, "DeleteSubnet", &[("SubnetId", &first)]).await?;
    done(&world, "DeleteSubnet", &[("SubnetId", &second)]).await?;
    done(&world, "DeleteSecurityGroup", &[("GroupId", &group)]).await?;
    done(&world, "DeleteVpc", &[("VpcId", &vpc)]).await?;
    assert_eq!(world.leftovers().await?, []);
    Ok(())
}

#[tokio::test]
async fn a_subnet_group_of_a_database_stays() -> anyhow::Result<()> {
    let world = World::start().await?;
    let vpc = made(&world, "CreateVpc", &[("CidrBlock", "10.0.0.0/16")], "vpcId").await?;
    let subnet = async |block: &str, zone: &str| {
        made(&world, "CreateSubnet", &[("VpcId", &vpc), ("CidrBlock", block), ("AvailabilityZone", zone)], "subnetId").await
    };
    let (first, second) = (subnet("10.0.0.0/24", "us-west-2a").await?, subnet("10.0.1.0/24", "us-west-2b").await?);
    let rds = async |action: &str, fields: &[(&str, &str)]| text(&query(&world, "rds", "2014-10-31", action, fields).await?);
    let fields = [
        ("DBSubnetGroupName", "held"),
        ("DBSubnetGroupDescription", "held"),
        ("SubnetIds.SubnetIdentifier.1", first.as_str()),
        ("SubnetIds.SubnetIdentifier.2", second.as_str()),
    ];
    rds("CreateDBSubnetGroup", &fields).await?;
    let fields = [
        ("DBInstanceIdentifier", "holder"),
        ("DBInstanceClass", "db.t4g.micro"),
        ("Engine", "postgres"),
        ("AllocatedStorage", "20"),
        ("MasterUsername", "root"),
        ("MasterUserPassword", "a-long-password"),
        ("DBSubnetGroupName", "held"),
    ];
    rds("CreateDBInstance", &fields).await?;
    let by_name = [("DBSubnetGroupName", "held")];
    let answer = rds("DeleteDBSubnetGroup", &by_name).await?;
    assert!(answer.contains("<Code>InvalidDBSubnetGroupStateFault</Code>") && answer.contains("holder"), "{answer}");
    refused(&world, "DeleteSubnet", &[("SubnetId", &first)], "DependencyViolation").await?;
    rds("DeleteDBInstance", &[("DBInstanceIdentifier", "holder"), ("SkipFinalSnapshot", "true")]).await?;
    assert!(!rds("DeleteDBSubnetGroup", &by_name).await?.contains("<Code>"));
    done(&world, "DeleteSubnet", &[("SubnetId", &first)]).await
}
