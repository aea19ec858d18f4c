//! A bug in a kind ends the step that meets it, and no other.

use std::sync::{Arc, Mutex};

use lowtide_plan::{Event, Outcome};

use crate::{
    bench::{Bench, failures, run},
    stand_in::StandIn,
};

const NET: &str = "[resource.pretend_net.net]\ncidr = '10.0.0.0/16'\n";

/// A worker that panics is a bug of a kind, and may have sent its request.
#[test]
fn a_kind_that_panics_fails_its_own_step_alone() {
    let spec = format!(
        "{NET}[resource.pretend_role.role]\nname = 'r'\n\
         [resource.pretend_gate.gate]\nrole = '${{pretend_role.role.id}}'\nname = 'k'\n\
         [resource.pretend_task.task]\nfamily = 'f'\n"
    );
    run(async {
        let mut bench = Bench::new();
        let told = Arc::new(Mutex::new(Vec::new()));
        let hears = told.clone();
        bench.engine.listener = Arc::new(move |event: &Event| {
            if let Event::Ended { address, outcome: Outcome::Failed(why), .. } = event {
                hears.lock().expect("no other test").push((address.to_string(), why.summary.clone()));
            }
        });
        let sound = bench.engine.catalog.clone();
        StandIn::before(&mut bench, "pretend_role", Box::new(|_, _: &_, _: Option<&_>| panic!("a pretend bug")));
        let applied = tokio::time::timeout(std::time::Duration::from_secs(3600), bench.apply(&spec)).await.expect("it ends");
        let applied = applied.ok().flatten().expect("it was applied").applied;
        assert_eq!(*told.lock().expect("no other test"), [("pretend_role.role".to_owned(), "Internal error".to_owned())]);
        let skipped: Vec<_> = applied.skipped.iter().map(|(skipped, _)| skipped.to_string()).collect();
        assert_eq!(skipped, ["pretend_gate.gate"]);
        let state = bench.state().await;
        let open: Vec<_> = state.pending.keys().map(|(address, _)| address.to_string()).collect();
        let made: Vec<_> = state.records.keys().map(|(address, _)| address.to_string()).collect();
        assert_eq!(
            (open, made),
            (vec!["pretend_role.role".to_owned()], vec!["pretend_net.net".to_owned(), "pretend_task.task".to_owned()])
        );
        bench.engine.catalog = sound;
        assert_eq!(failures(&bench.apply(&spec).await), None);
        assert_eq!(bench.settled(&spec).await, Ok(()));
    });
}
