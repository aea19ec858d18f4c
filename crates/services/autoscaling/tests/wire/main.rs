//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_autoscaling::register(Catalog::default())).await
}

#[tokio::test]
async fn a_table_scales_by_steps() -> anyhow::Result<()> {
    let bench = start().await?;
    let what = r#""service_namespace": "dynamodb", "resource_id": "table/it", "scalable_dimension": "dynamodb:table:ReadCapacityUnits""#;
    let targets = bench.driver("aws_appautoscaling_target");
    let target = targets.create(&object(&format!(r#"{{{what}, "min_capacity": 1, "max_capacity": 4, "tags": {{"Name": "it"}}}}"#))).await?;
    let target =
        targets.update(&target, &object(r#"{"max_capacity": 8, "suspended_state": {"scheduled_scaling_suspended": true}}"#)).await?;
    let policies = bench.driver("aws_appautoscaling_policy");
    let steps = r#"{"adjustment_type": "ChangeInCapacity", "cooldown": 60, "step_adjustment": [{"metric_interval_lower_bound": "0", "scaling_adjustment": 2}]}"#;
    let policy = policies.create(&object(&format!(r#"{{{what}, "name": "steps", "step_scaling_policy_configuration": {steps}}}"#))).await?;
    policies.delete(&policy).await?;
    targets.delete(&target).await?;
    bench.finish();
    Ok(())
}
