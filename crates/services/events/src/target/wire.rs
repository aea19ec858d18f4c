//! Targets as requests and answers have them.

use std::{collections::BTreeMap, sync::Arc};

use aws_sdk_eventbridge::{
    error::BuildError,
    types::{
        AssignPublicIp, AwsVpcConfiguration, DeadLetterConfig, EcsParameters, InputTransformer as Transformer, KinesisParameters,
        LaunchType, NetworkConfiguration, PropagateTags, RetryPolicy, SqsParameters, Target as Described,
    },
};
use lowtide_model::{Arn, Object, Set, Value};
use lowtide_resource::{Asked, Class, Context, Fault, Observed, Seen};

use super::{DeadLetter, Ecs, InputTransformer, Kinesis, Network, Retry, Sqs, Target, TargetOutputs};
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

fn small(number: i64) -> Result<i32, Fault> {
    i32::try_from(number).map_err(|_| Fault::ours(&format!("{number} is far too large")))
}

fn invalid(error: BuildError) -> Fault {
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
        .set_ecs_parameters(wish.ecs_target.as_ref().map(ecs).transpose()?)
        .build()
        .map_err(invalid)?;
    let answer = cx.client.put_targets().rule(&wish.rule).event_bus_name(&wish.event_bus_name).targets(built).send().await?;
    match answer.failed_entries().first() {
        Some(entry) => Err(Fault::ours(&format!("EventBridge refused the target: {}", entry.error_message().unwrap_or("no reason given")))),
        None => Ok(()),
    }
}

fn ecs(wish: &Ecs) -> Result<EcsParameters, Fault> {
    let network = |one: &Network| {
        let public = if one.assign_public_ip { AssignPublicIp::Enabled } else { AssignPublicIp::Disabled };
        let groups = one.security_groups.as_ref().map(|all| all.0.clone());
        let inside =
            AwsVpcConfiguration::builder().set_subnets(Some(one.subnets.0.clone())).set_security_groups(groups).assign_public_ip(public);
        Ok::<_, Fault>(NetworkConfiguration::builder().awsvpc_configuration(inside.build().map_err(invalid)?).build())
    };
    EcsParameters::builder()
        .task_definition_arn(&wish.task_definition_arn)
        .task_count(small(wish.task_count)?)
        .set_launch_type(wish.launch_type.as_deref().map(LaunchType::from))
        .set_platform_version(wish.platform_version.clone())
        .set_group(wish.group.clone())
        .enable_ecs_managed_tags(wish.enable_ecs_managed_tags)
        .enable_execute_command(wish.enable_execute_command)
        .set_propagate_tags(wish.propagate_tags.as_deref().map(PropagateTags::from))
        .set_network_configuration(wish.network_configuration.as_ref().map(network).transpose()?)
        .build()
        .map_err(invalid)
}

pub async fn remove(cx: &Context<'_, Events>, target: &Target, force: bool) -> Result<(), Fault> {
    let request = cx.client.remove_targets().rule(&target.rule).event_bus_name(&target.event_bus_name).force(force);
    let answer = request.ids(target.target_id.clone().unwrap_or_default()).send().await?;
    match answer.failed_entries().first() {
        Some(entry) => {
            Err(Fault::ours(&format!("EventBridge did not remove the target: {}", entry.error_message().unwrap_or("no reason given"))))
        }
        None => Ok(()),
    }
}

pub async fn read(cx: &Context<'_, Events>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Target>)>, Fault> {
    let mut found = BTreeMap::new();
    for ask in asked.these {
        let Some((bus, rule, target)) = parts(&ask.id) else { continue };
        let listed = match of_rule(cx, bus, rule).await {
            Ok(listed) => listed,
            Err(fault) if fault.class == Class::NotFound => continue,
            Err(fault) => return Err(fault),
        };
        if let Some(one) = listed.iter().find(|one| one.id == target) {
            found.insert(ask.id.clone(), observed(bus, rule, one.clone(), &ask.last));
        }
    }
    Ok(asked.answer(found))
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
        ecs_target: target.ecs_parameters.map(task),
        force_destroy: last.get("force_destroy").and_then(Value::as_bool).unwrap_or_default(),
    };
    Observed::stable(id(bus, rule, &target.id), inputs, TargetOutputs { id: output })
}

fn task(seen: EcsParameters) -> Ecs {
    let network = |one: AwsVpcConfiguration| Network {
        subnets: Set(one.subnets),
        security_groups: one.security_groups.filter(|all| !all.is_empty()).map(Set),
        assign_public_ip: one.assign_public_ip == Some(AssignPublicIp::Enabled),
    };
    Ecs {
        task_definition_arn: seen.task_definition_arn,
        task_count: seen.task_count.map_or(1, i64::from),
        launch_type: seen.launch_type.map(|word| word.as_str().to_owned()),
        platform_version: seen.platform_version,
        group: seen.group,
        enable_ecs_managed_tags: seen.enable_ecs_managed_tags,
        enable_execute_command: seen.enable_execute_command,
        propagate_tags: seen.propagate_tags.map(|word| word.as_str().to_owned()),
        network_configuration: seen.network_configuration.and_then(|one| one.awsvpc_configuration).map(network),
    }
}
