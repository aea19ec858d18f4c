use lowtide_resource::{Ask, Currency, Round};

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

#[tokio::test]
async fn what_never_changes_of_a_vpc_is_remembered() -> anyhow::Result<()> {
    let bench = start().await?;
    let made = bench.create("aws_vpc", r#"{"cidr_block": "10.0.0.0/16"}"#).await?;
    let kind = bench.catalog.kind("aws_vpc").expect("a kind");
    let ask = Ask { id: made.id.clone(), last: made.inputs.clone(), known: made.outputs.clone() };
    for (known, currency, asked) in [(true, Currency::Indexed, 0), (true, Currency::Exact, 2), (false, Currency::Indexed, 2)] {
        let before = bench.world.proxy().calls().len();
        let ask = if known { ask.clone() } else { Ask::new(made.id.clone(), made.inputs.clone()) };
        let mut seen = kind.read(&bench.session, &Round::default(), &[ask], currency).await?;
        assert_eq!(seen.pop(), Some((made.id.clone(), Ok(Some(made.clone())))));
        let defaults = ["DescribeNetworkAcls", "DescribeSecurityGroups"];
        let calls = bench.world.proxy().calls();
        let calls = calls[before..].iter().filter(|call| defaults.contains(&call.operation.as_str())).count();
        assert_eq!(calls, asked, "known: {known}, {currency:?}");
    }
    bench.finish();
    Ok(())
}
