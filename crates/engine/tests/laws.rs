//! What holds for every spec and every edit.

use lowtide_ledger::history;
use lowtide_plan::Options;

use crate::{
    bench::{Bench, failures, run, words},
    spec::{Source, text},
};

/// Fails with everything that is needed to see why.
fn must<T>(what: &str, result: Result<T, String>, specs: &[&str]) -> T {
    result.unwrap_or_else(|why| panic!("{what}: {why}\n--- specs, oldest first ---\n{}", specs.join("\n-----\n")))
}

#[test]
fn after_apply_the_plan_is_empty_and_destroy_leaves_nothing() {
    let mut source = Source::new();
    let (mut resources, mut calls) = (0, 0);
    for _ in 0..40 {
        let spec = text(&source.spec(5..31));
        let bench = Bench::new();
        run(async {
            let applied = bench.apply(&spec).await;
            must("apply", failures(&applied).map_or(Ok(()), Err), &[&spec]);
            must("after apply", bench.settled(&spec).await, &[&spec]);
            resources += bench.state().await.records.len();
            let destroyed = bench.destroy(&spec).await;
            must("destroy", failures(&destroyed).map_or(Ok(()), Err), &[&spec]);
            assert!(bench.pretend.things().is_empty() && bench.state().await.records.is_empty(), "something is left\n{spec}");
        });
        calls += bench.pretend.calls().len();
    }
    println!("40 specs, {resources} resources, {calls} calls");
}

#[test]
fn a_state_names_the_plan_that_made_it_as_a_plan_file_does() {
    let spec = "[resource.pretend_net.net]\ncidr = '10.0.0.0/16'\n";
    let bench = Bench::new();
    run(async {
        let options = Options::default();
        let plans = bench.engine.plan(&bench.load(spec), &options).await.unwrap_or_else(|trouble| panic!("{}", words(&trouble)));
        let saved = bench.engine.save(&plans, &options).stacks.remove(0).fingerprint;
        must("apply", failures(&bench.engine.apply(plans, &options).await.map(|mut all| all.pop())).map_or(Ok(()), Err), &[spec]);
        let history = history(&bench.ledger, &bench.engine.key("all"), None).await.expect("a history");
        let newest = history.kept().next().and_then(|kept| kept.author.clone()).expect("an author");
        assert_eq!(newest.plan, Some(saved));
    });
}

#[test]
fn edits_converge_in_one_apply() {
    let mut source = Source::new();
    let (mut edits, mut refused) = (0, 0);
    for _ in 0..35 {
        let mut spec = source.spec(5..25);
        let bench = Bench::new();
        let mut before = text(&spec);
        run(async {
            let applied = bench.apply(&before).await;
            must("apply", failures(&applied).map_or(Ok(()), Err), &[&before]);
            for _ in 0..4 {
                spec = source.edit(&spec);
                let after = text(&spec);
                let applied = bench.apply(&after).await;
                edits += 1;
                if let Err(lowtide_engine::Trouble::Wrong(wrong)) = &applied
                    && wrong.iter().all(|one| ["Name still taken", "No possible order"].contains(&one.summary.as_str()))
                {
                    refused += 1;
                    break;
                }
                must("edit", failures(&applied).map_or(Ok(()), Err), &[&before, &after]);
                must("after an edit", bench.settled(&after).await, &[&before, &after]);
                before = after;
            }
            let destroyed = bench.destroy(&before).await;
            must("destroy", failures(&destroyed).map_or(Ok(()), Err), &[&before]);
            assert!(bench.pretend.things().is_empty(), "something is left\n{before}");
        });
    }
    println!("{edits} edits, {refused} refused while planning");
    assert!(refused * 5 < edits, "too many edits are refused to prove anything");
}
