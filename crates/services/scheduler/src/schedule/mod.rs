//! `aws_scheduler_schedule`: something that is called at certain times, in a time zone.
//!
//! The name is the key within its group; the physical id is group and name with a slash between, which is Terraform's id as
//! well. `UpdateSchedule` always takes the whole. `wire` turns attributes into requests and answers into attributes, `ecs` those about
//! tasks.

mod ecs;
mod wire;

use lowtide_model::{Arn, Check, Complaint, Create, Model, Place, PlannedObject, Set};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, schedule_expression};

use self::ecs::Ecs;
use crate::Scheduler;

/// A schedule: calls something at certain times, in a time zone.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Schedule {
    /// The name: letters, digits and `. - _`. Lowtide chooses one when it is not given.
    #[attr(computed, identity, range = 1..=64, replaces)]
    pub name: Option<String>,
    /// What the name starts with when Lowtide chooses it.
    #[attr(computed, range = 1..=38, replaces)]
    pub name_prefix: Option<String>,
    /// The group it is in.
    #[attr(default = "default", identity, range = 1..=64, replaces)]
    pub group_name: String,
    /// What it is for.
    #[attr(range = 0..=512)]
    pub description: Option<String>,
    /// When: `rate(5 minutes)`, `cron(0 8 ? * MON-FRI *)` or `at(2027-01-01T08:00:00)`.
    #[attr(range = 1..=256)]
    pub schedule_expression: String,
    /// The time zone of cron and at, such as `Europe/Zurich`.
    #[attr(default = "UTC", range = 1..=50)]
    pub schedule_expression_timezone: String,
    /// From when on, in RFC 3339.
    pub start_date: Option<String>,
    /// Until when, in RFC 3339.
    pub end_date: Option<String>,
    /// Whether it is in force: `ENABLED` or `DISABLED`.
    #[attr(default = "ENABLED", one_of = ["ENABLED", "DISABLED"])]
    pub state: String,
    /// The ARN of the KMS key that encrypts it; without one it is a key of AWS.
    #[attr(refers = "aws_kms_key.arn")]
    pub kms_key_arn: Option<Arn>,
    /// How exactly the times are kept.
    pub flexible_time_window: Window,
    /// What is called.
    pub target: Target,
}

/// How exactly times are kept.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Window {
    /// `OFF` (to the minute) or `FLEXIBLE` (some time after it).
    #[attr(one_of = ["OFF", "FLEXIBLE"])]
    pub mode: String,
    /// How many minutes after it at most.
    #[attr(range = 1..=1440)]
    pub maximum_window_in_minutes: Option<i64>,
}

/// What is called.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Target {
    /// Its ARN.
    pub arn: String,
    /// The ARN of the role that calls it.
    #[attr(refers = "aws_iam_role.arn")]
    pub role_arn: Arn,
    /// What it is called with.
    pub input: Option<String>,
    /// Where calls go that failed.
    pub dead_letter_config: Option<DeadLetter>,
    /// How often and how long a call is tried again.
    #[attr(computed)]
    pub retry_policy: Option<Retry>,
    /// For a queue in order.
    pub sqs_parameters: Option<Sqs>,
    /// For an event bus.
    pub eventbridge_parameters: Option<EventBridge>,
    /// For a Kinesis stream.
    pub kinesis_parameters: Option<Kinesis>,
    /// For a task of ECS.
    pub ecs_parameters: Option<Ecs>,
    /// For a pipeline of SageMaker.
    pub sagemaker_pipeline_parameters: Option<Pipeline>,
}

/// Where calls go that failed.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct DeadLetter {
    /// The ARN of a queue.
    #[attr(refers = "aws_sqs_queue.arn")]
    pub arn: String,
}

/// How often and how long a call is tried again.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Retry {
    /// For how many seconds at most.
    #[attr(default = 86400, range = 60..=86400)]
    pub maximum_event_age_in_seconds: i64,
    /// How often at most.
    #[attr(default = 185, range = 0..=185)]
    pub maximum_retry_attempts: i64,
}

/// For a queue in order.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Sqs {
    /// The group of its messages.
    pub message_group_id: Option<String>,
}

/// For an event bus.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct EventBridge {
    /// The sort of the event.
    #[attr(range = 1..=128)]
    pub detail_type: String,
    /// Where the event comes from.
    #[attr(range = 1..=256)]
    pub source: String,
}

/// For a Kinesis stream.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Kinesis {
    /// What tells the shard.
    #[attr(range = 1..=256)]
    pub partition_key: String,
}

/// For a pipeline of SageMaker.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Pipeline {
    /// What it is started with.
    #[attr(range = 0..=200)]
    pub pipeline_parameter: Option<Set<Parameter>>,
}

/// What a pipeline is started with.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Parameter {
    /// Its name.
    #[attr(key, range = 1..=256)]
    pub name: String,
    /// Its value.
    #[attr(range = 1..=1024)]
    pub value: String,
}

/// What AWS decides about a schedule.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ScheduleOutputs {
    /// The schedule's ARN.
    #[attr(predict = "arn:{partition}:scheduler:{region}:{account}:schedule/{group_name}/{name}")]
    pub arn: Arn,
    /// Group and name with a slash between.
    #[attr(predict = "{group_name}/{name}")]
    pub id: String,
}

impl Resource for Schedule {
    type Outputs = ScheduleOutputs;
    type Service = Scheduler;
    const KIND: &'static str = "aws_scheduler_schedule";
    const CREATE: Create = Create::Put;
    const IMPORT: &'static str = "GROUP_NAME/SCHEDULE_NAME";
    const CHECKS: &'static [Check] = &[names, when];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(format!("{}/{}", wish.group_name, wish.name.as_ref()?))
    }

    fn made_up(wish: &Self, op: &Operation) -> Option<(&'static str, String)> {
        wish.name.is_none().then(|| ("name", op.name(None, wish.name_prefix.as_deref())))
    }

    async fn create(cx: &Context<'_, Scheduler>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let name = op.name(wish.name.as_deref(), wish.name_prefix.as_deref());
        wire::create(cx, &name, wish, op).await?;
        Made::id(Some(format!("{}/{name}", wish.group_name)), "an id")
    }

    async fn read(cx: &Context<'_, Scheduler>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        wire::read(cx, asked).await
    }

    async fn update(cx: &Context<'_, Scheduler>, now: &Observed<Self>, to: &Self, _changed: &Changed) -> Result<Option<String>, Fault> {
        wire::update(cx, &now.id, to).await?;
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Scheduler>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        let (group, name) = wire::parts(&last.id);
        cx.client.delete_schedule().group_name(group).name(name).send().await?;
        Ok(Going::Gone)
    }
}

fn names(wish: &PlannedObject) -> Vec<Complaint> {
    if wish.get("name").is_some() && wish.get("name_prefix").is_some() {
        return vec![Complaint::about("name_prefix", "`name` and `name_prefix` exclude each other.").hint("keep one of them")];
    }
    Vec::new()
}

fn when(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = Vec::new();
    if let Some(detail) = wish.text("schedule_expression").and_then(|text| schedule_expression::complaint(text, true)) {
        all.push(Complaint::about("schedule_expression", detail));
    }
    let window =
        wish.get("flexible_time_window").and_then(|block| block.as_members().or_else(|| block.as_elements()?.first()?.as_members()));
    if let Some(members) = window {
        let flexible = members.get("mode").and_then(|mode| mode.as_str()) == Some("FLEXIBLE");
        let most = members.get("maximum_window_in_minutes").is_some_and(|most| !most.is_null());
        if members.get("mode").is_some_and(|mode| mode.as_str().is_some()) && flexible != most {
            let detail = "`maximum_window_in_minutes` says how late a flexible schedule may be, and goes with `FLEXIBLE` only.";
            all.push(Complaint::about("flexible_time_window", detail));
        }
    }
    for date in ["start_date", "end_date"] {
        if wish.text(date).is_some_and(|text| wire::date(text).is_err()) {
            all.push(Complaint::about(date, "This is no point in time in RFC 3339.").hint("write it like \"2027-01-01T08:00:00Z\""));
        }
    }
    all
}
