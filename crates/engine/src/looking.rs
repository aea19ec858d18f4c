//! Looking at AWS: every record of a stack, and what planning asks for.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, stream};
use lowtide_model::Object;
use lowtide_observe::{Observer, Target};
use lowtide_plan::{Answers, Event, Request, Sight};
use lowtide_resource::{Ask, Fault};
use lowtide_state::{Record, RecordKey, State};
use tokio::time::Instant;

use crate::{Engine, Prepared};

/// How many data sources are asked at once.
const PARALLEL: usize = 8;

impl Engine {
    /// Looks at every record of a stack.
    pub(crate) async fn look(&self, prepared: &Prepared, observer: &Observer) -> BTreeMap<RecordKey, Sight> {
        let stack = prepared.loaded.key.clone();
        self.listener.hear(&Event::Observing { stack: stack.clone(), resources: prepared.state.records.len() });
        let mut seen = observer.look(targets(&prepared.state)).await;
        self.wait_for_the_unfinished(&prepared.state, observer, &mut seen).await;
        self.listener.hear(&Event::Observed { stack });
        seen.into_iter().map(|(key, sight)| (key, into_sight(sight))).collect()
    }

    /// What a run that ended early had just made may not be everywhere yet. That it is not to be seen is believed only after a while:
    /// to make it anew at once would leave the first one behind.
    async fn wait_for_the_unfinished(&self, state: &State, observer: &Observer, seen: &mut BTreeMap<RecordKey, lowtide_observe::Sight>) {
        let until = Instant::now() + self.settings.not_yet;
        for attempt in 0.. {
            let missing = |record: &&Record| record.is_unfinished() && matches!(seen.get(&record.key()), Some(Ok(None)));
            let missing: Vec<_> = state.records.values().filter(missing).map(target).collect();
            if missing.is_empty() || Instant::now() >= until {
                return;
            }
            tokio::time::sleep(self.settings.pause_before(attempt)).await;
            seen.extend(observer.look(missing).await);
        }
    }

    /// Answers what planning asks for.
    pub(crate) async fn answer(&self, requests: BTreeSet<Request>, observer: &Observer, answers: &mut Answers) {
        let mut finds = Vec::new();
        let mut looks = Vec::new();
        for request in requests {
            match &request {
                Request::Find { kind, place, id, wish } => {
                    let (kind, place, ask) = (kind.clone(), place.clone(), Ask::new(id.clone(), wish.clone()));
                    finds.push(Target { key: request, kind, place, ask });
                }
                Request::Look { .. } => looks.push(request),
            }
        }
        for (request, sight) in observer.look(finds).await {
            answers.found.insert(request, into_sight(sight));
        }
        let found: Vec<_> = stream::iter(looks).map(|request| find(observer, request)).buffer_unordered(PARALLEL).collect().await;
        for (request, found) in found {
            answers.looked.insert(request, found.map_err(|fault| fault.to_string()));
        }
    }
}

pub(crate) fn targets(state: &State) -> Vec<Target<RecordKey>> {
    state.records.values().map(target).collect()
}

fn target(record: &Record) -> Target<RecordKey> {
    Target {
        key: record.key(),
        kind: record.address.kind().to_owned(),
        place: record.place.clone(),
        ask: Ask { id: record.id.clone(), last: last(record), known: record.seen.outputs.clone() },
    }
}

/// What is known of a record: as last seen, options as last asked for.
fn last(record: &Record) -> Object {
    let mut last = record.seen.inputs.clone();
    for (name, value) in record.inputs.iter() {
        last.0.entry(name.clone()).or_insert_with(|| value.clone());
    }
    last
}

async fn find(observer: &Observer, request: Request) -> (Request, Result<Object, Fault>) {
    let Request::Look { kind, place, query } = &request else { return (request, Err(Fault::silent("anything"))) };
    let found = match (observer.catalog().source(kind), observer.session(place)) {
        (Some(source), Ok(session)) => source.look(&session, query).await,
        (Some(_), Err(fault)) => Err(fault),
        (None, _) => Err(Fault::ours(&format!("there is no data source `{kind}`"))),
    };
    (request, found)
}

fn into_sight(sight: lowtide_observe::Sight) -> Sight {
    match sight {
        Ok(Some(seen)) => Sight::Here(Box::new(seen)),
        Ok(None) => Sight::Gone,
        Err(fault) => Sight::Unseen(fault.to_string()),
    }
}
