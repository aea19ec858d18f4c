use lowtide_model::Object;
use lowtide_resource::{Ask, Currency, Going, Round};
use lowtide_service_ec2::Ec2;

use super::{object, start};

#[tokio::test]
async fn an_elastic_address_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let vpc = bench.create("aws_vpc", r#"{"cidr_block": "10.0.0.0/16"}"#).await?;
    let subnet = bench.create("aws_subnet", &format!(r#"{{"vpc_id": "{}", "cidr_block": "10.0.1.0/24"}}"#, vpc.id)).await?;
    let round = Round::default();
    let client = bench.session.to_write::<Ec2>(&round).client;
    let mut interfaces = Vec::new();
    for _ in 0..2 {
        let made = client.create_network_interface().subnet_id(&subnet.id).send().await?;
        interfaces.push(made.network_interface.and_then(|interface| interface.network_interface_id).unwrap_or_default());
    }

    let addresses = bench.driver("aws_eip");
    let made = addresses.create(&object(r#"{"tags": {"Name": "out"}}"#)).await?;
    assert_eq!(made.outputs.text("allocation_id"), Some(made.id.as_str()));
    assert_eq!(made.outputs.text("association_id"), None);
    let used =
        addresses.update(&made, &object(&format!(r#"{{"network_interface": "{}", "tags": {{"Name": "in"}}}}"#, interfaces[0]))).await?;
    assert!(used.outputs.text("association_id").is_some());
    let used = addresses.update(&used, &object(&format!(r#"{{"network_interface": "{}"}}"#, interfaces[1]))).await?;
    let free = addresses.update(&used, &object(r#"{"network_interface": null}"#)).await?;
    assert_eq!(free.outputs.text("association_id"), None);

    let other = addresses.create(&object(&format!(r#"{{"network_interface": "{}"}}"#, interfaces[0]))).await?;
    let these = [&made.id, "eipalloc-00000000000000000", &other.id].map(|id| Ask::new(id, Object::default()));
    let seen = bench.catalog.kind("aws_eip").expect("a kind").read(&bench.session, &Round::default(), &these, Currency::Indexed).await?;
    assert_eq!(seen.iter().map(|(_, sight)| matches!(sight, Ok(Some(_)))).collect::<Vec<_>>(), [true, false, true]);
    addresses.delete(&other).await?;
    addresses.delete(&free).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn a_nat_gateway_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let vpc = bench.create("aws_vpc", r#"{"cidr_block": "10.0.0.0/16"}"#).await?;
    bench.create("aws_internet_gateway", &format!(r#"{{"vpc_id": "{}"}}"#, vpc.id)).await?;
    let subnet = bench.create("aws_subnet", &format!(r#"{{"vpc_id": "{}", "cidr_block": "10.0.1.0/24"}}"#, vpc.id)).await?;
    let address = bench.create("aws_eip", "{}").await?;
    let gateways = bench.driver("aws_nat_gateway");
    let wish = format!(r#"{{"subnet_id": "{}", "allocation_id": "{}", "tags": {{"Name": "a"}}}}"#, subnet.id, address.id);
    let made = gateways.create(&object(&wish)).await?;
    assert_eq!(made.outputs.text("public_ip"), address.outputs.text("public_ip"));
    let changed = gateways.update(&made, &object(r#"{"tags": {"Name": "b"}}"#)).await?;
    let private = gateways.create(&object(&format!(r#"{{"subnet_id": "{}", "connectivity_type": "private"}}"#, subnet.id))).await?;

    let kind = bench.catalog.kind("aws_nat_gateway").expect("a kind");
    let these = [&made.id, "nat-00000000000000000", &private.id].map(|id| Ask::new(id, Object::default()));
    let seen = kind.read(&bench.session, &Round::default(), &these, Currency::Indexed).await?;
    assert_eq!(seen.iter().map(|(_, sight)| matches!(sight, Ok(Some(_)))).collect::<Vec<_>>(), [true, false, true]);
    gateways.delete(&private).await?;
    gateways.delete(&changed).await?;
    assert_eq!(kind.delete(&bench.session, &changed, &changed.inputs).await?, Going::Gone, "deleted gateways are listed for a while");
    bench.driver("aws_eip").delete(&address).await?;
    bench.finish();
    Ok(())
}
