//! Schedules as requests and answers have them.

use aws_sdk_scheduler::{
    error::BuildError,
    operation::get_schedule::GetScheduleOutput,
    primitives::{DateTime, DateTimeFormat},
    types::{
        DeadLetterConfig, EventBridgeParameters, FlexibleTimeWindow, FlexibleTimeWindowMode, KinesisParameters, RetryPolicy,
        SageMakerPipelineParameter, SageMakerPipelineParameters, ScheduleState, SqsParameters, Target as Called,
    },
};
use lowtide_model::{Arn, Object, Set};
use lowtide_resource::{Ask, Asked, Context, Fault, Observed, Operation, Seen, absent_is_none, prefix_of_name};

use super::{DeadLetter, EventBridge, Kinesis, Parameter, Pipeline, Retry, Schedule, ScheduleOutputs, Sqs, Target, Window, ecs};
use crate::Scheduler;

/// Returns group and name.
pub fn parts(id: &str) -> (&str, &str) {
    id.split_once('/').unwrap_or(("default", id))
}

/// Reads a point in time.
pub fn date(text: &str) -> Result<DateTime, Fault> {
    DateTime::from_str(text, DateTimeFormat::DateTimeWithOffset).map_err(|error| Fault::ours(&error.to_string()))
}

pub fn invalid(error: BuildError) -> Fault {
    Fault::ours(&error.to_string())
}

pub fn small(number: i64) -> Result<i32, Fault> {
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
        .set_ecs_parameters(wish.ecs_parameters.as_ref().map(ecs::request).transpose()?)
        .set_sage_maker_pipeline_parameters(wish.sagemaker_pipeline_parameters.as_ref().map(pipeline).transpose()?)
        .build()
        .map_err(invalid)
}

pub async fn read(cx: &Context<'_, Scheduler>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Schedule>)>, Fault> {
    // The Scheduler shows what one schedule calls to a call.
    let one = |ask: Ask| async move {
        let (group, name) = parts(&ask.id);
        absent_is_none(cx.client.get_schedule().group_name(group).name(name).send().await)
    };
    Ok(asked.each(one).await.seen(|ask, found| observed(ask.id.clone(), found, &ask.last)))
}

fn observed(id: String, seen: GetScheduleOutput, last: &Object) -> Result<Observed<Schedule>, Fault> {
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
        target: called(seen.target.ok_or_else(|| Fault::silent("what a schedule calls"))?),
    };
    let outputs = ScheduleOutputs { arn: seen.arn.unwrap_or_default().into(), id: id.clone() };
    Ok(Observed::stable(id, inputs, outputs))
}

fn exact() -> Window {
    Window { mode: "OFF".to_owned(), maximum_window_in_minutes: None }
}

fn pipeline(wish: &Pipeline) -> Result<SageMakerPipelineParameters, Fault> {
    let parameter = |one: &Parameter| SageMakerPipelineParameter::builder().name(&one.name).value(&one.value).build().map_err(invalid);
    let all = wish.pipeline_parameter.as_ref().map(|all| all.0.iter().map(parameter).collect::<Result<_, _>>()).transpose()?;
    Ok(SageMakerPipelineParameters::builder().set_pipeline_parameter_list(all).build())
}

fn called(seen: Called) -> Target {
    let parameter = |one: SageMakerPipelineParameter| Parameter { name: one.name, value: one.value };
    let pipeline = |one: SageMakerPipelineParameters| {
        let all = one.pipeline_parameter_list.filter(|all| !all.is_empty());
        Pipeline { pipeline_parameter: all.map(|all| Set(all.into_iter().map(parameter).collect())) }
    };
    Target {
        arn: seen.arn,
        role_arn: seen.role_arn.into(),
        input: seen.input,
        dead_letter_config: seen.dead_letter_config.and_then(|one| Some(DeadLetter { arn: one.arn? })),
        retry_policy: seen.retry_policy.map(|one| Retry {
            maximum_event_age_in_seconds: one.maximum_event_age_in_seconds.map_or(86400, i64::from),
            maximum_retry_attempts: one.maximum_retry_attempts.map_or(185, i64::from),
        }),
        sqs_parameters: seen.sqs_parameters.map(|one| Sqs { message_group_id: one.message_group_id }),
        eventbridge_parameters: seen.event_bridge_parameters.map(|one| EventBridge { detail_type: one.detail_type, source: one.source }),
        kinesis_parameters: seen.kinesis_parameters.map(|one| Kinesis { partition_key: one.partition_key }),
        ecs_parameters: seen.ecs_parameters.map(ecs::observed),
        sagemaker_pipeline_parameters: seen.sage_maker_pipeline_parameters.map(pipeline),
    }
}
