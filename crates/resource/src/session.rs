//! The clients of one account and region, made when first asked for.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_types::SdkConfig;
use lowtide_model::Place;

use crate::{ReadFile, Reserve, Round, Tagger, under_way::UnderWay};

/// An AWS service: how to reach it.
pub trait Service: 'static {
    /// Its SDK client.
    type Client: Clone + Send + Sync + 'static;
    /// Its name, as the SDK crate has it: `ec2`.
    const NAME: &'static str;

    /// Returns a client.
    fn connect(config: &SdkConfig) -> Self::Client;
}

/// The clients of one account and region.
pub struct Session {
    /// Where its calls go.
    pub place: Place,
    reading: Clients,
    writing: Clients,
    caller: Option<Caller>,
    tagger: Option<Arc<dyn Tagger>>,
    files: Option<ReadFile>,
    under_way: UnderWay,
    reserves: Mutex<HashMap<String, Arc<Reserve>>>,
}

/// Who the credentials in use belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account's twelve digits.
    pub account: String,
    /// The ARN of the user or of the session of a role.
    pub arn: String,
    /// The unique id of the user, or of the role with the name of the session.
    pub user_id: String,
    /// `aws`, `aws-cn`, `aws-us-gov`…
    pub partition: String,
}

/// What a kind is handed: a client, where it leads, and what this round has read already.
pub struct Context<'a, S: Service> {
    /// The client. Reads go out with the SDK's retries; a change goes out once.
    pub client: S::Client,
    /// Account, partition and region.
    pub place: &'a Place,
    /// Answers that calls of this round share.
    pub round: &'a Round,
    /// Who the credentials are, where that has been asked already.
    pub caller: Option<&'a Caller>,
    /// Reads tags of many things at once, whatever service they are of.
    pub tagger: Option<&'a dyn Tagger>,
    /// Reads files of the project: see [`Context::planned_file`].
    pub files: Option<&'a ReadFile>,
    /// What this session asked for and AWS may still be at: see [`Context::began`].
    pub(crate) under_way: &'a UnderWay,
}

impl Session {
    /// Returns a session: reads go by the first configuration, changes by the second, which must not retry.
    pub fn new(place: Place, reading: SdkConfig, writing: SdkConfig, tagger: Option<Arc<dyn Tagger>>) -> Self {
        Self {
            place,
            reading: Clients::new(reading),
            writing: Clients::new(writing),
            caller: None,
            tagger,
            files: None,
            under_way: UnderWay::default(),
            reserves: Mutex::default(),
        }
    }

    /// Says who the credentials are.
    #[must_use]
    pub fn with_caller(mut self, caller: Caller) -> Self {
        self.caller = Some(caller);
        self
    }

    /// Says how files of the project are read.
    #[must_use]
    pub fn with_files(mut self, files: ReadFile) -> Self {
        self.files = Some(files);
        self
    }

    /// Returns what a kind needs to read.
    pub fn to_read<'a, S: Service>(&'a self, round: &'a Round) -> Context<'a, S> {
        self.context(self.reading.get::<S>(), round)
    }

    /// Returns what a kind needs to change something.
    pub fn to_write<'a, S: Service>(&'a self, round: &'a Round) -> Context<'a, S> {
        self.context(self.writing.get::<S>(), round)
    }

    fn context<'a, S: Service>(&'a self, client: S::Client, round: &'a Round) -> Context<'a, S> {
        Context {
            client,
            place: &self.place,
            round,
            caller: self.caller.as_ref(),
            tagger: self.tagger.as_deref(),
            files: self.files.as_ref(),
            under_way: &self.under_way,
        }
    }

    /// Returns the retries that a service may still be asked for while it is out of order.
    pub fn reserve(&self, service: &str) -> Arc<Reserve> {
        let mut reserves = self.reserves.lock().unwrap_or_else(PoisonError::into_inner);
        reserves.entry(service.to_owned()).or_default().clone()
    }

    /// Returns the configuration that reads go by.
    pub fn reading_config(&self) -> &SdkConfig {
        &self.reading.config
    }
}

struct Clients {
    config: SdkConfig,
    made: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Clients {
    fn new(config: SdkConfig) -> Self {
        Self { config, made: Mutex::default() }
    }

    fn get<S: Service>(&self) -> S::Client {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let client = made.entry(TypeId::of::<S>()).or_insert_with(|| Arc::new(S::connect(&self.config)));
        client.downcast_ref::<S::Client>().expect("each service has one type of client").clone()
    }
}
