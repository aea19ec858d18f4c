//! The way of one call: recognised, recorded, disturbed, passed on, corrected.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::call::Call;
use super::corrections::{self, Memory};
use super::error_reply::{error_reply, throttling};
use super::exchange::Exchange;
use super::fault::{Faults, What};
use super::not_implemented;
use super::recognise::recognise;
use super::record::Record;
use super::server::Rules;
use crate::wire;

/// How often a read over which moto falls is made again.
const READ_AGAIN: usize = 2;

/// What all connections share.
pub(super) struct Passage {
    pub(super) authority: String,
    pub(super) rules: Rules,
    pub(super) record: Record,
    pub(super) faults: Faults,
    pub(super) memory: Memory,
}

/// The connection is to end without an answer.
#[derive(Debug)]
struct Dropped;

impl std::fmt::Display for Dropped {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("dropped on demand")
    }
}

impl std::error::Error for Dropped {}

/// Answers the one request of a connection, or ends it.
pub(super) async fn serve(passage: Arc<Passage>, stream: TcpStream) {
    let service = service_fn(|request| answer(Arc::clone(&passage), request));
    let connection = hyper::server::conn::http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(stream), service);
    // Ends with an error when an answer was dropped on demand, and when the caller went away: both are its business.
    let _ = connection.await;
}

async fn answer(passage: Arc<Passage>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Dropped> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Dropped)?.to_bytes();
    let request = Request::from_parts(parts, body);
    let is_head = request.method() == Method::HEAD;
    let reply = if request.uri().path().starts_with("/moto-api/") {
        pass_unseen(&passage, request).await
    } else {
        // AWS does what it has heard even when the caller goes away meanwhile, all of it; hyper drops what nobody waits for.
        tokio::spawn(async move { passage.take_through(request).await }).await.map_err(|_| Dropped)??
    };
    Ok(ready_to_send(reply, is_head).map(Full::new))
}

/// What something on the way may answer.
const PAGE: &[u8] = b"<html><body><h1>Welcome</h1></body></html>";

/// moto's own pages are no calls to AWS.
async fn pass_unseen(passage: &Passage, request: Request<Bytes>) -> Response<Bytes> {
    wire::send(&passage.authority, request).await.unwrap_or_else(|error| {
        let mut reply = Response::new(Bytes::from(format!("{error:#}")));
        *reply.status_mut() = StatusCode::BAD_GATEWAY;
        reply
    })
}

/// The length is written anew, except where there is no body to take it from.
fn ready_to_send(mut reply: Response<Bytes>, is_head: bool) -> Response<Bytes> {
    let headers = reply.headers_mut();
    headers.remove(header::TRANSFER_ENCODING);
    headers.remove(header::CONNECTION);
    if !is_head {
        headers.remove(header::CONTENT_LENGTH);
    }
    reply
}

impl Passage {
    /// Recognise, record, disturb, ask moto, correct, record.
    async fn take_through(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Dropped> {
        let mut call = recognise(&request);
        let entry = self.record.begin(&mut call);
        let struck = self.faults.strike(&call, &request);
        let reply = match &struck {
            Some(What::DropBeforeSend) => return Err(Dropped),
            Some(What::Throttle | What::ThrottleAbove { .. }) => throttling(&call),
            Some(What::Error { status, code, message }) => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                error_reply(&call, status, code, message)
            }
            Some(What::Delay(time)) => {
                tokio::time::sleep(*time).await;
                self.ask_moto(&call, &request).await
            }
            Some(What::HangBeforeSend) => {
                self.faults.hang().await;
                return Err(Dropped);
            }
            Some(What::GarbleAnswer) => {
                let reply = self.ask_moto(&call, &request).await;
                if reply.status().is_success() { reply.map(|_| Bytes::from_static(PAGE)) } else { reply }
            }
            Some(What::DropAfterEffect | What::HangAfterEffect) | None => self.ask_moto(&call, &request).await,
        };
        if struck == Some(What::DropAfterEffect) {
            return Err(Dropped);
        }
        if struck == Some(What::HangAfterEffect) {
            self.faults.hang().await;
        }
        self.record.answered(entry, reply.status().as_u16());
        Ok(reply)
    }

    /// moto falls over a read that comes while something is made beside it, which it does not once that is done.
    async fn ask_moto(&self, call: &Call, request: &Request<Bytes>) -> Response<Bytes> {
        let mut reply = self.ask_once(call, request).await;
        for _ in 0..READ_AGAIN {
            match &reply {
                Ok(page) if !call.mutating && not_implemented::fell_over(page) => reply = self.ask_once(call, request).await,
                _ => break,
            }
        }
        let reply = reply.unwrap_or_else(|error| unreachable_simulator(call, &error, &self.record));
        not_implemented::make_loud(call, reply, &self.record)
    }

    async fn ask_once(&self, call: &Call, request: &Request<Bytes>) -> anyhow::Result<Response<Bytes>> {
        let exchange = Exchange { call, request, authority: &self.authority };
        if self.rules.corrections { corrections::answer(&exchange, &self.memory, &self.rules).await } else { exchange.pass_on().await }
    }
}

/// moto is gone, or a correction found something it does not understand: either way the test must not go on quietly.
fn unreachable_simulator(call: &Call, error: &anyhow::Error, record: &Record) -> Response<Bytes> {
    let sentence = format!("The simulator failed at {} {}: {error:#}", call.service, call.operation);
    record.not_implemented(sentence.clone());
    error_reply(call, StatusCode::BAD_REQUEST, not_implemented::CODE, &sentence)
}
