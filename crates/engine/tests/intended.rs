//! Nothing is asked to change before the intent to do so is durable, whatever was seen of it.

use lowtide_plan::Options;
use lowtide_state::Attempt;
use lowtide_testkit::pretend::{Blow, Verb};

use crate::{
    bench::{Bench, failures, run, words},
    stand_in::StandIn,
};

/// A role whose note is known only when the network has its new version, and then is what it was.
fn spec(size: u8) -> String {
    format!(
        "[resource.pretend_net.net]\ncidr = '10.0.0.0/16'\nsize = {size}\n\
         [data.pretend_zones.all]\nstate = '${{pretend_net.net.version}}'\n\
         [resource.pretend_role.role]\nname = 'r'\nnote = '${{data.pretend_zones.all.names[0]}}'\n"
    )
}

/// Strikes the run dead as it is about to ask for a change of the role, and returns what it meant to do with it.
async fn struck(bench: &mut Bench, spec: &str) -> Option<Attempt> {
    let options = Options::default();
    let plans = bench.engine.plan(&bench.load(spec), &options).await.map_err(|trouble| words(&trouble)).expect("a plan");
    // Somebody changes it after it was looked at.
    assert!(bench.pretend.change("r", "note", "theirs".into()));
    let fate = bench.pretend.fate().clone();
    let before = move |verb, _: &_, _: Option<&_>| {
        if verb == Verb::Update {
            fate.strike_at(1, Blow::Death);
        }
        Ok(())
    };
    StandIn::before(bench, "pretend_role", Box::new(before));
    assert!(bench.mortal(bench.engine.apply(plans, &options)).await.is_none(), "nothing was asked");
    bench.state().await.pending.values().find(|intent| intent.address.kind() == "pretend_role").map(|intent| intent.attempt)
}

#[test]
fn a_change_that_turns_out_to_be_none_is_intended_all_the_same() {
    run(async {
        let mut bench = Bench::new();
        assert_eq!(failures(&bench.apply(&spec(1)).await), None);
        assert_eq!(struck(&mut bench, &spec(2)).await, Some(Attempt::Update));
    });
}

#[test]
fn what_is_taken_on_is_intended_until_it_is_as_asked_for() {
    run(async {
        let mut bench = Bench::new();
        let spec = "[resource.pretend_role.role]\nname = 'r'\nnote = 'a'\n";
        assert_eq!(failures(&bench.apply(spec).await), None);
        assert!(bench.engine.forget_records("all", &["pretend_role.role".parse().expect("an address")]).await.is_ok());
        assert_eq!(struck(&mut bench, spec).await, Some(Attempt::Update));
    });
}
