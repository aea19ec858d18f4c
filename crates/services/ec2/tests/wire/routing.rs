use lowtide_model::{Object, Observation};
use lowtide_resource::{Ask, Currency, Round};

use super::{Bench, object, start};

/// A VPC with an internet gateway and a subnet.
async fn network(bench: &Bench) -> anyhow::Result<(Observation, Observation, Observation)> {
    let vpc = bench.create("aws_vpc", r#"{"cidr_block": "10.0.0.0/16"}"#).await?;
    let gateway = bench.create("aws_internet_gateway", &format!(r#"{{"vpc_id": "{}"}}"#, vpc.id)).await?;
    let subnet = bench.create("aws_subnet", &format!(r#"{{"vpc_id": "{}", "cidr_block": "10.0.1.0/24"}}"#, vpc.id)).await?;
    Ok((vpc, gateway, subnet))
}

#[tokio::test]
async fn a_route_table_lives_with_its_routes() -> anyhow::Result<()> {
    let bench = start().await?;
    let (vpc, gateway, subnet) = network(&bench).await?;
    let nat = bench.create("aws_nat_gateway", &format!(r#"{{"subnet_id": "{}", "connectivity_type": "private"}}"#, subnet.id)).await?;
    let tables = bench.driver("aws_route_table");
    let wish = format!(
        r#"{{"vpc_id": "{}", "tags": {{"Name": "public"}}, "route": [
            {{"cidr_block": "0.0.0.0/0", "gateway_id": "{}"}},
            {{"ipv6_cidr_block": "::/0", "gateway_id": "{}"}}
        ]}}"#,
        vpc.id, gateway.id, gateway.id
    );
    let made = tables.create(&object(&wish)).await?;
    let changes = format!(
        r#"{{"tags": {{"Name": "other"}}, "route": [
            {{"cidr_block": "0.0.0.0/0", "nat_gateway_id": "{}"}},
            {{"cidr_block": "192.168.0.0/16", "gateway_id": "{}"}}
        ]}}"#,
        nat.id, gateway.id
    );
    let changed = tables.update(&made, &object(&changes)).await?;
    let changed = tables.update(&changed, &object(r#"{"route": []}"#)).await?;
    let other = tables.create(&object(&format!(r#"{{"vpc_id": "{}"}}"#, vpc.id))).await?;
    let these = [&made.id, "rtb-00000000000000000", &other.id].map(|id| Ask::new(id, Object::default()));
    let seen =
        bench.catalog.kind("aws_route_table").expect("a kind").read(&bench.session, &Round::default(), &these, Currency::Indexed).await?;
    assert_eq!(seen.iter().map(|(_, sight)| matches!(sight, Ok(Some(_)))).collect::<Vec<_>>(), [true, false, true]);
    tables.delete(&other).await?;
    tables.delete(&changed).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn a_route_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let (vpc, gateway, subnet) = network(&bench).await?;
    let nat = bench.create("aws_nat_gateway", &format!(r#"{{"subnet_id": "{}", "connectivity_type": "private"}}"#, subnet.id)).await?;
    let table = bench.create("aws_route_table", &format!(r#"{{"vpc_id": "{}"}}"#, vpc.id)).await?;
    let routes = bench.driver("aws_route");
    let wish = format!(r#"{{"route_table_id": "{}", "destination_cidr_block": "0.0.0.0/0", "gateway_id": "{}"}}"#, table.id, gateway.id);
    let made = routes.create(&object(&wish)).await?;
    assert_eq!(made.id, format!("{}_0.0.0.0/0", table.id));
    assert_eq!(made.outputs.text("id"), Some(format!("r-{}1080289494", table.id).as_str()));
    let changed = routes.update(&made, &object(&format!(r#"{{"gateway_id": null, "nat_gateway_id": "{}"}}"#, nat.id))).await?;

    let wish = format!(r#"{{"route_table_id": "{}", "destination_ipv6_cidr_block": "::/0", "gateway_id": "{}"}}"#, table.id, gateway.id);
    let other = routes.create(&object(&wish)).await?;
    let (gone, local) = (format!("{}_10.9.0.0/16", table.id), format!("{}_10.0.0.0/16", table.id));
    let these = [&made.id, &gone, "rtb-00000000000000000_10.0.0.0/8", &other.id, &local];
    let these = these.map(|id| Ask::new(id, Object::default()));
    let (round, calls) = (Round::default(), || bench.world.proxy().calls().len());
    let before = calls();
    let seen = bench.catalog.kind("aws_route").expect("a kind").read(&bench.session, &round, &these, Currency::Indexed).await?;
    assert_eq!(seen.iter().map(|(_, sight)| matches!(sight, Ok(Some(_)))).collect::<Vec<_>>(), [true, false, false, true, true]);
    assert_eq!(calls() - before, 1, "the routes of all tables take one call");
    routes.delete(&other).await?;
    routes.delete(&changed).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn an_association_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let (vpc, gateway, subnet) = network(&bench).await?;
    let table = bench.create("aws_route_table", &format!(r#"{{"vpc_id": "{}"}}"#, vpc.id)).await?;
    let other = bench.create("aws_route_table", &format!(r#"{{"vpc_id": "{}"}}"#, vpc.id)).await?;
    let associations = bench.driver("aws_route_table_association");
    let made = associations.create(&object(&format!(r#"{{"route_table_id": "{}", "subnet_id": "{}"}}"#, table.id, subnet.id))).await?;
    assert_eq!(made.id, subnet.id);
    let moved = associations.update(&made, &object(&format!(r#"{{"route_table_id": "{}"}}"#, other.id))).await?;
    assert_ne!(moved.outputs.text("id"), made.outputs.text("id"), "another table, another association");

    let edge = associations.create(&object(&format!(r#"{{"route_table_id": "{}", "gateway_id": "{}"}}"#, table.id, gateway.id))).await?;
    let these = [&moved.id, "subnet-00000000000000000", &edge.id].map(|id| Ask::new(id, Object::default()));
    let kind = bench.catalog.kind("aws_route_table_association").expect("a kind");
    let seen = kind.read(&bench.session, &Round::default(), &these, Currency::Indexed).await?;
    assert_eq!(seen.iter().map(|(_, sight)| matches!(sight, Ok(Some(_)))).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(kind.import(&bench.session.place, &format!("{}/{}", subnet.id, other.id)), Ok(subnet.id.clone()));
    associations.delete(&edge).await?;
    associations.delete(&moved).await?;
    bench.finish();
    Ok(())
}
