//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_scheduler::register(Catalog::default())).await
}

#[tokio::test]
async fn a_name_that_is_not_given_is_made_up() -> anyhow::Result<()> {
    let bench = start().await?;
    let schedules = bench.driver("aws_scheduler_schedule");
    let target = r#"{"arn": "arn:aws:lambda:us-west-2:123456789012:function:it", "role_arn": "arn:aws:iam::123456789012:role/a"}"#;
    let wish = format!(
        r#"{{"name_prefix": "web-", "schedule_expression": "rate(1 hour)", "flexible_time_window": {{"mode": "OFF"}}, "target": {target}}}"#
    );
    let made = schedules.create(&object(&wish)).await?;
    schedules.delete(&made).await?;
    bench.finish();
    Ok(())
}
