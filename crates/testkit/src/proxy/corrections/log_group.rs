//! Log groups.

use bytes::Bytes;
use http::Response;
use serde_json::json;

use super::{Memory, log_group_key, mend};
use crate::proxy::exchange::Exchange;

/// The class is given at creation and never changes (Amazon CloudWatch Logs API Reference, CreateLogGroup). moto loses
/// it.
pub(super) async fn create(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    if reply.status().is_success() {
        let body = exchange.json();
        let name = body["logGroupName"].as_str().unwrap_or_default();
        let class = body["logGroupClass"].as_str().unwrap_or("STANDARD");
        memory.log_groups.put((exchange.call.region.clone(), name.to_owned()), class.to_owned());
        log_group_key::remember(exchange, memory, &body);
    }
    Ok(reply)
}

/// The class is shown, `STANDARD` unless asked otherwise (Amazon CloudWatch Logs API Reference, LogGroup).
pub(super) async fn describe(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    mend::json(exchange.pass_on().await?, |body| {
        for group in body["logGroups"].as_array_mut().into_iter().flatten() {
            let name = group["logGroupName"].as_str().unwrap_or_default().to_owned();
            let class = memory.log_groups.get(&(exchange.call.region.clone(), name));
            group["logGroupClass"] = json!(class.unwrap_or_else(|| "STANDARD".to_owned()));
            log_group_key::show(exchange, memory, group);
        }
    })
}
