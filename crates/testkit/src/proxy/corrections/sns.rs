//! Topics.

use bytes::Bytes;
use http::Response;

use super::{Memory, mend};
use crate::proxy::{exchange::Exchange, xml::Element};

/// Ends of the names of attributes of a topic that moto takes and does not show (Amazon SNS API Reference, GetTopicAttributes).
const LOST: [&str; 4] = ["SignatureVersion", "TracingConfig", "FeedbackRoleArn", "FeedbackSampleRate"];

pub(super) async fn answer(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    let arn = exchange.field("TopicArn").unwrap_or_default();
    match exchange.call.operation.as_str() {
        "SetTopicAttributes" => {
            let reply = exchange.pass_on().await?;
            let (name, value) = (exchange.field("AttributeName").unwrap_or_default(), exchange.field("AttributeValue").unwrap_or_default());
            if reply.status().is_success() && LOST.iter().any(|end| name.ends_with(end)) {
                memory.topics.change(arn, |known| drop(known.insert(name, value)));
            }
            Ok(reply)
        }
        "DeleteTopic" => {
            memory.topics.take(&arn);
            exchange.pass_on().await
        }
        "GetTopicAttributes" => {
            let known = memory.topics.get(&arn).unwrap_or_default();
            mend::xml(exchange.pass_on().await?, |root| {
                let result = root.children.iter_mut().find(|child| child.name == "GetTopicAttributesResult");
                let list = result.and_then(|result| result.children.iter_mut().find(|child| child.name == "Attributes"));
                let entry = |(name, value): (&String, &String)| {
                    Element::with_children("entry", vec![Element::with_text("key", name), Element::with_text("value", value)])
                };
                if let Some(list) = list {
                    list.children.retain(|entry| !known.contains_key(entry.text_at(&["key"])));
                    list.children.extend(known.iter().map(entry));
                }
            })
        }
        _ => exchange.pass_on().await,
    }
}
