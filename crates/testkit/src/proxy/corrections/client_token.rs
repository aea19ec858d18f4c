//! Client tokens: a request sent again makes nothing new.
//!
//! moto looks at none of them: it makes a second NAT gateway, route table, certificate or zone. ECS services are not in the
//! table: they go by name and the whole of the request, see `ecs_service`.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::Memory;
use crate::proxy::error_reply::error_reply;
use crate::proxy::exchange::Exchange;
use crate::proxy::xml::Element;

/// What a service makes of a token.
struct Rule {
    service: &'static str,
    /// How the names of the operations that take one begin.
    operations: &'static [&'static str],
    token: Field,
    same: Again,
    other: Again,
    #[expect(dead_code, reason = "for the reader of this table")]
    page: &'static str,
}

/// Where the token stands.
enum Field {
    Form(&'static str),
    Json(&'static str),
    Xml(&'static str),
}

/// What a request is answered whose token was used before.
enum Again {
    /// As it was the first time.
    AsBefore,
    Refused {
        status: StatusCode,
        code: &'static str,
        message: &'static str,
    },
}

const RULES: [Rule; 4] = [
    Rule {
        service: "ec2",
        operations: &["Create", "RunInstances"],
        token: Field::Form("ClientToken"),
        same: Again::AsBefore,
        other: Again::Refused {
            status: StatusCode::BAD_REQUEST,
            code: "IdempotentParameterMismatch",
            message: "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
        },
        page: "Amazon EC2 Developer Guide, Ensuring idempotency in Amazon EC2 API requests",
    },
    Rule {
        service: "acm",
        operations: &["RequestCertificate"],
        token: Field::Json("IdempotencyToken"),
        same: Again::AsBefore,
        // The page knows one certificate for one token, and no error.
        other: Again::AsBefore,
        page: "AWS Certificate Manager API Reference, RequestCertificate, IdempotencyToken",
    },
    Rule {
        service: "route53",
        operations: &["POST /2013-04-01/hostedzone"],
        token: Field::Xml("CallerReference"),
        same: ZONE_EXISTS,
        other: ZONE_EXISTS,
        page: "Amazon Route 53 API Reference, CreateHostedZone, HostedZoneAlreadyExists",
    },
    Rule {
        service: "scheduler",
        operations: &["POST /schedules/"],
        token: Field::Json("ClientToken"),
        same: Again::AsBefore,
        other: Again::Refused {
            status: StatusCode::CONFLICT,
            code: "ConflictException",
            message: "The schedule exists, and the client token was used with other parameters.",
        },
        page: "Amazon EventBridge Scheduler API Reference, CreateSchedule",
    },
];

/// A reference is good for one zone, whether or not the request is the same.
const ZONE_EXISTS: Again = Again::Refused {
    status: StatusCode::CONFLICT,
    code: "HostedZoneAlreadyExists",
    message: "A hosted zone has already been created with the specified caller reference.",
};

/// Service, region, operation and token.
pub(super) type Key = (String, String, String, String);

/// The answer to a request whose token was used before.
pub(super) fn answer_again(exchange: &Exchange<'_>, memory: &Memory) -> Option<Response<Bytes>> {
    let (rule, key) = key(exchange)?;
    let (sent, reply) = memory.tokens.get(&key)?;
    match if sent == *exchange.request.body() { &rule.same } else { &rule.other } {
        Again::AsBefore => Some(reply),
        Again::Refused { status, code, message } => Some(error_reply(exchange.call, *status, code, message)),
    }
}

/// Keeps the answer to a request that carries a token. What was refused may be tried again.
pub(super) fn keep(exchange: &Exchange<'_>, memory: &Memory, reply: &Response<Bytes>) {
    if let (true, Some((_, key))) = (reply.status().is_success(), key(exchange)) {
        memory.tokens.put(key, (exchange.request.body().clone(), reply.clone()));
    }
}

fn key(exchange: &Exchange<'_>) -> Option<(&'static Rule, Key)> {
    let call = exchange.call;
    let is_named = |rule: &&Rule| rule.service == call.service && rule.operations.iter().any(|start| is_about(&call.operation, start));
    let rule = RULES.iter().find(is_named)?;
    let token = match rule.token {
        Field::Form(name) => exchange.field(name)?,
        Field::Json(name) => exchange.json()[name].as_str()?.to_owned(),
        Field::Xml(name) => Element::parse(&call.request_body).ok()?.child(name)?.text.clone(),
    };
    Some((rule, (call.service.clone(), call.region.clone(), call.operation.clone(), token)))
}

/// A path that does not end with `/` is meant as it is, anything else as a beginning.
fn is_about(operation: &str, start: &str) -> bool {
    let is_whole_path = start.contains(' ') && !start.ends_with('/');
    if is_whole_path { operation.trim_end_matches('/') == start } else { operation.starts_with(start) }
}
