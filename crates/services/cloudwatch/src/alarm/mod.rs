//! `aws_cloudwatch_metric_alarm`: what is told when a metric leaves its bounds.
//!
//! `PutMetricAlarm` creates and overwrites alike; only tags are taken at creation alone. The name is the key and the physical
//! id. `wire` turns attributes into requests and answers into attributes, `checks` says what CloudWatch would refuse.

mod checks;
mod wire;

use std::collections::BTreeMap;

use lowtide_model::{Arn, Check, Create, Model, Number, Place, Set};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen};

use crate::{
    CloudWatch,
    tags::{self, Tags},
};

/// An alarm: looks at a metric, or at what is computed from several, and tells somebody when it leaves its bounds.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct MetricAlarm {
    /// The name, unique in its region.
    #[attr(identity, range = 1..=255, replaces)]
    pub alarm_name: String,
    /// What it means that the alarm goes off, and what to do then.
    #[attr(range = 0..=1024)]
    pub alarm_description: Option<String>,
    /// How the value is held against the threshold, or against a band that is expected.
    #[attr(one_of = ["GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold", "LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold"])]
    pub comparison_operator: String,
    /// What the value is held against.
    pub threshold: Option<Number>,
    /// The id of the query that computes the band which is expected, instead of a threshold.
    #[attr(range = 1..=255)]
    pub threshold_metric_id: Option<String>,
    /// How many periods in a row are looked at.
    #[attr(range = 1..=86400)]
    pub evaluation_periods: i64,
    /// How many of those periods must be out of bounds; without it all of them.
    #[attr(range = 1..=86400)]
    pub datapoints_to_alarm: Option<i64>,
    /// The metric's name.
    #[attr(range = 1..=255)]
    pub metric_name: Option<String>,
    /// Where the metric stands, such as `AWS/ECS`.
    #[attr(range = 1..=255)]
    pub namespace: Option<String>,
    /// Which of the metric's series, by dimension.
    pub dimensions: Option<BTreeMap<String, String>>,
    /// How the values of a period become one.
    #[attr(one_of = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"])]
    pub statistic: Option<String>,
    /// How the values of a period become one, by percentile: `p99`, `tm90`, `wm98`…
    pub extended_statistic: Option<String>,
    /// How many seconds a period has: 10, 20, 30 or a multiple of 60.
    pub period: Option<i64>,
    /// The unit the values must have.
    pub unit: Option<String>,
    /// What a period without values means: `missing` (nothing changes), `ignore`, `breaching` or `notBreaching`.
    #[attr(default = "missing", one_of = ["missing", "ignore", "breaching", "notBreaching"])]
    pub treat_missing_data: String,
    /// What a percentile of too few values means: `evaluate` or `ignore`.
    #[attr(computed, one_of = ["evaluate", "ignore"])]
    pub evaluate_low_sample_count_percentiles: Option<String>,
    /// Whether anybody is told at all.
    #[attr(default = true)]
    pub actions_enabled: bool,
    /// What is done when the alarm goes off, such as the ARN of a topic.
    #[attr(refers = "aws_sns_topic.arn")]
    pub alarm_actions: Option<Set<String>>,
    /// What is done when all is well again.
    #[attr(refers = "aws_sns_topic.arn")]
    pub ok_actions: Option<Set<String>>,
    /// What is done when there are not enough values to tell.
    #[attr(refers = "aws_sns_topic.arn")]
    pub insufficient_data_actions: Option<Set<String>>,
    /// Queries from which the value is computed, instead of one metric.
    pub metric_query: Option<Set<MetricQuery>>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// A metric, or what is computed from other queries.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct MetricQuery {
    /// What other queries call it.
    #[attr(key, range = 1..=255)]
    pub id: String,
    /// The account whose metric it is; without it this one.
    pub account_id: Option<String>,
    /// What is computed, from the ids of others: `errors / requests * 100`.
    #[attr(range = 1..=2048)]
    pub expression: Option<String>,
    /// What people call it.
    pub label: Option<String>,
    /// How many seconds a period of what is computed has.
    pub period: Option<i64>,
    /// Whether it is what the alarm looks at; true for one query only.
    #[attr(default = false)]
    pub return_data: bool,
    /// The metric.
    pub metric: Option<QueriedMetric>,
}

/// A metric as a query has it.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct QueriedMetric {
    /// The metric's name.
    pub metric_name: String,
    /// Where the metric stands.
    pub namespace: Option<String>,
    /// How many seconds a period has.
    pub period: i64,
    /// How the values of a period become one: a statistic or a percentile.
    pub stat: String,
    /// The unit the values must have.
    pub unit: Option<String>,
    /// Which of the metric's series, by dimension.
    pub dimensions: Option<BTreeMap<String, String>>,
}

/// What AWS decides about an alarm.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct MetricAlarmOutputs {
    /// The alarm's ARN.
    #[attr(predict = "arn:{partition}:cloudwatch:{region}:{account}:alarm:{alarm_name}")]
    pub arn: Arn,
    /// The alarm's name.
    #[attr(predict = "{alarm_name}")]
    pub id: String,
}

impl Resource for MetricAlarm {
    type Outputs = MetricAlarmOutputs;
    type Service = CloudWatch;
    const KIND: &'static str = "aws_cloudwatch_metric_alarm";
    const CREATE: Create = Create::Put;
    const IMPORT: &'static str = "ALARM_NAME";
    const CHECKS: &'static [Check] = &[checks::what, checks::bound, checks::period];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(wish.alarm_name.clone())
    }

    async fn create(cx: &Context<'_, CloudWatch>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        wire::put(cx, wish, tags::request(&wish.tags)).await?;
        Made::id(Some(&wish.alarm_name), "the name of the alarm")
    }

    async fn read(cx: &Context<'_, CloudWatch>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        wire::read(cx, asked).await
    }

    async fn update(cx: &Context<'_, CloudWatch>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.0.iter().any(|name| name != "tags") {
            wire::put(cx, to, None).await?;
        }
        if changed.has("tags") {
            tags::update(cx, &now.outputs.arn, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, CloudWatch>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_alarms().alarm_names(&last.id).send().await?;
        Ok(Going::Gone)
    }
}
