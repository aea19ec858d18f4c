//! What an earlier run was at when it died is neither renamed, forgotten nor imported over before it is known what became of it.

use lowtide_engine::Aim;
use lowtide_model::Address;

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
        for (nth, refused) in tries.into_iter().enumerate() {
            let why = words(&refused.unwrap_or_else(|| panic!("try {nth} was let through")));
            assert!(why.contains("Operation in doubt"), "try {nth}: {why}");
        }
        assert_eq!(bench.state().await.pending, state.pending);
        engine.recover(&[engine.key("all")], Aim::Certainty).await.map_err(|trouble| words(&trouble)).expect("AWS says");
        assert!(engine.move_record("all", &doubt, &free).await.is_ok(), "it may be renamed when it is known");
    });
}
