use super::{object, start};

#[tokio::test]
async fn a_vpc_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let vpc = bench.driver("aws_vpc");
    let made = vpc.create(&object(r#"{"cidr_block": "10.0.0.0/16", "enable_dns_hostnames": true, "tags": {"Name": "main"}}"#)).await?;
    assert!(made.outputs.text("default_security_group_id").is_some_and(|id| id.starts_with("sg-")));
    let changed = vpc.update(&made, &object(r#"{"enable_dns_hostnames": false, "tags": {"Name": "other"}}"#)).await?;
    vpc.update(&changed, &object(r#"{"enable_dns_support": false, "enable_network_address_usage_metrics": true}"#)).await?;
    vpc.delete(&changed).await?;
    bench.finish();
    Ok(())
}
