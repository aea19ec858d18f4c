//! A create that was sent by a run that died, and arrives while the next one is at work, or when it is done.

use lowtide_engine::{Aim, StackPlan};
use lowtide_plan::Options;
use lowtide_testkit::pretend::{Blow, LATE, Trouble, Verb, What};

use crate::{
    bench::{Bench, failures, run, words},
    troubles::showcase,
};

/// Returns a world in which a run has died whose last request is still on its way.
pub async fn on_its_way(kind: &str, spec: &str) -> Result<Bench, String> {
    let bench = Bench::new();
    bench.pretend.make_trouble(Trouble { kind: format!("pretend_{kind}"), verb: Verb::Create, nth: 1, what: What::Late });
    dead_at(bench, spec, &format!("Create pretend_{kind} : done, not answered")).await
}

/// Returns a world in which a run has died just before its first request for a kind.
async fn before_it_is_sent(kind: &str, spec: &str) -> Result<Bench, String> {
    dead_at(Bench::new(), spec, &format!("Create pretend_{kind} : before it is sent")).await
}

async fn dead_at(mut bench: Bench, spec: &str, moment: &str) -> Result<Bench, String> {
    // Counted in a run of which nothing is wrong.
    let counted = Bench::new();
    failures(&counted.apply(spec).await).map_or(Ok(()), Err)?;
    let nth = counted.pretend.fate().moments().iter().position(|one| one == moment).ok_or("it is never sent")? + 1;
    bench.pretend.fate().strike_at(nth, Blow::Death);
    let ended = bench.mortal(bench.apply(spec)).await;
    let struck = bench.pretend.fate().struck();
    if ended.is_some() || struck.as_deref() != Some(moment) {
        return Err(format!("it was struck at {struck:?}"));
    }
    bench.pretend.fate().spare();
    bench.pretend.calm();
    bench.kill();
    Ok(bench)
}

/// Whatever the next run is for, nothing of it is left behind.
async fn late(kind: &str, then_destroy: bool) -> Result<(), String> {
    let spec = showcase(1);
    let bench = on_its_way(kind, &spec).await?;
    if !then_destroy {
        failures(&bench.apply(&spec).await).map_or(Ok(()), |why| Err(format!("apply: {why}")))?;
        bench.settled(&spec).await?;
        tokio::time::sleep(2 * LATE).await;
        bench.settled(&spec).await.map_err(|why| format!("when it has arrived: {why}"))?;
    }
    failures(&bench.destroy(&spec).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
    tokio::time::sleep(2 * LATE).await;
    bench.nothing_is_left().await
}

#[test]
fn a_create_that_arrives_after_its_run_leaves_nothing_behind() {
    for kind in ["net", "host", "role", "gate", "grant", "task", "base"] {
        for then_destroy in [false, true] {
            run(late(kind, then_destroy)).unwrap_or_else(|why| panic!("{kind}, destroyed at once: {then_destroy}: {why}"));
        }
    }
}

/// Its reply was lost, so it was sent again, and that made the thing; the first one arrives when the thing is gone again.
async fn repeated(kind: &str) -> Result<(), String> {
    let spec = showcase(1);
    let bench = Bench::new();
    bench.pretend.make_trouble(Trouble { kind: format!("pretend_{kind}"), verb: Verb::Create, nth: 1, what: What::Late });
    failures(&bench.apply(&spec).await).map_or(Ok(()), |why| Err(format!("apply: {why}")))?;
    failures(&bench.destroy(&spec).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
    tokio::time::sleep(2 * LATE).await;
    bench.nothing_is_left().await
}

#[test]
fn a_request_that_was_repeated_and_arrives_after_the_end_leaves_nothing_behind() {
    for kind in ["net", "host", "role", "gate", "grant", "task", "base"] {
        run(repeated(kind)).unwrap_or_else(|why| panic!("{kind}: {why}"));
    }
}

/// The same, with a run that dies between the two, and one that dies while it waits whether the thing comes back.
async fn repeated_by_the_next_run(kind: &str) -> Result<(), String> {
    let spec = showcase(1);
    let mut bench = on_its_way(kind, &spec).await?;
    failures(&bench.apply(&spec).await).map_or(Ok(()), |why| Err(format!("apply: {why}")))?;
    let dies = tokio::time::timeout(LATE / 4, bench.mortal(bench.destroy(&spec))).await;
    if dies.is_err() {
        bench.kill();
    }
    failures(&bench.destroy(&spec).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
    tokio::time::sleep(2 * LATE).await;
    bench.nothing_is_left().await
}

#[test]
fn a_request_of_a_dead_run_that_arrives_after_the_end_leaves_nothing_behind() {
    for kind in ["net", "host", "role", "gate", "grant", "task", "base"] {
        run(repeated_by_the_next_run(kind)).unwrap_or_else(|why| panic!("{kind}: {why}"));
    }
}

/// When it arrives, seen from the run that follows.
#[derive(Clone, Copy, Debug)]
enum Arrives {
    Unlooked,
    Planned,
}

/// A name was still free when the next run looked, and is taken when it plans, or when its plan is approved: the plan holds as it was
/// shown, for what is there in the end is the same.
async fn between(kind: &str, arrives: Arrives) -> Result<(), String> {
    let spec = showcase(1);
    let bench = on_its_way(kind, &spec).await?;
    let said = |trouble| words(&trouble);
    bench.engine.recover(&[bench.engine.key("all")], Aim::Apply).await.map_err(said)?;
    if matches!(arrives, Arrives::Unlooked) {
        tokio::time::sleep(2 * LATE).await;
    }
    let plans = bench.engine.plan(&bench.load(&spec), &Options::default()).await.map_err(said)?;
    if matches!(arrives, Arrives::Planned) {
        tokio::time::sleep(2 * LATE).await;
    }
    let applied = bench.engine.apply(plans, &Options::default()).await.map(|mut applied| applied.pop());
    failures(&applied).map_or(Ok(()), Err)?;
    bench.settled(&spec).await
}

#[test]
fn what_arrives_while_the_next_run_plans_is_taken_on_without_another_plan() {
    for kind in ["net", "host", "role", "gate", "grant"] {
        for arrives in [Arrives::Unlooked, Arrives::Planned] {
            run(between(kind, arrives)).unwrap_or_else(|why| panic!("{kind}, {arrives:?}: {why}"));
        }
    }
}

/// What can be sent again as it was, or finds its name taken, is not waited for; what only its tag tells is, and what is asked for
/// otherwise.
#[test]
fn a_run_waits_only_for_what_it_cannot_tell() {
    let settings = Bench::new().engine.settings;
    let times = [
        ("net", 1, false),
        ("host", 1, true),
        ("role", 1, false),
        ("gate", 1, false),
        ("grant", 1, false),
        ("task", 1, true),
        ("net", 2, true),
    ];
    for (kind, setting, waits) in times {
        run(async {
            // What never arrives: the run died before its request was sent.
            let spec = showcase(1);
            let bench = before_it_is_sent(kind, &spec).await.unwrap_or_else(|why| panic!("{kind}: {why}"));
            let began = tokio::time::Instant::now();
            let now = showcase(setting);
            bench.engine.recover(&[bench.engine.key("all")], Aim::Apply).await.map_err(|trouble| words(&trouble)).expect("AWS says");
            let plans = bench.engine.plan(&bench.load(&now), &Options::default()).await.map_err(|trouble| words(&trouble)).expect("a plan");
            let planned = began.elapsed();
            let applied = bench.engine.apply(plans, &Options::default()).await.map(|mut applied| applied.pop());
            assert_eq!(failures(&applied), None, "{kind}, setting {setting}");
            assert_eq!(bench.settled(&now).await, Ok(()), "{kind}, setting {setting}");
            let took = began.elapsed();
            println!(
                "{kind}, asked for {}: {planned:.1?} from start to planned, {took:.1?} to applied",
                if setting == 1 { "again" } else { "otherwise" }
            );
            assert_eq!(took >= settings.settle_window, waits, "{kind}, setting {setting}: it took {took:?}");
        });
    }
}

/// That it holds a secret is no reason to wait: what was asked for is told by its digest.
#[test]
fn a_secret_asked_for_again_is_not_waited_for() {
    run(async {
        let spec = showcase(1).replacen("name = 'r1'", "name = 'r1'\nnote = '${sensitive(\"1\")}'", 1);
        let bench = before_it_is_sent("role", &spec).await.expect("it dies");
        let plans = bench.engine.plan(&bench.load(&spec), &Options::default()).await.map_err(|trouble| words(&trouble)).expect("a plan");
        assert!(plans.iter().any(|plan| !plan.prepared.state.pending.is_empty()) && !plans.iter().any(StackPlan::asks_otherwise));
        let other = spec.replacen("sensitive(\"1\")", "sensitive(\"2\")", 1);
        let plans = bench.engine.plan(&bench.load(&other), &Options::default()).await.map_err(|trouble| words(&trouble)).expect("a plan");
        assert!(plans.iter().any(StackPlan::asks_otherwise));
    });
}
