use super::{object, start};

#[tokio::test]
async fn zones_are_found() -> anyhow::Result<()> {
    let bench = start().await?;
    let zones = bench.catalog.source("aws_availability_zones").expect("a data source of this service");
    let all = zones.look(&bench.session, &object(r#"{"state": "available"}"#)).await?;
    assert_eq!(all.text("id"), Some("us-west-2"));
    let names =
        |found: &lowtide_model::Object| found.get("names").and_then(|names| names.elements().map(|all| all.len())).unwrap_or_default();
    let some = zones.look(&bench.session, &object(r#"{"exclude_names": ["us-west-2a"]}"#)).await?;
    assert_eq!(names(&some) + 1, names(&all));
    let one = zones.look(&bench.session, &object(r#"{"filter": [{"name": "zone-name", "values": ["us-west-2b"]}]}"#)).await?;
    assert_eq!(one.get("names"), object(r#"{"names": ["us-west-2b"]}"#).get("names"));
    bench.finish();
    Ok(())
}
