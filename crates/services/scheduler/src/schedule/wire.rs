//! Schedules as requests and answers have them.

use aws_sdk_scheduler::{
    error::BuildError,
    operation::get_schedule::GetScheduleOutput,
    primitives::{DateTime, DateTimeFormat},
    types::{
        DeadLetterConfig, EventBridgeParameters, FlexibleTimeWindow, FlexibleTimeWindowMode, KinesisParameters, RetryPolicy, ScheduleState,
        SqsParameters, Target as Called,
    },
};
use futures::future::try_join_all;
use lowtide_model::{Arn, Object};
use lowtide_resource::{Asked, Context, Fault, Observed, Operation, Seen, absent_is_none, prefix_of_name};

use super::{DeadLetter, EventBridge, Kinesis, Retry, Schedule, ScheduleOutputs, Sqs, Target, Window};
use crate::Scheduler;

/// Returns group and name.
pub fn parts(id: &str) -> (&str, &str) {
    id.split_once('/').unwrap_or(("default", id))
}

/// Reads a point in time.
pub fn date(text: &str) -> Result<DateTime, Fault> {
    DateTime::from_str(text, DateTimeFormat::DateTimeWithOffset).map_err(|error| Fault::ours(&error.to_string()))
}

fn invalid(error: BuildError) -> Fault {
    Fault::ours(&error.to_string())
}

fn small(number: i64) -> Result<i32, Fault> {
    i32::try_from(number).map_err(|_| Fault::ours(&format!("{number} is far too large")))
}

pub async fn create(cx: &Context<'_, Scheduler>, name: &str, wish: &Schedule, op: &Operation) -> Result<(), Fault> {
    cx.client
        .create_schedule()
        .client_token(op.token())
        .name(name)
        .group_name(&wish.group_name)
        .set_description(wish.description.clone())
        .schedule_expression(&wish.schedule_expression)
        .schedule_expression_timezone(&wish.schedule_expression_timezone)
        .set_start_date(wish.start_date.as_deref().map(date).transpose()?)
        .set_end_date(wish.end_date.as_deref().map(date).transpose()?)
        .state(ScheduleState::from(wish.state.as_str()))
        .set_kms_key_arn(wish.kms_key_arn.as_ref().map(|arn| arn.0.clone()))
        .flexible_time_window(window(&wish.flexible_time_window)?)
        .target(target(&wish.target)?)
        .send()
        .await?;
    Ok(())
}

/// What is left out goes back to its default, so the whole is sent.
pub async fn update(cx: &Context<'_, Scheduler>, id: &str, to: &Schedule) -> Result<(), Fault> {
    let (group, name) = parts(id);
    cx.client
        .update_schedule()
        .name(name)
        .group_name(group)
        .set_description(to.description.clone())
        .schedule_expression(&to.schedule_expression)
        .schedule_expression_timezone(&to.schedule_expression_timezone)
        .set_start_date(to.start_date.as_deref().map(date).transpose()?)
        .set_end_date(to.end_date.as_deref().map(date).transpose()?)
        .state(ScheduleState::from(to.state.as_str()))
        .set_kms_key_arn(to.kms_key_arn.as_ref().map(|arn| arn.0.clone()))
        .flexible_time_window(window(&to.flexible_time_window)?)
        .target(target(&to.target)?)
        .send()
        .await?;
    Ok(())
}

fn window(wish: &Window) -> Result<FlexibleTimeWindow, Fault> {
    let most = wish.maximum_window_in_minutes.map(small).transpose()?;
    FlexibleTimeWindow::builder()
        .mode(FlexibleTimeWindowMode::from(wish.mode.as_str()))
        .set_maximum_window_in_minutes(most)
        .build()
        .map_err(invalid)
}

fn target(wish: &Target) -> Result<Called, Fault> {
    let retry = |one: &Retry| {
        let age = small(one.maximum_event_age_in_seconds)?;
        Ok::<_, Fault>(
            RetryPolicy::builder().maximum_event_age_in_seconds(age).maximum_retry_attempts(small(one.maximum_retry_attempts)?).build(),
        )
    };
    let bus =
        |one: &EventBridge| EventBridgeParameters::builder().detail_type(&one.detail_type).source(&one.source).build().map_err(invalid);
    let stream = |one: &Kinesis| KinesisParameters::builder().partition_key(&one.partition_key).build().map_err(invalid);
    Called::builder()
        .arn(&wish.arn)
        .role_arn(&*wish.role_arn)
        .set_input(wish.input.clone())
        .set_dead_letter_config(wish.dead_letter_config.as_ref().map(|one| DeadLetterConfig::builder().arn(&one.arn).build()))
        .set_retry_policy(wish.retry_policy.as_ref().map(retry).transpose()?)
        .set_sqs_parameters(
            wish.sqs_parameters.as_ref().map(|one| SqsParameters::builder().set_message_group_id(one.message_group_id.clone()).build()),
        )
        .set_event_bridge_parameters(wish.eventbridge_parameters.as_ref().map(bus).transpose()?)
        .set_kinesis_parameters(wish.kinesis_parameters.as_ref().map(stream).transpose()?)
        .build()
        .map_err(invalid)
}

pub async fn read(cx: &Context<'_, Scheduler>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Schedule>)>, Fault> {
    // The Scheduler shows what one schedule calls to a call.
    let one = |id: String, last: Object| async move {
        let (group, name) = parts(&id);
        let found = absent_is_none(cx.client.get_schedule().group_name(group).name(name).send().await)?;
        Ok::<_, Fault>(found.map(|found| (id.clone(), observed(id, found, &last))))
    };
    let mut all = Vec::new();
    for some in asked.these.chunks(8) {
        all.extend(try_join_all(some.iter().map(|ask| one(ask.id.clone(), ask.last.clone()))).await?);
    }
    Ok(asked.answer(all.into_iter().flatten().collect()))
}

fn observed(id: String, seen: GetScheduleOutput, last: &Object) -> Observed<Schedule> {
    let (group, name) = parts(&id);
    // The same point in time reads back as it was written.
    let written = |attribute: &str, seen: Option<DateTime>| {
        let same = last.text(attribute).filter(|text| date(text).ok() == seen).map(str::to_owned);
        same.or_else(|| seen.and_then(|seen| seen.fmt(DateTimeFormat::DateTime).ok()))
    };
    let inputs = Schedule {
        name: Some(name.to_owned()),
        name_prefix: prefix_of_name(name),
        group_name: group.to_owned(),
        description: seen.description.filter(|text| !text.is_empty()),
        schedule_expression: seen.schedule_expression.unwrap_or_default(),
        schedule_expression_timezone: seen.schedule_expression_timezone.unwrap_or_else(|| "UTC".to_owned()),
        start_date: written("start_date", seen.start_date),
        end_date: written("end_date", seen.end_date),
        state: seen.state.map_or_else(|| "ENABLED".to_owned(), |state| state.as_str().to_owned()),
        kms_key_arn: seen.kms_key_arn.map(Arn),
        flexible_time_window: seen.flexible_time_window.map_or_else(exact, |window| Window {
            mode: window.mode.as_str().to_owned(),
            maximum_window_in_minutes: window.maximum_window_in_minutes.map(i64::from),
        }),
        target: called(seen.target),
    };
    let outputs = ScheduleOutputs { arn: seen.arn.unwrap_or_default().into(), id: id.clone() };
    Observed::stable(id, inputs, outputs)
}

fn exact() -> Window {
    Window { mode: "OFF".to_owned(), maximum_window_in_minutes: None }
}

fn called(seen: Option<Called>) -> Target {
    let arn = seen.as_ref().map(|target| target.arn.clone()).unwrap_or_default();
    let role = seen.as_ref().map(|target| target.role_arn.clone()).unwrap_or_default();
    let (dead, retry, sqs, bus, stream, input) = seen.map_or((None, None, None, None, None, None), |target| {
        let parts = (target.dead_letter_config, target.retry_policy, target.sqs_parameters);
        (parts.0, parts.1, parts.2, target.event_bridge_parameters, target.kinesis_parameters, target.input)
    });
    Target {
        arn,
        role_arn: role.into(),
        input,
        dead_letter_config: dead.and_then(|one| Some(DeadLetter { arn: one.arn? })),
        retry_policy: retry.map(|one| Retry {
            maximum_event_age_in_seconds: one.maximum_event_age_in_seconds.map_or(86400, i64::from),
            maximum_retry_attempts: one.maximum_retry_attempts.map_or(185, i64::from),
        }),
        sqs_parameters: sqs.map(|one| Sqs { message_group_id: one.message_group_id }),
        eventbridge_parameters: bus.map(|one| EventBridge { detail_type: one.detail_type, source: one.source }),
        kinesis_parameters: stream.map(|one| Kinesis { partition_key: one.partition_key }),
    }
}
