//! CBOR to JSON and back, for services whose SDK speaks only `rpc-v2-cbor` while moto speaks only JSON: CloudWatch.
//!
//! Smithy RPC v2 CBOR protocol: the operation stands in the path, `/service/NAME/operation/OPERATION`; a timestamp is a number
//! with tag 1; an error is a map with `__type`.

use bytes::Bytes;
use ciborium::Value as Cbor;
use http::{HeaderValue, Request, Response, header};
use serde_json::{Map, Number, Value as Json};

use crate::{proxy::exchange::Exchange, wire};

/// Members that are floating-point numbers (Amazon CloudWatch API Reference): a whole one is written as one nevertheless.
const FLOATS: [&str; 3] = ["Threshold", "Value", "Values"];

/// Sends a call to moto in JSON and returns the answer in CBOR.
pub(super) async fn translate(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let asked = if exchange.request.body().is_empty() {
        Json::Object(Map::new())
    } else {
        to_json(&ciborium::from_reader(exchange.request.body().as_ref())?)
    };
    let target = format!("GraniteServiceVersion20100801.{}", exchange.call.operation);
    let body = serde_json::to_vec(&asked)?;
    let mut request = Request::post("/").body(Bytes::from(body))?;
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.0"));
    headers.insert("x-amz-target", HeaderValue::from_str(&target)?);
    for name in [header::AUTHORIZATION, header::HOST] {
        exchange.request.headers().get(&name).cloned().map(|value| headers.insert(name, value));
    }
    let reply = wire::send(exchange.authority, request).await?;
    // What is no JSON object is a page that says moto has no answer: it passes as it is.
    let Some(answer) = serde_json::from_slice(reply.body()).ok().filter(Json::is_object) else { return Ok(reply) };
    let mut out = Vec::new();
    ciborium::into_writer(&to_cbor(&answer, ""), &mut out)?;
    let mut answer = Response::new(Bytes::from(out));
    *answer.status_mut() = reply.status();
    mark(&mut answer);
    Ok(answer)
}

/// An error in CBOR.
pub(in super::super) fn error(code: &str, message: &str) -> Bytes {
    let text = |text: &str| Cbor::Text(text.to_owned());
    let body = Cbor::Map(vec![(text("__type"), text(code)), (text("message"), text(message))]);
    let mut out = Vec::new();
    // Writing to memory does not fail.
    let _ = ciborium::into_writer(&body, &mut out);
    out.into()
}

/// Says in the headers that an answer is CBOR.
pub(in super::super) fn mark(reply: &mut Response<Bytes>) {
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/cbor"));
    reply.headers_mut().insert("smithy-protocol", HeaderValue::from_static("rpc-v2-cbor"));
}

fn to_json(value: &Cbor) -> Json {
    match value {
        Cbor::Integer(number) => i64::try_from(*number).map_or(Json::Null, Json::from),
        Cbor::Float(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
        Cbor::Text(text) => Json::String(text.clone()),
        Cbor::Bool(value) => Json::Bool(*value),
        Cbor::Tag(_, inner) => to_json(inner),
        Cbor::Array(all) => all.iter().map(to_json).collect(),
        Cbor::Map(all) => Json::Object(all.iter().filter_map(|(key, value)| Some((key.as_text()?.to_owned(), to_json(value)))).collect()),
        _ => Json::Null,
    }
}

fn to_cbor(value: &Json, name: &str) -> Cbor {
    let float = |number: &Number| number.as_f64().map_or(Cbor::Null, Cbor::Float);
    match value {
        Json::Null => Cbor::Null,
        Json::Bool(value) => Cbor::Bool(*value),
        Json::Number(number) if name.ends_with("Timestamp") || name.ends_with("LastModified") => Cbor::Tag(1, Box::new(float(number))),
        Json::Number(number) if FLOATS.contains(&name) => float(number),
        Json::Number(number) => number.as_i64().map_or_else(|| float(number), |number| Cbor::Integer(number.into())),
        Json::String(text) => Cbor::Text(text.clone()),
        Json::Array(all) => Cbor::Array(all.iter().map(|one| to_cbor(one, name)).collect()),
        // What is not there is left out, as AWS does.
        Json::Object(all) => {
            let there = all.iter().filter(|(_, value)| !value.is_null());
            Cbor::Map(there.map(|(key, value)| (Cbor::Text(key.clone()), to_cbor(value, key))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn timestamps_and_floats_are_told_by_their_names() {
        let there = to_cbor(&json!({"StateUpdatedTimestamp": 1.5, "Threshold": 80, "Period": 300, "Unit": null}), "");
        let Cbor::Map(members) = &there else { panic!("a map") };
        assert_eq!(members.len(), 3);
        assert!(members.iter().any(|(_, value)| matches!(value, Cbor::Tag(1, _))));
        assert!(members.iter().any(|(key, value)| key.as_text() == Some("Threshold") && value.as_float() == Some(80.0)));
        assert_eq!(to_json(&there), json!({"StateUpdatedTimestamp": 1.5, "Threshold": 80.0, "Period": 300}));
    }
}
