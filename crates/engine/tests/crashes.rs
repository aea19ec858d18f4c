//! The ledger fails, or the process ends, at any result: the next run goes on without losing anything that can be found again.

use std::sync::Arc;

use lowtide_engine::Trouble;
use lowtide_ledger::Moment;
use lowtide_plan::Event;
use lowtide_state::LedgerFault;
use lowtide_testkit::pretend::Verb;

use crate::{
    bench::{Bench, failures, run, words},
    troubles::showcase,
};

/// Applies while the n-th write to the journal fails, then applies or destroys. Returns whether it came so far.
async fn crash(nth: usize, moment: Moment, before: Option<&str>, after: &str, destroys: bool) -> Result<bool, String> {
    let mut bench = Bench::new();
    if let Some(before) = before {
        failures(&bench.apply(before).await).map_or(Ok(()), Err)?;
    }
    bench.ledger.fail_append(nth, moment);
    let so_far = bench.ledger.appends();
    let first = bench.apply(after).await;
    let reached = bench.ledger.appends() - so_far >= nth;
    bench.kill();
    if reached && failures(&first).is_none() {
        return Err("a lost result went unnoticed".to_owned());
    }
    if destroys && !reached {
        return Ok(false);
    }
    if destroys {
        failures(&bench.destroy(after).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
        let left: Vec<_> = bench.pretend.things().into_iter().map(|thing| thing.id).collect();
        let state = bench.state().await;
        if !left.is_empty() || !state.records.is_empty() || !state.pending.is_empty() {
            return Err(format!("destroy leaves {left:?}"));
        }
        return Ok(reached);
    }
    failures(&bench.apply(after).await).map_or(Ok(()), |why| Err(format!("second apply: {why}")))?;
    bench.settled(after).await?;
    Ok(reached)
}

fn every_crash(before: Option<&str>, after: &str) -> usize {
    let mut crashes = 0;
    for nth in 1..200 {
        let mut reached = false;
        for moment in [Moment::Before, Moment::Midway, Moment::After] {
            for destroys in [false, true] {
                match run(crash(nth, moment, before, after, destroys)) {
                    Ok(so_far) => reached |= so_far,
                    Err(why) => panic!("{moment:?} write {nth}, then destroy: {destroys}: {why}"),
                }
            }
        }
        if !reached {
            return crashes;
        }
        crashes += 6;
    }
    crashes
}

/// The disk fills when so many steps are done.
async fn fills(done: usize) -> Result<bool, String> {
    let mut bench = Bench::new();
    let (ledger, ended) = (bench.ledger.clone(), std::sync::atomic::AtomicUsize::new(0));
    bench.engine.listener = Arc::new(move |event: &Event| {
        if matches!(event, Event::Ended { .. }) && ended.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1 == done {
            ledger.set_full(true);
        }
    });
    let applied = bench.apply(&showcase(1)).await.map_err(|trouble| words(&trouble))?.ok_or("there was nothing to do")?.applied;
    let Some(fault) = applied.ledger else { return Ok(false) };
    if !matches!(fault, LedgerFault::Full { .. }) || !applied.failures.is_empty() {
        return Err(format!("{fault}; {} failures", applied.failures.len()));
    }
    bench.accounted().await?;
    if !bench.state().await.pending.is_empty() {
        return Err("what was under way was not written down".to_owned());
    }
    bench.ledger.set_full(false);
    failures(&bench.apply(&showcase(1)).await).map_or(Ok(()), |why| Err(format!("with room again: {why}")))?;
    bench.settled(&showcase(1)).await.map(|()| true)
}

#[test]
fn when_the_disk_fills_what_is_under_way_comes_to_its_end_and_nothing_more_begins() {
    let begun = (1..).take_while(|done| run(fills(*done)).unwrap_or_else(|why| panic!("after {done}: {why}"))).count();
    assert!(begun > 5, "{begun}");
    let Trouble::Wrong(told) = Trouble::from(LedgerFault::Full { place: "state/p/dev/base/state".to_owned() }) else { panic!("held") };
    let told = told.sorted().into_iter().next().expect("what to do");
    assert_eq!((told.summary.as_str(), told.hints.len()), ("Disk full", 1));
    assert!(told.detail.contains("state/p/dev/base/state") && told.hints[0].starts_with("make room there, then run the command again"));
}

#[test]
fn a_create_goes_on_after_any_lost_result() {
    println!("{} crashes while creating", every_crash(None, &showcase(1)));
}

#[test]
fn an_edit_goes_on_after_any_lost_result() {
    println!("{} crashes while editing", every_crash(Some(&showcase(1)), &showcase(2)));
}

/// The id of what only its tag tells is lost: the machine that was given it has it still, and any other looks for it.
#[test]
fn what_could_not_be_written_down_the_next_run_of_the_machine_knows() {
    for goes_elsewhere in [false, true] {
        run(async {
            let (bench, spec) = (Bench::new(), "[resource.pretend_base.base]\npassword = 'p'\n");
            // The first is the intent.
            bench.ledger.fail_append(2, Moment::Before);
            let applied =
                bench.apply(spec).await.map_err(|trouble| words(&trouble)).expect("it says how it went").expect("there is much to do");
            assert_eq!((applied.applied.set_aside, applied.applied.ledger.is_some()), (1, true));
            if goes_elsewhere {
                bench.ledger.go_elsewhere();
            }
            bench.pretend.calm();
            assert_eq!(failures(&bench.apply(spec).await), None);
            let looked = bench.pretend.calls().iter().any(|call| call.verb == Verb::Find);
            assert_eq!(looked, goes_elsewhere);
            assert_eq!(bench.settled(spec).await, Ok(()));
        });
    }
}
