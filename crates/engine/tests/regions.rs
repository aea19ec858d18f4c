//! Things of one kind and one name in two regions are told apart by all that is asked of them.

use lowtide_model::{Description, Scope};
use lowtide_plan::Action;
use lowtide_resource::{Class, Fault, TAG_ID};
use lowtide_testkit::pretend::Pretend;

use crate::{
    bench::{Bench, failures, run, words},
    stand_in::StandIn,
};

const REGIONS: [&str; 2] = ["eu-west-1", "us-east-1"];

/// Returns a bench on which roles live in regions, and the worlds of these. Each refuses to change or delete what was seen of another.
fn regional() -> (Bench, [Pretend; 2]) {
    let mut bench = Bench::new();
    let worlds = [Pretend::new(), Pretend::new()];
    let kinds = worlds.clone().map(|world| world.catalog().kind("pretend_role").expect("a kind").clone());
    let description = Description { scope: Scope::Regional, ..*kinds[0].description() };
    let within = worlds.clone();
    let number = |region: &str| usize::from(region == REGIONS[1]);
    let stand_in = StandIn {
        description: Box::leak(Box::new(description)),
        at: Box::new(move |place| kinds[number(&place.region)].clone()),
        before: Box::new(move |_, place, seen| {
            let Some(told) = seen.and_then(|seen| seen.outputs.text("unique")) else { return Ok(()) };
            let here = within[number(&place.region)].things().iter().any(|thing| told.ends_with(&thing.token));
            if here { Ok(()) } else { Err(Fault::bare(Class::Invalid, format!("{told} is not in {}", place.region))) }
        }),
    };
    stand_in.join(&mut bench);
    (bench, worlds)
}

fn spec(notes: [&str; 2]) -> String {
    let role = |name: &str, region: &str, note: &str| {
        format!("[resource.pretend_role.{name}]\nregion = '{region}'\nname = 'r'\nnote = '{note}'\n")
    };
    role("first", REGIONS[0], notes[0]) + &role("second", REGIONS[1], notes[1])
}

#[test]
fn a_namesake_in_another_region_is_neither_changed_nor_deleted() {
    run(async {
        let (bench, worlds) = regional();
        assert_eq!(failures(&bench.apply(&spec(["2", "1"])).await), None);
        assert_eq!(failures(&bench.apply(&spec(["2", "2"])).await), None);
        assert_eq!(bench.plan(&spec(["2", "2"])).await.map_err(|trouble| words(&trouble)).expect("a plan").plan.steps.len(), 0);
        assert_eq!(failures(&bench.destroy(&spec(["2", "2"])).await), None);
        assert!(worlds.iter().all(|world| world.things().is_empty()));
    });
}

#[test]
fn a_namesake_in_another_region_is_not_taken_on() {
    run(async {
        let (bench, worlds) = regional();
        assert_eq!(failures(&bench.apply(&spec(["1", "2"])).await), None);
        let addresses: Vec<_> = bench.state().await.records.keys().map(|(address, _)| address.clone()).collect();
        assert!(bench.engine.forget_records("all", &addresses).await.is_ok());
        let plan = bench.plan(&spec(["1", "2"])).await.map_err(|trouble| words(&trouble)).expect("a plan").plan;
        assert!(plan.steps.iter().all(|step| step.action == Action::Adopt) && plan.steps.len() == 2);
        assert_eq!(failures(&bench.apply(&spec(["1", "2"])).await), None);
        let state = bench.state().await;
        for (record, world) in state.records.values().zip(&worlds) {
            assert_eq!(world.things()[0].tag(TAG_ID), Some(record.uid.as_str()), "{}", record.address);
        }
    });
}

/// What is looked up by its record is found where the record was when it was looked at.
#[test]
fn a_namesake_in_another_region_is_left_alone_by_one_that_moves_to_another_address() {
    run(async {
        let (bench, worlds) = regional();
        assert_eq!(failures(&bench.apply(&spec(["2", "1"])).await), None);
        let moved = spec(["2", "2"]).replace("pretend_role.second", "pretend_role.third");
        let plan = bench.plan(&moved).await.map_err(|trouble| words(&trouble)).expect("a plan").plan;
        assert_eq!(plan.moves.len(), 1);
        assert_eq!(failures(&bench.apply(&moved).await), None);
        assert!(worlds.iter().all(|world| world.things()[0].inputs.text("note") == Some("2")));
    });
}
