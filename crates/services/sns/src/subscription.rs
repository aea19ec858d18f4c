//! `aws_sns_topic_subscription`: who gets what is published to a topic.
//!
//! `Subscribe` of the same topic, protocol and endpoint returns the subscription that is there, so that repeating it is
//! harmless. One by e-mail waits until its owner agrees; Lowtide does not wait for that.

use lowtide_model::{Arn, Check, Complaint, Create, Json, Model, Object, PlannedObject, Value};
use lowtide_resource::{Ask, Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none};

use crate::{
    Sns,
    attributes::{Row, Sort, given, read, word},
};

/// Somebody who gets what is published to a topic.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Subscription {
    /// The ARN of the topic.
    #[attr(parent, refers = "aws_sns_topic.arn", replaces)]
    pub topic_arn: String,
    /// How it is delivered.
    #[attr(one_of = ["sqs", "sms", "lambda", "firehose", "application", "email", "email-json", "http", "https"], replaces)]
    pub protocol: String,
    /// Where: an ARN, an address, a number, a URL.
    #[attr(range = 1..=2048, replaces)]
    pub endpoint: String,
    /// Whether the endpoint agrees by itself, for `http` and `https`.
    #[attr(default = false, option)]
    pub endpoint_auto_confirms: bool,
    /// How many minutes such an endpoint has to do so.
    #[attr(default = 1, option)]
    pub confirmation_timeout_in_minutes: i64,
    /// Which messages it gets.
    pub filter_policy: Option<Json>,
    /// Whether that is about the `MessageAttributes` or the `MessageBody`.
    #[attr(computed, one_of = ["MessageAttributes", "MessageBody"])]
    pub filter_policy_scope: Option<String>,
    /// Whether messages come as they were published, without what SNS writes around them.
    #[attr(default = false)]
    pub raw_message_delivery: bool,
    /// Where messages go that can't be delivered: `deadLetterTargetArn`.
    pub redrive_policy: Option<Json>,
    /// How often delivery over HTTP is tried again.
    pub delivery_policy: Option<Json>,
    /// From when on messages that were kept are sent again. For topics in order.
    pub replay_policy: Option<Json>,
    /// The ARN of the role that writes to a Firehose stream.
    #[attr(refers = "aws_iam_role.arn")]
    pub subscription_role_arn: Option<Arn>,
}

/// What AWS decides about a subscription.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct SubscriptionOutputs {
    /// The subscription's ARN.
    pub arn: Arn,
    /// The subscription's ARN.
    pub id: String,
    /// The account it belongs to.
    pub owner_id: String,
    /// Whether its owner has yet to agree.
    pub pending_confirmation: bool,
    /// Whether its owner was known to AWS when agreeing.
    pub confirmation_was_authenticated: bool,
}

/// Those that SNS holds as words (Amazon SNS API Reference, SetSubscriptionAttributes).
const ROWS: &[Row] = &[
    ("filter_policy", "FilterPolicy", Sort::Json),
    ("filter_policy_scope", "FilterPolicyScope", Sort::Text),
    ("raw_message_delivery", "RawMessageDelivery", Sort::Truth),
    ("redrive_policy", "RedrivePolicy", Sort::Json),
    ("delivery_policy", "DeliveryPolicy", Sort::Json),
    ("replay_policy", "ReplayPolicy", Sort::Json),
    ("subscription_role_arn", "SubscriptionRoleArn", Sort::Text),
];

impl Resource for Subscription {
    type Outputs = SubscriptionOutputs;
    type Service = Sns;
    const KIND: &'static str = "aws_sns_topic_subscription";
    const CREATE: Create = Create::Put;
    const IMPORT: &'static str = "SUBSCRIPTION_ARN";
    const CHECKS: &'static [Check] = &[endpoint];

    async fn create(cx: &Context<'_, Sns>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let mut attributes = given(ROWS, &wish.clone().into_object());
        attributes.retain(|name, word| name != "RawMessageDelivery" || word == "true");
        let made = cx
            .client
            .subscribe()
            .topic_arn(&wish.topic_arn)
            .protocol(&wish.protocol)
            .endpoint(&wish.endpoint)
            .set_attributes((!attributes.is_empty()).then_some(attributes))
            .return_subscription_arn(true)
            .send()
            .await?;
        Made::id(made.subscription_arn, "the ARN of the subscription")
    }

    async fn read(cx: &Context<'_, Sns>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let one = |Ask { id: arn, last, .. }: Ask| async move {
            let found = absent_is_none(cx.client.get_subscription_attributes().subscription_arn(&arn).send().await)?;
            let Some(said) = found.and_then(|found| found.attributes) else { return Ok(None) };
            let word = |name: &str| said.get(name).cloned().unwrap_or_default();
            let mut inputs = read(ROWS, &said);
            for (ours, theirs) in [("topic_arn", "TopicArn"), ("protocol", "Protocol"), ("endpoint", "Endpoint")] {
                inputs.put(ours, word(theirs));
            }
            for option in ["endpoint_auto_confirms", "confirmation_timeout_in_minutes"] {
                inputs.set(option, last.get(option).cloned().unwrap_or_default());
            }
            let outputs = SubscriptionOutputs {
                arn: arn.clone().into(),
                id: arn.clone(),
                owner_id: word("Owner"),
                pending_confirmation: word("PendingConfirmation") == "true",
                confirmation_was_authenticated: word("ConfirmationWasAuthenticated") == "true",
            };
            Ok::<_, Fault>(Some(Observed::stable(arn, Self::from_object(&inputs)?, outputs)))
        };
        Ok(asked.each(one).await.seen(|_, seen| Ok(seen)))
    }

    async fn update(cx: &Context<'_, Sns>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        let wish = to.clone().into_object();
        let none = |ours: &str| matches!(wish.get(ours), None | Some(Value::Null));
        // The scope belongs to the filter, so that a filter that goes is taken away first and a new one is set first.
        for (ours, theirs, sort) in ROWS.iter().filter(|(ours, ..)| changed.has(ours)) {
            let value = if *sort == Sort::Json && none(ours) { "{}".to_owned() } else { word(wish.get(ours)) };
            cx.client.set_subscription_attributes().subscription_arn(&now.id).attribute_name(*theirs).attribute_value(value).send().await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Sns>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        if last.outputs.pending_confirmation {
            let why = format!(
                "{} has not agreed yet, so that SNS lets nobody end the subscription; it is forgotten by itself within days",
                last.inputs.endpoint
            );
            return Ok(Going::Left(why));
        }
        cx.client.unsubscribe().subscription_arn(&last.id).send().await?;
        Ok(Going::Gone)
    }

    /// There is one of a topic, protocol and endpoint. One that is not confirmed has no ARN yet, and goes by itself.
    async fn find(cx: &Context<'_, Sns>, _op: &Operation, wish: &Object) -> Result<Vec<String>, Fault> {
        let [Some(topic), protocol, endpoint] = ["topic_arn", "protocol", "endpoint"].map(|name| wish.text(name)) else {
            return Ok(Vec::new());
        };
        let pages = cx.client.list_subscriptions_by_topic().topic_arn(topic).into_paginator().items().send();
        let listed = absent_is_none(pages.collect::<Result<Vec<_>, _>>().await)?.unwrap_or_default();
        let ours = listed.into_iter().filter(|one| one.protocol() == protocol && one.endpoint() == endpoint);
        Ok(ours.filter_map(|one| one.subscription_arn).filter(|arn| arn.starts_with("arn:")).collect())
    }
}

fn endpoint(wish: &PlannedObject) -> Vec<Complaint> {
    let (Some(protocol), Some(endpoint)) = (wish.text("protocol"), wish.text("endpoint")) else { return Vec::new() };
    let (fits, wanted) = match protocol {
        "email" | "email-json" => (endpoint.contains('@'), "an address, such as team@example.com"),
        "sms" => (endpoint.starts_with('+'), "a number with its country, such as +41441234567"),
        "http" | "https" => (endpoint.starts_with(&format!("{protocol}://")), "a URL of this protocol"),
        _ => (endpoint.starts_with("arn:"), "an ARN"),
    };
    if fits {
        Vec::new()
    } else {
        vec![Complaint::about("endpoint", format!("With `{protocol}` the endpoint is {wanted}, but this is `{endpoint}`."))]
    }
}
