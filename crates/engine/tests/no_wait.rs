//! Runs that wait for nothing: what may still arrive is left open in the state, and whoever comes next sees to it.

use std::time::Duration;

use lowtide_engine::Aim;
use lowtide_plan::{Action, Options, Reason, Recovered, Recovery};
use lowtide_testkit::pretend::{LATE, Trouble, Verb, What};
use tokio::time::Instant;

use crate::{
    bench::{Bench, failures, run, words},
    late::{on_its_way, one_of_each},
    troubles::showcase,
};

/// As long as a run may take that waits for nothing.
const AT_ONCE: Duration = Duration::from_secs(60);

fn late(bench: &Bench, kind: &str) {
    bench.pretend.make_trouble(Trouble { kind: format!("pretend_{kind}"), verb: Verb::Create, nth: 1, what: What::Late });
}

/// Returns a world in which one of a kind was asked for twice, and is deleted and watched.
async fn watched(kind: &str) -> Result<Bench, String> {
    let mut bench = Bench::new();
    late(&bench, kind);
    failures(&bench.apply(&one_of_each(1)).await).map_or(Ok(()), |why| Err(format!("apply: {why}")))?;
    failures(&bench.apply(&one_of_each(2)).await).map_or(Ok(()), |why| Err(format!("change: {why}")))?;
    bench.engine.settings.waits = false;
    let began = Instant::now();
    failures(&bench.destroy(&one_of_each(2)).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
    if began.elapsed() > AT_ONCE {
        return Err(format!("it waited for {:?}", began.elapsed()));
    }
    let (things, state) = (bench.pretend.things(), bench.state().await);
    let kinds: Vec<_> = state.watched().map(|record| record.address.kind().to_owned()).collect();
    if !things.is_empty() || kinds != [format!("pretend_{kind}")] || state.records.len() != 1 || !state.pending.is_empty() {
        return Err(format!("{} things, {kinds:?} watched, {} records", things.len(), state.records.len()));
    }
    Ok(bench)
}

async fn closed(bench: &Bench) -> Result<Vec<Recovery>, String> {
    let recovered = bench.engine.recover(&[bench.engine.key("all")], Aim::Close).await.map_err(|trouble| words(&trouble))?;
    Ok(recovered.into_iter().map(|one: Recovered| one.how).collect())
}

const NAMED: [&str; 3] = ["role", "gate", "grant"];

#[test]
fn a_watch_is_closed_by_the_next_destroy() {
    for kind in NAMED {
        for arrives_first in [false, true] {
            let survived = run(async {
                let mut bench = watched(kind).await?;
                let spec = one_of_each(2);
                if arrives_first && kind == "role" {
                    tokio::time::sleep(2 * LATE).await;
                }
                bench.another_process();
                bench.engine.settings.waits = true;
                let plan =
                    bench.engine.plan_destroy(&bench.load(&spec), &Options::default(), true).await.map_err(|trouble| words(&trouble))?;
                let steps: Vec<_> =
                    plan[0].plan.steps.iter().map(|step| (step.action, matches!(step.reason, Reason::Watched(_)))).collect();
                if steps != [(Action::Delete, true)] {
                    return Err(format!("{steps:?}"));
                }
                failures(&bench.destroy(&spec).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
                tokio::time::sleep(2 * LATE).await;
                bench.nothing_is_left().await
            });
            survived.unwrap_or_else(|why: String| panic!("{kind}, it arrives first: {arrives_first}: {why}"));
        }
    }
}

#[test]
fn a_watch_is_closed_by_a_recover() {
    for kind in NAMED {
        let survived = run(async {
            let mut bench = watched(kind).await?;
            let open = closed(&bench).await?;
            if !matches!(open.as_slice(), [Recovery::Open(_)]) {
                return Err(format!("nobody waits: {open:?}"));
            }
            if bench.state().await.is_empty() {
                return Err("a watch that is open is lost".to_owned());
            }
            // Its parts can't come back without it.
            let comes_back = kind == "role";
            bench.engine.settings.waits = true;
            let told = closed(&bench).await?;
            let fits = if comes_back { matches!(told.as_slice(), [Recovery::Back(id)] if id == "r") } else { told == [Recovery::Gone] };
            if !fits {
                return Err(format!("{told:?}"));
            }
            if comes_back {
                failures(&bench.destroy(&one_of_each(2)).await).map_or(Ok(()), Err)?;
            }
            bench.nothing_is_left().await
        });
        survived.unwrap_or_else(|why: String| panic!("{kind}: {why}"));
    }
}

/// What is asked for again while it is watched is made, or taken on where it has come back; and it is no drift that it is gone.
#[test]
fn what_is_watched_may_be_asked_for_again() {
    for kind in NAMED {
        for (waits, pause) in [(false, Duration::ZERO), (true, Duration::ZERO), (false, 2 * LATE)] {
            let survived = run(async {
                let mut bench = watched(kind).await?;
                bench.engine.settings.waits = waits;
                tokio::time::sleep(pause).await;
                let spec = one_of_each(1);
                let plan = bench.plan(&spec).await.map_err(|trouble| words(&trouble))?.plan;
                if pause.is_zero() && (!plan.drift.is_empty() || plan.steps.iter().any(|step| step.action != Action::Create)) {
                    return Err(format!("{:?}", plan.drift));
                }
                failures(&bench.apply(&spec).await).map_or(Ok(()), |why| Err(format!("apply: {why}")))?;
                bench.settled(&spec).await?;
                bench.engine.settings.waits = true;
                failures(&bench.destroy(&spec).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
                tokio::time::sleep(2 * LATE).await;
                bench.nothing_is_left().await
            });
            survived.unwrap_or_else(|why: String| panic!("{kind}, waits: {waits}, after {pause:?}: {why}"));
        }
    }
}

/// One of another name may have the address of what is watched, and that one is looked for all the same.
#[test]
fn what_is_watched_is_not_forgotten_for_one_of_another_name() {
    for waits in [false, true] {
        run(async {
            let mut bench = Bench::new();
            let role = |name: &str| format!("[resource.pretend_role.it]\nname = '{name}'\n");
            late(&bench, "role");
            assert_eq!(failures(&bench.apply(&role("a")).await), None);
            bench.engine.settings.waits = false;
            assert_eq!(failures(&bench.destroy(&role("a")).await), None);
            bench.engine.settings.waits = waits;
            assert_eq!(failures(&bench.apply(&role("b")).await), None);
            let watched = bench.state().await.watched().map(|record| record.id.clone()).collect::<Vec<_>>();
            assert_eq!(watched, if waits { vec![] } else { vec!["a".to_owned()] });
            tokio::time::sleep(2 * LATE).await;
            bench.engine.settings.waits = true;
            assert_eq!(failures(&bench.apply(&role("b")).await), None);
            assert_eq!(bench.settled(&role("b")).await, Ok(()), "waits: {waits}");
            assert_eq!(failures(&bench.destroy(&role("b")).await), None);
            assert_eq!(bench.nothing_is_left().await, Ok(()));
        });
    }
}

/// What a dead run asked for stays in doubt, with the time by which that is over; what only a tag can find is not asked for again.
#[test]
fn what_is_in_doubt_stays_open_and_says_until_when() {
    for kind in ["host", "role", "task", "base"] {
        let survived = run(async {
            let spec = showcase(1);
            let mut bench = on_its_way(kind, &spec).await?;
            bench.engine.settings.waits = false;
            let began = Instant::now();
            let applied = bench.apply(&spec).await;
            let refused = failures(&applied).is_some_and(|why| why.contains("Operation in doubt") || why.contains("may still arrive"));
            if refused == (kind == "role") || began.elapsed() > AT_ONCE {
                return Err(format!("{:?} in {:?}", failures(&applied), began.elapsed()));
            }
            failures(&bench.destroy(&spec).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
            let state = bench.state().await;
            let open = state.pending.values().all(|intent| intent.until.is_some());
            if began.elapsed() > AT_ONCE || !open || state.is_empty() {
                return Err(format!("after {:?}: {} in doubt", began.elapsed(), state.pending.len()));
            }
            tokio::time::sleep(2 * LATE).await;
            // The time is over: one look is enough, and what has arrived is taken in and deleted.
            let began = Instant::now();
            failures(&bench.destroy(&spec).await).map_or(Ok(()), |why| Err(format!("second destroy: {why}")))?;
            if began.elapsed() > AT_ONCE {
                return Err(format!("it waited for {:?}", began.elapsed()));
            }
            bench.nothing_is_left().await
        });
        survived.unwrap_or_else(|why: String| panic!("{kind}: {why}"));
    }
}

/// In the middle of an apply as well: a reply is lost, and what only a tag can find is neither waited for nor asked for twice.
#[test]
fn a_reply_lost_on_the_way_leaves_its_step_open() {
    for kind in ["host", "task", "base"] {
        let survived = run(async {
            let spec = showcase(1);
            let mut bench = Bench::new();
            bench.engine.settings.waits = false;
            late(&bench, kind);
            let began = Instant::now();
            let why = failures(&bench.apply(&spec).await).ok_or("it came through")?;
            if !why.contains("Operation in doubt") || began.elapsed() > AT_ONCE || bench.state().await.pending.len() != 1 {
                return Err(format!("{why} in {:?}", began.elapsed()));
            }
            tokio::time::sleep(2 * LATE).await;
            failures(&bench.apply(&spec).await).map_or(Ok(()), |why| Err(format!("apply: {why}")))?;
            bench.settled(&spec).await?;
            failures(&bench.destroy(&spec).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
            bench.nothing_is_left().await
        });
        survived.unwrap_or_else(|why: String| panic!("{kind}: {why}"));
    }
}

/// A name that is given to another must be free for good: nothing is done to it without waiting.
#[test]
fn a_name_that_is_given_to_another_is_not_left_open() {
    run(async {
        let mut bench = Bench::new();
        late(&bench, "role");
        let roles = |first: &str, second: &str| {
            format!("[resource.pretend_role.first]\nname = '{first}'\n[resource.pretend_role.second]\nname = '{second}'\n")
        };
        let (before, after) = (roles("r", "s"), roles("t", "r"));
        let (before, after) = (before.as_str(), after.as_str());
        assert_eq!(failures(&bench.apply(before).await), None);
        bench.engine.settings.waits = false;
        let why = failures(&bench.apply(after).await).expect("it is refused");
        assert!(why.contains("its name given to `pretend_role.second`"), "{why}");
        assert_eq!(bench.accounted().await, Ok(()));
        bench.engine.settings.waits = true;
        assert_eq!(failures(&bench.apply(after).await), None);
        assert_eq!(bench.settled(after).await, Ok(()));
        tokio::time::sleep(2 * LATE).await;
        assert_eq!(bench.settled(after).await, Ok(()));
    });
}
