//! Reading many things.

use std::{collections::BTreeMap, sync::Arc};

use futures::{StreamExt, stream};
use lowtide_model::{Observation, Place, Scope};
use lowtide_resource::{Ask, Catalog, Class, Currency, Fault, Kind, Round, Session, TAG_STACK, absent_is_none};

use crate::Gather;

/// How many bulk reads are under way at once.
const PARALLEL: usize = 48;
/// How often a read that meets a passing fault is made again.
const TRIES: u32 = 4;
/// How often a read that is denied is made again in halves: enough to tell three things apart from two hundred.
const DENIALS: u32 = 24;

/// Gives the session for a place.
pub trait Cloud: Send + Sync {
    /// Returns the session of an account and region.
    ///
    /// # Errors
    /// When nothing leads there: another account than the credentials are for.
    fn session(&self, place: &Place) -> Result<Arc<Session>, Fault>;
}

/// One thing to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Target<K> {
    /// What the answer is filed under.
    pub key: K,
    /// Its kind.
    pub kind: String,
    /// Where it is.
    pub place: Place,
    /// Its physical id and what is known of it.
    pub ask: Ask,
}

/// Reads things of AWS.
#[derive(Clone)]
pub struct Observer {
    catalog: Catalog,
    cloud: Arc<dyn Cloud>,
    gather: Arc<Gather>,
}

/// What one look found: there, gone, or not to be seen.
pub type Sight = Result<Option<Observation>, Fault>;

impl Observer {
    /// Returns an observer of these kinds.
    pub fn new(catalog: Catalog, cloud: Arc<dyn Cloud>) -> Self {
        Self { catalog, cloud, gather: Arc::default() }
    }

    /// Returns the kinds.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Returns the session of a place.
    ///
    /// # Errors
    /// When nothing leads there.
    pub fn session(&self, place: &Place) -> Result<Arc<Session>, Fault> {
        self.cloud.session(place)
    }

    /// Looks at many things in bulk, by kind and place. Absences, of things and of their owner's tags, are confirmed by an exact read.
    /// Kinds that ask nothing of AWS are left out: they are as they are remembered.
    pub async fn look<K: Ord + Clone + Send>(&self, targets: Vec<Target<K>>) -> BTreeMap<K, Sight> {
        let mut groups: BTreeMap<(String, Place), Vec<Target<K>>> = BTreeMap::new();
        for target in targets {
            groups.entry((target.kind.clone(), target.place.clone())).or_default().push(target);
        }
        let rounds: BTreeMap<Place, Round> = groups.keys().map(|(_, place)| (place.clone(), Round::default())).collect();
        let mut reads = Vec::new();
        for ((kind, place), targets) in groups {
            let Some(kind) = self.catalog.kind(&kind).filter(|kind| kind.description().scope != Scope::Nowhere) else { continue };
            for some in targets.chunks(kind.batch().max(1)) {
                reads.push((kind.clone(), place.clone(), some.to_vec()));
            }
        }
        let answers = stream::iter(reads).map(|(kind, place, targets)| self.read(kind, place, targets, &rounds)).buffer_unordered(PARALLEL);
        answers.collect::<Vec<_>>().await.into_iter().flatten().collect()
    }

    async fn read<K: Ord + Clone + Send>(
        &self,
        kind: Arc<dyn Kind>,
        place: Place,
        targets: Vec<Target<K>>,
        rounds: &BTreeMap<Place, Round>,
    ) -> Vec<(K, Sight)> {
        let session = match self.cloud.session(&place) {
            Ok(session) => session,
            Err(fault) => return targets.into_iter().map(|target| (target.key, Err(fault.clone()))).collect(),
        };
        let mut asks: Vec<_> = targets.iter().map(|target| target.ask.clone()).collect();
        asks.sort_by(|a, b| a.id.cmp(&b.id));
        asks.dedup_by(|a, b| a.id == b.id);
        let reading = rounds[&place].reading();
        let mut seen = ask(&*kind, &session, &rounds[&place], &asks, Currency::Indexed).await;
        drop(reading);
        // An index may not know either yet.
        let nobodys = |seen: &Observation| seen.lacks_tag(kind.description(), TAG_STACK);
        let doubtful = |sight: &Sight| sight.as_ref().is_ok_and(|seen| seen.as_ref().is_none_or(nobodys));
        let absent: Vec<_> = asks.into_iter().filter(|ask| seen.get(&ask.id).is_some_and(doubtful)).collect();
        if !absent.is_empty() {
            seen.extend(ask(&*kind, &session, &Round::default(), &absent, Currency::Exact).await);
        }
        targets.into_iter().map(|target| (target.key, seen.get(&target.ask.id).cloned().unwrap_or_else(|| Err(unanswered())))).collect()
    }

    /// Reads one thing exactly, in one call with whatever else of its kind is being watched at this moment.
    pub async fn watch(&self, kind: &Arc<dyn Kind>, place: &Place, one: Ask) -> Sight {
        let session = self.cloud.session(place)?;
        self.gather.read(kind, &session, one, Currency::Exact).await
    }

    /// Reads one thing that we have just made or changed to what `one.last` says.
    pub async fn read_back(&self, kind: &Arc<dyn Kind>, place: &Place, one: Ask) -> Sight {
        let session = self.cloud.session(place)?;
        self.gather.read(kind, &session, one, Currency::Written).await
    }
}

/// Reads some things of one kind; what a passing fault hid, and no more, is asked for again. While AWS is out of order, as long as there are
/// retries for its service.
pub(crate) async fn ask(kind: &dyn Kind, session: &Session, round: &Round, asks: &[Ask], currency: Currency) -> BTreeMap<String, Sight> {
    let (mut seen, mut open) = (BTreeMap::new(), asks.to_vec());
    let reserve = session.reserve(kind.description().service);
    for attempt in 1.. {
        seen.extend(in_parts(kind, session, round, &open, currency).await);
        let fault = |ask: &Ask| seen.get(&ask.id).and_then(|sight| sight.as_ref().err()).map(|fault| fault.class);
        open.retain(|ask| fault(ask).is_some_and(|class| class.passes() || class.is_outage()));
        if open.is_empty() {
            reserve.earn();
        }
        let outage = open.iter().filter_map(fault).any(Class::is_outage);
        if open.is_empty() || attempt >= TRIES || (outage && !reserve.take()) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100 << attempt)).await;
    }
    seen
}

/// Reads some things of one kind once. Where that is denied it may be for one of them alone: they are then asked for in halves, until it
/// is plain that it is not.
async fn in_parts(kind: &dyn Kind, session: &Session, round: &Round, asks: &[Ask], currency: Currency) -> Vec<(String, Sight)> {
    let (mut seen, mut open, mut denials) = (Vec::new(), vec![asks], 0);
    while let Some(these) = open.pop() {
        match (kind.read(session, round, these, currency).await, these) {
            (Ok(sights), _) => seen.extend(sights.into_iter().map(|(id, sight)| (id, absent_is_none(sight).map(Option::flatten)))),
            (Err(fault), [only]) if fault.class == Class::NotFound => seen.push((only.id.clone(), Ok(None))),
            (Err(fault), these) if fault.class == Class::Denied && these.len() > 1 && denials < DENIALS => {
                denials += 1;
                let (first, second) = these.split_at(these.len() / 2);
                open.extend([second, first]);
            }
            (Err(fault), these) => seen.extend(these.iter().map(|ask| (ask.id.clone(), Err(fault.clone())))),
        }
    }
    seen
}

fn unanswered() -> Fault {
    Fault::silent("a word about it")
}
