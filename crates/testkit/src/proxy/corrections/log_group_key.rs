//! The key that encrypts a log group.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::{Memory, mend};
use crate::proxy::error_reply::error_reply;
use crate::proxy::exchange::Exchange;

/// A key is set, replaced and taken away by calls of their own (Amazon CloudWatch Logs API Reference, AssociateKmsKey and
/// DisassociateKmsKey). moto has neither.
pub(super) async fn change(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    let body = exchange.json();
    let name = body["logGroupName"].as_str().unwrap_or_default().to_owned();
    let found = exchange.ask_json("DescribeLogGroups", &json!({ "logGroupNamePrefix": name })).await?;
    if !found["logGroups"].as_array().is_some_and(|groups| groups.iter().any(|group| group["logGroupName"] == name.as_str())) {
        let message = "The specified log group does not exist.";
        return Ok(error_reply(exchange.call, StatusCode::BAD_REQUEST, "ResourceNotFoundException", message));
    }
    remember(exchange, memory, &body);
    Ok(mend::json_reply(&json!({})))
}

/// Keeps the key that a request holds, or that it holds none.
pub(super) fn remember(exchange: &Exchange<'_>, memory: &Memory, body: &Value) {
    let name = body["logGroupName"].as_str().unwrap_or_default().to_owned();
    memory.log_group_keys.put((exchange.call.region.clone(), name), body["kmsKeyId"].as_str().map(str::to_owned));
}

/// Shows the key that was last remembered.
pub(super) fn show(exchange: &Exchange<'_>, memory: &Memory, group: &mut Value) {
    let name = group["logGroupName"].as_str().unwrap_or_default().to_owned();
    match (memory.log_group_keys.get(&(exchange.call.region.clone(), name)), group.as_object_mut()) {
        (Some(Some(key)), Some(members)) => drop(members.insert("kmsKeyId".to_owned(), json!(key))),
        (Some(None), Some(members)) => drop(members.remove("kmsKeyId")),
        (None, _) | (_, None) => {}
    }
}
