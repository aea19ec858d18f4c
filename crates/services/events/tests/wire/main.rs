//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_events::register(Catalog::default())).await
}

#[tokio::test]
async fn names_that_are_not_given_are_made_up() -> anyhow::Result<()> {
    let bench = start().await?;
    let rules = bench.driver("aws_cloudwatch_event_rule");
    let rule = rules.create(&object(r#"{"name_prefix": "web-", "schedule_expression": "rate(1 hour)", "tags": {"Name": "web"}}"#)).await?;
    let targets = bench.driver("aws_cloudwatch_event_target");
    let wish = format!(r#"{{"rule": "{}", "arn": "arn:aws:sqs:us-west-2:123456789012:it"}}"#, rule.id);
    let target = targets.create(&object(&wish)).await?;
    targets.delete(&target).await?;
    rules.delete(&rule).await?;
    bench.finish();
    Ok(())
}
