//! A request that never leaves has done nothing, and nobody doubts it.

use std::sync::atomic::{AtomicUsize, Ordering};

use lowtide_model::Object;
use lowtide_resource::{Class, Fault};
use lowtide_testkit::pretend::Verb;

use crate::{
    bench::{Bench, failures, run},
    stand_in::StandIn,
};

/// Keeps the first so many creates of a gate from reaching AWS, while something else happens.
fn out_of_reach(bench: &mut Bench, times: usize, meanwhile: impl Fn() + Send + Sync + 'static) {
    let asked = AtomicUsize::new(0);
    let before = move |verb, _: &_, _: Option<&_>| {
        if verb != Verb::Create || asked.fetch_add(1, Ordering::Relaxed) >= times {
            return Ok(());
        }
        meanwhile();
        Err(Fault::bare(Class::Unreachable, "there is no way".to_owned()))
    };
    StandIn::before(bench, "pretend_gate", Box::new(before));
}

const GATE: &str = "[resource.pretend_role.role]\nname = 'r'\n[resource.pretend_gate.gate]\nrole = '${pretend_role.role.id}'\nname = 'k'\n";

#[test]
fn what_never_left_leaves_nothing_in_doubt() {
    run(async {
        let mut bench = Bench::new();
        out_of_reach(&mut bench, usize::MAX, || {});
        let why = failures(&bench.apply(GATE).await).expect("it can't be made");
        assert!(why.contains("Endpoint unreachable"), "{why}");
        assert!(bench.state().await.pending.is_empty());
    });
}

#[test]
fn what_never_left_has_not_made_what_another_makes() {
    run(async {
        let mut bench = Bench::new();
        let pretend = bench.pretend.clone();
        out_of_reach(&mut bench, 1, move || pretend.put("pretend_gate", "r:k", Object([("role".to_owned(), "r".into())].into())));
        let why = failures(&bench.apply(GATE).await).expect("it is another's");
        assert!(why.contains("Already exists"), "{why}");
        assert!(bench.state().await.records.values().all(|record| record.address.kind() != "pretend_gate"));
    });
}
