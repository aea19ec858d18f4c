//! What was just made is not to be seen at once.

use lowtide_testkit::{Options, Rules, World};

use crate::calls::{between, ec2, query, text};

#[tokio::test]
async fn a_new_thing_is_hidden_from_the_first_looks() -> anyhow::Result<()> {
    let world = World::start_with(Options::default(), Rules { hidden_reads: 2, ..Rules::default() }).await?;
    let vpc = between(&ec2(&world, "CreateVpc", &[("CidrBlock", "10.0.0.0/16")]).await?, "vpcId")?;
    let by_id = async || ec2(&world, "DescribeVpcs", &[("VpcId.1", &vpc)]).await;
    assert!(by_id().await?.contains("<Code>InvalidVpcID.NotFound</Code>"));
    assert!(!ec2(&world, "DescribeVpcs", &[]).await?.contains(&vpc), "nor is it listed");
    assert!(by_id().await?.contains(&vpc));

    let iam = async |action: &str, fields: &[(&str, &str)]| text(&query(&world, "iam", "2010-05-08", action, fields).await?);
    let policy = r#"{"Version":"2012-10-17","Statement":[]}"#;
    iam("CreateRole", &[("RoleName", "new"), ("AssumeRolePolicyDocument", policy)]).await?;
    for _ in 0..2 {
        assert!(iam("GetRole", &[("RoleName", "new")]).await?.contains("<Code>NoSuchEntity</Code>"));
    }
    assert!(iam("GetRole", &[("RoleName", "new")]).await?.contains("<RoleName>new</RoleName>"));
    Ok(())
}
