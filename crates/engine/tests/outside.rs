//! What others do to our things is seen, and set right.

use lowtide_model::Value;

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
