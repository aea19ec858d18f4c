//! Client tokens: a request sent again makes nothing new.
//!
//! AWS answers a second request with the same token and parameters as it did the first, and refuses one with other
//! parameters (Amazon EC2 Developer Guide, "Ensuring idempotency in Amazon EC2 API requests"). moto makes a second NAT
//! gateway, route table, volume, network interface or endpoint.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::Memory;
use crate::proxy::error_reply::error_reply;
use crate::proxy::exchange::Exchange;

/// The answer this request already got, if it carries a token and was made before.
pub(super) fn answer_again(exchange: &Exchange<'_>, memory: &Memory) -> Option<Response<Bytes>> {
    let (sent, reply) = memory.tokens.get(&key(exchange)?)?;
    if sent == *exchange.request.body() {
        return Some(reply);
    }
    let message = "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).";
    Some(error_reply(exchange.call, StatusCode::BAD_REQUEST, "IdempotentParameterMismatch", message))
}

/// Keeps the answer to a request that carries a token. What was refused may be tried again.
pub(super) fn keep(exchange: &Exchange<'_>, memory: &Memory, reply: &Response<Bytes>) {
    if let (true, Some(key)) = (reply.status().is_success(), key(exchange)) {
        memory.tokens.put(key, (exchange.request.body().clone(), reply.clone()));
    }
}

/// Only EC2: the others check for themselves, or go by name.
fn key(exchange: &Exchange<'_>) -> Option<(String, String, String)> {
    let call = exchange.call;
    let creates = call.service == "ec2" && (call.operation.starts_with("Create") || call.operation == "RunInstances");
    let token = if creates { exchange.field("ClientToken") } else { None };
    Some((call.region.clone(), call.operation.clone(), token?))
}
