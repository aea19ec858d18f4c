//! Nothing is asked to change before the intent to do so is durable, whatever was seen of it.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use futures::FutureExt;
use lowtide_plan::Options;
use lowtide_resource::Fault;
use lowtide_state::{Attempt, Ledger, RecordKey, State};
use lowtide_testkit::pretend::{Blow, Verb};

use crate::{
    bench::{Bench, failures, run, words},
    stand_in::StandIn,
    troubles::showcase,
};

/// Returns whether a state tells that a thing of a kind is about to be made, changed or taken away.
fn foretells(state: &State, kind: &str, verb: Verb, id: Option<&str>) -> bool {
    let (attempt, of) = match verb {
        Verb::Create => (Attempt::Create, None),
        Verb::Update => (Attempt::Update, id),
        _ => (Attempt::Delete, id),
    };
    let is_it = |key: &RecordKey| of.is_none_or(|id| state.records.get(key).is_some_and(|record| record.id == id));
    state.pending.values().any(|intent| intent.address.kind() == kind && intent.attempt == attempt && is_it(&intent.key()))
}

/// Each request that changes something is foretold by what the ledger holds as it leaves.
#[test]
fn nothing_is_asked_to_change_before_that_is_durable() {
    run(async {
        let mut bench = Bench::new();
        let (met, ledger, key) = (Arc::new(Mutex::new(BTreeSet::new())), bench.ledger.clone(), bench.engine.key("all"));
        for kind in ["net", "host", "role", "grant", "alarm", "gate", "task", "base"].map(|kind| format!("pretend_{kind}")) {
            let (met, ledger, key, of) = (met.clone(), ledger.clone(), key.clone(), kind.clone());
            let before = move |verb, _: &_, last: Option<&lowtide_model::Observation>| {
                let state = ledger.read(&key).now_or_never().expect("it is in memory").expect("it can be read").expect("a state").state;
                met.lock().expect("no test has panicked here").insert((of.clone(), verb));
                if foretells(&state, &of, verb, last.map(|last| last.id.as_str())) {
                    return Ok(());
                }
                Err(Fault::ours(&format!("{verb:?} of a {of} was not foretold: {:?}", state.pending)))
            };
            StandIn::before(&mut bench, &kind, Box::new(before));
        }
        let spec = |setting| showcase(setting) + &format!("[resource.pretend_alarm.alarm]\nname = 'a'\nnote = '{setting}'\n");
        assert_eq!(failures(&bench.apply(&spec(1)).await), None);
        let follows = |kind: &str| met.lock().expect("nobody panicked").contains(&(kind.to_owned(), Verb::Update));
        assert!(["pretend_net", "pretend_base", "pretend_alarm"].into_iter().all(follows), "what follows a create");
        assert_eq!(failures(&bench.apply(&spec(2)).await), None);
        assert_eq!(failures(&bench.destroy(&spec(2)).await), None);
        assert_eq!(met.lock().expect("nobody panicked").len(), 23, "{met:?}");
    });
}

/// A role whose note is known only when the network has its new version, and then is what it was.
fn spec(size: u8) -> String {
    format!(
        "[resource.pretend_net.net]\ncidr = '10.0.0.0/16'\nsize = {size}\n\
         [data.pretend_zones.all]\nstate = '${{pretend_net.net.version}}'\n\
         [resource.pretend_role.role]\nname = 'r'\nnote = '${{data.pretend_zones.all.names[0]}}'\n"
    )
}

/// Strikes the run dead as it is about to ask for a change of the role, and returns what it meant to do with it.
async fn struck(bench: &mut Bench, spec: &str) -> Option<Attempt> {
    let options = Options::default();
    let plans = bench.engine.plan(&bench.load(spec), &options).await.map_err(|trouble| words(&trouble)).expect("a plan");
    // Somebody changes it after it was looked at.
    assert!(bench.pretend.change("r", "note", "theirs".into()));
    let fate = bench.pretend.fate().clone();
    let before = move |verb, _: &_, _: Option<&_>| {
        if verb == Verb::Update {
            fate.strike_at(1, Blow::Death);
        }
        Ok(())
    };
    StandIn::before(bench, "pretend_role", Box::new(before));
    assert!(bench.mortal(bench.engine.apply(plans, &options)).await.is_none(), "nothing was asked");
    bench.state().await.pending.values().find(|intent| intent.address.kind() == "pretend_role").map(|intent| intent.attempt)
}

#[test]
fn a_change_that_turns_out_to_be_none_is_intended_all_the_same() {
    run(async {
        let mut bench = Bench::new();
        assert_eq!(failures(&bench.apply(&spec(1)).await), None);
        assert_eq!(struck(&mut bench, &spec(2)).await, Some(Attempt::Update));
    });
}

#[test]
fn what_is_taken_on_is_intended_until_it_is_as_asked_for() {
    run(async {
        let mut bench = Bench::new();
        let spec = "[resource.pretend_role.role]\nname = 'r'\nnote = 'a'\n";
        assert_eq!(failures(&bench.apply(spec).await), None);
        assert!(bench.engine.forget_records("all", &["pretend_role.role".parse().expect("an address")]).await.is_ok());
        assert_eq!(struck(&mut bench, spec).await, Some(Attempt::Update));
    });
}
