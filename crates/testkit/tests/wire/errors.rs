//! Calls are recognised and kept; what moto has no answer to is loud.

use lowtide_testkit::{World, wire};
use serde_json::json;

use crate::calls::{authority, ec2, query, text};

#[tokio::test]
async fn calls_of_every_protocol_are_recorded_by_name() -> anyhow::Result<()> {
    let world = World::start().await?;
    ec2(&world, "CreateVpc", &[("CidrBlock", "10.0.0.0/16")]).await?;
    query(&world, "iam", "2010-05-08", "ListRoles", &[]).await?;
    wire::json(&authority(&world), "ssm", "eu-west-1", "AmazonSSM.DescribeParameters", &json!({})).await?;

    let seen: Vec<_> = world
        .proxy()
        .calls()
        .into_iter()
        .map(|call| (call.number, call.service, call.operation, call.region, call.mutating, call.status))
        .collect();
    let call = |number, service: &str, operation: &str, region: &str, mutating| {
        (number, service.to_owned(), operation.to_owned(), region.to_owned(), mutating, Some(200))
    };
    assert_eq!(
        seen,
        [
            call(1, "ec2", "CreateVpc", "us-west-2", true),
            call(2, "iam", "ListRoles", "us-west-2", false),
            call(3, "ssm", "DescribeParameters", "eu-west-1", false),
        ]
    );
    assert_eq!(world.proxy().count("ec2", "CreateVpc"), 1);
    assert!(world.proxy().calls()[0].request_body.contains("CidrBlock=10.0.0.0%2F16"));

    world.proxy().clear();
    assert_eq!(world.proxy().calls(), []);
    Ok(())
}

#[tokio::test]
async fn what_moto_does_not_implement_is_an_error_and_noted() -> anyhow::Result<()> {
    let world = World::start().await?;

    let of_ec2 = query(&world, "ec2", "2016-11-15", "DescribePlacementGroups", &[]).await?;
    assert_eq!(of_ec2.status(), 400);
    assert!(text(&of_ec2)?.contains("<Response><Errors><Error><Code>NotImplementedBySimulator</Code>"));

    let of_iam = query(&world, "iam", "2010-05-08", "GenerateServiceLastAccessedDetails", &[]).await?;
    assert_eq!(of_iam.status(), 400);
    assert!(text(&of_iam)?.contains("<Type>Sender</Type><Code>NotImplementedBySimulator</Code>"));

    let of_ssm = wire::json(&authority(&world), "ssm", world.region(), "AmazonSSM.DescribeSessions", &json!({})).await?;
    assert_eq!(of_ssm.status(), 400);
    let error: serde_json::Value = serde_json::from_slice(of_ssm.body())?;
    assert_eq!(error["__type"], "NotImplementedBySimulator");

    assert_eq!(
        world.proxy().not_implemented(),
        [
            "moto has no answer to ec2 DescribePlacementGroups: HTTP 500 with an HTML page",
            "moto has no answer to iam GenerateServiceLastAccessedDetails: HTTP 500 with an HTML page",
            "moto has no answer to ssm DescribeSessions: HTTP 500 with an HTML page",
        ]
    );
    Ok(())
}

#[tokio::test]
async fn a_real_not_found_passes_as_it_is() -> anyhow::Result<()> {
    let world = World::start().await?;
    let answer = ec2(&world, "DescribeVpcs", &[("VpcId.1", "vpc-0123456789abcdef0")]).await?;
    assert!(answer.contains("<Code>InvalidVpcID.NotFound</Code>"), "{answer}");
    assert_eq!(world.proxy().not_implemented(), Vec::<String>::new());
    Ok(())
}
