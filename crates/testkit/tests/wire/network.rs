//! EC2 and load balancing through the proxy.

use lowtide_testkit::World;

use crate::calls::{between, ec2, query, text};

async fn made(world: &World, action: &str, fields: &[(&str, &str)], tag: &str) -> anyhow::Result<String> {
    between(&ec2(world, action, fields).await?, tag)
}

async fn subnets(world: &World) -> anyhow::Result<(String, String, String)> {
    let vpc = made(world, "CreateVpc", &[("CidrBlock", "10.0.0.0/16")], "vpcId").await?;
    let mut made_ones = Vec::new();
    for (zone, block) in [("us-west-2a", "10.0.0.0/24"), ("us-west-2b", "10.0.1.0/24")] {
        let fields = [("VpcId", vpc.as_str()), ("CidrBlock", block), ("AvailabilityZone", zone)];
        made_ones.push(made(world, "CreateSubnet", &fields, "subnetId").await?);
    }
    Ok((vpc, made_ones[0].clone(), made_ones[1].clone()))
}

#[tokio::test]
async fn a_nat_gateway_shows_its_connectivity_and_lets_go_of_everything() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (vpc, subnet, other) = subnets(&world).await?;
    let address = made(&world, "AllocateAddress", &[("Domain", "vpc")], "allocationId").await?;
    let fields = [("SubnetId", subnet.as_str()), ("AllocationId", address.as_str()), ("ClientToken", "once")];
    let gateway = made(&world, "CreateNatGateway", &fields, "natGatewayId").await?;
    assert_eq!(made(&world, "CreateNatGateway", &fields, "natGatewayId").await?, gateway, "the token was used before");
    let shown = ec2(&world, "DescribeNatGateways", &[("NatGatewayId.1", &gateway)]).await?;
    assert!(shown.contains("<connectivityType>public</connectivityType>"), "{shown}");
    let missing = ec2(&world, "DescribeNatGateways", &[("NatGatewayId.1", "nat-0123456789abcdef0")]).await?;
    assert!(missing.contains("<Code>NatGatewayNotFound</Code>"), "{missing}");

    ec2(&world, "DeleteNatGateway", &[("NatGatewayId", &gateway)]).await?;
    let free = ec2(&world, "DescribeAddresses", &[("AllocationId.1", &address)]).await?;
    assert!(!free.contains("eipassoc-"), "{free}");
    ec2(&world, "ReleaseAddress", &[("AllocationId", &address)]).await?;
    ec2(&world, "DeleteSubnet", &[("SubnetId", &subnet)]).await?;
    ec2(&world, "DeleteSubnet", &[("SubnetId", &other)]).await?;
    ec2(&world, "DeleteVpc", &[("VpcId", &vpc)]).await?;
    assert_eq!(world.leftovers().await?, []);
    assert_eq!(world.proxy().not_implemented(), Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn an_associated_subnet_is_not_associated_again() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (vpc, subnet, _) = subnets(&world).await?;
    let table = made(&world, "CreateRouteTable", &[("VpcId", &vpc)], "routeTableId").await?;
    let fields = [("RouteTableId", table.as_str()), ("SubnetId", subnet.as_str())];
    made(&world, "AssociateRouteTable", &fields, "associationId").await?;
    let again = ec2(&world, "AssociateRouteTable", &fields).await?;
    assert!(again.contains("<Code>Resource.AlreadyAssociated</Code>"), "{again}");
    Ok(())
}

#[tokio::test]
async fn tables_are_found_by_any_of_several_subnets() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (vpc, one, other) = subnets(&world).await?;
    let mut tables = Vec::new();
    for subnet in [&one, &other] {
        let table = made(&world, "CreateRouteTable", &[("VpcId", &vpc)], "routeTableId").await?;
        made(&world, "AssociateRouteTable", &[("RouteTableId", &table), ("SubnetId", subnet)], "associationId").await?;
        tables.push(table);
    }
    let both = [("Filter.1.Name", "association.subnet-id"), ("Filter.1.Value.1", &*one), ("Filter.1.Value.2", &*other)];
    let found = ec2(&world, "DescribeRouteTables", &both).await?;
    assert!(tables.iter().all(|table| found.contains(table.as_str())), "{found}");
    let found = ec2(&world, "DescribeRouteTables", &both[..2]).await?;
    assert!(found.contains(&tables[0]) && !found.contains(&tables[1]), "{found}");
    Ok(())
}

#[tokio::test]
async fn rules_keep_their_descriptions_and_are_there_once() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (vpc, ..) = subnets(&world).await?;
    let fields = [("GroupName", "web"), ("GroupDescription", "web"), ("VpcId", vpc.as_str())];
    let group = made(&world, "CreateSecurityGroup", &fields, "groupId").await?;
    let rule = [
        ("GroupId", group.as_str()),
        ("IpPermissions.1.IpProtocol", "tcp"),
        ("IpPermissions.1.FromPort", "80"),
        ("IpPermissions.1.ToPort", "80"),
        ("IpPermissions.1.Groups.1.GroupId", &group),
        ("IpPermissions.1.Groups.1.Description", "from a < b"),
    ];
    let answer = ec2(&world, "AuthorizeSecurityGroupIngress", &rule).await?;
    assert!(answer.contains("<description>from a &lt; b</description>"), "{answer}");
    let id = between(&answer, "securityGroupRuleId")?;
    let again = ec2(&world, "AuthorizeSecurityGroupIngress", &rule[..5]).await?;
    assert!(again.contains("<Code>InvalidPermission.Duplicate</Code>"), "{again}");

    let by_id = [("SecurityGroupRuleId.1", id.as_str())];
    let shown = ec2(&world, "DescribeSecurityGroupRules", &by_id).await?;
    assert!(shown.contains("<description>from a &lt; b</description>"), "{shown}");
    assert!(shown.contains("<groupOwnerId>123456789012</groupOwnerId>"), "{shown}");
    let change = [
        ("GroupId", group.as_str()),
        ("SecurityGroupRuleDescription.1.SecurityGroupRuleId", &id),
        ("SecurityGroupRuleDescription.1.Description", "other"),
    ];
    ec2(&world, "UpdateSecurityGroupRuleDescriptionsIngress", &change).await?;
    let shown = ec2(&world, "DescribeSecurityGroupRules", &by_id).await?;
    assert!(shown.contains("<description>other</description>"), "{shown}");
    assert!(shown.contains("<fromPort>80</fromPort>"), "{shown}");

    let unknown = [("GroupId", group.as_str()), ("SecurityGroupRuleId.1", "sgr-0123456789abcdef0")];
    let unknown = ec2(&world, "RevokeSecurityGroupIngress", &unknown).await?;
    assert!(unknown.contains("<Code>InvalidSecurityGroupRuleId.NotFound</Code>"), "{unknown}");
    Ok(())
}

#[tokio::test]
async fn a_modified_subnet_shows_it() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (_, subnet, _) = subnets(&world).await?;
    ec2(&world, "ModifySubnetAttribute", &[("SubnetId", &subnet), ("EnableDns64.Value", "true")]).await?;
    let kind = [("SubnetId", subnet.as_str()), ("PrivateDnsHostnameTypeOnLaunch", "resource-name")];
    ec2(&world, "ModifySubnetAttribute", &kind).await?;
    let shown = ec2(&world, "DescribeSubnets", &[("SubnetId.1", &subnet)]).await?;
    assert!(shown.contains("<enableDns64>true</enableDns64>"), "{shown}");
    assert!(shown.contains("<hostnameType>resource-name</hostnameType>"), "{shown}");
    Ok(())
}

#[tokio::test]
async fn load_balancers_and_listeners_read_as_in_aws() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (vpc, first, second) = subnets(&world).await?;
    let elb = async |action: &str, fields: &[(&str, &str)]| -> anyhow::Result<String> {
        text(&query(&world, "elasticloadbalancing", "2015-12-01", action, fields).await?)
    };
    let fields = [("Name", "web"), ("Subnets.member.1", first.as_str()), ("Subnets.member.2", &second)];
    let answer = elb("CreateLoadBalancer", &fields).await?;
    let balancer = between(&answer, "LoadBalancerArn")?;
    assert!(answer.contains("<Scheme>internet-facing</Scheme>"), "{answer}");
    assert_eq!(between(&elb("CreateLoadBalancer", &fields).await?, "LoadBalancerArn")?, balancer);
    let other = elb("CreateLoadBalancer", &fields[..2]).await?;
    assert!(other.contains("<Code>DuplicateLoadBalancerName</Code>"), "{other}");
    let attributes = elb("DescribeLoadBalancerAttributes", &[("LoadBalancerArn", &balancer)]).await?;
    assert!(attributes.contains("<Key>idle_timeout.timeout_seconds</Key><Value>60</Value>"), "{attributes}");

    let group = [("Name", "web"), ("Protocol", "HTTP"), ("Port", "80"), ("VpcId", vpc.as_str()), ("TargetType", "ip")];
    let group = between(&elb("CreateTargetGroup", &group).await?, "TargetGroupArn")?;
    let attributes = elb("DescribeTargetGroupAttributes", &[("TargetGroupArn", &group)]).await?;
    assert!(attributes.contains("<Key>stickiness.lb_cookie.duration_seconds</Key>"), "{attributes}");
    let listener = [
        ("LoadBalancerArn", balancer.as_str()),
        ("Protocol", "HTTP"),
        ("Port", "80"),
        ("DefaultActions.member.1.Type", "forward"),
        ("DefaultActions.member.1.TargetGroupArn", &group),
    ];
    let listener = elb("CreateListener", &listener).await?;
    assert!(!listener.contains("SslPolicy"), "{listener}");
    assert!(listener.contains("<ForwardConfig><TargetGroups><member>"), "{listener}");

    let protect = [
        ("LoadBalancerArn", balancer.as_str()),
        ("Attributes.member.1.Key", "deletion_protection.enabled"),
        ("Attributes.member.1.Value", "true"),
    ];
    elb("ModifyLoadBalancerAttributes", &protect).await?;
    let refused = elb("DeleteLoadBalancer", &[("LoadBalancerArn", &balancer)]).await?;
    assert!(refused.contains("<Code>OperationNotPermitted</Code>"), "{refused}");
    assert_eq!(world.proxy().not_implemented(), Vec::<String>::new());
    Ok(())
}
