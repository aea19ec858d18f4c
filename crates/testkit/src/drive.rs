//! One kind led through its life over the wire, without the engine: what a service crate's own tests use.
//!
//! The whole catalog goes through the engine as well, in the conformance suite of the `tests` package.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_types::retry::RetryConfig;
use aws_types::{SdkConfig, region::Region, sdk_config::SharedHttpClient};
use lowtide_model::{Create, Description, Object, Observation, Phase, Place, Value, equality};
use lowtide_resource::{Ask, Changed, Currency, Gate, Going, Kind, Operation, Round, Session, TAG_ID, Tagger, Transport, TransportMode};

/// The account that moto pretends to be.
pub const ACCOUNT: &str = "123456789012";

/// Returns a session that leads to this endpoint, with credentials that are good nowhere else.
pub fn session(endpoint: &str, region: &str, tagger: impl FnOnce(&SdkConfig) -> Option<Arc<dyn Tagger>>) -> Session {
    let transport = Transport::new();
    transport.set_mode(TransportMode::ReadWrite(Gate::open()));
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("testing", "testing", None, None, "testkit")))
        .endpoint_url(endpoint)
        .http_client(SharedHttpClient::new(transport))
        .region(Region::new(region.to_owned()))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .retry_config(RetryConfig::standard())
        .build();
    let (reading, writing) = (config.clone(), config.to_builder().retry_config(RetryConfig::disabled()).build());
    let place = Place { account: ACCOUNT.to_owned(), partition: "aws".to_owned(), region: region.to_owned() };
    let tagger = tagger(&reading);
    Session::new(place, reading, writing, tagger)
}

/// One kind and where to drive it.
pub struct Driver<'a> {
    /// The kind.
    pub kind: &'a dyn Kind,
    /// Where its calls go.
    pub session: &'a Session,
}

impl Driver<'_> {
    /// Makes one and waits until it can be used. Checks that what was asked for is what is there, and that the operation finds it.
    ///
    /// # Errors
    /// Says what differs, or what AWS said.
    pub async fn create(&self, wish: &Object) -> Result<Observation> {
        let description = self.kind.description();
        let op = Operation { id: uuid::Uuid::new_v4().to_string() };
        let wish = owned(&complete(description, wish), description, &op);
        let made = self.kind.create(self.session, &wish, &op).await.with_context(|| format!("{}: create", description.kind))?;
        if let Some(identity) = self.kind.identity(&self.session.place, &wish) {
            ensure!(identity == made.id, "{}: the wish tells id {identity}, create returned {}", description.kind, made.id);
        }
        if matches!(description.create, Create::TagOnly | Create::Token { .. }) {
            let found = self.kind.find(self.session, &op, &wish).await.with_context(|| format!("{}: find", description.kind))?;
            ensure!(found == [made.id.clone()], "{}: the operation finds {found:?}, create returned {}", description.kind, made.id);
        }
        let mut seen = self.usable(&made.id, &wish).await?;
        // What the creating request could not carry is an update, as it is for the engine.
        let rest = differing(description, &wish, &seen);
        if !rest.is_empty() {
            seen = self.set(&seen, &wish, &rest).await?;
        }
        ensure_satisfied(description, &wish, &seen)?;
        Ok(seen)
    }

    /// Changes some inputs and checks that they are then what they should be.
    ///
    /// # Errors
    /// Says what differs, or what AWS said.
    pub async fn update(&self, now: &Observation, changes: &Object) -> Result<Observation> {
        let mut to = now.inputs.clone();
        for (name, value) in changes.iter() {
            to.0.insert(name.clone(), value.clone());
        }
        let names: Vec<_> = changes.iter().map(|(name, _)| name.clone()).collect();
        let seen = self.set(now, &to, &names).await?;
        ensure_satisfied(self.kind.description(), changes, &seen)?;
        Ok(seen)
    }

    /// Reads one as it is now; `None` when it is gone.
    ///
    /// # Errors
    /// Returns what AWS said.
    pub async fn read(&self, id: &str, last: &Object, currency: Currency) -> Result<Option<Observation>> {
        let these = [Ask::new(id, last.clone())];
        let answers = self.kind.read(self.session, &Round::default(), &these, currency).await?;
        let (_, sight) = answers.into_iter().find(|(answered, _)| answered == id).context("read answers for each id asked for")?;
        Ok(sight?)
    }

    /// Deletes one and checks that it is gone; deleting again is quiet.
    ///
    /// # Errors
    /// Says that it stayed, or what AWS said.
    pub async fn delete(&self, last: &Observation) -> Result<()> {
        for _ in 0..50 {
            match self.kind.delete(self.session, last, &last.inputs).await {
                Ok(Going::Gone | Going::Left(_)) => break,
                Ok(Going::Going(_)) => {}
                Err(fault) if fault.class == lowtide_resource::Class::NotFound => break,
                Err(fault) => return Err(fault).context("delete"),
            }
        }
        match self.read(&last.id, &last.inputs, Currency::Exact).await? {
            None => Ok(()),
            Some(seen) => bail!("{} is still there: {seen:?}", last.id),
        }
    }

    async fn set(&self, now: &Observation, to: &Object, names: &[String]) -> Result<Observation> {
        let description = self.kind.description();
        let moved = self
            .kind
            .update(self.session, now, to, &Changed(names.to_vec()))
            .await
            .with_context(|| format!("{}: update {names:?}", description.kind))?;
        self.usable(moved.as_deref().unwrap_or(&now.id), to).await
    }

    async fn usable(&self, id: &str, wish: &Object) -> Result<Observation> {
        let mut last = None;
        for _ in 0..50 {
            let seen = self
                .read(id, wish, Currency::Exact)
                .await?
                .with_context(|| format!("{}: read finds no {id}", self.kind.description().kind))?;
            match &seen.phase {
                Phase::Stable | Phase::Usable(_) => return Ok(seen),
                Phase::Accepted(_) => last = Some(seen),
                Phase::Failed { why, .. } => bail!("{id} failed: {why}"),
            }
        }
        bail!("{id} does not become usable: {last:?}")
    }
}

/// Fills in defaults and fresh values.
fn complete(description: &Description, wish: &Object) -> Object {
    use lowtide_model::{Fresh, Literal, Need};
    let value = |literal: Literal| match literal {
        Literal::Bool(value) => Value::Bool(value),
        Literal::Int(value) => value.into(),
        Literal::Str(text) => text.into(),
    };
    let mut whole = wish.clone();
    for row in description.inputs {
        match (row.need, row.fresh) {
            (Need::Default(literal), _) | (_, Some(Fresh::Value(literal))) => {
                whole.0.entry(row.name.to_owned()).or_insert_with(|| value(literal))
            }
            (_, Some(Fresh::Empty)) => whole.0.entry(row.name.to_owned()).or_insert_with(|| Value::List(Vec::new())),
            (Need::Required | Need::Optional, None) => continue,
        };
    }
    whole
}

fn owned(wish: &Object, description: &Description, op: &Operation) -> Object {
    let mut wish = wish.clone();
    if description.tagged() {
        let mut tags = wish.get("tags").and_then(Value::as_members).cloned().unwrap_or_default();
        tags.insert(TAG_ID.to_owned(), op.id.as_str().into());
        wish.set("tags", Value::Map(tags));
    }
    wish
}

fn differing(description: &Description, wish: &Object, seen: &Observation) -> Vec<String> {
    let compared = description.inputs.iter().filter(|row| !row.option && !row.unread && !seen.unseen.iter().any(|name| name == row.name));
    let differs = |row: &&lowtide_model::Attribute| {
        wish.get(row.name).is_some_and(|wish| {
            let now = seen.inputs.get(row.name).cloned().unwrap_or_default();
            !(wish.is_empty() && now.is_empty())
                && equality::satisfied_as_far(row, &wish.clone().into(), &now, |name| seen.inputs.get(name).cloned().unwrap_or_default())
                    != equality::Verdict::Same
        })
    };
    compared.filter(differs).map(|row| row.name.to_owned()).collect()
}

fn ensure_satisfied(description: &Description, wish: &Object, seen: &Observation) -> Result<()> {
    let rest = differing(description, wish, seen);
    let show = |name: &String| format!("{name}: asked for {:?}, there is {:?}", wish.get(name), seen.inputs.get(name));
    ensure!(rest.is_empty(), "{} reads back differently:\n{}", description.kind, rest.iter().map(show).collect::<Vec<_>>().join("\n"));
    Ok(())
}
