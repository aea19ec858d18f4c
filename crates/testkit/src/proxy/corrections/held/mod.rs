//! Things that take their time.
//!
//! AWS answers a request before what it asks for is done: a gateway is `pending`, a database is `creating`, a service drains. In
//! moto everything is done at once, so that nobody who forgets to wait is found out. Here what begins, changes or goes is held
//! in that state for a number of looks at it ([`Rules::held_reads`](crate::Rules)); what goes is deleted in moto only then, so
//! that until then it holds what it uses.
//!
//! - `table` says which things, which operations, and which words AWS has for the state.
//! - `show` puts the word into an answer.

mod show;
mod table;

use bytes::Bytes;
use http::{Request, Response, StatusCode};

use self::table::{KINDS, Kind};
use super::Memory;
use crate::proxy::call::Call;
use crate::proxy::error_reply::error_reply;
use crate::proxy::exchange::Exchange;

/// A thing: its service, its region, its name.
pub(super) type Key = (String, String, String);

/// A request that is put off.
type PutOff = (Call, Request<Bytes>);

/// One thing that is held.
#[derive(Clone)]
pub(super) struct Hold {
    /// The word for its state.
    word: &'static str,
    /// How many more looks at it show that word.
    left: usize,
    /// The request that deletes it when the looks are over.
    last: Option<PutOff>,
}

/// What a call is answered because of a hold, before moto sees it: what goes is put off, what is held is not changed.
pub(super) async fn answer(exchange: &Exchange<'_>, memory: &Memory, reads: usize) -> anyhow::Result<Option<Response<Bytes>>> {
    let Some(kind) = kind(exchange) else { return Ok(None) };
    let Some(key) = kind.asked(exchange).map(|name| key(exchange, name)) else { return Ok(None) };
    let hold = memory.held.get(&key);
    let operation = exchange.call.operation.as_str();
    if let (Some(hold), Some(busy)) = (&hold, kind.busy.iter().find(|busy| busy.is_about(operation)))
        && busy.words.contains(&hold.word)
    {
        count(memory, &key);
        return Ok(Some(error_reply(exchange.call, StatusCode::from_u16(busy.status)?, busy.code, busy.message)));
    }
    let Some(deletes) = kind.deletes.as_ref().filter(|deletes| deletes.operation == operation) else { return Ok(None) };
    if reads == 0 {
        return Ok(None);
    }
    // What moto refuses, or does not know, is for moto to answer.
    let Some(mut answer) = (deletes.answer)(exchange).await? else { return Ok(None) };
    answer.put(kind, &key.2, deletes.word);
    if hold.is_none_or(|hold| hold.last.is_none()) {
        let last = Some((exchange.call.clone(), exchange.request.clone()));
        memory.held.put(key, Hold { word: deletes.word, left: reads, last });
    }
    Ok(Some(answer.reply()))
}

/// Begins holds, and shows those that last. Returns what is to be deleted now.
pub(super) fn show(
    exchange: &Exchange<'_>,
    memory: &Memory,
    reads: usize,
    reply: Response<Bytes>,
) -> anyhow::Result<(Response<Bytes>, Vec<PutOff>)> {
    let Some(kind) = kind(exchange).filter(|_| reply.status().is_success()) else { return Ok((reply, Vec::new())) };
    let Some(mut answer) = show::Answer::read(&reply)? else { return Ok((reply, Vec::new())) };
    if let (Some(word), true) = (kind.begin(&exchange.call.operation), reads > 0) {
        // What goes goes on going.
        let is_going = |key: &Key| memory.held.get(key).is_some_and(|hold| hold.last.is_some());
        for key in answer.names(kind).into_iter().map(|name| key(exchange, name)).filter(|key| !is_going(key)) {
            memory.held.put(key, Hold { word, left: reads, last: None });
        }
    }
    let mut over = Vec::new();
    for name in answer.names(kind) {
        let key = key(exchange, name);
        let Some(hold) = memory.held.get(&key) else { continue };
        answer.put(kind, &key.2, hold.word);
        if !exchange.call.mutating {
            over.extend(count(memory, &key));
        }
    }
    Ok((answer.reply_like(reply), over))
}

/// One look less. Returns the deletion that was put off until the last.
fn count(memory: &Memory, key: &Key) -> Option<PutOff> {
    let hold = memory.held.get(key)?;
    if hold.left > 1 {
        memory.held.put(key.clone(), Hold { left: hold.left - 1, ..hold });
        return None;
    }
    memory.held.take(key)?.last
}

fn kind(exchange: &Exchange<'_>) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.service == exchange.call.service && kind.is_about(&exchange.call.operation))
}

fn key(exchange: &Exchange<'_>, name: String) -> Key {
    (exchange.call.service.clone(), exchange.call.region.clone(), name)
}
