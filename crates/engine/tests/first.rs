//! Two who apply a stack that was never applied before: the second sees that there was a first.

use lowtide_engine::StackApplied;
use lowtide_plan::Options;

use crate::bench::{Bench, run, words};

fn spec(label: &str) -> String {
    format!(
        "[resource.pretend_net.net]\ncidr = '10.0.0.0/16'\n[resource.pretend_host.host]\nnet = '${{pretend_net.net.id}}'\nlabel = '{label}'\n"
    )
}

/// Has two plan a stack of which there is nothing yet, each by a spec of their own, then both apply; returns how the second fared.
fn two_firsts(bench: &Bench, one: &str, other: &str) -> Result<(), String> {
    run(async {
        let options = Options::default();
        let (one, other) = (bench.load(one), bench.load(other));
        let first = bench.engine.plan(&one, &options).await.map_err(|trouble| words(&trouble))?;
        let second = bench.engine.plan(&other, &options).await.map_err(|trouble| words(&trouble))?;
        let applied = bench.engine.apply(first, &options).await.map_err(|trouble| words(&trouble))?;
        assert!(applied.iter().all(StackApplied::is_whole));
        bench.engine.apply(second, &options).await.map(|_| ()).map_err(|trouble| words(&trouble))
    })
}

#[test]
fn what_a_first_apply_has_made_is_not_made_again() {
    let bench = Bench::new();
    assert_eq!(two_firsts(&bench, &spec("a"), &spec("a")), Ok(()));
    assert_eq!(bench.pretend.things().len(), 2);
    run(bench.settled(&spec("a"))).expect("all is as it was");
}

#[test]
fn what_was_planned_for_nothing_is_stale_where_there_is_something() {
    let bench = Bench::new();
    let stale = two_firsts(&bench, &spec("a"), &spec("b"));
    assert!(stale.as_ref().is_err_and(|words| words.contains("Nothing of stack `all` was done")), "{stale:?}");
    assert_eq!(bench.pretend.things().len(), 2);
    run(bench.settled(&spec("a"))).expect("all is as it was");
}
