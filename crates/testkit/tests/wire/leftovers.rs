//! What a destroy left behind is found.

use lowtide_testkit::World;

use crate::calls::{between, ec2};

#[tokio::test]
async fn what_was_made_is_a_leftover_until_it_is_deleted() -> anyhow::Result<()> {
    let world = World::start().await?;
    assert_eq!(world.leftovers().await?, []);

    let vpc = between(&ec2(&world, "CreateVpc", &[("CidrBlock", "10.0.0.0/16")]).await?, "vpcId")?;
    let found: Vec<String> = world.leftovers().await?.iter().map(ToString::to_string).collect();
    assert!(found.contains(&format!("ec2 VPC {vpc} (us-west-2)")), "{found:?}");
    assert!(found.iter().any(|line| line.starts_with("ec2 RouteTable rtb-")), "{found:?}");

    ec2(&world, "DeleteVpc", &[("VpcId", &vpc)]).await?;
    assert_eq!(world.leftovers().await?, []);
    Ok(())
}

#[tokio::test]
async fn a_reset_world_is_empty() -> anyhow::Result<()> {
    let mut world = World::start().await?;
    ec2(&world, "CreateVpc", &[("CidrBlock", "10.0.0.0/16")]).await?;
    world.reset().await?;
    assert_eq!(world.proxy().calls(), []);
    assert_eq!(world.leftovers().await?, []);
    Ok(())
}
