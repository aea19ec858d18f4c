//! Policies as requests and answers have them.

use aws_sdk_applicationautoscaling::types::{
    AdjustmentType, CustomizedMetricSpecification, MetricAggregationType, MetricDimension, MetricStatistic, MetricType, PolicyType,
    PredefinedMetricSpecification, ScalableDimension, ScalingPolicy as Described, ServiceNamespace, StepAdjustment as Step,
    StepScalingPolicyConfiguration, TargetTrackingScalingPolicyConfiguration,
};
use lowtide_model::{Number, Set};
use lowtide_resource::{Context, Fault, Observed, from_float, to_float};

use super::{CustomizedMetric, Dimension, Policy, PolicyOutputs, PredefinedMetric, StepAdjustment, StepScaling, TargetTracking};
use crate::AutoScaling;

/// Returns the physical id.
pub fn id(service: &str, resource: &str, dimension: &str, name: &str) -> String {
    format!("{service}|{resource}|{dimension}|{name}")
}

pub async fn put(cx: &Context<'_, AutoScaling>, wish: &Policy) -> Result<(), Fault> {
    cx.client
        .put_scaling_policy()
        .policy_name(&wish.name)
        .policy_type(PolicyType::from(wish.policy_type.as_str()))
        .service_namespace(ServiceNamespace::from(wish.service_namespace.as_str()))
        .resource_id(&wish.resource_id)
        .scalable_dimension(ScalableDimension::from(wish.scalable_dimension.as_str()))
        .set_target_tracking_scaling_policy_configuration(
            wish.target_tracking_scaling_policy_configuration.as_ref().map(tracking).transpose()?,
        )
        .set_step_scaling_policy_configuration(wish.step_scaling_policy_configuration.as_ref().map(steps).transpose()?)
        .send()
        .await?;
    Ok(())
}

fn small(number: i64) -> Result<i32, Fault> {
    i32::try_from(number).map_err(|_| Fault::ours(&format!("{number} is far too large")))
}

fn invalid(error: aws_sdk_applicationautoscaling::error::BuildError) -> Fault {
    Fault::ours(&error.to_string())
}

fn tracking(wish: &TargetTracking) -> Result<TargetTrackingScalingPolicyConfiguration, Fault> {
    let predefined = |metric: &PredefinedMetric| {
        let kind = MetricType::from(metric.predefined_metric_type.as_str());
        PredefinedMetricSpecification::builder()
            .predefined_metric_type(kind)
            .set_resource_label(metric.resource_label.clone())
            .build()
            .map_err(invalid)
    };
    TargetTrackingScalingPolicyConfiguration::builder()
        .target_value(to_float(wish.target_value)?)
        .disable_scale_in(wish.disable_scale_in)
        .set_scale_in_cooldown(wish.scale_in_cooldown.map(small).transpose()?)
        .set_scale_out_cooldown(wish.scale_out_cooldown.map(small).transpose()?)
        .set_predefined_metric_specification(wish.predefined_metric_specification.as_ref().map(predefined).transpose()?)
        .set_customized_metric_specification(wish.customized_metric_specification.as_ref().map(customized).transpose()?)
        .build()
        .map_err(invalid)
}

fn customized(metric: &CustomizedMetric) -> Result<CustomizedMetricSpecification, Fault> {
    let dimension = |one: &Dimension| MetricDimension::builder().name(&one.name).value(&one.value).build().map_err(invalid);
    let dimensions = metric.dimensions.as_ref().map(|all| all.iter().map(dimension).collect::<Result<Vec<_>, _>>()).transpose()?;
    Ok(CustomizedMetricSpecification::builder()
        .set_metric_name(metric.metric_name.clone())
        .set_namespace(metric.namespace.clone())
        .set_statistic(metric.statistic.as_deref().map(MetricStatistic::from))
        .set_unit(metric.unit.clone())
        .set_dimensions(dimensions)
        .build())
}

fn steps(wish: &StepScaling) -> Result<StepScalingPolicyConfiguration, Fault> {
    let bound = |text: &Option<String>| {
        let number = |text: &String| text.parse::<Number>().map_err(|_| Fault::ours(&format!("`{text}` is no number"))).and_then(to_float);
        text.as_ref().map(number).transpose()
    };
    let step = |one: &StepAdjustment| {
        Step::builder()
            .set_metric_interval_lower_bound(bound(&one.metric_interval_lower_bound)?)
            .set_metric_interval_upper_bound(bound(&one.metric_interval_upper_bound)?)
            .scaling_adjustment(small(one.scaling_adjustment)?)
            .build()
            .map_err(invalid)
    };
    let all = wish.step_adjustment.as_ref().map(|all| all.iter().map(step).collect::<Result<Vec<_>, _>>()).transpose()?;
    Ok(StepScalingPolicyConfiguration::builder()
        .set_adjustment_type(wish.adjustment_type.as_deref().map(AdjustmentType::from))
        .set_cooldown(wish.cooldown.map(small).transpose()?)
        .set_metric_aggregation_type(wish.metric_aggregation_type.as_deref().map(MetricAggregationType::from))
        .set_min_adjustment_magnitude(wish.min_adjustment_magnitude.map(small).transpose()?)
        .set_step_adjustments(all)
        .build())
}

pub fn observed(policy: Described) -> Observed<Policy> {
    let inputs = Policy {
        name: policy.policy_name,
        policy_type: policy.policy_type.as_str().to_owned(),
        service_namespace: policy.service_namespace.as_str().to_owned(),
        resource_id: policy.resource_id,
        scalable_dimension: policy.scalable_dimension.as_str().to_owned(),
        target_tracking_scaling_policy_configuration: policy.target_tracking_scaling_policy_configuration.map(tracked),
        step_scaling_policy_configuration: policy.step_scaling_policy_configuration.map(stepped),
    };
    let outputs = PolicyOutputs {
        arn: policy.policy_arn.into(),
        id: inputs.name.clone(),
        alarm_arns: policy.alarms.unwrap_or_default().into_iter().map(|alarm| alarm.alarm_arn).collect(),
    };
    Observed::stable(id(&inputs.service_namespace, &inputs.resource_id, &inputs.scalable_dimension, &inputs.name), inputs, outputs)
}

fn tracked(seen: TargetTrackingScalingPolicyConfiguration) -> TargetTracking {
    let predefined = |metric: PredefinedMetricSpecification| PredefinedMetric {
        predefined_metric_type: metric.predefined_metric_type.as_str().to_owned(),
        resource_label: metric.resource_label,
    };
    let customized = |metric: CustomizedMetricSpecification| {
        let dimensions: Vec<_> =
            metric.dimensions.unwrap_or_default().into_iter().map(|one| Dimension { name: one.name, value: one.value }).collect();
        CustomizedMetric {
            metric_name: metric.metric_name,
            namespace: metric.namespace,
            statistic: metric.statistic.map(|word| word.as_str().to_owned()),
            unit: metric.unit,
            dimensions: (!dimensions.is_empty()).then_some(Set(dimensions)),
        }
    };
    TargetTracking {
        target_value: from_float(seen.target_value).unwrap_or_default(),
        disable_scale_in: seen.disable_scale_in.unwrap_or_default(),
        scale_in_cooldown: seen.scale_in_cooldown.map(i64::from),
        scale_out_cooldown: seen.scale_out_cooldown.map(i64::from),
        predefined_metric_specification: seen.predefined_metric_specification.map(predefined),
        customized_metric_specification: seen.customized_metric_specification.map(customized),
    }
}

fn stepped(seen: StepScalingPolicyConfiguration) -> StepScaling {
    let bound = |bound: Option<f64>| bound.and_then(from_float).map(|number| number.to_string());
    let step = |one: Step| StepAdjustment {
        metric_interval_lower_bound: bound(one.metric_interval_lower_bound),
        metric_interval_upper_bound: bound(one.metric_interval_upper_bound),
        scaling_adjustment: one.scaling_adjustment.into(),
    };
    let all: Vec<_> = seen.step_adjustments.unwrap_or_default().into_iter().map(step).collect();
    StepScaling {
        adjustment_type: seen.adjustment_type.map(|word| word.as_str().to_owned()),
        cooldown: seen.cooldown.map(i64::from),
        metric_aggregation_type: seen.metric_aggregation_type.map(|word| word.as_str().to_owned()),
        min_adjustment_magnitude: seen.min_adjustment_magnitude.map(i64::from),
        step_adjustment: (!all.is_empty()).then_some(Set(all)),
    }
}
