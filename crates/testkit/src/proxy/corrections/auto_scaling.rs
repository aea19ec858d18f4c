//! Application Auto Scaling.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::{Memory, json_tags, mend};
use crate::{
    proxy::{error_reply::error_reply, exchange::Exchange},
    wire,
};

/// Alarms that a policy made for itself go with it, and with the one that takes its place (Application Auto Scaling API
/// Reference, DeleteScalingPolicy, PutScalingPolicy). moto leaves them.
pub(super) async fn without_old_alarms(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let before = alarms(exchange).await?;
    let reply = if exchange.call.operation == "PutScalingPolicy" { exchange.pass_on().await? } else { delete(exchange).await? };
    if reply.status().is_success() {
        let after = alarms(exchange).await?;
        let gone: Vec<_> = before.into_iter().filter(|name| !after.contains(name)).collect();
        if !gone.is_empty() {
            let body = json!({"AlarmNames": gone});
            wire::json(exchange.authority, "monitoring", &exchange.call.region, "GraniteServiceVersion20100801.DeleteAlarms", &body)
                .await?;
        }
    }
    Ok(reply)
}

/// The names of the alarms of all policies of a service.
async fn alarms(exchange: &Exchange<'_>) -> anyhow::Result<Vec<String>> {
    let listed = exchange.ask_json("DescribeScalingPolicies", &json!({"ServiceNamespace": exchange.json()["ServiceNamespace"]})).await?;
    let policies = listed["ScalingPolicies"].as_array().cloned().unwrap_or_default();
    let named = |alarm: &Value| alarm["AlarmName"].as_str().map(str::to_owned);
    Ok(policies
        .iter()
        .flat_map(|policy| policy["Alarms"].as_array().cloned().unwrap_or_default())
        .filter_map(|alarm| named(&alarm))
        .collect())
}

/// A target takes tags when it is registered (Application Auto Scaling API Reference, RegisterScalableTarget). moto has none.
pub(super) async fn register(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    let answer: Value = serde_json::from_slice(reply.body()).unwrap_or_default();
    if let Some(arn) = answer["ScalableTargetARN"].as_str() {
        json_tags::remember(memory, arn, exchange.json().get("Tags"));
    }
    Ok(reply)
}

/// What is not there is refused with `ObjectNotFoundException` (Application Auto Scaling API Reference,
/// DeregisterScalableTarget, DeleteScalingPolicy). moto says `ValidationException`.
async fn delete(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    let answer: Value = serde_json::from_slice(reply.body()).unwrap_or_default();
    let message = answer["message"].as_str().or_else(|| answer["Message"].as_str()).unwrap_or_default();
    if reply.status().is_client_error() && message.starts_with("No scal") {
        return Ok(error_reply(exchange.call, StatusCode::BAD_REQUEST, "ObjectNotFoundException", message));
    }
    Ok(reply)
}

/// A target whose state was never suspended shows all three as false, and a role is always shown (Application Auto Scaling
/// API Reference, ScalableTarget).
pub(super) async fn show_targets(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    mend::json(exchange.pass_on().await?, |body| {
        for target in body["ScalableTargets"].as_array_mut().into_iter().flatten() {
            for name in ["DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended"] {
                if target["SuspendedState"][name].is_null() {
                    target["SuspendedState"][name] = Value::Bool(false);
                }
            }
        }
    })
}
