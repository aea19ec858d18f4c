//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_sns::register(Catalog::default())).await
}

#[tokio::test]
async fn a_topic_in_order_and_one_of_a_made_up_name_live() -> anyhow::Result<()> {
    let bench = start().await?;
    let topics = bench.driver("aws_sns_topic");
    let fifo = topics.create(&object(r#"{"name": "it.fifo", "fifo_topic": true, "content_based_deduplication": true}"#)).await?;
    let kept = topics.update(&fifo, &object(r#"{"archive_policy": {"MessageRetentionPeriod": 30}}"#)).await?;
    let longer = topics.update(&kept, &object(r#"{"archive_policy": {"MessageRetentionPeriod": 60}}"#)).await?;
    let ended = topics.update(&longer, &object(r#"{"archive_policy": null}"#)).await?;
    assert_eq!(ended.inputs.get("archive_policy"), None);
    let kept = topics.update(&ended, &object(r#"{"archive_policy": {"MessageRetentionPeriod": 30}}"#)).await?;
    topics.delete(&kept).await?;
    let made = topics.create(&object(r#"{"name_prefix": "web-", "tags": {"Name": "web"}}"#)).await?;
    topics.delete(&made).await?;
    bench.finish();
    Ok(())
}
