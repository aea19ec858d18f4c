//! What an earlier run was at when it died is neither renamed, forgotten, imported over nor put aside with its state before it is known what
//! became of it.

use lowtide_engine::Aim;
use lowtide_model::Address;
use lowtide_state::{Ledger, State};

use crate::{
    bench::{run, words},
    late::on_its_way,
    troubles::showcase,
};

#[test]
fn an_address_in_doubt_is_left_alone() {
    run(async {
        let spec = showcase(1);
        let bench = on_its_way("role", &spec).await.expect("it dies");
        let state = bench.state().await;
        let in_doubt = state.pending.keys().map(|(address, _)| address.clone()).find(|address| address.kind() == "pretend_role");
        let (doubt, free) = (in_doubt.expect("one is in doubt"), "pretend_role.free".parse::<Address>().expect("an address"));
        let engine = &bench.engine;
        let tries = [
            engine.move_record("all", &doubt, &free).await.err(),
            engine.move_record("all", &free, &doubt).await.err(),
            engine.forget_records("all", std::slice::from_ref(&doubt)).await.err(),
            engine.import(&bench.load(&spec)[0], &doubt, "r").await.err(),
        ];
        let shown = bench.ledger.read(&engine.key("all")).await.expect("a ledger").expect("a state");
        let other = State { records: Default::default(), pending: Default::default(), ..shown.state.clone() };
        let exchanged = engine.exchange_state("all", &shown, other, "state restore").await.err();
        assert!(exchanged.is_some_and(|refused| words(&refused).contains("Operations in doubt")), "another state takes its place");
        for (nth, refused) in tries.into_iter().enumerate() {
            let why = words(&refused.unwrap_or_else(|| panic!("try {nth} was let through")));
            assert!(why.contains("Operation in doubt"), "try {nth}: {why}");
        }
        assert_eq!(bench.state().await.pending, state.pending);
        engine.recover(&[engine.key("all")], Aim::Certainty).await.map_err(|trouble| words(&trouble)).expect("AWS says");
        assert!(engine.move_record("all", &doubt, &free).await.is_ok(), "it may be renamed when it is known");
    });
}
