//! The way to AWS, made when it is first needed: credentials, endpoints, one HTTP client, a session for each place.
//!
//! `endpoints` says which endpoints may be used, `wire` holds every request to that.

mod endpoints;
mod wire;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use aws_config::{
    BehaviorVersion, ConfigLoader,
    meta::region::ProvideRegion,
    profile::ProfileFileRegionProvider,
    retry::RetryConfig,
    timeout::{TimeoutConfig, TimeoutConfigBuilder},
};
use aws_types::{SdkConfig, region::Region};
use lowtide_diagnostic::Diagnostics;
use lowtide_engine::Connect;
use lowtide_model::Place;
use lowtide_resource::{Caller, Class, Doing, Fault, Gate, Limits, ReadFile, Session, Transport, TransportMode};
use tokio::sync::OnceCell;

use crate::{connect::wire::Hosts, environment::Environment};

/// How often a request that only reads is sent at most.
const READS: u32 = 5;
/// A connection that is not there by then will not come.
const CONNECT: Duration = Duration::from_secs(5);
/// No answer takes longer to begin; a change whose answer is lost is looked for afterwards. How long a request stands in line first, and how
/// slowly an answer may come in, have bounds of their own: [`Limits::patience`], and the SDK's protection against stalled streams.
const ATTEMPT: Duration = Duration::from_secs(60);
/// All tries of a read together.
const OPERATION: Duration = Duration::from_secs(300);
/// The same for what the ledger asks.
const STATE_ATTEMPT: Duration = Duration::from_secs(5);
/// All tries of it together, and how many.
const STATE_OPERATION: Duration = Duration::from_secs(12);
const STATE_TRIES: u32 = 3;

/// The way to AWS.
pub struct AwsConnect {
    environment: Environment,
    allow_endpoint_override: bool,
    files: ReadFile,
    /// How requests name us.
    name: Arc<str>,
    region: OnceLock<Option<String>>,
    way: OnceCell<Way>,
    caller: OnceLock<Caller>,
    mode: Mutex<TransportMode>,
    sessions: Mutex<HashMap<Place, Arc<Session>>>,
}

/// What all sessions have in common.
struct Way {
    config: SdkConfig,
    transport: Transport,
    /// Sends what the ledger asks, which is no change that a plan could show.
    of_state: Transport,
}

impl AwsConnect {
    /// Returns a way to AWS; nothing is read or sent before it is used. `files` reads what is sent of the project;
    /// requests name `run`.
    pub fn new(environment: Environment, allow_endpoint_override: bool, files: ReadFile, run: &str) -> Self {
        Self {
            environment,
            allow_endpoint_override,
            files,
            name: format!("lowtide/{} run/{run}", env!("CARGO_PKG_VERSION")).into(),
            region: OnceLock::new(),
            way: OnceCell::new(),
            caller: OnceLock::new(),
            mode: Mutex::new(TransportMode::ReadOnly),
            sessions: Mutex::default(),
        }
    }

    /// Returns what leads to the state in a region, which may be another than that of the resources. Each request has a short
    /// patience, since signs of life are among them; what is lost is asked for again.
    ///
    /// # Errors
    /// When an endpoint is refused, or credentials for it are missing.
    pub async fn for_state(&self, region: &str) -> Result<SdkConfig, Diagnostics> {
        let way = self.way().await?;
        let patience = timeouts(STATE_ATTEMPT, STATE_OPERATION).operation_attempt_timeout(STATE_ATTEMPT).build();
        let config = way.config.to_builder().region(Region::new(region.to_owned())).timeout_config(patience);
        let retries = RetryConfig::standard().with_max_attempts(STATE_TRIES);
        Ok(config.retry_config(retries).http_client(way.of_state.clone()).build())
    }

    async fn way(&self) -> Result<&Way, Diagnostics> {
        self.way.get_or_try_init(|| self.find()).await
    }

    /// Finds credentials and endpoints. Credentials themselves are fetched with the first request.
    async fn find(&self) -> Result<Way, Diagnostics> {
        let region = self.region().map(Region::new);
        let probe = loader(region.clone()).no_credentials().load().await;
        let overrides = endpoints::overrides(probe.endpoint_url(), probe.service_config(), &self.environment);
        let elsewhere: Vec<_> = overrides.iter().filter_map(|one| endpoints::host(&one.url)).collect();
        let client = wire::client(overrides.is_empty());
        let loader =
            loader(region).http_client(wire::Guard::over(client.clone(), Hosts { elsewhere: elsewhere.clone(), credentials: true }));
        let loader = if overrides.is_empty() {
            loader
        } else {
            loader.credentials_provider(endpoints::credentials(&overrides, self.allow_endpoint_override, &self.environment)?)
        };
        let config = loader.load().await;
        let guarded = wire::Guard::over(client, Hosts { elsewhere, credentials: false });
        tracing::debug!("requests come from {}", self.name);
        let ours = || Transport::over(guarded.clone()).known_as(self.name.clone());
        // Signs of life are among what the ledger asks: they stand behind nothing.
        let (transport, of_state) = (ours().paced(Limits::default()), ours());
        of_state.set_mode(TransportMode::ReadWrite(Gate::open()));
        let mode = self.mode.lock().unwrap_or_else(PoisonError::into_inner);
        transport.set_mode(mode.clone());
        let config = config.to_builder().http_client(transport.clone()).build();
        Ok(Way { config, transport, of_state })
    }
}

/// Returns what loads the SDK's configuration.
fn loader(region: Option<Region>) -> ConfigLoader {
    // Pinned: a newer one may change what a request does.
    aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(region)
        .retry_config(RetryConfig::standard().with_max_attempts(READS))
        .timeout_config(timeouts(ATTEMPT, OPERATION).build())
}

fn timeouts(attempt: Duration, operation: Duration) -> TimeoutConfigBuilder {
    TimeoutConfig::builder().connect_timeout(CONNECT.min(attempt)).read_timeout(attempt).operation_timeout(operation)
}

/// Returns a session that leads nowhere, for kinds that ask nothing.
fn offline(place: &Place) -> Session {
    let config = SdkConfig::builder().behavior_version(BehaviorVersion::v2026_01_12()).build();
    Session::new(place.clone(), config.clone(), config, None)
}

impl Connect for AwsConnect {
    fn region(&self) -> Option<String> {
        let of_profile = || {
            let ask = async { ProfileFileRegionProvider::new().region().await };
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(ask)).map(|region| region.to_string())
        };
        self.region.get_or_init(|| self.environment.region().map(str::to_owned).or_else(of_profile)).clone()
    }

    fn check(&self) -> futures::future::BoxFuture<'_, Result<(), Diagnostics>> {
        Box::pin(async { self.way().await.map(|_| ()) })
    }

    fn identity<'a>(&'a self, region: &'a str) -> Doing<'a, Caller> {
        Box::pin(async move {
            let way = self.way().await.map_err(|wrong| Fault::ours(&wrong.to_string()))?;
            let config = way.config.to_builder().region(Region::new(region.to_owned())).build();
            let found = lowtide_catalog::identity(&config).await?;
            let first = self.caller.get_or_init(|| found.clone());
            if first.account == found.account {
                Ok(found)
            } else {
                Err(Fault::ours(&format!("the credentials changed from account {} to {} on the way", first.account, found.account)))
            }
        })
    }

    fn session(&self, place: &Place) -> Result<Arc<Session>, Fault> {
        // What lives in the state alone is nowhere.
        if place.account.is_empty() {
            return Ok(Arc::new(offline(place)));
        }
        let (Some(way), Some(caller)) = (self.way.get(), self.caller.get()) else {
            return Err(Fault::ours("nobody has asked yet whose the credentials are"));
        };
        if place.account != caller.account {
            let words = format!("the credentials in use are for account {}, not for {}", caller.account, place.account);
            return Err(Fault::bare(Class::Denied, words));
        }
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let made = sessions.entry(place.clone()).or_insert_with(|| {
            let reading = way.config.to_builder().region(Region::new(place.region.clone())).build();
            let writing = reading.to_builder().retry_config(RetryConfig::disabled()).build();
            let tagger = lowtide_catalog::tagger(&reading);
            let session = Session::new(place.clone(), reading, writing, Some(tagger));
            Arc::new(session.with_caller(caller.clone()).with_files(self.files.clone()))
        });
        Ok(made.clone())
    }

    fn set_mode(&self, mode: TransportMode) {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner) = mode.clone();
        if let Some(way) = self.way.get() {
            way.transport.set_mode(mode);
        }
    }
}
