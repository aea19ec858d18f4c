//! What is waited for by the clock on the wall, when that is past, and when somebody sets it while a run is at work.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use lowtide_model::{Object, Value};
use lowtide_plan::{Event, Options};
use lowtide_testkit::pretend::{LATE, Trouble, Verb, What};

use crate::{
    bench::{Bench, failures, run, words},
    spread::thorough,
    troubles::showcase,
};

const HOUR: i64 = 3_600;

/// Returns a world in which the first create of a kind is still on its way when it is asked for once more.
fn twice(kind: &str) -> Bench {
    let bench = Bench::new();
    bench.pretend.make_trouble(Trouble { kind: format!("pretend_{kind}"), verb: Verb::Create, nth: 1, what: What::Late });
    bench
}

/// Its request is too old to matter when it is destroyed, it is gone, and another has taken its name since the plan.
#[test]
fn what_another_took_after_the_plan_is_not_deleted() {
    run(async {
        let spec = "[resource.pretend_role.role]\nname = 'r'\n";
        let mut bench = twice("role");
        assert_eq!(failures(&bench.apply(spec).await), None);
        assert!(bench.state().await.records.values().all(|record| !record.lingering.is_empty()));
        tokio::time::sleep(bench.engine.settings.settle_window + LATE).await;
        bench.another_process();
        assert!(bench.pretend.remove("r"));
        let options = Options { destroy: true, ..Options::default() };
        let plans = bench.engine.plan_destroy(&bench.load(spec), &options, true).await.map_err(|trouble| words(&trouble)).expect("a plan");
        bench.pretend.put("pretend_role", "r", [("name".to_owned(), Value::from("r"))].into_iter().collect::<Object>());
        let began = tokio::time::Instant::now();
        let applied = bench.engine.apply(plans, &options).await.map(|mut applied| applied.pop());
        assert_eq!(failures(&applied), None);
        assert!(began.elapsed() < Duration::from_secs(10), "nothing is waited for any more: {:?}", began.elapsed());
        let there: Vec<_> = bench.pretend.things().into_iter().map(|thing| (thing.id, thing.inputs.get("tags").is_some())).collect();
        assert_eq!(there, [("r".to_owned(), false)], "the other one stays");
        assert!(bench.state().await.records.is_empty());
    });
}

/// Sets the clock when so many events have been told; returns how many there were.
fn leap_at(bench: &mut Bench, nth: usize, seconds: i64) -> Arc<AtomicUsize> {
    let (wall, heard) = (bench.wall.clone(), Arc::new(AtomicUsize::new(0)));
    let count = heard.clone();
    bench.engine.listener = Arc::new(move |_: &Event| {
        if count.fetch_add(1, Ordering::Relaxed) + 1 == nth {
            wall.leap(seconds);
        }
    });
    heard
}

/// Applies, and destroys; one of the two meets a clock that is set at its n-th event. Returns how many events that one tells of.
async fn leaps(kind: &str, destroys: bool, nth: usize, seconds: i64, one_process: bool) -> Result<usize, String> {
    let spec = showcase(1);
    let mut bench = twice(kind);
    let mut heard = leap_at(&mut bench, if destroys { 0 } else { nth }, seconds);
    failures(&bench.apply(&spec).await).map_or(Ok(()), |why| Err(format!("apply: {why}")))?;
    bench.settled(&spec).await?;
    if !one_process {
        bench.another_process();
    }
    if destroys {
        heard = leap_at(&mut bench, nth, seconds);
    }
    failures(&bench.destroy(&spec).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
    tokio::time::sleep(2 * LATE).await;
    bench.nothing_is_left().await?;
    Ok(heard.load(Ordering::Relaxed))
}

/// How many events are passed over where not all are tried.
const SOME: usize = 41;

#[test]
fn a_clock_that_is_set_while_a_run_is_at_work_leaves_nothing_behind() {
    let mut tried = 0;
    for kind in ["role", "gate", "grant", "host"] {
        for (destroys, seconds) in [(false, HOUR), (false, -HOUR), (true, HOUR), (true, -HOUR)] {
            let mut nth = 1;
            loop {
                let events = run(leaps(kind, destroys, nth, seconds, true))
                    .unwrap_or_else(|why| panic!("{kind}, set by {seconds} s at event {nth}, destroying: {destroys}: {why}"));
                tried += 1;
                nth += if thorough() { 1 } else { SOME };
                if nth > events {
                    break;
                }
            }
        }
    }
    println!("the clock was set in {tried} runs");
}

/// The run that follows is another process, which sees the clock as it is by then: only one that was set forward it can't tell from time
/// that has passed.
#[test]
fn a_clock_that_was_set_back_leaves_nothing_behind_for_the_next_run_either() {
    for kind in ["role", "gate", "grant"] {
        for nth in (1..60).step_by(7) {
            run(leaps(kind, false, nth, -HOUR, false)).unwrap_or_else(|why| panic!("{kind}, event {nth}: {why}"));
        }
    }
}
