//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_rds::register(Catalog::default())).await
}

#[tokio::test]
async fn a_database_is_made_changed_and_ends_with_a_snapshot() -> anyhow::Result<()> {
    let bench = start().await?;
    let databases = bench.driver("aws_db_instance");
    let wish = r#"{"identifier_prefix": "it-", "engine": "postgres", "instance_class": "db.t4g.micro", "allocated_storage": 20, "username": "it",
        "password": "not-a-secret", "final_snapshot_identifier": "it-last", "apply_immediately": true, "tags": {"Name": "it"}}"#;
    let made = databases.create(&object(wish)).await?;
    assert_eq!(made.inputs.get("password"), None);
    let changed = databases.update(&made, &object(r#"{"allocated_storage": 40, "backup_retention_period": 7}"#)).await?;
    databases.delete(&changed).await?;
    bench.finish();
    Ok(())
}
