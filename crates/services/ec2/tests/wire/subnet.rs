use lowtide_model::Object;
use lowtide_resource::{Ask, Currency, Round};

use super::{object, start};

#[tokio::test]
async fn a_subnet_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let vpc = bench.create("aws_vpc", r#"{"cidr_block": "10.0.0.0/16", "assign_generated_ipv6_cidr_block": true}"#).await?;
    let block = vpc.outputs.text("ipv6_cidr_block").unwrap_or_default().replace("/56", "/64");
    let subnets = bench.driver("aws_subnet");
    let wish = format!(
        r#"{{"vpc_id": "{}", "cidr_block": "10.0.1.0/24", "availability_zone": "us-west-2a", "map_public_ip_on_launch": true,
            "tags": {{"Name": "public-a"}}}}"#,
        vpc.id
    );
    let made = subnets.create(&object(&wish)).await?;
    assert_eq!(made.outputs.text("arn"), Some(format!("arn:aws:ec2:us-west-2:123456789012:subnet/{}", made.id).as_str()));

    let changed = subnets
        .update(&made, &object(r#"{"map_public_ip_on_launch": false, "enable_dns64": true, "tags": {"Name": "other", "Tier": "a"}}"#))
        .await?;
    let changed = subnets
        .update(
            &changed,
            &object(
                r#"{"enable_resource_name_dns_a_record_on_launch": true, "enable_resource_name_dns_aaaa_record_on_launch": true,
                    "private_dns_hostname_type_on_launch": "resource-name"}"#,
            ),
        )
        .await?;
    let changed =
        subnets.update(&changed, &object(&format!(r#"{{"ipv6_cidr_block": "{block}", "assign_ipv6_address_on_creation": true}}"#))).await?;
    assert!(changed.outputs.text("ipv6_cidr_block_association_id").is_some());
    let changed = subnets.update(&changed, &object(r#"{"ipv6_cidr_block": null, "assign_ipv6_address_on_creation": false}"#)).await?;
    assert_eq!(changed.inputs.text("ipv6_cidr_block"), None);

    let other = subnets.create(&object(&format!(r#"{{"vpc_id": "{}", "cidr_block": "10.0.2.0/24"}}"#, vpc.id))).await?;
    assert!(other.inputs.text("availability_zone").is_some(), "AWS picks a zone");
    let these = [&made.id, "subnet-00000000000000000", &other.id].map(|id| Ask::new(id, Object::default()));
    let seen = bench.catalog.kind("aws_subnet").expect("a kind").read(&bench.session, &Round::default(), &these, Currency::Indexed).await?;
    let there: Vec<_> = seen.iter().map(|(id, sight)| (id.as_str(), matches!(sight, Ok(Some(_))))).collect();
    assert_eq!(there, [(made.id.as_str(), true), ("subnet-00000000000000000", false), (other.id.as_str(), true)]);

    subnets.delete(&other).await?;
    subnets.delete(&changed).await?;
    bench.finish();
    Ok(())
}
