//! Alarms as requests and answers have them.

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::types::{
    ComparisonOperator, Dimension, Metric, MetricAlarm as Described, MetricDataQuery, MetricStat, StandardUnit, Statistic, Tag,
};
use lowtide_model::Set;
use lowtide_resource::{Asked, Context, Fault, Observed, Seen, from_float, to_float};

use super::{MetricAlarm, MetricAlarmOutputs, MetricQuery, QueriedMetric};
use crate::{CloudWatch, tags};

pub async fn put(cx: &Context<'_, CloudWatch>, wish: &MetricAlarm, tags: Option<Vec<Tag>>) -> Result<(), Fault> {
    let list = |actions: &Option<Set<String>>| actions.as_ref().map(|all| all.0.clone());
    let queries = wish.metric_query.as_ref().map(|all| all.iter().map(query).collect::<Result<Vec<_>, _>>()).transpose()?;
    cx.client
        .put_metric_alarm()
        .alarm_name(&wish.alarm_name)
        .set_alarm_description(wish.alarm_description.clone())
        .comparison_operator(ComparisonOperator::from(wish.comparison_operator.as_str()))
        .set_threshold(wish.threshold.map(to_float).transpose()?)
        .set_threshold_metric_id(wish.threshold_metric_id.clone())
        .evaluation_periods(small(wish.evaluation_periods)?)
        .set_datapoints_to_alarm(wish.datapoints_to_alarm.map(small).transpose()?)
        .set_metric_name(wish.metric_name.clone())
        .set_namespace(wish.namespace.clone())
        .set_dimensions(wish.dimensions.as_ref().map(dimensions))
        .set_statistic(wish.statistic.as_deref().map(Statistic::from))
        .set_extended_statistic(wish.extended_statistic.clone())
        .set_period(wish.period.map(small).transpose()?)
        .set_unit(wish.unit.as_deref().map(StandardUnit::from))
        .treat_missing_data(&wish.treat_missing_data)
        .set_evaluate_low_sample_count_percentile(wish.evaluate_low_sample_count_percentiles.clone())
        .actions_enabled(wish.actions_enabled)
        .set_alarm_actions(list(&wish.alarm_actions))
        .set_ok_actions(list(&wish.ok_actions))
        .set_insufficient_data_actions(list(&wish.insufficient_data_actions))
        .set_metrics(queries)
        .set_tags(tags)
        .send()
        .await?;
    Ok(())
}

fn query(wish: &MetricQuery) -> Result<MetricDataQuery, Fault> {
    let stat = |metric: &QueriedMetric| {
        let named = Metric::builder().metric_name(&metric.metric_name).set_namespace(metric.namespace.clone());
        let named = named.set_dimensions(metric.dimensions.as_ref().map(dimensions)).build();
        let unit = metric.unit.as_deref().map(StandardUnit::from);
        Ok::<_, Fault>(MetricStat::builder().metric(named).period(small(metric.period)?).stat(&metric.stat).set_unit(unit).build())
    };
    Ok(MetricDataQuery::builder()
        .id(&wish.id)
        .set_account_id(wish.account_id.clone())
        .set_expression(wish.expression.clone())
        .set_label(wish.label.clone())
        .set_period(wish.period.map(small).transpose()?)
        .return_data(wish.return_data)
        .set_metric_stat(wish.metric.as_ref().map(stat).transpose()?)
        .build())
}

fn dimensions(all: &BTreeMap<String, String>) -> Vec<Dimension> {
    all.iter().map(|(name, value)| Dimension::builder().name(name).value(value).build()).collect()
}

fn small(number: i64) -> Result<i32, Fault> {
    i32::try_from(number).map_err(|_| Fault::ours(&format!("{number} is far too large")))
}

pub async fn read(cx: &Context<'_, CloudWatch>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<MetricAlarm>)>, Fault> {
    let pages = cx.client.describe_alarms().set_alarm_names(Some(asked.ids())).into_paginator().send().collect::<Result<Vec<_>, _>>();
    let found: Vec<_> = pages.await?.into_iter().flat_map(|page| page.metric_alarms.unwrap_or_default()).collect();
    let arns: Vec<_> = found.iter().filter_map(|alarm| alarm.alarm_arn.clone()).collect();
    let mut tags = tags::of(cx, &arns, asked).await?;
    let seen = found.into_iter().filter_map(|alarm| {
        let tags = tags.remove(alarm.alarm_arn.as_ref()?).filter(|tags| !tags.is_empty());
        Some((alarm.alarm_name.clone()?, observed(alarm, tags)))
    });
    Ok(asked.answer(seen.collect()))
}

fn observed(alarm: Described, tags: tags::Tags) -> Observed<MetricAlarm> {
    let name = alarm.alarm_name.unwrap_or_default();
    let list = |actions: Option<Vec<String>>| actions.filter(|all| !all.is_empty()).map(Set);
    let queries: Vec<_> = alarm.metrics.unwrap_or_default().into_iter().map(asked_for).collect();
    let text = |text: Option<String>| text.filter(|text| !text.is_empty());
    let inputs = MetricAlarm {
        alarm_name: name.clone(),
        alarm_description: text(alarm.alarm_description),
        comparison_operator: alarm.comparison_operator.map(|word| word.as_str().to_owned()).unwrap_or_default(),
        threshold: alarm.threshold.and_then(from_float).filter(|_| alarm.threshold_metric_id.is_none()),
        threshold_metric_id: text(alarm.threshold_metric_id),
        evaluation_periods: alarm.evaluation_periods.map_or(1, i64::from),
        datapoints_to_alarm: alarm.datapoints_to_alarm.map(i64::from),
        metric_name: text(alarm.metric_name),
        namespace: text(alarm.namespace),
        dimensions: by_name(alarm.dimensions),
        statistic: alarm.statistic.map(|word| word.as_str().to_owned()),
        extended_statistic: text(alarm.extended_statistic),
        period: alarm.period.map(i64::from),
        unit: alarm.unit.map(|word| word.as_str().to_owned()),
        treat_missing_data: text(alarm.treat_missing_data).unwrap_or_else(|| "missing".to_owned()),
        evaluate_low_sample_count_percentiles: text(alarm.evaluate_low_sample_count_percentile),
        actions_enabled: alarm.actions_enabled.unwrap_or(true),
        alarm_actions: list(alarm.alarm_actions),
        ok_actions: list(alarm.ok_actions),
        insufficient_data_actions: list(alarm.insufficient_data_actions),
        metric_query: (!queries.is_empty()).then_some(Set(queries)),
        tags,
    };
    Observed::stable(name.clone(), inputs, MetricAlarmOutputs { arn: alarm.alarm_arn.unwrap_or_default().into(), id: name })
}

fn asked_for(query: MetricDataQuery) -> MetricQuery {
    let metric = |stat: MetricStat| {
        let named = stat.metric.unwrap_or_else(|| Metric::builder().build());
        QueriedMetric {
            metric_name: named.metric_name.unwrap_or_default(),
            namespace: named.namespace,
            period: stat.period.map_or(0, i64::from),
            stat: stat.stat.unwrap_or_default(),
            unit: stat.unit.map(|word| word.as_str().to_owned()),
            dimensions: by_name(named.dimensions),
        }
    };
    MetricQuery {
        id: query.id.unwrap_or_default(),
        account_id: query.account_id,
        expression: query.expression,
        label: query.label,
        period: query.period.map(i64::from),
        return_data: query.return_data.unwrap_or_default(),
        metric: query.metric_stat.map(metric),
    }
}

fn by_name(all: Option<Vec<Dimension>>) -> Option<BTreeMap<String, String>> {
    let pairs = all.into_iter().flatten().filter_map(|one| Some((one.name?, one.value.unwrap_or_default())));
    Some(pairs.collect::<BTreeMap<_, _>>()).filter(|pairs| !pairs.is_empty())
}

#[cfg(test)]
mod tests {
    use lowtide_model::Number;

    use super::*;

    #[test]
    fn what_cloudwatch_does_not_say_is_absent_or_has_its_default() {
        let seen = observed(Described::builder().alarm_name("a").threshold(0.5).build(), None).inputs;
        assert_eq!((seen.treat_missing_data.as_str(), seen.actions_enabled, seen.alarm_actions), ("missing", true, None));
        assert_eq!(seen.threshold, "0.5".parse::<Number>().ok());
    }
}
