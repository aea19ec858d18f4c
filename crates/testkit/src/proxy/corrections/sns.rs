//! Topics.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::{Memory, mend};
use crate::proxy::{error_reply::error_reply, exchange::Exchange, xml::Element};

/// Ends of the names of attributes of a topic that moto takes and does not show (Amazon SNS API Reference, GetTopicAttributes).
const LOST: [&str; 5] = ["SignatureVersion", "TracingConfig", "FeedbackRoleArn", "FeedbackSampleRate", ARCHIVE];

/// An archive ends with an empty policy, and a topic that has one can't be deleted (Amazon SNS Developer Guide, "Message archiving for
/// FIFO topic owners").
const ARCHIVE: &str = "ArchivePolicy";

pub(super) async fn answer(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    let arn = exchange.field("TopicArn").unwrap_or_default();
    match exchange.call.operation.as_str() {
        "SetTopicAttributes" if is_archive(exchange, "") => {
            Ok(refuse(exchange, "Invalid parameter: Attributes Reason: ArchivePolicy: failed to parse JSON"))
        }
        "SetTopicAttributes" if is_archive(exchange, "{}") => {
            memory.topics.change(arn, |known| drop(known.remove(ARCHIVE)));
            exchange.pass_on().await
        }
        "SetTopicAttributes" => {
            let reply = exchange.pass_on().await?;
            let (name, value) = (exchange.field("AttributeName").unwrap_or_default(), exchange.field("AttributeValue").unwrap_or_default());
            if reply.status().is_success() && LOST.iter().any(|end| name.ends_with(end)) {
                memory.topics.change(arn, |known| drop(known.insert(name, value)));
            }
            Ok(reply)
        }
        "DeleteTopic" if memory.topics.get(&arn).is_some_and(|known| known.contains_key(ARCHIVE)) => {
            Ok(refuse(exchange, "Invalid parameter: Cannot delete a topic with an ArchivePolicy"))
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

fn is_archive(exchange: &Exchange<'_>, value: &str) -> bool {
    exchange.field("AttributeName").as_deref() == Some(ARCHIVE) && exchange.field("AttributeValue").unwrap_or_default() == value
}

fn refuse(exchange: &Exchange<'_>, message: &str) -> Response<Bytes> {
    error_reply(exchange.call, StatusCode::BAD_REQUEST, "InvalidParameter", message)
}
