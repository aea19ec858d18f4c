//! Lambda functions.

use bytes::Bytes;
use http::{Method, Response};
use serde_json::{Map, Value, json};

use super::{Memory, mend};
use crate::proxy::exchange::Exchange;

/// Settings that moto takes and does not show, or not as they were changed (AWS Lambda API Reference, FunctionConfiguration).
const LOST: [&str; 8] = [
    "DeadLetterConfig",
    "EphemeralStorage",
    "FileSystemConfigs",
    "ImageConfig",
    "KMSKeyArn",
    "LoggingConfig",
    "TracingConfig",
    "VpcConfig",
];

/// What was asked for is what is shown.
pub(super) async fn answer(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    let path = exchange.request.uri().path();
    let Some(rest) = path.split_once("/functions").map(|(_, rest)| rest.trim_matches('/')) else { return exchange.pass_on().await };
    let (name, part) = rest.split_once('/').unwrap_or((rest, ""));
    let region = exchange.call.region.clone();
    let body = exchange.json();
    match (exchange.request.method(), name, part) {
        (&Method::POST, "", "") => {
            let reply = exchange.pass_on().await?;
            if reply.status().is_success() {
                let name = body["FunctionName"].as_str().unwrap_or_default().to_owned();
                memory.functions.take(&(region.clone(), name.clone()));
                memory.functions.change((region, name), |known| remember(known, &body));
            }
            Ok(reply)
        }
        (&Method::PUT, name, "configuration") => {
            let reply = exchange.pass_on().await?;
            if reply.status().is_success() {
                memory.functions.change((region, name.to_owned()), |known| remember(known, &body));
            }
            Ok(reply)
        }
        (&Method::PUT, name, "code") => {
            let reply = exchange.pass_on().await?;
            if let (true, Some(uri)) = (reply.status().is_success(), body.get("ImageUri")) {
                memory.functions.change((region, name.to_owned()), |known| drop(known.insert("ImageUri".to_owned(), uri.clone())));
            }
            Ok(reply)
        }
        (&Method::GET, name, "") if !name.is_empty() => {
            let known = memory.functions.get(&(region, name.to_owned())).unwrap_or_default();
            mend::json(exchange.pass_on().await?, |body| show(body, &known))
        }
        _ => exchange.pass_on().await,
    }
}

fn remember(known: &mut Map<String, Value>, sent: &Value) {
    for name in LOST {
        if let Some(value) = sent.get(name).filter(|value| !value.is_null()) {
            known.insert(name.to_owned(), value.clone());
        }
    }
}

fn show(body: &mut Value, known: &Map<String, Value>) {
    if let Some(uri) = known.get("ImageUri") {
        body["Code"]["ImageUri"] = uri.clone();
    }
    let shown = &mut body["Configuration"];
    for (name, value) in known.iter().filter(|(name, _)| *name != "ImageUri") {
        if name == "ImageConfig" {
            shown["ImageConfigResponse"] = json!({"ImageConfig": value});
        } else {
            shown[name] = value.clone();
        }
    }
}
