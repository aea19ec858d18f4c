//! `aws_cloudwatch_log_group`: where logs are kept.
//!
//! The name is the key and the physical id. `CreateLogGroup` carries key, class and tags; how long events are kept is a
//! setting of its own. AWS gives the ARN in two forms: the one without `:*` at its end is what users and tags go by.

use std::collections::BTreeMap;

use aws_sdk_cloudwatchlogs::types::{LogGroup as Described, LogGroupClass};
use lowtide_model::{Arn, Check, Complaint, Create, Model, Object, Place, PlannedObject};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, in_halves, prefix_of_name};

use crate::{
    Logs,
    tags::{self, Tags},
};

/// A group of log streams that share how long their events are kept, how they are encrypted and who may read them.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct LogGroup {
    /// The name: letters, digits and `_ - / . #`. Lowtide chooses one when it is not given.
    #[attr(computed, identity, range = 1..=512, replaces)]
    pub name: Option<String>,
    /// What the name starts with when Lowtide chooses it.
    #[attr(computed, range = 1..=486, replaces)]
    pub name_prefix: Option<String>,
    /// How many days events are kept; 0 keeps them for ever. AWS takes 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 and 3653.
    #[attr(default = 0)]
    pub retention_in_days: i64,
    /// The ARN of the KMS key that encrypts events; without one CloudWatch Logs uses a key of its own.
    #[attr(refers = "aws_kms_key.arn")]
    pub kms_key_id: Option<Arn>,
    /// How much CloudWatch Logs does with the events: `STANDARD`, `INFREQUENT_ACCESS` (cheaper, with fewer features) or `DELIVERY` (only passed on).
    #[attr(computed, one_of = ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"], replaces)]
    pub log_group_class: Option<String>,
    /// Whether the log group stays in AWS, with its events, when it is destroyed here.
    #[attr(default = false, option)]
    pub skip_destroy: bool,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about a log group.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct LogGroupOutputs {
    /// The log group's ARN, without `:*` at its end.
    #[attr(predict = "arn:{partition}:logs:{region}:{account}:log-group:{name}")]
    pub arn: Arn,
    /// The log group's name.
    #[attr(predict = "{name}")]
    pub id: String,
}

const RETENTIONS: [i64; 23] = [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

impl Resource for LogGroup {
    type Outputs = LogGroupOutputs;
    type Service = Logs;
    const KIND: &'static str = "aws_cloudwatch_log_group";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "LOG_GROUP_NAME";
    const BATCH: usize = 50;
    const CHECKS: &'static [Check] = &[names, retention];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        wish.name.clone()
    }

    async fn create(cx: &Context<'_, Logs>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let name = op.name(wish.name.as_deref(), wish.name_prefix.as_deref());
        cx.client
            .create_log_group()
            .log_group_name(&name)
            .set_kms_key_id(wish.kms_key_id.as_ref().map(|key| key.0.clone()))
            .set_log_group_class(wish.log_group_class.as_deref().map(LogGroupClass::from))
            .set_tags(tags::request(&wish.tags))
            .send()
            .await?;
        Made::id(Some(name), "the name of the log group")
    }

    async fn read(cx: &Context<'_, Logs>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let mut found = described(cx, asked.ids()).await?;
        found.retain(|group| asked.these.iter().any(|ask| group.log_group_name.as_ref() == Some(&ask.id)));
        let arns: Vec<_> = found.iter().map(|group| arn(cx.place, group)).collect();
        let mut tags = tags::of(cx, &arns, asked).await?;
        let seen = found.into_iter().zip(arns).map(|(group, arn)| {
            let last = asked.these.iter().find(|ask| group.log_group_name.as_ref() == Some(&ask.id)).map(|ask| &ask.last);
            let skip = last.and_then(|last| last.get("skip_destroy")).and_then(lowtide_model::Value::as_bool);
            let tags = tags.remove(&arn);
            observed(group, arn, tags, skip.unwrap_or_default())
        });
        Ok(asked.answer(seen.map(|seen| (seen.id.clone(), seen)).collect()))
    }

    async fn update(cx: &Context<'_, Logs>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.has("retention_in_days") {
            match i32::try_from(to.retention_in_days).map_err(|_| Fault::ours("retention_in_days is far too large"))? {
                0 => {
                    cx.client.delete_retention_policy().log_group_name(&now.id).send().await?;
                }
                days => {
                    cx.client.put_retention_policy().log_group_name(&now.id).retention_in_days(days).send().await?;
                }
            }
        }
        if changed.has("kms_key_id") {
            match &to.kms_key_id {
                Some(key) => {
                    cx.client.associate_kms_key().log_group_name(&now.id).kms_key_id(&**key).send().await?;
                }
                None => {
                    cx.client.disassociate_kms_key().log_group_name(&now.id).send().await?;
                }
            }
        }
        if changed.has("tags") {
            tags::update(cx, &now.outputs.arn, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Logs>, last: &Observed<Self>, how: &Self) -> Result<Going, Fault> {
        if how.skip_destroy {
            return Ok(Going::Left(format!("log group {} stays in AWS because of `skip_destroy`", last.id)));
        }
        cx.client.delete_log_group().log_group_name(&last.id).send().await?;
        Ok(Going::Gone)
    }

    /// Names that Lowtide chose end in the operation's id.
    async fn find(cx: &Context<'_, Logs>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let pages = cx.client.describe_log_groups().log_group_name_pattern(op.name_ending()).into_paginator().items().send();
        let found = pages.collect::<Result<Vec<_>, _>>().await?;
        Ok(found.into_iter().filter_map(|group| group.log_group_name).filter(|name| name.ends_with(&op.name_ending())).collect())
    }
}

/// Asks for all at once. Missing ones are just not in the answer; should AWS refuse the list for one, it is asked in halves.
async fn described(cx: &Context<'_, Logs>, names: Vec<String>) -> Result<Vec<Described>, Fault> {
    let listed = |names: Vec<String>| async move {
        let pages = cx.client.describe_log_groups().set_log_group_identifiers(Some(names)).into_paginator().items().send();
        Ok(pages.collect::<Result<Vec<_>, _>>().await?)
    };
    in_halves(names, listed).await
}

fn arn(place: &Place, group: &Described) -> String {
    let name = group.log_group_name.as_deref().unwrap_or_default();
    let starred = group.arn.as_deref().map(|arn| arn.trim_end_matches(":*").to_owned());
    let made_up = || format!("arn:{}:logs:{}:{}:log-group:{name}", place.partition, place.region, place.account);
    group.log_group_arn.clone().or(starred).unwrap_or_else(made_up)
}

fn observed(group: Described, arn: String, tags: Option<BTreeMap<String, String>>, skip_destroy: bool) -> Observed<LogGroup> {
    let name = group.log_group_name.unwrap_or_default();
    let inputs = LogGroup {
        name_prefix: prefix_of_name(&name),
        name: Some(name.clone()),
        retention_in_days: group.retention_in_days.map_or(0, i64::from),
        kms_key_id: group.kms_key_id.map(Arn),
        log_group_class: group.log_group_class.map(|class| class.as_str().to_owned()),
        skip_destroy,
        tags: tags.filter(|tags| !tags.is_empty()),
    };
    Observed::stable(name.clone(), inputs, LogGroupOutputs { arn: arn.into(), id: name })
}

fn names(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = Vec::new();
    if wish.get("name").is_some() && wish.get("name_prefix").is_some() {
        all.push(Complaint::about("name_prefix", "`name` and `name_prefix` exclude each other.").hint("keep one of them"));
    }
    for attribute in ["name", "name_prefix"] {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || "_-/.#".contains(letter);
        if wish.text(attribute).is_some_and(|name| !name.chars().all(fits)) {
            all.push(Complaint::about(attribute, "The name of a log group has letters, digits and `_ - / . #` only."));
        }
    }
    all
}

fn retention(wish: &PlannedObject) -> Vec<Complaint> {
    let days = wish.get("retention_in_days").and_then(lowtide_model::Planned::as_i64);
    let Some(days) = days.filter(|days| !RETENTIONS.contains(days)) else { return Vec::new() };
    let detail = format!("CloudWatch Logs does not keep events for {days} days: only certain numbers of days can be chosen.");
    let next = RETENTIONS.iter().find(|choice| **choice > days).map_or(0, |choice| *choice);
    let hint = if next == 0 {
        "use 3653 (ten years), or 0 to keep events for ever".to_owned()
    } else {
        format!("the next longer choice is {next}")
    };
    vec![Complaint::about("retention_in_days", detail).hint(hint)]
}

#[cfg(test)]
mod tests {
    use lowtide_model::Planned;

    use super::*;

    fn place() -> Place {
        Place { account: "123456789012".to_owned(), partition: "aws".to_owned(), region: "eu-west-1".to_owned() }
    }

    #[test]
    fn an_arn_has_no_star_and_what_is_absent_has_its_default() {
        let group = Described::builder().log_group_name("/app").arn("arn:aws:logs:eu-west-1:123456789012:log-group:/app:*").build();
        let arn = arn(&place(), &group);
        assert_eq!(arn, "arn:aws:logs:eu-west-1:123456789012:log-group:/app");
        let seen = observed(group, arn, None, false);
        assert_eq!((seen.inputs.retention_in_days, seen.inputs.kms_key_id, seen.inputs.tags), (0, None, None));
    }

    #[test]
    fn odd_retentions_are_told_the_next_choice() {
        let wish: PlannedObject = [("retention_in_days".to_owned(), Planned::from(lowtide_model::Value::from(31)))].into_iter().collect();
        assert_eq!(retention(&wish)[0].hint.as_deref(), Some("the next longer choice is 60"));
        assert_eq!(names(&wish), []);
    }
}
