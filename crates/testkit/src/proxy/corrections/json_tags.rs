//! Tags of services whose tags moto does not keep: JSON protocol, by ARN.

use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value, json};

use super::{Memory, mend};
use crate::proxy::exchange::Exchange;

/// Answers `TagResource`, `UntagResource` and `ListTagsForResource` out of memory (Application Auto Scaling and AWS Budgets
/// API References). Tags are a map, or a list of keys and values.
pub(super) fn answer(exchange: &Exchange<'_>, memory: &Memory) -> Option<Response<Bytes>> {
    let body = exchange.json();
    let arn = body["ResourceARN"].as_str().unwrap_or_default().to_owned();
    let done = match exchange.call.operation.as_str() {
        "TagResource" => {
            remember(memory, &arn, body.get("Tags").or_else(|| body.get("ResourceTags")));
            json!({})
        }
        "UntagResource" => {
            let keys = body.get("TagKeys").or_else(|| body.get("ResourceTagKeys")).and_then(Value::as_array).cloned().unwrap_or_default();
            memory.tags.change(arn, |tags| keys.iter().filter_map(Value::as_str).for_each(|key| drop(tags.remove(key))));
            json!({})
        }
        "ListTagsForResource" => {
            let tags = memory.tags.get(&arn).unwrap_or_default();
            let listed: Vec<_> = tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
            json!({"Tags": tags, "ResourceTags": listed})
        }
        _ => return None,
    };
    Some(mend::json_reply(&done))
}

/// Keeps tags of a request.
pub(super) fn remember(memory: &Memory, arn: &str, tags: Option<&Value>) {
    let pairs: Map<String, Value> = match tags {
        Some(Value::Object(map)) => map.clone(),
        Some(Value::Array(list)) => list.iter().filter_map(|tag| Some((tag["Key"].as_str()?.to_owned(), tag["Value"].clone()))).collect(),
        _ => return,
    };
    memory.tags.change(arn.to_owned(), |all| all.extend(pairs));
}
