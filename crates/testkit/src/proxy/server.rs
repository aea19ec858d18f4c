//! Listens on a free loopback port and takes each call through its stations.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::Context;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use super::call::Call;
use super::corrections::{self, Memory};
use super::error_reply::{error_reply, throttling};
use super::exchange::Exchange;
use super::fault::{Fault, Faults, What};
use super::not_implemented;
use super::recognise::recognise;
use super::record::Record;
use crate::wire;

/// What the proxy does besides watching.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Whether moto's mistakes are corrected.
    pub corrections: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { corrections: true }
    }
}

/// A running proxy. Dropping it closes its port.
pub struct Proxy {
    shared: Arc<Shared>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    authority: String,
    rules: Rules,
    record: Record,
    faults: Faults,
    memory: Memory,
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

impl Proxy {
    /// Starts a proxy on a free loopback port, in front of `upstream` (`http://127.0.0.1:5000`).
    ///
    /// It has a thread and a runtime of its own: a test may block, or run on one thread, and it goes on answering.
    ///
    /// # Errors
    ///
    /// When no port or thread is to be had.
    pub async fn start(upstream: &str, rules: Rules) -> anyhow::Result<Self> {
        let authority = upstream.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let shared = Arc::new(Shared { authority, rules, record: Record::default(), faults: Faults::default(), memory: Memory::default() });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let (listening, address) = oneshot::channel();
        let for_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("testkit-proxy".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = listen(for_thread, listening) => {}
                    _ = stopped => {}
                }
            });
        })?;
        let address = address.await.context("The proxy found no port to listen on")?;
        Ok(Self { shared, address, stop: Some(stop), thread: Some(thread) })
    }

    /// `http://127.0.0.1:<port>`, what clients are pointed at.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every call since the start or the last `clear`, in order of arrival.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.shared.record.calls()
    }

    /// How many calls there were, by service and operation.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<(String, String), usize> {
        self.shared.record.counts()
    }

    /// How many calls there were of one operation.
    #[must_use]
    pub fn count(&self, service: &str, operation: &str) -> usize {
        self.counts().get(&(service.to_owned(), operation.to_owned())).copied().unwrap_or_default()
    }

    /// One sentence for each call moto had no answer to. A good test ends with none.
    #[must_use]
    pub fn not_implemented(&self) -> Vec<String> {
        self.shared.record.failures()
    }

    /// Forgets the calls and what was not implemented; faults stay.
    pub fn clear(&self) {
        self.shared.record.clear();
    }

    /// Lets something go wrong from now on.
    pub fn inject(&self, fault: Fault) {
        self.shared.faults.inject(fault);
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// Forgets what was remembered to correct moto; for use when moto itself is reset.
    pub fn forget(&self) {
        self.shared.memory.clear();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It fails only when the thread has ended already.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            // A panic in there was printed there; a panic in a drop would hide the test's own.
            let _ = thread.join();
        }
    }
}

async fn listen(shared: Arc<Shared>, listening: oneshot::Sender<SocketAddr>) {
    let Ok(listener) = TcpListener::bind(("127.0.0.1", 0)).await else { return };
    let Ok(address) = listener.local_addr() else { return };
    if listening.send(address).is_err() {
        return;
    }
    loop {
        // A connection that ended before it was accepted is no reason to stop.
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(Arc::clone(&shared), stream));
        }
    }
}

async fn serve(shared: Arc<Shared>, stream: TcpStream) {
    let service = service_fn(|request| answer(Arc::clone(&shared), request));
    let connection = hyper::server::conn::http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(stream), service);
    // Ends with an error when an answer was dropped on demand, and when the caller went away: both are its business.
    let _ = connection.await;
}

async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Dropped> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Dropped)?.to_bytes();
    let request = Request::from_parts(parts, body);
    let is_head = request.method() == Method::HEAD;
    let reply = if request.uri().path().starts_with("/moto-api/") {
        pass_unseen(&shared, request).await
    } else {
        shared.take_through(request).await?
    };
    Ok(ready_to_send(reply, is_head).map(Full::new))
}

/// moto's own pages are no calls to AWS.
async fn pass_unseen(shared: &Shared, request: Request<Bytes>) -> Response<Bytes> {
    wire::send(&shared.authority, request).await.unwrap_or_else(|error| {
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

impl Shared {
    /// Recognise, record, disturb, ask moto, correct, record.
    async fn take_through(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Dropped> {
        let mut call = recognise(&request);
        let entry = self.record.begin(&mut call);
        let struck = self.faults.strike(&call);
        let reply = match &struck {
            Some(What::DropBeforeSend) => return Err(Dropped),
            Some(What::Throttle) => throttling(&call),
            Some(What::Error { status, code, message }) => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                error_reply(&call, status, code, message)
            }
            Some(What::Delay(time)) => {
                tokio::time::sleep(*time).await;
                self.ask_moto(&call, &request).await
            }
            Some(What::DropAfterEffect) | None => self.ask_moto(&call, &request).await,
        };
        if struck == Some(What::DropAfterEffect) {
            return Err(Dropped);
        }
        self.record.answered(entry, reply.status().as_u16());
        Ok(reply)
    }

    async fn ask_moto(&self, call: &Call, request: &Request<Bytes>) -> Response<Bytes> {
        let exchange = Exchange { call, request, authority: &self.authority };
        let reply = if self.rules.corrections { corrections::answer(&exchange, &self.memory).await } else { exchange.pass_on().await };
        let reply = reply.unwrap_or_else(|error| unreachable_simulator(call, &error, &self.record));
        not_implemented::make_loud(call, reply, &self.record)
    }
}

/// moto is gone, or a correction found something it does not understand: either way the test must not go on quietly.
fn unreachable_simulator(call: &Call, error: &anyhow::Error, record: &Record) -> Response<Bytes> {
    let sentence = format!("The simulator failed at {} {}: {error:#}", call.service, call.operation);
    record.not_implemented(sentence.clone());
    error_reply(call, StatusCode::BAD_REQUEST, not_implemented::CODE, &sentence)
}
