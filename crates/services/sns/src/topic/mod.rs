//! `aws_sns_topic`: where messages are published.
//!
//! The name is the key; the physical id is the ARN, which follows from it. `CreateTopic` carries attributes and tags;
//! afterwards each attribute is set by a call of its own. `attributes` lists them.

mod attributes;

use lowtide_model::{Check, Complaint, Create, Model, Object, Place, PlannedObject};
use lowtide_resource::{
    Ask, Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none, prefix_of_name,
};

pub use self::attributes::{ROWS, Topic, TopicOutputs};
use crate::{Sns, attributes::given, attributes::read, attributes::word, tags};

const ARCHIVE: &str = "ArchivePolicy";
/// The policy of a topic that archives nothing (Amazon SNS Developer Guide, "Message archiving for FIFO topic owners").
const NO_ARCHIVE: &str = "{}";

impl Resource for Topic {
    type Outputs = TopicOutputs;
    type Service = Sns;
    const KIND: &'static str = "aws_sns_topic";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "TOPIC_ARN";
    const CHECKS: &'static [Check] = &[names, order];

    fn identity(wish: &Self, place: &Place) -> Option<String> {
        Some(format!("arn:{}:sns:{}:{}:{}", place.partition, place.region, place.account, wish.name.as_ref()?))
    }

    async fn create(cx: &Context<'_, Sns>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let mut name = op.name(wish.name.as_deref(), wish.name_prefix.as_deref());
        if wish.fifo_topic && wish.name.is_none() {
            name.push_str(".fifo");
        }
        let mut attributes = given(ROWS, &wish.clone().into_object());
        // Topics without order refuse what is about order, even where it says no.
        if !wish.fifo_topic {
            attributes.retain(|name, _| name != "FifoTopic" && name != "ContentBasedDeduplication");
        }
        let made = cx.client.create_topic().name(name).set_attributes(Some(attributes)).set_tags(tags::request(&wish.tags)?).send().await?;
        Made::id(made.topic_arn, "the ARN of the topic")
    }

    async fn read(cx: &Context<'_, Sns>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        // SNS tells the attributes of one topic to a call.
        let one = |ask: Ask| async move {
            let found = absent_is_none(cx.client.get_topic_attributes().topic_arn(&ask.id).send().await)?;
            Ok::<_, Fault>(found.and_then(|found| found.attributes).map(|said| (ask.id, said)))
        };
        let topics = asked.each(one).await;
        let arns: Vec<_> = topics.found().map(|(arn, _)| arn.clone()).collect();
        let mut tags = tags::of(cx, &arns, asked).await?;
        Ok(topics.seen(|_, (arn, said)| {
            let mut inputs = read(ROWS, &said);
            let name = arn.rsplit(':').next().unwrap_or_default();
            inputs.put("name", Some(name.to_owned()));
            inputs.put("name_prefix", prefix_of_name(name.trim_end_matches(".fifo")));
            inputs.put("tags", tags.remove(&arn).filter(|tags| !tags.is_empty()));
            let word = |name: &str| said.get(name).cloned().unwrap_or_default();
            let outputs = TopicOutputs {
                arn: arn.clone().into(),
                id: arn.clone(),
                owner: word("Owner"),
                beginning_archive_time: word("BeginningArchiveTime"),
            };
            Ok(Observed::stable(arn, Self::from_object(&inputs)?, outputs))
        }))
    }

    async fn update(cx: &Context<'_, Sns>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        let wish: Object = to.clone().into_object();
        for (ours, theirs, _) in ROWS.iter().filter(|(ours, ..)| changed.has(ours)) {
            // An archive ends with an empty policy; what is empty itself is refused.
            let value = if *theirs == ARCHIVE && wish.get(ours).is_none() { NO_ARCHIVE.to_owned() } else { word(wish.get(ours)) };
            cx.client.set_topic_attributes().topic_arn(&now.id).attribute_name(*theirs).attribute_value(value).send().await?;
        }
        if changed.has("tags") {
            tags::update(cx, &now.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Sns>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        // SNS keeps a topic as long as it has an archive.
        if last.inputs.archive_policy.is_some() {
            let end = cx.client.set_topic_attributes().topic_arn(&last.id).attribute_name(ARCHIVE).attribute_value(NO_ARCHIVE);
            absent_is_none(end.send().await)?;
        }
        cx.client.delete_topic().topic_arn(&last.id).send().await?;
        Ok(Going::Gone)
    }

    /// Names that Lowtide chose end in the operation's id.
    async fn find(cx: &Context<'_, Sns>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let topics = cx.client.list_topics().into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        let ours = |arn: &String| arn.trim_end_matches(".fifo").ends_with(&op.name_ending());
        Ok(topics.into_iter().filter_map(|topic| topic.topic_arn).filter(ours).collect())
    }
}

fn names(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = Vec::new();
    if wish.get("name").is_some() && wish.get("name_prefix").is_some() {
        all.push(Complaint::about("name_prefix", "`name` and `name_prefix` exclude each other.").hint("keep one of them"));
    }
    for attribute in ["name", "name_prefix"] {
        let fits =
            |name: &str| name.trim_end_matches(".fifo").chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
        if wish.text(attribute).is_some_and(|name| !fits(name)) {
            all.push(Complaint::about(attribute, "The name of a topic has letters, digits, `-` and `_` only."));
        }
    }
    let fifo = wish.get("fifo_topic").and_then(lowtide_model::Planned::as_bool).unwrap_or_default();
    if let Some(name) = wish.text("name").filter(|name| name.ends_with(".fifo") != fifo) {
        let hint = if fifo { format!("write \"{name}.fifo\"") } else { "write fifo_topic = true, or take the ending off".to_owned() };
        all.push(Complaint::about("name", "The name of a topic in order ends in `.fifo`, and no other does.").hint(hint));
    }
    all
}

fn order(wish: &PlannedObject) -> Vec<Complaint> {
    if wish.get("fifo_topic").is_some_and(|fifo| fifo.as_bool() != Some(false)) {
        return Vec::new();
    }
    let given = |name: &&&str| wish.get(name).is_some_and(|value| value.as_bool() != Some(false));
    let about_order = ["content_based_deduplication", "fifo_throughput_scope", "archive_policy"];
    let complaint =
        |name: &&str| Complaint::about(name, format!("`{name}` is for topics in order.")).hint("write fifo_topic = true, or leave it out");
    about_order.iter().filter(given).map(complaint).collect()
}
