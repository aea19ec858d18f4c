//! Targets as requests and answers have them.

use std::{collections::BTreeMap, sync::Arc};

use aws_sdk_eventbridge::{
    error::BuildError,
    types::{DeadLetterConfig, InputTransformer as Transformer, KinesisParameters, RetryPolicy, SqsParameters, Target as Described},
};
use lowtide_model::{Arn, Object, Value};
use lowtide_resource::{Ask, Asked, Context, Fault, Observed, Seen, absent_is_none};

use super::{DeadLetter, InputTransformer, Kinesis, Retry, Sqs, Target, TargetOutputs, ecs};
use crate::Events;

/// Returns the physical id.
pub fn id(bus: &str, rule: &str, target: &str) -> String {
    format!("{bus}|{rule}|{target}")
}

fn parts(id: &str) -> Option<(&str, &str, &str)> {
    let (rest, target) = id.rsplit_once('|')?;
    let (bus, rule) = rest.rsplit_once('|')?;
    Some((bus, rule, target))
}

pub fn small(number: i64) -> Result<i32, Fault> {
    i32::try_from(number).map_err(|_| Fault::ours(&format!("{number} is far too large")))
}

pub fn invalid(error: BuildError) -> Fault {
    Fault::ours(&error.to_string())
}

pub async fn put(cx: &Context<'_, Events>, target: &str, wish: &Target) -> Result<(), Fault> {
    let transformer = |one: &InputTransformer| {
        let paths = one.input_paths.clone().map(|paths| paths.into_iter().collect());
        Transformer::builder().set_input_paths_map(paths).input_template(&one.input_template).build().map_err(invalid)
    };
    let retry = |one: &Retry| {
        let age = one.maximum_event_age_in_seconds.map(small).transpose()?;
        Ok::<_, Fault>(
            RetryPolicy::builder()
                .set_maximum_event_age_in_seconds(age)
                .set_maximum_retry_attempts(one.maximum_retry_attempts.map(small).transpose()?)
                .build(),
        )
    };
    let kinesis = |one: &Kinesis| {
        KinesisParameters::builder().partition_key_path(one.partition_key_path.clone().unwrap_or_default()).build().map_err(invalid)
    };
    let built = Described::builder()
        .id(target)
        .arn(&wish.arn)
        .set_role_arn(wish.role_arn.as_ref().map(|arn| arn.0.clone()))
        .set_input(wish.input.clone())
        .set_input_path(wish.input_path.clone())
        .set_input_transformer(wish.input_transformer.as_ref().map(transformer).transpose()?)
        .set_dead_letter_config(wish.dead_letter_config.as_ref().map(|one| DeadLetterConfig::builder().set_arn(one.arn.clone()).build()))
        .set_retry_policy(wish.retry_policy.as_ref().map(retry).transpose()?)
        .set_sqs_parameters(
            wish.sqs_target.as_ref().map(|one| SqsParameters::builder().set_message_group_id(one.message_group_id.clone()).build()),
        )
        .set_kinesis_parameters(wish.kinesis_target.as_ref().map(kinesis).transpose()?)
        .set_ecs_parameters(wish.ecs_target.as_ref().map(ecs::request).transpose()?)
        .build()
        .map_err(invalid)?;
    let answer = cx.client.put_targets().rule(&wish.rule).event_bus_name(&wish.event_bus_name).targets(built).send().await?;
    match answer.failed_entries().first() {
        Some(entry) => Err(Fault::of_entry("eventbridge", "PutTargets", entry.error_code(), entry.error_message())),
        None => Ok(()),
    }
}

/// Overwrites a target. `PutTargets` takes away what it does not carry, so a target with something that has no attribute here
/// stays as it is.
pub async fn overwrite(cx: &Context<'_, Events>, physical: &str, to: &Target) -> Result<(), Fault> {
    let (bus, rule, target) = parts(physical).ok_or_else(|| Fault::not_found("such target"))?;
    let listed = of_rule(cx, bus, rule).await?;
    if let Some(part) = listed.iter().find(|one| one.id == target).and_then(beyond_us) {
        return Err(Fault::ours(&format!(
            "the target has {part} in AWS, which Lowtide can't set yet, and any change here would take it away; \
             change the target in AWS, or take that part away there"
        )));
    }
    put(cx, target, to).await
}

/// Returns what a target has that no attribute here stands for.
fn beyond_us(seen: &Described) -> Option<&'static str> {
    let parts = [
        (seen.app_sync_parameters.is_some(), "`appsync_target`"),
        (seen.batch_parameters.is_some(), "`batch_target`"),
        (seen.http_parameters.is_some(), "`http_target`"),
        (seen.redshift_data_parameters.is_some(), "`redshift_target`"),
        (seen.run_command_parameters.is_some(), "`run_command_targets`"),
        (seen.sage_maker_pipeline_parameters.is_some(), "`sagemaker_pipeline_target`"),
        (seen.ecs_parameters.as_ref().is_some_and(|ecs| ecs.reference_id.is_some()), "a reference id of ECS tasks"),
    ];
    parts.into_iter().find_map(|(there, part)| there.then_some(part))
}

pub async fn remove(cx: &Context<'_, Events>, target: &Target, force: bool) -> Result<(), Fault> {
    let request = cx.client.remove_targets().rule(&target.rule).event_bus_name(&target.event_bus_name).force(force);
    let answer = request.ids(target.target_id.clone().unwrap_or_default()).send().await?;
    match answer.failed_entries().first() {
        Some(entry) => Err(Fault::of_entry("eventbridge", "RemoveTargets", entry.error_code(), entry.error_message())),
        None => Ok(()),
    }
}

pub async fn read(cx: &Context<'_, Events>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Target>)>, Fault> {
    let one = |ask: Ask| async move {
        let Some((bus, rule, target)) = parts(&ask.id) else { return Ok(None) };
        let listed = absent_is_none(of_rule(cx, bus, rule).await)?;
        let said = listed.and_then(|listed| listed.iter().find(|one| one.id == target).cloned());
        Ok(said.map(|target| observed(bus, rule, target, &ask.last)))
    };
    Ok(asked.each(one).await.seen(|_, seen| Ok(seen)))
}

/// Lists the targets of a rule, once a round.
async fn of_rule(cx: &Context<'_, Events>, bus: &str, rule: &str) -> Result<Arc<Vec<Described>>, Fault> {
    let ask = || async {
        let (mut all, mut next) = (Vec::new(), None);
        loop {
            let page = cx.client.list_targets_by_rule().rule(rule).event_bus_name(bus).set_next_token(next).send().await?;
            all.extend(page.targets.unwrap_or_default());
            next = page.next_token;
            if next.is_none() {
                return Ok(all);
            }
        }
    };
    cx.round.once(format!("ListTargetsByRule {bus}|{rule}"), ask).await
}

fn observed(bus: &str, rule: &str, target: Described, last: &Object) -> Observed<Target> {
    let transformer = |one: Transformer| InputTransformer {
        input_paths: one.input_paths_map.map(|paths| paths.into_iter().collect::<BTreeMap<_, _>>()).filter(|paths| !paths.is_empty()),
        input_template: one.input_template,
    };
    let retry = |one: RetryPolicy| Retry {
        maximum_event_age_in_seconds: one.maximum_event_age_in_seconds.map(i64::from),
        maximum_retry_attempts: one.maximum_retry_attempts.map(i64::from),
    };
    let output = if bus == "default" { format!("{rule}-{}", target.id) } else { format!("{bus}-{rule}-{}", target.id) };
    let inputs = Target {
        rule: rule.to_owned(),
        event_bus_name: bus.to_owned(),
        target_id: Some(target.id.clone()),
        arn: target.arn,
        role_arn: target.role_arn.map(Arn),
        input: target.input,
        input_path: target.input_path,
        input_transformer: target.input_transformer.map(transformer),
        dead_letter_config: target.dead_letter_config.map(|one| DeadLetter { arn: one.arn }),
        retry_policy: target.retry_policy.map(retry),
        sqs_target: target.sqs_parameters.map(|one| Sqs { message_group_id: one.message_group_id }),
        kinesis_target: target.kinesis_parameters.map(|one| Kinesis { partition_key_path: Some(one.partition_key_path) }),
        ecs_target: target.ecs_parameters.map(ecs::observed),
        force_destroy: last.get("force_destroy").and_then(Value::as_bool).unwrap_or_default(),
    };
    Observed::stable(id(bus, rule, &target.id), inputs, TargetOutputs { id: output })
}

#[cfg(test)]
mod tests {
    use aws_sdk_eventbridge::types::BatchParameters;

    use super::*;

    #[test]
    fn a_part_without_an_attribute_is_told() {
        let target = || Described::builder().id("it").arn("arn:x");
        let batch = BatchParameters::builder().job_definition("it").job_name("it").build();
        assert_eq!(beyond_us(&target().build().expect("a target")), None);
        let with_batch = target().batch_parameters(batch.expect("a job")).build().expect("a target");
        assert_eq!(beyond_us(&with_batch), Some("`batch_target`"));
    }
}
