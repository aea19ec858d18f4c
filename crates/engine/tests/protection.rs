//! What a lifecycle says of the end of something is remembered by the apply that follows, whatever else changes.

use lowtide_testkit::pretend::Verb;

use crate::bench::{Bench, failures, run};

const NET: &str = "[resource.pretend_net.a]\ncidr = '10.0.0.0/16'\n";

/// Applies what differs in its protection alone: nothing is changed at AWS, and the next plan is empty.
async fn protects(bench: &Bench, spec: &str, keeps: bool) {
    bench.pretend.calm();
    assert!(!bench.plan(spec).await.is_ok_and(|plan| plan.plan.is_empty()), "there is something to do");
    assert_eq!(failures(&bench.apply(spec).await), None);
    assert!(bench.pretend.calls().iter().all(|call| matches!(call.verb, Verb::Read | Verb::Find)), "{:?}", bench.pretend.calls());
    assert!(bench.state().await.records.values().all(|record| record.protection.prevent_destroy == keeps));
    assert_eq!(bench.settled(spec).await, Ok(()));
}

#[test]
fn protection_that_comes_later_holds_and_goes_when_it_is_taken_back() {
    let kept = format!("{NET}lifecycle = {{ prevent_destroy = true }}\n");
    run(async {
        let bench = Bench::new();
        assert_eq!(failures(&bench.apply(NET).await), None);
        protects(&bench, &kept, true).await;
        assert!(failures(&bench.apply("").await).is_some_and(|why| why.contains("Protected resource")));
        protects(&bench, NET, false).await;
        assert_eq!(failures(&bench.apply("").await), None);
        assert_eq!(bench.nothing_is_left().await, Ok(()));
    });
}
