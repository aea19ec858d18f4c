//! Lambda functions.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::{Map, Value, json};

use super::{Memory, mend};
use crate::proxy::{error_reply::error_reply, exchange::Exchange};

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

/// How many reads of a function show a change in progress. "While the update is in progress, the function's LastUpdateStatus field is set to
/// InProgress" (AWS Lambda API Reference, UpdateFunctionConfiguration); moto shows none.
const READS: u64 = 1;

/// Where the number of those reads that are still to come is kept beside what was sent.
const CHANGING: &str = "changing";

/// What was asked for is what is shown, and one change ends before the next begins.
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
        (&Method::PUT, name, "configuration" | "code") if is_changing(memory, &region, name) => {
            let words = format!("The operation cannot be performed at this time. An update is in progress for resource: {name}");
            Ok(error_reply(exchange.call, StatusCode::CONFLICT, "ResourceConflictException", &words))
        }
        (&Method::PUT, name, "configuration") => {
            let reply = exchange.pass_on().await?;
            if reply.status().is_success() {
                memory.functions.change((region, name.to_owned()), |known| {
                    remember(known, &body);
                    known.insert(CHANGING.to_owned(), READS.into());
                });
            }
            Ok(reply)
        }
        (&Method::PUT, name, "code") => {
            let reply = exchange.pass_on().await?;
            if reply.status().is_success() {
                memory.functions.change((region, name.to_owned()), |known| {
                    known.extend(body.get("ImageUri").map(|uri| ("ImageUri".to_owned(), uri.clone())));
                    known.insert(CHANGING.to_owned(), READS.into());
                });
            }
            Ok(reply)
        }
        (&Method::GET, name, "") if !name.is_empty() => {
            let place = (region, name.to_owned());
            let known = memory.functions.get(&place).unwrap_or_default();
            memory.functions.change(place, one_read_less);
            mend::json(exchange.pass_on().await?, |body| show(body, &known))
        }
        _ => exchange.pass_on().await,
    }
}

fn reads_left(known: &Map<String, Value>) -> u64 {
    known.get(CHANGING).and_then(Value::as_u64).unwrap_or_default()
}

fn is_changing(memory: &Memory, region: &str, name: &str) -> bool {
    memory.functions.get(&(region.to_owned(), name.to_owned())).is_some_and(|known| reads_left(&known) > 0)
}

fn one_read_less(known: &mut Map<String, Value>) {
    known.insert(CHANGING.to_owned(), reads_left(known).saturating_sub(1).into());
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
    // moto shows settings of an image that nobody gave, all of them empty.
    if let (None, Some(shown)) = (known.get("ImageConfig"), shown.as_object_mut()) {
        shown.remove("ImageConfigResponse");
    }
    shown["LastUpdateStatus"] = if reads_left(known) > 0 { "InProgress" } else { "Successful" }.into();
    for (name, value) in known.iter().filter(|(name, _)| !["ImageUri", CHANGING].contains(&name.as_str())) {
        if name == "ImageConfig" {
            shown["ImageConfigResponse"] = json!({"ImageConfig": value});
        } else {
            shown[name] = value.clone();
        }
    }
}
