//! What a plan was shown for is another thing by the time it is applied: nothing is done to that one.

use lowtide_plan::Options;
use lowtide_state::{Entry, Ledger, Record};
use lowtide_testkit::pretend::Verb;

use crate::bench::{Bench, failures, run, words};

#[test]
fn what_was_not_shown_is_not_touched_though_it_has_the_same_address() {
    let spec = |label: &str| format!("[resource.pretend_net.net]\ncidr = '10.0.0.0/16'\nlabel = '{label}'\n");
    for destroys in [true, false] {
        run(async {
            let bench = Bench::new();
            assert_eq!(failures(&bench.apply(&spec("a")).await), None);
            let options = Options { destroy: destroys, ..Options::default() };
            let loaded = bench.load(&spec("b"));
            let planned = if destroys {
                bench.engine.plan_destroy(&loaded, &options, true).await
            } else {
                bench.engine.plan(&loaded, &options).await
            };
            let plans = planned.map_err(|trouble| words(&trouble)).expect("a plan");
            // Somebody gives the address to a copy of it, by hand.
            let state = bench.state().await;
            let record = state.records.values().next().expect("a record").clone();
            bench.pretend.put("pretend_net", "net-9", bench.pretend.things()[0].inputs.clone());
            let mut other = bench.ledger.open(&bench.engine.key("all"), "state push").await.expect("it is free");
            other.append(&[Entry::Put { record: Box::new(Record { id: "net-9".to_owned(), ..record }) }]).await.expect("it is written");
            other.finish().await.expect("it ends");
            bench.pretend.calm();

            let why = bench.engine.apply(plans, &options).await.map(|_| ()).map_err(|trouble| words(&trouble)).expect_err("it is refused");
            assert!(why.contains("`pretend_net.net` is another thing now than was shown: net-9"), "{why}");
            let changing = |verb| matches!(verb, Verb::Create | Verb::Update | Verb::Delete);
            assert!(!bench.pretend.calls().iter().any(|call| changing(call.verb)));
        });
    }
}
