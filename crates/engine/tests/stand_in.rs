//! A kind that stands in for one of the pretend AWS: it may live in several worlds, and something may happen before each request.

use std::sync::Arc;

use lowtide_model::{Description, Object, Observation, Place};
use lowtide_resource::{Ask, Changed, Currency, Doing, Fault, Going, Kind, Made, Operation, Patience, Round, Session, Sights};
use lowtide_spec::Schema;
use lowtide_testkit::pretend::Verb;

use crate::bench::Bench;

/// What stands in for a kind.
pub struct StandIn {
    /// What it is.
    pub description: &'static Description,
    /// The kind that does the work at a place.
    pub at: At,
    /// Happens before each request that changes something; an update and a delete are about what was seen last.
    pub before: Before,
}

/// Says which kind does the work at a place.
pub type At = Box<dyn Fn(&Place) -> Arc<dyn Kind> + Send + Sync>;

/// What happens before a request.
pub type Before = Box<dyn Fn(Verb, &Place, Option<&Observation>) -> Result<(), Fault> + Send + Sync>;

impl StandIn {
    /// Takes the place of a kind, which it asks for everything.
    pub fn before(bench: &mut Bench, kind: &str, before: Before) {
        let kind = bench.engine.catalog.kind(kind).expect("a kind").clone();
        Self { description: kind.description(), at: Box::new(move |_| kind.clone()), before }.join(bench);
    }

    /// Takes its kind's place.
    pub fn join(self, bench: &mut Bench) {
        bench.engine.catalog = bench.engine.catalog.clone().with(self);
        bench.engine.schema = Schema::new(bench.engine.catalog.descriptions().copied());
    }

    fn anywhere(&self) -> Arc<dyn Kind> {
        (self.at)(&Place::default())
    }
}

impl Kind for StandIn {
    fn description(&self) -> &'static Description {
        self.description
    }

    fn batch(&self) -> usize {
        self.anywhere().batch()
    }

    fn patience(&self) -> Patience {
        self.anywhere().patience()
    }

    fn identity(&self, place: &Place, wish: &Object) -> Option<String> {
        (self.at)(place).identity(place, wish)
    }

    fn import(&self, place: &Place, id: &str) -> Result<String, String> {
        (self.at)(place).import(place, id)
    }

    fn create<'a>(&'a self, session: &'a Session, wish: &'a Object, op: &'a Operation) -> Doing<'a, Made> {
        Box::pin(async move {
            (self.before)(Verb::Create, &session.place, None)?;
            (self.at)(&session.place).create(session, wish, op).await
        })
    }

    fn read<'a>(&'a self, session: &'a Session, round: &'a Round, these: &'a [Ask], currency: Currency) -> Doing<'a, Sights> {
        Box::pin(async move { (self.at)(&session.place).read(session, round, these, currency).await })
    }

    fn update<'a>(&'a self, session: &'a Session, now: &'a Observation, to: &'a Object, changed: &'a Changed) -> Doing<'a, Option<String>> {
        Box::pin(async move {
            (self.before)(Verb::Update, &session.place, Some(now))?;
            (self.at)(&session.place).update(session, now, to, changed).await
        })
    }

    fn delete<'a>(&'a self, session: &'a Session, last: &'a Observation, how: &'a Object) -> Doing<'a, Going> {
        Box::pin(async move {
            (self.before)(Verb::Delete, &session.place, Some(last))?;
            (self.at)(&session.place).delete(session, last, how).await
        })
    }

    fn find<'a>(&'a self, session: &'a Session, op: &'a Operation, wish: &'a Object) -> Doing<'a, Vec<String>> {
        Box::pin(async move { (self.at)(&session.place).find(session, op, wish).await })
    }
}
