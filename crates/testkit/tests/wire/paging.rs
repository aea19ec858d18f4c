//! Lists come in pages.

use lowtide_testkit::{Options, Rules, World};
use serde_json::json;

use crate::calls::{between, ec2, ecs};

async fn sparing() -> anyhow::Result<World> {
    World::start_with(Options::default(), Rules { page_size: 2, ..Rules::default() }).await
}

#[tokio::test]
async fn a_list_of_ec2_comes_in_pages_unless_ids_are_given() -> anyhow::Result<()> {
    let world = sparing().await?;
    let mut vpcs = vec![];
    for place in 0..4 {
        let answer = ec2(&world, "CreateVpc", &[("CidrBlock", &format!("10.{place}.0.0/16"))]).await?;
        vpcs.push(between(&answer, "vpcId")?);
    }
    let mut token = String::new();
    let mut sizes = vec![];
    loop {
        let fields: &[(&str, &str)] = if token.is_empty() { &[] } else { &[("NextToken", &token), ("MaxResults", "1000")] };
        let answer = ec2(&world, "DescribeVpcs", fields).await?;
        sizes.push(answer.matches("<vpcId>").count());
        match between(&answer, "nextToken") {
            Ok(next) => token = next,
            Err(_) => break,
        }
    }
    assert_eq!(sizes, [2, 2, 1], "four, and the default one");
    let by_id = ec2(&world, "DescribeVpcs", &[("VpcId.1", &vpcs[0]), ("VpcId.2", &vpcs[1]), ("VpcId.3", &vpcs[2])]).await?;
    assert_eq!((by_id.matches("<vpcId>").count(), between(&by_id, "nextToken").is_err()), (3, true));
    Ok(())
}

#[tokio::test]
async fn a_list_of_ecs_comes_in_pages() -> anyhow::Result<()> {
    let world = sparing().await?;
    for name in ["a", "b", "c"] {
        ecs(&world, "CreateCluster", json!({"clusterName": name})).await?;
    }
    let first = ecs(&world, "ListClusters", json!({})).await?;
    assert_eq!(first["clusterArns"].as_array().map(Vec::len), Some(2));
    let second = ecs(&world, "ListClusters", json!({"nextToken": first["nextToken"]})).await?;
    assert_eq!((second["clusterArns"].as_array().map(Vec::len), second["nextToken"].is_null()), (Some(1), true));
    Ok(())
}
