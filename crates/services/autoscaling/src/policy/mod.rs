//! `aws_appautoscaling_policy`: by which rule something scales.
//!
//! `PutScalingPolicy` creates and overwrites alike. The physical id is service, resource, dimension and name, with a vertical
//! bar between. `wire` turns attributes into requests and answers into attributes.

mod wire;

use std::collections::BTreeMap;

use aws_sdk_applicationautoscaling::types::{PolicyType, ScalableDimension, ServiceNamespace};
use lowtide_model::{Arn, Check, Complaint, Create, Model, Number, Place, PlannedObject, Set};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen};

use crate::{AutoScaling, target};

/// A rule by which something scales: it keeps a metric at a value, or goes by steps when an alarm calls it.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Policy {
    /// The name.
    #[attr(identity, range = 1..=256, replaces)]
    pub name: String,
    /// The sort of rule: `StepScaling` or `TargetTrackingScaling`.
    #[attr(default = "StepScaling", one_of = ["StepScaling", "TargetTrackingScaling"])]
    pub policy_type: String,
    /// The service: `ecs`, `dynamodb`, `lambda`…
    #[attr(identity, replaces)]
    pub service_namespace: String,
    /// What of the service: `service/CLUSTER/SERVICE`, `table/TABLE`…
    #[attr(identity, parent, range = 1..=1600, replaces)]
    pub resource_id: String,
    /// Which of its sizes: `ecs:service:DesiredCount`…
    #[attr(identity, replaces)]
    pub scalable_dimension: String,
    /// Keeps a metric at a value.
    pub target_tracking_scaling_policy_configuration: Option<TargetTracking>,
    /// Goes by steps when an alarm calls it.
    pub step_scaling_policy_configuration: Option<StepScaling>,
}

/// Keeps a metric at a value.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct TargetTracking {
    /// The value.
    pub target_value: Number,
    /// Whether it only scales out.
    #[attr(default = false)]
    pub disable_scale_in: bool,
    /// How many seconds after scaling in it does so again at the earliest.
    #[attr(computed, range = 0..=2147483647)]
    pub scale_in_cooldown: Option<i64>,
    /// How many seconds after scaling out it does so again at the earliest.
    #[attr(computed, range = 0..=2147483647)]
    pub scale_out_cooldown: Option<i64>,
    /// A metric that AWS knows.
    pub predefined_metric_specification: Option<PredefinedMetric>,
    /// A metric of your own.
    pub customized_metric_specification: Option<CustomizedMetric>,
}

/// A metric that AWS knows.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct PredefinedMetric {
    /// Which: `ECSServiceAverageCPUUtilization`, `ALBRequestCountPerTarget`…
    pub predefined_metric_type: String,
    /// Of what, for `ALBRequestCountPerTarget`: `app/LB/ID/targetgroup/GROUP/ID`.
    #[attr(range = 1..=1023)]
    pub resource_label: Option<String>,
}

/// A metric of your own.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct CustomizedMetric {
    /// Its name.
    pub metric_name: Option<String>,
    /// Where it stands.
    pub namespace: Option<String>,
    /// How the values of a period become one.
    #[attr(one_of = ["Average", "Minimum", "Maximum", "SampleCount", "Sum"])]
    pub statistic: Option<String>,
    /// The unit the values must have.
    pub unit: Option<String>,
    /// Which of its series.
    pub dimensions: Option<Set<Dimension>>,
}

/// One dimension of a metric.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Dimension {
    /// Its name.
    #[attr(key)]
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Goes by steps when an alarm calls it.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct StepScaling {
    /// What the numbers of the steps are: `ChangeInCapacity`, `PercentChangeInCapacity` or `ExactCapacity`.
    #[attr(one_of = ["ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"])]
    pub adjustment_type: Option<String>,
    /// How many seconds after scaling it does so again at the earliest.
    #[attr(range = 0..=2147483647)]
    pub cooldown: Option<i64>,
    /// How the values of a period become one.
    #[attr(one_of = ["Average", "Minimum", "Maximum"])]
    pub metric_aggregation_type: Option<String>,
    /// The least by which a percentage changes the size.
    pub min_adjustment_magnitude: Option<i64>,
    /// How far to go, by how far the metric is from the alarm's threshold.
    pub step_adjustment: Option<Set<StepAdjustment>>,
}

/// How far to go between two distances from the threshold.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct StepAdjustment {
    /// From which distance on; without it from minus infinity.
    pub metric_interval_lower_bound: Option<String>,
    /// Up to which distance; without it to infinity.
    pub metric_interval_upper_bound: Option<String>,
    /// How far to go.
    pub scaling_adjustment: i64,
}

/// What AWS decides about a policy.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct PolicyOutputs {
    /// The policy's ARN.
    pub arn: Arn,
    /// The policy's name.
    #[attr(predict = "{name}")]
    pub id: String,
    /// The ARNs of the alarms that AWS made for it.
    #[attr(renewed_by = ["policy_type", "target_tracking_scaling_policy_configuration"])]
    pub alarm_arns: Vec<String>,
}

impl Resource for Policy {
    type Outputs = PolicyOutputs;
    type Service = AutoScaling;
    const KIND: &'static str = "aws_appautoscaling_policy";
    const CREATE: Create = Create::Put;
    const IMPORT: &'static str = "SERVICE_NAMESPACE|RESOURCE_ID|SCALABLE_DIMENSION|POLICY_NAME";
    const CHECKS: &'static [Check] = &[sort];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[(
        "target_tracking_scaling_policy_configuration.customized_metric_specification.metrics",
        "metric math is not supported yet: a metric is named, or one that AWS knows is chosen",
    )];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(wire::id(&wish.service_namespace, &wish.resource_id, &wish.scalable_dimension, &wish.name))
    }

    async fn create(cx: &Context<'_, AutoScaling>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        wire::put(cx, wish).await?;
        Made::id(Self::identity(wish, cx.place), "an id")
    }

    async fn read(cx: &Context<'_, AutoScaling>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let mut services: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for id in asked.ids() {
            if let Some((service, _, rest)) = target::parts(&id)
                && let Some((_, name)) = rest.split_once('|')
            {
                services.entry(service.to_owned()).or_default().push(name.to_owned());
            }
        }
        let mut found = BTreeMap::new();
        for (service, mut names) in services {
            names.sort();
            names.dedup();
            // As many as `DescribeScalingPolicies` answers at once; names repeat between resources.
            for some in names.chunks(10) {
                let request = cx.client.describe_scaling_policies().service_namespace(ServiceNamespace::from(service.as_str()));
                let pages = request.set_policy_names(Some(some.to_vec())).into_paginator().items().send();
                found.extend(
                    pages.collect::<Result<Vec<_>, _>>().await?.into_iter().map(wire::observed).map(|seen| (seen.id.clone(), seen)),
                );
            }
        }
        Ok(asked.answer(found))
    }

    async fn update(cx: &Context<'_, AutoScaling>, _now: &Observed<Self>, to: &Self, _changed: &Changed) -> Result<Option<String>, Fault> {
        wire::put(cx, to).await?;
        Ok(None)
    }

    async fn delete(cx: &Context<'_, AutoScaling>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client
            .delete_scaling_policy()
            .policy_name(&last.inputs.name)
            .service_namespace(ServiceNamespace::from(last.inputs.service_namespace.as_str()))
            .resource_id(&last.inputs.resource_id)
            .scalable_dimension(ScalableDimension::from(last.inputs.scalable_dimension.as_str()))
            .send()
            .await?;
        Ok(Going::Gone)
    }
}

/// The block belongs to the sort of rule, and a rule that follows a metric names one.
fn sort(wish: &PlannedObject) -> Vec<Complaint> {
    const TRACKING: &str = "target_tracking_scaling_policy_configuration";
    const STEPS: &str = "step_scaling_policy_configuration";
    let has = |name: &str| wish.get(name).is_some();
    let kind = wish.text("policy_type").unwrap_or(PolicyType::StepScaling.as_str());
    let (own, other) = if kind == "TargetTrackingScaling" { (TRACKING, STEPS) } else { (STEPS, TRACKING) };
    let mut all = Vec::new();
    if has(other) {
        let hint = if other == TRACKING { "write policy_type = \"TargetTrackingScaling\"" } else { "write policy_type = \"StepScaling\"" };
        all.push(Complaint::about(other, format!("A policy of type `{kind}` takes no `{other}`.")).hint(hint));
    } else if !has(own) {
        all.push(Complaint::about(own, format!("A policy of type `{kind}` says how in `{own}`.")));
    }
    let tracking = wish.get(TRACKING).and_then(|block| block.as_members().or_else(|| block.as_elements()?.first()?.as_members()));
    if let Some(members) = tracking {
        let given = ["predefined_metric_specification", "customized_metric_specification"]
            .iter()
            .filter(|name| members.get(**name).is_some_and(|block| !block.is_null()));
        if given.count() != 1 {
            all.push(Complaint::about(TRACKING, "Which metric is kept at the value? One that AWS knows (`predefined_metric_specification`), or one of your own (`customized_metric_specification`): one of the two."));
        }
    }
    all
}
