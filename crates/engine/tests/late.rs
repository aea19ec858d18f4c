//! A create that was sent by a run that died, and arrives while the next one is at work, or when it is done.

use lowtide_engine::Aim;
use lowtide_plan::Options;
use lowtide_resource::TAG_ID;
use lowtide_testkit::pretend::{Blow, LATE, Trouble, Verb, What};

use crate::{
    bench::{Bench, failures, run, words},
    stand_in::StandIn,
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

/// One of each kind that has a name, or a token; each changes with the setting, and none is replaced.
pub fn one_of_each(setting: u8) -> String {
    format!(
        "[resource.pretend_net.net]\ncidr = '10.0.0.0/16'\nsize = {setting}\n\
         [resource.pretend_role.role]\nname = 'r'\nnote = '{setting}'\n\
         [resource.pretend_grant.grant]\nrole = '${{pretend_role.role.id}}'\nname = 'g'\ndocument = {{ Statement = [{{ Action = 'a:{setting}' }}] }}\n\
         [resource.pretend_gate.gate]\nrole = '${{pretend_role.role.id}}'\nname = 'k'\nnote = '{setting}'\n"
    )
}

/// Takes all of it down, and says what comes back. Parts go first: they can't come back without what they are parts of.
async fn stays_gone(bench: &Bench, setting: u8) -> Result<(), String> {
    let without_parts = format!("[resource.pretend_role.role]\nname = 'r'\nnote = '{setting}'\n");
    failures(&bench.apply(&without_parts).await).map_or(Ok(()), |why| Err(format!("without parts: {why}")))?;
    tokio::time::sleep(2 * LATE).await;
    bench.accounted().await?;
    failures(&bench.destroy(&without_parts).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
    tokio::time::sleep(2 * LATE).await;
    bench.nothing_is_left().await
}

/// It was asked for twice, and then something else: what comes back looks as it was asked for first.
async fn changed(kind: &str, verb: Verb) -> Result<(), String> {
    let bench = Bench::new();
    let trouble = Trouble { kind: format!("pretend_{kind}"), verb, nth: 1, what: What::Late };
    let settings: &[u8] = if verb == Verb::Create { &[1, 2] } else { &[2, 1, 2, 3] };
    for (nth, setting) in settings.iter().enumerate() {
        if nth == usize::from(verb == Verb::Update) {
            bench.pretend.make_trouble(trouble.clone());
        }
        failures(&bench.apply(&one_of_each(*setting)).await).map_or(Ok(()), |why| Err(format!("apply {nth}: {why}")))?;
    }
    if kind == "role" {
        failures(&bench.destroy(&one_of_each(2)).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
        tokio::time::sleep(2 * LATE).await;
        return bench.nothing_is_left().await;
    }
    stays_gone(&bench, 2).await
}

#[test]
fn what_was_changed_meanwhile_does_not_come_back_as_it_was_first() {
    for kind in ["net", "role", "gate", "grant"] {
        for verb in [Verb::Create, Verb::Update] {
            run(changed(kind, verb)).unwrap_or_else(|why| panic!("{kind}, {verb:?}: {why}"));
        }
    }
}

/// A change was sent by a run that died, and is what makes the thing anew.
#[test]
fn a_change_of_a_dead_run_that_arrives_after_the_end_leaves_nothing_behind() {
    run(async {
        let (before, after) = (one_of_each(1), one_of_each(2));
        let mut bench = Bench::new();
        assert_eq!(failures(&bench.apply(&before).await), None);
        let late = Trouble { kind: "pretend_grant".to_owned(), verb: Verb::Update, nth: 1, what: What::Late };
        let counted = Bench::new();
        assert_eq!(failures(&counted.apply(&before).await), None);
        counted.pretend.fate().spare();
        assert_eq!(failures(&counted.apply(&after).await), None);
        let moments = counted.pretend.fate().moments();
        let nth = moments.iter().position(|one| one == "Update pretend_grant r:g: done, not answered").expect("it is sent") + 1;
        bench.pretend.make_trouble(late);
        bench.pretend.fate().strike_at(nth, Blow::Death);
        assert!(bench.mortal(bench.apply(&after)).await.is_none());
        bench.pretend.fate().spare();
        bench.kill();
        assert_eq!(failures(&bench.apply(&one_of_each(3)).await), None);
        assert_eq!(stays_gone(&bench, 3).await, Ok(()));
    });
}

/// A create was followed by a change of what it can't carry; the run died, and the change makes the thing anew when all is gone.
async fn followed(before_the_end: bool) -> Result<(), String> {
    let spec = "[resource.pretend_alarm.alarm]\nname = 'a'\nnote = 'n'\n";
    let bench = Bench::new();
    bench.pretend.make_trouble(Trouble { kind: "pretend_alarm".to_owned(), verb: Verb::Update, nth: 1, what: What::Late });
    let bench = dead_at(bench, spec, "Update pretend_alarm a: done, not answered").await?;
    if before_the_end {
        failures(&bench.apply(spec).await).map_or(Ok(()), |why| Err(format!("apply: {why}")))?;
    }
    failures(&bench.destroy(spec).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
    tokio::time::sleep(2 * LATE).await;
    bench.nothing_is_left().await
}

#[test]
fn what_followed_a_create_of_a_dead_run_and_arrives_after_the_end_leaves_nothing_behind() {
    for before_the_end in [false, true] {
        run(followed(before_the_end)).unwrap_or_else(|why| panic!("applied before the end: {before_the_end}: {why}"));
    }
}

/// The first run died with its request on its way, the second right before or after it asked anew, and could not write down what came of
/// it: what the second one's intent says of the first is not forgotten.
async fn asked_anew(kind: &str, spec: &str, asked: bool) -> Result<(), String> {
    let mut bench = on_its_way(kind, spec).await?;
    let (nth, moment) = if asked { (2, "done, not answered") } else { (1, "before it is sent") };
    let moment = format!("Create pretend_{kind} : {moment}");
    let fate = bench.pretend.fate().clone();
    let before = move |verb, _: &_, _: Option<&_>| {
        if verb == Verb::Create {
            fate.strike_at(nth, Blow::Death);
        }
        Ok(())
    };
    let spared = bench.engine.catalog.clone();
    StandIn::before(&mut bench, &format!("pretend_{kind}"), Box::new(before));
    if bench.mortal(bench.apply(spec)).await.is_some() || bench.pretend.fate().struck().as_ref() != Some(&moment) {
        return Err(format!("it was struck at {:?}", bench.pretend.fate().struck()));
    }
    bench.engine.catalog = spared;
    bench.pretend.fate().spare();
    bench.kill();
    failures(&bench.apply(spec).await).map_or(Ok(()), |why| Err(format!("apply: {why}")))?;
    bench.settled(spec).await?;
    let rest = "[resource.pretend_role.role]\nname = 'r'\n";
    failures(&bench.apply(rest).await).map_or(Ok(()), |why| Err(format!("take down: {why}")))?;
    tokio::time::sleep(2 * LATE).await;
    bench.accounted().await
}

#[test]
fn what_was_asked_for_by_two_runs_that_died_leaves_nothing_behind() {
    let role = "[resource.pretend_role.role]\nname = 'r'\n";
    let alarm = "[resource.pretend_alarm.alarm]\nname = 'a'\n";
    let grant = "[resource.pretend_grant.grant]\nrole = '${pretend_role.role.id}'\nname = 'g'\ndocument = { Statement = [] }\n";
    let gate = "[resource.pretend_gate.gate]\nrole = '${pretend_role.role.id}'\nname = 'k'\n";
    for (kind, spec) in [("alarm", alarm), ("grant", grant), ("gate", gate)] {
        for asked in [false, true] {
            run(asked_anew(kind, &format!("{role}{spec}"), asked)).unwrap_or_else(|why| panic!("{kind}, asked anew: {asked}: {why}"));
        }
    }
}

/// One that is put sets back what was changed since. It is drift like any other: the next plan shows it, and its apply ends it.
#[test]
fn what_a_late_request_sets_back_the_next_plan_sets_right() {
    run(async {
        let spec = one_of_each(2);
        let bench = Bench::new();
        bench.pretend.make_trouble(Trouble { kind: "pretend_grant".to_owned(), verb: Verb::Create, nth: 1, what: What::Late });
        assert_eq!(failures(&bench.apply(&one_of_each(1)).await), None);
        assert_eq!(failures(&bench.apply(&spec).await), None);
        assert_eq!(bench.settled(&spec).await, Ok(()));
        tokio::time::sleep(2 * LATE).await;
        let plan = bench.plan(&spec).await.map_err(|trouble| words(&trouble)).expect("a plan").plan;
        let steps: Vec<_> = plan.steps.iter().map(|step| step.address.kind().to_owned()).collect();
        assert_eq!((plan.drift.len(), steps), (1, vec!["pretend_grant".to_owned()]));
        assert_eq!(failures(&bench.apply(&spec).await), None);
        assert_eq!(bench.settled(&spec).await, Ok(()));
    });
}

/// With all else it sets the tags as its own operation has them, which is one of ours.
#[test]
fn what_a_late_request_of_a_dead_run_puts_in_the_place_of_the_next_ones_is_ours() {
    run(async {
        let spec = "[resource.pretend_alarm.alarm]\nname = 'a'\nnote = 'n'\n";
        let bench = on_its_way("alarm", spec).await.expect("it dies");
        assert_eq!(failures(&bench.apply(spec).await), None);
        tokio::time::sleep(2 * LATE).await;
        assert_eq!(failures(&bench.apply(spec).await), None);
        assert_eq!(bench.settled(spec).await, Ok(()));
        let state = bench.state().await;
        let uids: Vec<_> = state.records.values().map(|record| Some(record.uid.as_str())).collect();
        assert_eq!(bench.pretend.things().iter().map(|thing| thing.tag(TAG_ID)).collect::<Vec<_>>(), uids, "it has its own tag again");
        assert_eq!(failures(&bench.destroy(spec).await), None);
        assert_eq!(bench.nothing_is_left().await, Ok(()));
    });
}

/// A secret is told by its digest, and the record holds nothing else of it.
#[test]
fn a_part_with_a_secret_does_not_come_back_either() {
    run(async {
        let spec = |secret: &str| {
            format!(
                "[resource.pretend_role.role]\nname = 'r'\n\
                 [resource.pretend_gate.gate]\nrole = '${{pretend_role.role.id}}'\nname = 'k'\nnote = '${{sensitive(\"{secret}\")}}'\n"
            )
        };
        let bench = Bench::new();
        bench.pretend.make_trouble(Trouble { kind: "pretend_gate".to_owned(), verb: Verb::Create, nth: 1, what: What::Late });
        assert_eq!(failures(&bench.apply(&spec("first")).await), None);
        assert_eq!(failures(&bench.apply(&spec("second")).await), None);
        let state = bench.state().await;
        let gate = state.records.values().find(|record| record.address.kind() == "pretend_gate").expect("a record");
        let [lingering] = gate.lingering.as_slice() else { panic!("{:?}", gate.lingering) };
        assert!(lingering.inputs.get("note").is_none() && lingering.digests.contains_key("note"));
        assert_eq!(failures(&bench.destroy(&spec("second")).await), None);
        tokio::time::sleep(2 * LATE).await;
        assert_eq!(bench.nothing_is_left().await, Ok(()));
    });
}

/// What was changed after the plan has shown it may be another's by now; whoever plans again sees it.
#[test]
fn a_part_that_others_changed_after_the_plan_is_left_until_it_is_planned_again() {
    run(async {
        let spec = showcase(1);
        let bench = Bench::new();
        bench.pretend.make_trouble(Trouble { kind: "pretend_gate".to_owned(), verb: Verb::Create, nth: 1, what: What::Late });
        assert_eq!(failures(&bench.apply(&spec).await), None);
        let options = Options { destroy: true, ..Options::default() };
        let plans = bench.engine.plan_destroy(&bench.load(&spec), &options, true).await.map_err(|trouble| words(&trouble)).expect("a plan");
        assert!(bench.pretend.change("r:k", "note", "another's".into()));
        let applied = bench.engine.apply(plans, &options).await.map(|mut applied| applied.pop());
        assert!(failures(&applied).is_some_and(|why| why.contains("Not known whose it is")));
        assert!(bench.pretend.things().iter().any(|thing| thing.id == "r:k"));
        assert!(bench.state().await.records.values().any(|record| record.id == "r:k"));
        assert_eq!(failures(&bench.destroy(&spec).await), None);
        tokio::time::sleep(2 * LATE).await;
        assert_eq!(bench.nothing_is_left().await, Ok(()));
    });
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
        bench.engine.recover(&[bench.engine.key("all")], Aim::Apply).await.map_err(|trouble| words(&trouble)).expect("AWS says");
        let plans = bench.engine.plan(&bench.load(&spec), &Options::default()).await.map_err(|trouble| words(&trouble)).expect("a plan");
        assert!(
            plans.iter().any(|plan| !plan.prepared.state.pending.is_empty())
                && !plans.iter().any(|plan| bench.engine.uncertain(plan).is_some())
        );
        let other = spec.replacen("sensitive(\"1\")", "sensitive(\"2\")", 1);
        let plans = bench.engine.plan(&bench.load(&other), &Options::default()).await.map_err(|trouble| words(&trouble)).expect("a plan");
        assert!(plans.iter().any(|plan| bench.engine.uncertain(plan).is_some()));
    });
}
