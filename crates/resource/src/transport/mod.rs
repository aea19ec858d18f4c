//! The wire: every SDK client sends through this one HTTP client, which has requests wait for their turn, counts calls, and refuses to
//! change anything while this process has no right to. `asked` tells what a request asks for.

mod asked;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::retry::ErrorKind;

use self::asked::{Asked, reads};
use crate::{Limits, Pace, pace::heard};

/// How long the words of an error may take that has begun to come in.
const WORDS: Duration = Duration::from_secs(20);
/// Says where a request comes from.
const AGENT: &str = "user-agent";

/// Whether changes may go out.
#[derive(Clone, Debug)]
pub enum TransportMode {
    /// Only requests that read.
    ReadOnly,
    /// Those that read; and those that change something, as long as the gate is open.
    ReadWrite(Gate),
}

/// Asked right before each change leaves, when it is signed already: whether this process still has the right to change anything.
#[derive(Clone)]
pub struct Gate(Arc<dyn Fn() -> Result<(), String> + Send + Sync>);

impl Gate {
    /// Returns a gate that this opens, or says in words why it stays shut.
    pub fn opened_by(check: impl Fn() -> Result<(), String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(check))
    }

    /// Returns a gate that is always open.
    pub fn open() -> Self {
        Self::opened_by(|| Ok(()))
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Gate({:?})", (self.0)())
    }
}

/// How many requests went out, by service and operation.
pub type Calls = BTreeMap<(String, String), u64>;

/// The one HTTP client.
#[derive(Clone, Debug)]
pub struct Transport {
    inner: SharedHttpClient,
    shared: Arc<Shared>,
    /// None where nothing waits for its turn.
    pace: Option<Pace>,
    /// Stands before the SDK's name in each request.
    name: Option<Arc<str>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// None while nothing may be changed.
    gate: Mutex<Option<Gate>>,
    calls: Mutex<Calls>,
}

impl Shared {
    /// Says why a change may not go out now, if it may not.
    fn shut(&self) -> Option<String> {
        let gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner).clone();
        gate.map_or_else(|| Some("this run only reads".to_owned()), |Gate(check)| check().err())
    }

    /// Counts a request that is about to go out.
    ///
    /// # Errors
    /// When it would change something and may not.
    fn let_out(&self, asked: &Asked) -> Result<(), ConnectorError> {
        let Asked { service, operation, .. } = asked;
        if !reads(operation)
            && let Some(why) = self.shut()
        {
            let words = format!("{service}:{operation} would change something, and {why}");
            return Err(ConnectorError::user(words.into()));
        }
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.entry((service.clone(), operation.clone())).or_default() += 1;
        Ok(())
    }
}

impl Transport {
    /// Returns a transport over rustls with the system's certificates, reading only until told otherwise.
    pub fn new() -> Self {
        use aws_smithy_http_client::{Builder, tls};
        let provider = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
        Self::over(Builder::new().tls_provider(provider).build_https()).paced(Limits::default())
    }

    /// Returns a transport over another client, in which nothing waits.
    pub fn over(inner: SharedHttpClient) -> Self {
        Self { inner, shared: Arc::default(), pace: None, name: None }
    }

    /// Has requests wait for their turn.
    #[must_use]
    pub fn paced(self, limits: Limits) -> Self {
        Self { pace: Some(Pace::new(limits)), ..self }
    }

    /// Has requests say from whom they come, before the SDK's own words: what CloudTrail keeps as `userAgent`. That header is not signed.
    #[must_use]
    pub fn known_as(self, name: impl Into<Arc<str>>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Says whether changes may go out from now on.
    pub fn set_mode(&self, mode: TransportMode) {
        *self.shared.gate.lock().unwrap_or_else(PoisonError::into_inner) = match mode {
            TransportMode::ReadOnly => None,
            TransportMode::ReadWrite(gate) => Some(gate),
        };
    }

    /// Returns how many requests went out so far.
    pub fn calls(&self) -> Calls {
        self.shared.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Default for Transport {
    fn default() -> Self {
        Self::new()
    }
}

impl HttpClient for Transport {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Counted { inner, transport: self.clone() })
    }
}

#[derive(Clone, Debug)]
struct Counted {
    inner: SharedHttpConnector,
    transport: Transport,
}

impl HttpConnector for Counted {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (this, asked) = (self.clone(), Asked::of(&request));
        HttpConnectorFuture::new(async move {
            let Some(pace) = &this.transport.pace else { return this.send(&asked, request).await };
            let overfull = |overfull| ConnectorError::other(Box::new(overfull), Some(ErrorKind::ThrottlingError));
            let passage = pace.pass(&asked.service, &asked.region).await.map_err(overfull)?;
            let answer = this.send(&asked, request).await?;
            let words = tokio::time::timeout(WORDS, heard(answer)).await;
            let (answer, said) = words.map_err(|elapsed| ConnectorError::timeout(elapsed.into()))??;
            if let Some(rate) = passage.came_back(said) {
                tracing::debug!("{} throttles in {}: {rate:.1} requests a second from now on", asked.service, asked.region);
            }
            Ok(answer)
        })
    }
}

impl Counted {
    /// Sends a request, if it may go out now: whoever has waited for its turn is asked about only here.
    async fn send(&self, asked: &Asked, mut request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        self.transport.shared.let_out(asked)?;
        if let Some(name) = &self.transport.name {
            introduce(name, &mut request)?;
        }
        let (began, answer) = (Instant::now(), self.inner.call(request).await);
        if tracing::enabled!(tracing::Level::DEBUG) {
            let status = answer.as_ref().map_or("no answer".to_owned(), |answer| answer.status().as_u16().to_string());
            tracing::debug!("{}:{} {status} in {} ms", asked.service, asked.operation, began.elapsed().as_millis());
        }
        answer
    }
}

/// Puts a name before what a request says of where it comes from.
fn introduce(name: &str, request: &mut HttpRequest) -> Result<(), ConnectorError> {
    let sdk = request.headers().get(AGENT).map(|sdk| format!(" {sdk}")).unwrap_or_default();
    request.headers_mut().try_insert(AGENT, format!("{name}{sdk}")).map_err(|error| ConnectorError::user(error.into()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use aws_smithy_types::body::SdkBody;

    use super::*;

    #[test]
    fn changes_go_out_only_while_the_gate_is_open() {
        let transport = Transport::new();
        assert_eq!(transport.shared.shut().as_deref(), Some("this run only reads"));
        transport.set_mode(TransportMode::ReadWrite(Gate::open()));
        assert_eq!(transport.shared.shut(), None);
        let open = Arc::new(AtomicBool::new(true));
        let asked = open.clone();
        let gate = Gate::opened_by(move || asked.load(Ordering::SeqCst).then_some(()).ok_or_else(|| "the lease is lost".to_owned()));
        transport.set_mode(TransportMode::ReadWrite(gate));
        assert_eq!(transport.shared.shut(), None);
        open.store(false, Ordering::SeqCst);
        assert_eq!(transport.shared.shut().as_deref(), Some("the lease is lost"), "it is asked anew each time");
    }

    #[test]
    fn requests_say_first_that_they_come_from_us() {
        let mut request = HttpRequest::new(SdkBody::empty());
        introduce("lowtide/1.0 run/7", &mut request).expect("a header");
        assert_eq!(request.headers().get(AGENT), Some("lowtide/1.0 run/7"));
        request.headers_mut().insert(AGENT, "aws-sdk-rust/1.3");
        introduce("lowtide/1.0 run/7", &mut request).expect("a header");
        assert_eq!(request.headers().get_all(AGENT).collect::<Vec<_>>(), ["lowtide/1.0 run/7 aws-sdk-rust/1.3"]);
    }

    /// Answers after a second.
    #[derive(Debug, Default)]
    struct Slow(Arc<AtomicUsize>);

    impl HttpConnector for Slow {
        fn call(&self, _request: HttpRequest) -> HttpConnectorFuture {
            self.0.fetch_add(1, Ordering::SeqCst);
            HttpConnectorFuture::new(async {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Ok(HttpResponse::new(200.try_into().expect("a status"), SdkBody::empty()))
            })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_gate_is_asked_when_a_request_has_waited() {
        let (open, sent) = (Arc::new(AtomicBool::new(true)), Arc::<AtomicUsize>::default());
        let asked = open.clone();
        let gate = Gate::opened_by(move || asked.load(Ordering::SeqCst).then_some(()).ok_or_else(|| "the lease is lost".to_owned()));
        let transport = Transport::new().paced(Limits { in_flight: 1, ..Limits::default() });
        transport.set_mode(TransportMode::ReadWrite(gate));
        let connector = Counted { inner: SharedHttpConnector::new(Slow(sent.clone())), transport };
        let put = || {
            let mut request = HttpRequest::new(SdkBody::empty());
            request.headers_mut().insert("x-amz-target", "AmazonSSM.PutParameter");
            connector.call(request)
        };
        let lease_is_lost = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            open.store(false, Ordering::SeqCst);
        };
        let (first, second, ()) = tokio::join!(put(), put(), lease_is_lost);
        assert!(first.is_ok(), "it left before");
        assert!(second.is_err_and(|error| error.is_user()), "it was in line when the lease was lost");
        assert_eq!(sent.load(Ordering::SeqCst), 1);
    }
}
