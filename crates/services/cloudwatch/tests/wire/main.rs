//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_cloudwatch::register(Catalog::default())).await
}

#[tokio::test]
async fn an_alarm_and_a_dashboard_live() -> anyhow::Result<()> {
    let bench = start().await?;
    let alarms = bench.driver("aws_cloudwatch_metric_alarm");
    let wish = r#"{"alarm_name": "cpu", "namespace": "AWS/ECS", "metric_name": "CPUUtilization", "dimensions": {"ClusterName": "web"},
        "statistic": "Average", "period": 300, "evaluation_periods": 2, "threshold": 99.5, "comparison_operator": "GreaterThanThreshold",
        "tags": {"Name": "cpu"}}"#;
    let made = alarms.create(&object(wish)).await?;
    let changed = alarms.update(&made, &object(r#"{"threshold": 80, "alarm_description": "busy", "tags": {"Name": "other"}}"#)).await?;
    alarms.delete(&changed).await?;
    let dashboards = bench.driver("aws_cloudwatch_dashboard");
    let made = dashboards.create(&object(r#"{"dashboard_name": "web", "dashboard_body": {"widgets": []}}"#)).await?;
    dashboards.delete(&made).await?;
    bench.finish();
    Ok(())
}
