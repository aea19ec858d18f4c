//! Client tokens and dry runs.

use lowtide_testkit::{Fault, Match, What, World, wire};
use serde_json::{Value, json};

use crate::calls::{authority, between, ec2, query, text};

#[tokio::test]
async fn a_token_of_ec2_is_good_for_one_thing() -> anyhow::Result<()> {
    let world = World::start().await?;
    let vpc = between(&ec2(&world, "CreateVpc", &[("CidrBlock", "10.0.0.0/16")]).await?, "vpcId")?;
    let table = |token: &'static str| [("VpcId", vpc.clone()), ("ClientToken", token.to_owned())];
    let create = async |fields: &[(&str, String)]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ec2(&world, "CreateRouteTable", &fields).await
    };
    let first = between(&create(&table("one")).await?, "routeTableId")?;
    assert_eq!(between(&create(&table("one")).await?, "routeTableId")?, first, "the same again");
    assert_ne!(between(&create(&table("two")).await?, "routeTableId")?, first, "another token");
    let other = [("VpcId", "vpc-0123456789abcdef0".to_owned()), ("ClientToken", "one".to_owned())];
    assert!(create(&other).await?.contains("<Code>IdempotentParameterMismatch</Code>"), "other parameters");
    Ok(())
}

#[tokio::test]
async fn a_certificate_is_requested_once_with_one_token() -> anyhow::Result<()> {
    let world = World::start().await?;
    let request = async |token: &str| {
        let body = json!({"DomainName": "example.com", "IdempotencyToken": token});
        let answer = wire::json(&authority(&world), "acm", world.region(), "CertificateManager.RequestCertificate", &body).await?;
        anyhow::Ok(serde_json::from_slice::<Value>(answer.body())?["CertificateArn"].clone())
    };
    let first = request("one").await?;
    assert!(first.is_string());
    assert_eq!(request("one").await?, first);
    assert_ne!(request("two").await?, first);
    Ok(())
}

#[tokio::test]
async fn a_zone_is_made_once_with_one_reference() -> anyhow::Result<()> {
    let world = World::start().await?;
    let create = async |reference: &str| {
        let body = format!(
            "<CreateHostedZoneRequest><Name>example.com</Name><CallerReference>{reference}</CallerReference></CreateHostedZoneRequest>"
        );
        let request = http::Request::post("/2013-04-01/hostedzone")
            .header("authorization", wire::authorization("route53", "us-east-1"))
            .body(bytes::Bytes::from(body))?;
        text(&wire::send(&authority(&world), request).await?)
    };
    assert!(create("one").await?.contains("<CallerReference>one</CallerReference>"));
    assert!(create("one").await?.contains("<Code>HostedZoneAlreadyExists</Code>"));
    assert!(create("two").await?.contains("<CallerReference>two</CallerReference>"));
    Ok(())
}

#[tokio::test]
async fn a_dry_run_does_nothing_and_tells_who_may() -> anyhow::Result<()> {
    let world = World::start().await?;
    let fields = [("CidrBlock", "10.0.0.0/16"), ("DryRun", "true")];
    let may = query(&world, "ec2", "2016-11-15", "CreateVpc", &fields).await?;
    assert_eq!(may.status(), 412);
    assert!(text(&may)?.contains("<Code>DryRunOperation</Code>"));

    let denied = What::Error { status: 403, code: "UnauthorizedOperation".to_owned(), message: "no".to_owned() };
    world.proxy().inject(Fault { on: Match::operation("ec2", "CreateVpc"), what: denied });
    assert!(ec2(&world, "CreateVpc", &fields).await?.contains("<Code>UnauthorizedOperation</Code>"));
    assert_eq!(world.leftovers().await?, []);
    Ok(())
}
