//! What is in use is not deleted.
//!
//! - `table` says which deletion is refused, what holds the thing, and in which words AWS refuses. A new row is a new rule.
//! - `holders` asks moto for what may hold a thing.
//!
//! moto itself refuses the other ones: an attached internet gateway, a route table with associations, a target group of a
//! listener, a role with policies, a repository, bucket or zone that is not empty, a rule with targets.

mod holders;
mod table;

use bytes::Bytes;
use http::{Response, StatusCode};

use super::Memory;
use crate::proxy::error_reply::error_reply;
use crate::proxy::exchange::Exchange;

use holders::{Holders, Thing};
use table::{HeldBy, RULES, Rule};

/// What AWS calls it when something is still in use, whoever found out: this table or moto.
const CODES: [&str; 11] = [
    "BucketNotEmpty",
    "ClusterContainsServicesException",
    "DeleteConflict",
    "DependencyViolation",
    "HostedZoneNotEmpty",
    "InvalidDBSubnetGroupStateFault",
    "InvalidIPAddress.InUse",
    "RepositoryNotEmptyException",
    "ResourceInUse",
    "Rule can't be deleted since it has targets",
    "scaled above 0",
];

/// Notes down that something was asked for out of order, for a test to see.
pub(super) fn note(exchange: &Exchange<'_>, memory: &Memory, reply: &Response<Bytes>) {
    let said = String::from_utf8_lossy(reply.body());
    if exchange.call.mutating && reply.status().is_client_error() && CODES.iter().any(|code| said.contains(code)) {
        memory.refused.push(format!("{} {}: {said}", exchange.call.service, exchange.call.operation));
    }
}

/// The refusal of a deletion, if something still holds what is to go.
pub(super) async fn refuse(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Option<Response<Bytes>>> {
    let call = exchange.call;
    for rule in RULES.iter().filter(|rule| rule.service == call.service && rule.operation == call.operation) {
        let Some(id) = named(exchange, rule.id) else { continue };
        if let Some(holder) = holder(exchange, memory, rule, &id).await? {
            let message = rule.message.replace("{id}", &id).replace("{holder}", &holder);
            let status = StatusCode::from_u16(rule.status)?;
            return Ok(Some(error_reply(call, status, rule.code, &message)));
        }
    }
    Ok(None)
}

/// What the call is about: a field of the form, or of the JSON body.
fn named(exchange: &Exchange<'_>, field: &str) -> Option<String> {
    exchange.field(field).or_else(|| exchange.json()[field].as_str().map(str::to_owned))
}

/// The name of the first thing that holds it.
async fn holder(exchange: &Exchange<'_>, memory: &Memory, rule: &Rule, id: &str) -> anyhow::Result<Option<String>> {
    for held_by in rule.held_by {
        let found = held_by.holders.list(exchange, memory, id).await?;
        if let Some(holder) = found.iter().find(|thing| holds(thing, held_by, id)) {
            return Ok(Some(holder.at(held_by.holders.name()).unwrap_or_default().to_owned()));
        }
    }
    Ok(None)
}

/// Whether a thing names another one, in the way the row asks for.
fn holds(thing: &Thing, held_by: &HeldBy, id: &str) -> bool {
    let names = held_by.at.is_empty() || held_by.at.iter().any(|at| thing.says(at, id));
    let is_such = held_by.only.iter().all(|(at, text)| match *text {
        "*" => thing.at(at).is_some_and(|said| !said.is_empty()),
        text => thing.says(at, text),
    });
    let lets_go = held_by.unless.iter().any(|(at, text)| thing.at(at) == Some(if *text == "{id}" { id } else { text }));
    names && is_such && !lets_go
}
