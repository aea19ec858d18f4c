//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_dynamodb::register(Catalog::default())).await
}

#[tokio::test]
async fn a_table_of_which_each_request_is_paid_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let tables = bench.driver("aws_dynamodb_table");
    let wish = r#"{"name": "items", "billing_mode": "PAY_PER_REQUEST", "hash_key": "id", "attribute": [{"name": "id", "type": "S"}],
        "ttl": {"attribute_name": "until", "enabled": true}, "point_in_time_recovery": {"enabled": true}, "tags": {"Name": "items"}}"#;
    let mut table = tables.create(&object(wish)).await?;
    for change in [
        r#"{"attribute": [{"name": "id", "type": "S"}, {"name": "at", "type": "N"}], "global_secondary_index": [{"name": "by-time", "hash_key": "at", "projection_type": "ALL"}]}"#,
        r#"{"attribute": [{"name": "id", "type": "S"}], "global_secondary_index": []}"#,
        r#"{"stream_enabled": true, "stream_view_type": "KEYS_ONLY"}"#,
        r#"{"stream_enabled": false}"#,
        r#"{"ttl": {"enabled": false}, "point_in_time_recovery": {"enabled": false}}"#,
        r#"{"deletion_protection_enabled": true}"#,
        r#"{"deletion_protection_enabled": false}"#,
        r#"{"billing_mode": "PROVISIONED", "read_capacity": 2, "write_capacity": 3}"#,
        r#"{"tags": {"Name": "other"}}"#,
    ] {
        table = tables.update(&table, &object(change)).await.map_err(|error| error.context(change))?;
    }
    tables.delete(&table).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn a_table_with_sort_keys_and_indexes_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let tables = bench.driver("aws_dynamodb_table");
    let wish = r#"{"name": "events", "read_capacity": 1, "write_capacity": 1, "hash_key": "id", "range_key": "at",
        "attribute": [{"name": "id", "type": "S"}, {"name": "at", "type": "N"}, {"name": "kind", "type": "S"}],
        "local_secondary_index": [{"name": "by-kind", "range_key": "kind", "projection_type": "KEYS_ONLY"}],
        "global_secondary_index": [{"name": "of-kind", "hash_key": "kind", "projection_type": "INCLUDE", "non_key_attributes": ["text"], "read_capacity": 1, "write_capacity": 1}],
        "stream_enabled": true, "stream_view_type": "NEW_IMAGE", "server_side_encryption": {"enabled": true}}"#;
    let table = tables.create(&object(wish)).await?;
    tables.delete(&table).await?;
    bench.finish();
    Ok(())
}
