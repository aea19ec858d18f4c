//! The ledger in memory fails when it is told to, and as the others would.

use lowtide_ledger::{MemoryLedger, Moment};
use lowtide_state::Ledger;

use crate::samples::{forget, key, names, put, run, try_run};

#[tokio::test]
async fn an_append_that_fails_is_kept_or_not_but_never_in_part() {
    for (moment, kept) in [(Moment::Before, vec!["a"]), (Moment::Midway, vec!["a"]), (Moment::After, vec!["a", "b"])] {
        let ledger = MemoryLedger::new();
        ledger.fail_append(2, moment);
        try_run(&ledger, &[put("a"), put("b")]).await.unwrap_err();
        assert_eq!(names(&ledger.read(&key()).await.unwrap().unwrap()), kept, "{moment:?}");
        assert_eq!(names(&run(&ledger, &[forget("a"), put("b"), put("c")]).await), ["b", "c"], "{moment:?}");
    }
}

#[tokio::test]
async fn a_run_whose_append_failed_can_do_nothing_more() {
    let ledger = MemoryLedger::new();
    ledger.fail_append(1, Moment::Before);
    let key = key();
    let mut open = ledger.open(&key, "apply").await.unwrap();
    open.append(&[put("a")]).await.unwrap_err();
    open.append(&[put("b")]).await.unwrap_err();
    open.finish().await.unwrap_err();
    assert_eq!(ledger.appends(), 1);
    assert!(!ledger.text(&key).contains("vpc-b"));
}

#[tokio::test]
async fn a_finish_that_fails_loses_nothing() {
    for moment in [Moment::Before, Moment::Midway, Moment::After] {
        let ledger = MemoryLedger::new();
        ledger.fail_finish(1, moment);
        try_run(&ledger, &[put("a")]).await.unwrap_err();
        let found = ledger.read(&key()).await.unwrap().unwrap();
        assert_eq!((found.state.serial, names(&found)), (1, vec!["a".to_owned()]), "{moment:?}");
        let ended = run(&ledger, &[put("b")]).await;
        assert_eq!((ended.state.serial, names(&ended)), (2, vec!["a".to_owned(), "b".to_owned()]), "{moment:?}");
    }
}

#[tokio::test]
async fn after_a_crash_the_stack_is_free_and_the_old_run_harmless() {
    let ledger = MemoryLedger::new();
    let key = key();
    let mut zombie = ledger.open(&key, "apply").await.unwrap();
    zombie.append(&[put("a")]).await.unwrap();
    ledger.crash();
    let mut next = ledger.open(&key, "apply").await.unwrap();
    assert_eq!(names(next.loaded()), ["a"]);
    zombie.append(&[put("b")]).await.unwrap_err();
    drop(zombie);
    assert!(ledger.open(&key, "apply").await.is_err(), "the old run's end frees nothing");
    next.append(&[put("c")]).await.unwrap();
    assert_eq!(names(&next.finish().await.unwrap()), ["a", "c"]);
}
