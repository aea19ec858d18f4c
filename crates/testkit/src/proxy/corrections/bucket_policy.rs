//! Who may do what with a bucket. moto asks nothing about its owner, and enforces statements for everybody, but as if they had no conditions: one that refuses whatever
//! comes without TLS refuses everything.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};

use super::Memory;
use crate::drive::ACCOUNT;
use crate::proxy::error_reply::error_reply;
use crate::proxy::exchange::Exchange;

/// Conditions that are enforced here: whether a header is there (IAM User Guide, "IAM JSON policy elements: Condition
/// operators", Null; Amazon S3 User Guide, "Enforce conditional writes on Amazon S3 buckets").
const PRESENCE: [(&str, &str); 2] = [("s3:if-none-match", "if-none-match"), ("s3:if-match", "if-match")];

/// Answers a call about a policy, and one that a policy refuses; `None` for all others.
pub(super) async fn answer(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Option<Response<Bytes>>> {
    let (bucket, key) = addressed(exchange);
    let about_policy =
        exchange.request.uri().query().is_some_and(|query| query.split('&').any(|part| part == "policy" || part == "policy="));
    if !about_policy {
        let kept = memory.bucket_policies.get(&bucket).unwrap_or_default();
        if is_for_another(exchange) {
            return Ok(Some(error_reply(exchange.call, StatusCode::FORBIDDEN, "AccessDenied", "Access Denied")));
        }
        let refused = is_plain_put(exchange) && refuses(&kept, &format!("{bucket}/{key}"), exchange);
        let message = "Access Denied because of a policy of the bucket";
        return Ok(refused.then(|| error_reply(exchange.call, StatusCode::FORBIDDEN, "AccessDenied", message)));
    }
    let policy: Value = serde_json::from_slice(exchange.request.body()).unwrap_or_default();
    let reply = match *exchange.request.method() {
        Method::PUT => exchange.pass_on_with(&unconditional(&policy)).await?,
        _ => exchange.pass_on().await?,
    };
    if !reply.status().is_success() {
        return Ok(Some(reply));
    }
    match *exchange.request.method() {
        Method::PUT => memory.bucket_policies.put(bucket, String::from_utf8_lossy(exchange.request.body()).into_owned()),
        Method::DELETE => memory.bucket_policies.put(bucket, String::new()),
        _ => {
            let text = memory.bucket_policies.get(&bucket).filter(|text| !text.is_empty());
            return Ok(Some(text.map_or(reply.clone(), |text| reply.map(|_| Bytes::from(text)))));
        }
    }
    Ok(Some(reply))
}

/// Returns whether the bucket must be in another account than it is (Amazon S3 User Guide, "Verifying bucket ownership with bucket owner
/// condition").
fn is_for_another(exchange: &Exchange<'_>) -> bool {
    exchange.request.headers().get("x-amz-expected-bucket-owner").is_some_and(|owner| owner != ACCOUNT)
}

fn addressed(exchange: &Exchange<'_>) -> (String, String) {
    let path = exchange.request.uri().path().trim_start_matches('/');
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    (bucket.to_owned(), key.to_owned())
}

/// Uploads of parts and settings have a query of their own.
fn is_plain_put(exchange: &Exchange<'_>) -> bool {
    let plain = |query: &str| query.is_empty() || query == "x-id=PutObject";
    *exchange.request.method() == Method::PUT
        && plain(exchange.request.uri().query().unwrap_or_default())
        && !addressed(exchange).1.is_empty()
}

/// Returns what moto may enforce as it does.
fn unconditional(policy: &Value) -> Value {
    let mut policy = policy.clone();
    if let Some(all) = policy["Statement"].as_array_mut() {
        all.retain(|one| one["Condition"].is_null());
    }
    policy
}

/// Returns whether a policy refuses a request because a header is missing from it.
fn refuses(policy: &str, object: &str, exchange: &Exchange<'_>) -> bool {
    let policy: Value = serde_json::from_str(policy).unwrap_or_default();
    policy["Statement"].as_array().into_iter().flatten().any(|one| {
        let missing = |(condition, header): (&str, &str)| match &one["Condition"]["Null"][condition] {
            Value::Null => None,
            wanted => Some((*wanted == json!("true")) != exchange.request.headers().contains_key(header)),
        };
        let conditions: Vec<bool> = PRESENCE.into_iter().filter_map(missing).collect();
        one["Effect"] == "Deny" && !conditions.is_empty() && conditions.iter().all(|holds| *holds) && is_about(&one["Resource"], object)
    })
}

fn is_about(resource: &Value, object: &str) -> bool {
    let one = |pattern: &Value| {
        let pattern = pattern.as_str().and_then(|pattern| pattern.split(":::").nth(1)).unwrap_or_default();
        fits(pattern.as_bytes(), object.as_bytes())
    };
    resource.as_array().map_or_else(|| one(resource), |all| all.iter().any(one))
}

/// Returns whether a text fits a pattern in which `*` stands for anything.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|at| fits(rest, &text[at..])),
        Some((letter, rest)) => text.first() == Some(letter) && fits(rest, &text[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(fits(b"b/*/state/*", b"b/p/e/s/state/1") && fits(b"b/*", b"b/") && fits(b"*", b""));
        assert!(!fits(b"b/*/state/*", b"b/p/e/s/head.json") && !fits(b"b", b"b/x"));
    }
}
