//! What others do to our things is seen, and set right.

use lowtide_model::{Object, Value};
use lowtide_testkit::pretend::Blow;

use crate::{
    bench::{Bench, failures, run},
    spec::{Source, text},
};

#[test]
fn what_others_change_or_remove_is_seen_and_set_right() {
    let mut source = Source::new();
    let (mut removed, mut changed) = (0, 0);
    for round in 0..30 {
        let spec = text(&source.spec(5..20));
        let bench = Bench::new();
        run(async {
            assert_eq!(failures(&bench.apply(&spec).await), None, "{spec}");
            let things = bench.pretend.things();
            let thing = &things[source.number(things.len())];
            if round % 2 == 0 {
                bench.pretend.remove(&thing.id);
                removed += 1;
            } else {
                let (attribute, value) = match thing.kind {
                    "pretend_net" => ("dns", Value::Bool(false)),
                    "pretend_host" => ("label", "theirs".into()),
                    "pretend_role" => ("note", "theirs".into()),
                    "pretend_base" => ("storage", Value::Object([("size".to_owned(), 99.into())].into())),
                    "pretend_grant" => ("document", Value::Object([("Statement".to_owned(), "theirs".into())].into())),
                    _ => ("tags", Value::Null),
                };
                bench.pretend.change(&thing.id, attribute, value);
                changed += 1;
            }
            let plan = bench.plan(&spec).await.map_err(|trouble| crate::bench::words(&trouble)).expect("a plan").plan;
            assert!(!plan.is_empty(), "{} was touched and nobody saw\n{spec}", thing.id);
            assert!(!plan.drift.is_empty() || thing.kind == "pretend_task", "{} was touched and is no drift\n{spec}", thing.id);
            let applied = bench.apply(&spec).await;
            assert_eq!(failures(&applied), None, "{} was touched\n{spec}", thing.id);
            if let Err(why) = bench.settled(&spec).await {
                panic!("{} was touched: {why}\n{spec}", thing.id);
            }
        });
    }
    println!("{removed} removed, {changed} changed behind our back");
}

/// The names of these are known only when the network is there.
fn named_late() -> [(&'static str, String); 2] {
    let net = "[resource.pretend_net.net]\ncidr = '10.0.0.0/16'\n";
    let late = "role = 'r'\nname = 'v${pretend_net.net.version}'\n";
    [
        ("pretend_grant", format!("{net}[resource.pretend_grant.late]\n{late}document = {{ Statement = [] }}\n")),
        ("pretend_gate", format!("{net}[resource.pretend_gate.late]\n{late}note = 'ours'\n")),
    ]
}

/// What has a name, no tags, and a name that no plan knew: that of others is neither overwritten nor taken for ours, wherever a run dies.
#[test]
fn what_turns_out_to_have_the_name_of_anothers_leaves_it_alone() {
    let mut deaths = 0;
    for (kind, spec) in named_late() {
        for nth in 1.. {
            let mut bench = Bench::new();
            let died = run(async {
                bench.pretend.put("pretend_role", "r", Object([("name".to_owned(), "r".into())].into()));
                let theirs = Object([("role".to_owned(), "r".into()), ("name".to_owned(), "v1".into())].into());
                bench.pretend.put(kind, "r:v1", theirs.clone());
                bench.pretend.fate().strike_at(nth, Blow::Death);
                let died = bench.mortal(bench.apply(&spec)).await.is_none();
                bench.pretend.fate().spare();
                bench.kill();
                let why = failures(&bench.apply(&spec).await).expect("it can't be made");
                assert!(why.contains("Already exists"), "{kind}, death {nth}: {why}");
                let now = bench.pretend.things().into_iter().find(|thing| thing.id == "r:v1").expect("it is there");
                assert_eq!(now.inputs, theirs, "{kind}, death {nth}: it was overwritten");
                assert!(
                    bench.state().await.records.values().all(|record| record.address.kind() != kind),
                    "{kind}, death {nth}: it was adopted"
                );
                bench.pretend.remove("r:v1");
                assert_eq!(failures(&bench.apply(&spec).await), None, "{kind}, death {nth}, when it has gone");
                bench.pretend.remove("r");
                assert_eq!(bench.settled(&spec).await, Ok(()), "{kind}, death {nth}");
                died
            });
            if !died {
                break;
            }
            deaths += 1;
        }
    }
    println!("{deaths} deaths");
}
