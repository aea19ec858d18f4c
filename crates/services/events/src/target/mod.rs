//! `aws_cloudwatch_event_target`: what a rule calls.
//!
//! `PutTargets` creates and overwrites alike. The physical id is bus, rule and target id, with a vertical bar between. `wire`
//! turns attributes into requests and answers into attributes, `ecs` those about tasks.

mod ecs;
mod wire;

use std::collections::BTreeMap;

use lowtide_model::{Arn, Check, Complaint, Create, Model, Place, PlannedObject};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen};

use self::ecs::Ecs;
use crate::Events;

/// Something that a rule calls: a function, a queue, a topic, a task…
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Target {
    /// The name of the rule.
    #[attr(identity, parent, range = 1..=64, refers = "aws_cloudwatch_event_rule.name", replaces)]
    pub rule: String,
    /// The bus of the rule.
    #[attr(default = "default", identity, range = 1..=1600, replaces)]
    pub event_bus_name: String,
    /// What tells it from other targets of the rule. Lowtide chooses one when it is not given.
    #[attr(computed, identity, range = 1..=64, replaces)]
    pub target_id: Option<String>,
    /// The ARN of what is called.
    pub arn: String,
    /// The ARN of the role that calls it, where it wants one.
    #[attr(refers = "aws_iam_role.arn")]
    pub role_arn: Option<Arn>,
    /// What it is called with instead of the event: JSON as text.
    pub input: Option<String>,
    /// The part of the event that it is called with, as a path: `$.detail`.
    #[attr(range = 0..=256)]
    pub input_path: Option<String>,
    /// What it is called with, made out of parts of the event.
    pub input_transformer: Option<InputTransformer>,
    /// Where events go that could not be delivered.
    pub dead_letter_config: Option<DeadLetter>,
    /// How often and how long delivery is tried again.
    pub retry_policy: Option<Retry>,
    /// For a queue in order.
    pub sqs_target: Option<Sqs>,
    /// For a Kinesis stream.
    pub kinesis_target: Option<Kinesis>,
    /// For a task of ECS.
    pub ecs_target: Option<Ecs>,
    /// Whether the target of a rule that a service of AWS made may be removed.
    #[attr(default = false, option)]
    pub force_destroy: bool,
}

/// What a target is called with, made out of parts of the event.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct InputTransformer {
    /// Parts of the event by names: `instance = "$.detail.instance"`.
    pub input_paths: Option<BTreeMap<String, String>>,
    /// The text, with `<name>` where a part goes.
    #[attr(range = 1..=8192)]
    pub input_template: String,
}

/// Where events go that could not be delivered.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct DeadLetter {
    /// The ARN of a queue.
    #[attr(refers = "aws_sqs_queue.arn")]
    pub arn: Option<String>,
}

/// How often and how long delivery is tried again.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Retry {
    /// For how many seconds at most.
    #[attr(range = 60..=86400)]
    pub maximum_event_age_in_seconds: Option<i64>,
    /// How often at most.
    #[attr(range = 0..=185)]
    pub maximum_retry_attempts: Option<i64>,
}

/// For a queue in order.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Sqs {
    /// The group of its messages.
    pub message_group_id: Option<String>,
}

/// For a Kinesis stream.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Kinesis {
    /// The part of the event that tells the shard, as a path.
    pub partition_key_path: Option<String>,
}

/// What follows from a target.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct TargetOutputs {
    /// Rule and target id with a hyphen between, and the bus before them where it is not the default one.
    pub id: String,
}

impl Resource for Target {
    type Outputs = TargetOutputs;
    type Service = Events;
    const KIND: &'static str = "aws_cloudwatch_event_target";
    const CREATE: Create = Create::Put;
    const IMPORT: &'static str = "RULE_NAME/TARGET_ID or EVENT_BUS_NAME/RULE_NAME/TARGET_ID";
    const CHECKS: &'static [Check] = &[input];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("appsync_target", "targets in AppSync are not supported yet"),
        ("batch_target", "targets in Batch are not supported yet"),
        ("http_target", "targets in API Gateway and API destinations are not supported yet"),
        ("redshift_target", "targets in Redshift are not supported yet"),
        ("run_command_targets", "targets in Systems Manager are not supported yet"),
        ("sagemaker_pipeline_target", "targets in SageMaker are not supported yet"),
    ];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(wire::id(&wish.event_bus_name, &wish.rule, wish.target_id.as_ref()?))
    }

    fn made_up(wish: &Self, op: &Operation) -> Option<(&'static str, String)> {
        wish.target_id.is_none().then(|| ("target_id", op.name(None, None)))
    }

    fn import(id: &str, _place: &Place) -> Result<String, String> {
        let parts: Vec<_> = id.split('/').collect();
        match parts.as_slice() {
            [rule, target] => Ok(wire::id("default", rule, target)),
            [bus @ .., rule, target] if !bus.is_empty() => Ok(wire::id(&bus.join("/"), rule, target)),
            _ => Err("it is rule and target id with a slash between".to_owned()),
        }
    }

    async fn create(cx: &Context<'_, Events>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let target = op.name(wish.target_id.as_deref(), None);
        wire::put(cx, &target, wish).await?;
        Made::id(Some(wire::id(&wish.event_bus_name, &wish.rule, &target)), "an id")
    }

    async fn read(cx: &Context<'_, Events>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        wire::read(cx, asked).await
    }

    async fn update(cx: &Context<'_, Events>, now: &Observed<Self>, to: &Self, _changed: &Changed) -> Result<Option<String>, Fault> {
        wire::overwrite(cx, &now.id, to).await?;
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Events>, last: &Observed<Self>, how: &Self) -> Result<Going, Fault> {
        wire::remove(cx, &last.inputs, how.force_destroy).await?;
        Ok(Going::Gone)
    }
}

fn input(wish: &PlannedObject) -> Vec<Complaint> {
    let given: Vec<_> = ["input", "input_path", "input_transformer"].into_iter().filter(|name| wish.get(name).is_some()).collect();
    let mut all = Vec::new();
    if let [_, second, ..] = given.as_slice() {
        let detail = "What a target is called with is said in one way: `input`, `input_path` or `input_transformer`.";
        all.push(Complaint::about(second, detail).hint("keep one of them"));
    }
    if wish.text("input").is_some_and(|text| lowtide_model::Json::parse(text).is_none()) {
        all.push(Complaint::about("input", "This is no JSON, which is what a target is called with.").hint("${jsonencode(…)} makes some"));
    }
    all
}
