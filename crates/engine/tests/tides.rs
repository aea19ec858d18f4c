//! Turns of a tide that do not end well are taken up again; what people hold counts, whenever they say so.

use lowtide_engine::Tick;
use lowtide_plan::Options;
use lowtide_testkit::pretend::{Blow, Trouble, Verb, What};
use lowtide_tide::{Hold, Notes, Phase, Timestamp};

use crate::{
    bench::{Bench, failures, run, words},
    spread::thorough,
};

const SPEC: &str = "[stack]\nlifecycle = 'ephemeral'\n\n[stack.schedule]\ntimezone = 'UTC'\nup = '0 8 * * *'\ndown = '0 20 * * *'\n\n\
                    [resource.pretend_net.net]\ncidr = '10.0.0.0/16'\n\n[resource.pretend_host.host]\nnet = '${pretend_net.net.id}'\n\n\
                    [resource.pretend_role.role]\nname = 'r'\n";
const NOON: &str = "2026-11-27T12:00:00Z";
const NIGHT: &str = "2026-11-27T22:00:00Z";
const NEXT_NOON: &str = "2026-11-28T12:00:00Z";
/// How many moments are passed over where not all are tried.
const SOME: usize = 5;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// One tick, as the command does it. Returns where it went, if anywhere.
async fn tick(bench: &Bench, now: &str) -> Result<Option<Phase>, String> {
    let loaded = bench.load(SPEC).remove(0);
    let tick = bench.engine.tick(&loaded, at(now)).await.map_err(|trouble| words(&trouble))?;
    let Some(Tick::Turns(should, plans)) = tick else { return Ok(None) };
    let options = Options { destroy: should.phase == Phase::Down, ..Options::default() };
    let applied = bench.engine.apply(plans, &options).await.map(|mut applied| applied.pop());
    failures(&applied).map_or(Ok(()), Err)?;
    bench.engine.reached(&loaded, should.phase).await.map_err(|trouble| words(&trouble))?;
    Ok(Some(should.phase))
}

async fn hold(bench: &Bench, now: &str, until: &str) -> Option<Phase> {
    let held = bench.engine.hold(&bench.load(SPEC)[0], at(until), at(now)).await;
    held.map_err(|trouble| words(&trouble)).expect("a hold").map(|hold| hold.phase)
}

/// Returns a world in which the stack was up whole, and half of it went.
async fn half_down() -> Bench {
    let bench = Bench::new();
    assert_eq!(tick(&bench, NOON).await, Ok(Some(Phase::Up)));
    bench.pretend.calm();
    bench.pretend.make_trouble(Trouble { kind: "pretend_net".to_owned(), verb: Verb::Delete, nth: 1, what: What::Refused });
    tick(&bench, NIGHT).await.expect_err("its network can't be deleted");
    bench.pretend.calm();
    assert_eq!(bench.state().await.records.len(), 1);
    bench
}

#[test]
fn what_went_only_half_comes_back_by_day() {
    run(async {
        let bench = half_down().await;
        assert_eq!(tick(&bench, NEXT_NOON).await, Ok(Some(Phase::Up)));
        assert_eq!(bench.settled(SPEC).await, Ok(()));
        assert_eq!(tick(&bench, NEXT_NOON).await, Ok(None));
    });
}

#[test]
fn what_went_only_half_goes_on_by_night() {
    run(async {
        let bench = half_down().await;
        assert_eq!(tick(&bench, NIGHT).await, Ok(Some(Phase::Down)));
        assert_eq!(bench.nothing_is_left().await, Ok(()));
    });
}

#[test]
fn what_went_only_half_and_is_held_up_comes_back() {
    run(async {
        let bench = half_down().await;
        assert_eq!(hold(&bench, NIGHT, "2026-11-27T23:00:00Z").await, Some(Phase::Up));
        assert_eq!(tick(&bench, NIGHT).await, Ok(Some(Phase::Up)));
        assert_eq!(bench.settled(SPEC).await, Ok(()));
        assert_eq!(tick(&bench, NIGHT).await, Ok(None));
    });
}

#[test]
fn what_was_brought_up_whole_is_left_to_people() {
    run(async {
        let bench = Bench::new();
        assert_eq!(tick(&bench, NOON).await, Ok(Some(Phase::Up)));
        assert!(bench.pretend.remove("r"));
        assert_eq!(tick(&bench, NOON).await, Ok(None));
        assert_eq!(hold(&bench, NOON, NEXT_NOON).await, Some(Phase::Up));
        assert_eq!(tick(&bench, NIGHT).await, Ok(None));
    });
}

/// Returns the notes about the stack.
async fn notes(bench: &Bench) -> Notes {
    let status = bench.engine.tide(&bench.load(SPEC)[0], at(NIGHT)).await;
    status.map_err(|trouble| words(&trouble)).expect("a status").expect("a schedule").notes
}

#[test]
fn a_hold_and_the_end_of_a_turn_at_the_same_moment_both_stay() {
    for hold_first in [true, false] {
        run(async {
            let bench = Bench::new();
            let loaded = bench.load(SPEC).remove(0);
            failures(&bench.apply(SPEC).await).map_or(Ok(()), Err).expect("it is up");
            let (ends, holds) = (bench.engine.reached(&loaded, Phase::Up), hold(&bench, NOON, NEXT_NOON));
            if hold_first {
                drop(tokio::join!(holds, ends));
            } else {
                drop(tokio::join!(ends, holds));
            }
            let held = Hold { phase: Phase::Up, until: at(NEXT_NOON) };
            assert_eq!(notes(&bench).await, Notes { hold: Some(held), reached: Some(Phase::Up) }, "the hold begins first: {hold_first}");
        });
    }
}

#[test]
fn a_hold_set_while_a_turn_is_planned_counts_for_it() {
    run(async {
        let bench = Bench::new();
        assert_eq!(tick(&bench, NOON).await, Ok(Some(Phase::Up)));
        let loaded = bench.load(SPEC).remove(0);
        let (ticked, held) = tokio::join!(bench.engine.tick(&loaded, at(NIGHT)), hold(&bench, NIGHT, NEXT_NOON));
        assert_eq!(held, Some(Phase::Up));
        assert!(matches!(ticked, Ok(Some(Tick::Nothing(should))) if should.phase == Phase::Up), "it stays up");
        assert_eq!(notes(&bench).await.reached, Some(Phase::Up), "and was up whole all the time");
    });
}

#[test]
fn a_hold_set_while_a_turn_is_under_way_counts_for_the_next_tick() {
    run(async {
        let bench = Bench::new();
        assert_eq!(tick(&bench, NOON).await, Ok(Some(Phase::Up)));
        let loaded = bench.load(SPEC).remove(0);
        let Ok(Some(Tick::Turns(_, plans))) = bench.engine.tick(&loaded, at(NIGHT)).await else { panic!("it should go") };
        assert_eq!(hold(&bench, NIGHT, NEXT_NOON).await, Some(Phase::Up));
        let gone = bench.engine.apply(plans, &Options { destroy: true, ..Options::default() }).await.map(|mut applied| applied.pop());
        assert_eq!(failures(&gone), None);
        assert!(bench.engine.reached(&loaded, Phase::Down).await.is_ok());
        assert_eq!(tick(&bench, NIGHT).await, Ok(Some(Phase::Up)));
        assert_eq!(bench.settled(SPEC).await, Ok(()));
        assert!(bench.engine.release(&loaded).await.is_ok_and(|held| held));
        assert_eq!(notes(&bench).await, Notes { hold: None, reached: Some(Phase::Up) });
        assert_eq!(tick(&bench, NIGHT).await, Ok(Some(Phase::Down)));
    });
}

/// A tick that dies at its n-th moment, and what the next ones find. Returns whether it died.
async fn dies_at(nth: usize, dying: &str, next: &str) -> Result<bool, String> {
    let mut bench = Bench::new();
    tick(&bench, NOON).await?;
    if dying == NEXT_NOON {
        // As if people had taken down what the tide had brought up.
        failures(&bench.destroy(SPEC).await).map_or(Ok(()), Err)?;
    }
    bench.pretend.fate().strike_at(nth, Blow::Death);
    let died = bench.mortal(tick(&bench, dying)).await.is_none();
    bench.pretend.fate().spare();
    bench.kill();
    tick(&bench, next).await?;
    if next == NIGHT {
        bench.nothing_is_left().await?
    } else {
        bench.settled(SPEC).await?
    }
    Ok(died)
}

#[test]
fn a_turn_that_died_is_taken_up_again_in_the_direction_that_counts() {
    for (dying, next) in [(NIGHT, NEXT_NOON), (NIGHT, NIGHT), (NEXT_NOON, NEXT_NOON), (NEXT_NOON, NIGHT)] {
        let mut nth = 1;
        while run(dies_at(nth, dying, next)).unwrap_or_else(|why| panic!("moment {nth} of the turn at {dying}, then {next}: {why}")) {
            nth += if thorough() { 1 } else { SOME };
        }
        assert!(nth > 10, "it was struck up to moment {nth} only");
    }
}
