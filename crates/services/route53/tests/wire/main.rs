//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_route53::register(Catalog::default())).await
}

#[tokio::test]
async fn a_zone_and_its_records_live() -> anyhow::Result<()> {
    let bench = start().await?;
    let zones = bench.driver("aws_route53_zone");
    let zone = zones.create(&object(r#"{"name": "example.com", "comment": "it", "tags": {"Name": "it"}, "force_destroy": true}"#)).await?;
    let source = bench.catalog.source("aws_route53_zone").expect("a data source of this service");
    let found = source.look(&bench.session, &object(r#"{"name": "example.com"}"#)).await?;
    assert_eq!((found.text("id"), found.text("zone_id")), (Some(zone.id.as_str()), Some(zone.id.as_str())));
    let found = source.look(&bench.session, &object(&format!(r#"{{"zone_id": "{}"}}"#, zone.id))).await?;
    assert_eq!(found.text("name"), Some("example.com"));
    let records = bench.driver("aws_route53_record");
    let create = |rest: &str| object(&format!(r#"{{"zone_id": "{}", {rest}}}"#, zone.id));
    let text = records.create(&create(r#""name": "Example.com", "type": "TXT", "ttl": 60, "records": ["one", "two"]"#)).await?;
    let text = records.update(&text, &object(r#"{"ttl": 120, "records": ["one"]}"#)).await?;
    records.delete(&text).await?;
    for at in 0..6 {
        let weighted = format!(
            r#""name": "*.example.com", "type": "A", "ttl": 60, "records": ["192.0.2.{at}"], "set_identifier": "s_{at}", "weighted_routing_policy": {{"weight": {at}}}"#
        );
        records.create(&create(&weighted)).await?;
    }
    zones.delete(&zone).await?;
    bench.finish();
    Ok(())
}
