//! `aws_lb_listener_rule`: what a listener does with some requests.
//!
//! AWS ends the ARN, which is the physical id, with something of its own; only the ownership tag tells what an operation
//! made. A priority is taken once in a listener: one that is not given becomes the next after the highest, and one that
//! another rule is about to leave is waited for. Priorities are changed by a call of their own.

mod condition;

use std::collections::BTreeMap;

use aws_sdk_elasticloadbalancingv2::types::{Rule as Described, RulePriorityPair};
use futures::future::try_join_all;
use lowtide_model::{Arn, Check, Complaint, Create, Model, Object, Planned, PlannedObject, Set};
use lowtide_resource::{
    Asked, Changed, Class, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none, in_halves,
};

use crate::{
    Elbv2,
    action::{self, Action},
    arn,
    key_value::small,
    listener,
    tags::{self, Tags},
};
use condition::Condition;

/// What a listener does with the requests that some conditions fit.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ListenerRule {
    /// The listener.
    #[attr(parent, refers = "aws_lb_listener.arn", replaces)]
    pub listener_arn: Arn,
    /// The place among the rules of the listener, 1 to 50000: the lowest that fits counts. Without one it is the next after the highest.
    #[attr(computed, range = 1..=50000)]
    pub priority: Option<i64>,
    /// What is done.
    pub action: Vec<Action>,
    /// Which requests it is for: those that fit all conditions.
    pub condition: Set<Condition>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about a rule.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ListenerRuleOutputs {
    /// The rule's ARN.
    pub arn: Arn,
    /// The rule's ARN.
    pub id: String,
}

impl Resource for ListenerRule {
    type Outputs = ListenerRuleOutputs;
    type Service = Elbv2;
    const KIND: &'static str = "aws_lb_listener_rule";
    const CREATE: Create = Create::TagOnly;
    const IMPORT: &'static str = "RULE_ARN";
    const BATCH: usize = 20;
    const CHECKS: &'static [Check] = &[actions, condition::check];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("action.authenticate_cognito", "Cognito is not supported yet"),
        ("action.authenticate_oidc", "its client secret needs a place of its own first"),
    ];

    async fn create(cx: &Context<'_, Elbv2>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let priority = match wish.priority {
            Some(priority) => priority,
            None => next_priority(cx, &wish.listener_arn).await?,
        };
        let made = cx
            .client
            .create_rule()
            .listener_arn(&*wish.listener_arn)
            .set_priority(small(Some(priority))?)
            .set_actions(Some(action::request(&wish.action, &[])?))
            .set_conditions(Some(condition::request(&wish.condition)))
            .set_tags(tags::request(&wish.tags))
            .send()
            .await;
        // Another rule took the number we chose: the next attempt chooses anew.
        let made = made.map_err(|error| if wish.priority.is_none() { taken(error.into()) } else { error.into() })?;
        Made::id(made.rules.unwrap_or_default().into_iter().find_map(|one| one.rule_arn), "the ARN of the rule")
    }

    async fn read(cx: &Context<'_, Elbv2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let client = &cx.client;
        let described = |arns: Vec<String>| async move {
            let pages = client.describe_rules().set_rule_arns(Some(arns)).into_paginator().items().send();
            Ok::<_, Fault>(pages.collect::<Result<Vec<_>, _>>().await?)
        };
        let found = in_halves(asked.ids(), described).await?;
        let arns: Vec<_> = found.iter().filter_map(|one| one.rule_arn.clone()).collect();
        let mut tags = tags::of(cx, &arns).await?;
        let seen = found.into_iter().zip(arns).map(|(one, arn)| (arn.clone(), observed(one, tags.remove(&arn), arn)));
        Ok(asked.answer(seen.collect::<BTreeMap<_, _>>()))
    }

    async fn update(cx: &Context<'_, Elbv2>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if let Some(priority) = to.priority.filter(|_| changed.has("priority")) {
            let pair = RulePriorityPair::builder().rule_arn(&now.id).set_priority(small(Some(priority))?).build();
            cx.client.set_rule_priorities().rule_priorities(pair).send().await.map_err(|error| taken(error.into()))?;
        }
        if changed.any(&["action", "condition"]) {
            let request = cx.client.modify_rule().rule_arn(&now.id);
            let request =
                if changed.has("action") { request.set_actions(Some(action::request(&to.action, &now.inputs.action)?)) } else { request };
            let request = if changed.has("condition") { request.set_conditions(Some(condition::request(&to.condition))) } else { request };
            request.send().await?;
        }
        if changed.has("tags") {
            tags::update(&cx.client, &now.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Elbv2>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_rule().rule_arn(&last.id).send().await?;
        Ok(Going::Gone)
    }

    async fn find(cx: &Context<'_, Elbv2>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let listeners = listener::all(cx).await?;
        let rules = try_join_all(listeners.iter().map(|listener| rules_of(cx, listener))).await?;
        let own = rules.into_iter().flatten().filter(|rule| rule.is_default != Some(true));
        tags::made_by(cx, &own.filter_map(|rule| rule.rule_arn).collect::<Vec<_>>(), op).await
    }
}

async fn rules_of(cx: &Context<'_, Elbv2>, listener: &str) -> Result<Vec<Described>, Fault> {
    let pages = cx.client.describe_rules().listener_arn(listener).into_paginator().items().send();
    Ok(absent_is_none(pages.collect::<Result<Vec<_>, _>>().await)?.unwrap_or_default())
}

async fn next_priority(cx: &Context<'_, Elbv2>, listener: &str) -> Result<i64, Fault> {
    let rules = rules_of(cx, listener).await?;
    Ok(next(&rules.iter().filter_map(priority).collect::<Vec<_>>()))
}

/// Returns the number after the highest, or the lowest free one where there is none after it.
fn next(taken: &[i64]) -> i64 {
    match taken.iter().max() {
        None => 1,
        Some(highest) if *highest < 50_000 => highest + 1,
        Some(_) => (1..).find(|number| !taken.contains(number)).unwrap_or(1),
    }
}

/// The default rule has a word instead of a number.
fn priority(rule: &Described) -> Option<i64> {
    rule.priority.as_deref()?.parse().ok()
}

/// A priority that is taken may be about to be left: waiting helps.
fn taken(mut fault: Fault) -> Fault {
    if fault.code.as_deref() == Some("PriorityInUse") {
        fault.class = Class::Busy;
    }
    fault
}

fn observed(one: Described, tags: Tags, arn: String) -> Observed<ListenerRule> {
    let inputs = ListenerRule {
        listener_arn: arn::listener_of_rule(&arn).unwrap_or_default().into(),
        priority: priority(&one),
        action: action::read(one.actions.unwrap_or_default()),
        condition: one.conditions.unwrap_or_default().into_iter().map(condition::seen).collect(),
        tags,
    };
    Observed::stable(arn.clone(), inputs, ListenerRuleOutputs { id: arn.clone(), arn: arn.into() })
}

fn actions(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = action::check("action", wish.get("action"));
    if wish.get("action").and_then(Planned::as_elements).is_some_and(<[_]>::is_empty) {
        all.push(Complaint::about("action", "A rule needs at least one action."));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_priority_of_our_choice_comes_after_the_highest() {
        assert_eq!(next(&[]), 1);
        assert_eq!(next(&[10, 3]), 11);
        assert_eq!(next(&[1, 50_000]), 2);
    }

    #[test]
    fn only_a_priority_that_is_taken_is_waited_for() {
        let fault = |code: &str| taken(Fault { code: Some(code.to_owned()), ..Fault::bare(Class::AlreadyExists, String::new()) }).class;
        assert_eq!((fault("PriorityInUse"), fault("TooManyRules")), (Class::Busy, Class::AlreadyExists));
    }
}
