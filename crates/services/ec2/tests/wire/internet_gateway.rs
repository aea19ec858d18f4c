use super::{object, start};

#[tokio::test]
async fn an_internet_gateway_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let vpc = bench.create("aws_vpc", r#"{"cidr_block": "10.0.0.0/16"}"#).await?;
    let other = bench.create("aws_vpc", r#"{"cidr_block": "10.1.0.0/16"}"#).await?;
    let gateways = bench.driver("aws_internet_gateway");
    let made = gateways.create(&object(&format!(r#"{{"vpc_id": "{}", "tags": {{"Name": "main"}}}}"#, vpc.id))).await?;
    let moved = gateways.update(&made, &object(&format!(r#"{{"vpc_id": "{}", "tags": {{"Name": "other"}}}}"#, other.id))).await?;
    let loose = gateways.create(&object("{}")).await?;
    assert_eq!(loose.inputs.text("vpc_id"), None);
    gateways.delete(&loose).await?;
    gateways.delete(&moved).await?;
    bench.finish();
    Ok(())
}
