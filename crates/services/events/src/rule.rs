//! `aws_cloudwatch_event_rule`: which events, or which times, call targets.
//!
//! `PutRule` creates and overwrites alike; tags are taken at creation alone. The physical id is the name, with the bus and a
//! slash before it where it is not the default one.

use aws_sdk_eventbridge::{operation::describe_rule::DescribeRuleOutput, types::RuleState};
use lowtide_model::{Arn, Check, Complaint, Create, Json, Model, Object, Place, PlannedObject, Value};
use lowtide_resource::{
    Ask, Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none, prefix_of_name,
    schedule_expression,
};

use crate::{
    Events,
    tags::{self, Tags},
};

/// A rule: events that fit a pattern, or times of a schedule, call its targets.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Rule {
    /// The name: letters, digits and `. - _`. Lowtide chooses one when it is not given.
    #[attr(computed, identity, range = 1..=64, replaces)]
    pub name: Option<String>,
    /// What the name starts with when Lowtide chooses it.
    #[attr(computed, range = 1..=38, replaces)]
    pub name_prefix: Option<String>,
    /// The bus whose events they are.
    #[attr(default = "default", identity, range = 1..=1600, replaces)]
    pub event_bus_name: String,
    /// What it is for.
    #[attr(range = 0..=512)]
    pub description: Option<String>,
    /// Which events, by their members.
    pub event_pattern: Option<Json>,
    /// When: `rate(5 minutes)` or `cron(0 8 ? * MON-FRI *)`, in UTC. On the default bus only.
    #[attr(range = 0..=256)]
    pub schedule_expression: Option<String>,
    /// The ARN of the role that calls the targets, where they want one.
    #[attr(refers = "aws_iam_role.arn")]
    pub role_arn: Option<Arn>,
    /// Whether the rule is in force: `ENABLED`, `DISABLED`, or `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`.
    #[attr(default = "ENABLED", one_of = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"])]
    pub state: String,
    /// Whether a rule that a service of AWS made may be deleted.
    #[attr(default = false, option)]
    pub force_destroy: bool,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about a rule.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RuleOutputs {
    /// The rule's ARN.
    pub arn: Arn,
    /// The rule's name, with bus and slash before it where it is not the default one.
    pub id: String,
}

impl Resource for Rule {
    type Outputs = RuleOutputs;
    type Service = Events;
    const KIND: &'static str = "aws_cloudwatch_event_rule";
    const CREATE: Create = Create::Put;
    const IMPORT: &'static str = "RULE_NAME or EVENT_BUS_NAME/RULE_NAME";
    const CHECKS: &'static [Check] = &[names, when];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[("is_enabled", "deprecated by the provider: `state` takes its place")];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(id(&wish.event_bus_name, wish.name.as_ref()?))
    }

    fn made_up(wish: &Self, op: &Operation) -> Option<(&'static str, String)> {
        wish.name.is_none().then(|| ("name", op.name(None, wish.name_prefix.as_deref())))
    }

    async fn create(cx: &Context<'_, Events>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let name = op.name(wish.name.as_deref(), wish.name_prefix.as_deref());
        put(cx, &name, wish).set_tags(tags::request(&wish.tags)?).send().await?;
        Made::id(Some(id(&wish.event_bus_name, &name)), "the name of the rule")
    }

    async fn read(cx: &Context<'_, Events>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let one = |ask: Ask| async move {
            let (bus, name) = parts(&ask.id);
            absent_is_none(cx.client.describe_rule().name(name).event_bus_name(bus).send().await)
        };
        let rules = asked.each(one).await;
        let arns: Vec<_> = rules.found().filter_map(|rule| rule.arn.clone()).collect();
        let mut tags = tags::of(cx, &arns, asked).await?;
        Ok(rules.seen(|ask, rule| {
            let tags = rule.arn.as_ref().and_then(|arn| tags.remove(arn)).filter(|tags| !tags.is_empty());
            Ok(observed(ask.id.clone(), rule, &ask.last, tags))
        }))
    }

    async fn update(cx: &Context<'_, Events>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.0.iter().any(|name| name != "tags") {
            put(cx, parts(&now.id).1, to).send().await?;
        }
        if changed.has("tags") {
            tags::update(cx, &now.outputs.arn, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Events>, last: &Observed<Self>, how: &Self) -> Result<Going, Fault> {
        let (bus, name) = parts(&last.id);
        cx.client.delete_rule().name(name).event_bus_name(bus).force(how.force_destroy).send().await?;
        Ok(Going::Gone)
    }
}

type Put = aws_sdk_eventbridge::operation::put_rule::builders::PutRuleFluentBuilder;

fn put(cx: &Context<'_, Events>, name: &str, wish: &Rule) -> Put {
    cx.client
        .put_rule()
        .name(name)
        .event_bus_name(&wish.event_bus_name)
        .set_description(wish.description.clone())
        .set_event_pattern(wish.event_pattern.as_ref().map(Json::text))
        .set_schedule_expression(wish.schedule_expression.clone())
        .set_role_arn(wish.role_arn.as_ref().map(|arn| arn.0.clone()))
        .state(RuleState::from(wish.state.as_str()))
}

fn id(bus: &str, name: &str) -> String {
    if bus == "default" { name.to_owned() } else { format!("{bus}/{name}") }
}

/// Returns bus and name.
fn parts(id: &str) -> (&str, &str) {
    id.rsplit_once('/').unwrap_or(("default", id))
}

fn observed(id: String, rule: DescribeRuleOutput, last: &Object, tags: Tags) -> Observed<Rule> {
    let (bus, name) = parts(&id);
    let text = |text: Option<String>| text.filter(|text| !text.is_empty());
    let inputs = Rule {
        name: Some(name.to_owned()),
        name_prefix: prefix_of_name(name),
        event_bus_name: bus.to_owned(),
        description: text(rule.description),
        event_pattern: text(rule.event_pattern).map(|pattern| Json::parse(&pattern).unwrap_or(Json(Value::String(pattern)))),
        schedule_expression: text(rule.schedule_expression),
        role_arn: text(rule.role_arn).map(Arn),
        state: rule.state.map_or_else(|| "ENABLED".to_owned(), |state| state.as_str().to_owned()),
        force_destroy: last.get("force_destroy").and_then(Value::as_bool).unwrap_or_default(),
        tags,
    };
    let outputs = RuleOutputs { arn: rule.arn.unwrap_or_default().into(), id: id.clone() };
    Observed::stable(id, inputs, outputs)
}

fn names(wish: &PlannedObject) -> Vec<Complaint> {
    if wish.get("name").is_some() && wish.get("name_prefix").is_some() {
        return vec![Complaint::about("name_prefix", "`name` and `name_prefix` exclude each other.").hint("keep one of them")];
    }
    Vec::new()
}

fn when(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = Vec::new();
    if wish.get("event_pattern").is_none() && wish.get("schedule_expression").is_none() {
        all.push(Complaint::about("event_pattern", "A rule goes by events (`event_pattern`) or by times (`schedule_expression`)."));
    }
    if let Some(detail) = wish.text("schedule_expression").and_then(|text| schedule_expression::complaint(text, false)) {
        all.push(Complaint::about("schedule_expression", detail));
    }
    if wish.get("schedule_expression").is_some() && wish.text("event_bus_name").is_some_and(|bus| bus != "default") {
        all.push(Complaint::about("schedule_expression", "Only rules of the default bus go by times.").hint("leave event_bus_name out"));
    }
    all
}
