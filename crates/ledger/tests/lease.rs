//! The right to write on a shared ledger: who has it, how it is lost, and that a run which has lost it can do nothing more.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use lowtide_ledger::{MemoryStore, Moment};
use lowtide_state::{Ledger, LedgerFault};
use tokio::time::{Instant, sleep};

use crate::samples::{forget, key, names, put, run, shared, try_run};

const LEASE: Duration = Duration::from_secs(30);

fn is_lost<T>(done: Result<T, LedgerFault>) -> String {
    match done.map(|_| ()) {
        Err(LedgerFault::Lost { stack, why }) => {
            assert_eq!(stack, "durable/dev/base");
            why
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_holder_that_lives_keeps_others_out_and_they_know_within_a_beat() {
    let store = MemoryStore::new();
    let key = key();
    let mut held = shared(&store).known_as("ann").open(&key, "apply").await.unwrap();
    for _ in 0..10 {
        let began = Instant::now();
        let fault = shared(&store).open(&key, "destroy").await.map(|_| ()).unwrap_err();
        let LedgerFault::Held { holder, .. } = fault else { panic!("{fault}") };
        assert!(holder.starts_with("ann, process ") && holder.contains("doing apply since "), "{holder}");
        assert!(began.elapsed() < LEASE / 4, "{:?}", began.elapsed());
    }
    sleep(Duration::from_secs(3600)).await;
    held.append(&[put("a")]).await.expect("it still lives after an hour");
    held.finish().await.unwrap();
    let began = Instant::now();
    shared(&store).open(&key, "destroy").await.expect("it is free");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_dead_holder_is_followed_after_its_lease_and_a_margin() {
    let store = MemoryStore::new();
    let key = key();
    let line = store.line();
    let mut dead = shared(&line).open(&key, "apply").await.unwrap();
    dead.append(&[put("a")]).await.unwrap();
    line.set_cut(true);
    // However long it has been dead, nobody believes it before having seen so.
    sleep(10 * LEASE).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = told.clone();
    let next = shared(&store).telling(move |waiting| heard.lock().unwrap().push(waiting.silence));
    let began = Instant::now();
    let opened = next.open(&key, "apply").await.unwrap();
    assert_eq!(names(opened.loaded()), ["a"], "what it had written down is not lost");
    let waited = began.elapsed();
    assert!((Duration::from_secs(35)..Duration::from_secs(37)).contains(&waited), "{waited:?}");
    assert_eq!(*told.lock().unwrap(), [Duration::from_secs(35)], "people are told once why it takes so long");
}

#[tokio::test(start_paused = true)]
async fn a_run_without_signs_of_life_stops_by_itself_long_before_another_takes_over() {
    let store = MemoryStore::new();
    let key = key();
    let line = store.line();
    let mut run = shared(&line).open(&key, "apply").await.unwrap();
    let lease = run.lease();
    line.set_cut(true);
    let began = Instant::now();
    let stopped = loop {
        sleep(Duration::from_millis(100)).await;
        if let Err(fault) = lease.check() {
            assert!(is_lost::<()>(Err(fault)).starts_with("no sign of life could be written for 20 s"));
            break began.elapsed();
        }
    };
    assert!(stopped <= LEASE * 2 / 3 + Duration::from_secs(1), "{stopped:?}");
    is_lost(run.append(&[put("a")]).await);
    // Nobody has taken over meanwhile: a sign of life that arrives shows that.
    line.set_cut(false);
    sleep(LEASE / 3).await;
    assert_eq!(lease.check(), Ok(()));
    assert!(run.append(&[put("b")]).await.is_err(), "but the run has stopped, and stays so");
}

#[tokio::test(start_paused = true)]
async fn a_zombie_writes_nothing_after_a_takeover() {
    for taken_over in [1, 2, 5] {
        let store = MemoryStore::new();
        let key = key();
        run(&shared(&store), &[put("before")]).await;
        let line = store.line();
        let mut zombie = shared(&line).open(&key, "apply").await.unwrap();
        zombie.append(&[put("a")]).await.unwrap();
        line.set_cut(true);
        let mut ended = None;
        for n in 0..taken_over {
            // Each run trims what those before it left; the fence that shuts the zombie out stays.
            ended = Some(run(&shared(&store), &[put(&format!("n{n}"))]).await);
        }
        let before = store.texts();
        line.set_cut(false);
        let lease = zombie.lease();
        assert!(lease.check().is_err());
        is_lost(zombie.append(&[put("z")]).await);
        is_lost(zombie.finish().await);
        sleep(2 * LEASE).await;
        assert_eq!(store.texts(), before, "not one text has changed");
        let found = shared(&store).read(&key).await.unwrap();
        assert_eq!(found, ended);
        assert!(names(&found.unwrap()).contains(&"a".to_owned()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_zombie_that_believes_in_itself_is_shut_out_of_the_journal() {
    // Force-unlocked in the middle of a beat: by its own clock its lease is good.
    for runs in [0, 1, 3] {
        let store = MemoryStore::new();
        let key = key();
        run(&shared(&store), &[put("before")]).await;
        let mut zombie = shared(&store).open(&key, "apply").await.unwrap();
        zombie.append(&[put("a")]).await.unwrap();
        let admin = shared(&store);
        let holder = admin.holder(&key).await.unwrap().expect("it is held");
        assert!(admin.unlock(&key, holder.epoch + 1).await.is_err(), "only the run that was shown");
        admin.unlock(&key, holder.epoch).await.unwrap();
        assert_eq!(admin.holder(&key).await, Ok(None));
        assert!(admin.unlock(&key, holder.epoch).await.is_err(), "and only once");
        for n in 0..runs {
            run(&shared(&store), &[put(&format!("n{n}"))]).await;
        }
        let before = store.texts();
        assert_eq!(zombie.lease().check(), Ok(()), "it does not know yet");
        let why = is_lost(zombie.append(&[put("z")]).await);
        assert!(why.contains("shut this one out of the journal"), "{why}");
        assert!(zombie.lease().check().is_err(), "nothing more goes out to AWS");
        is_lost(zombie.finish().await);
        assert_eq!(store.texts(), before, "not one text has changed");
        let found = run(&shared(&store), &[]).await;
        let names = names(&found);
        assert!(names.contains(&"a".to_owned()) && !names.contains(&"z".to_owned()), "{names:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_beat_tells_a_zombie_too() {
    let store = MemoryStore::new();
    let key = key();
    let zombie = shared(&store).open(&key, "apply").await.unwrap();
    shared(&store).unlock(&key, 1).await.unwrap();
    let next = shared(&store).known_as("bob").open(&key, "destroy").await.unwrap();
    sleep(LEASE / 3).await;
    assert!(is_lost(zombie.lease().check()).starts_with("taken over by bob, process "));
    drop(zombie);
    sleep(LEASE).await;
    assert_eq!(next.lease().check(), Ok(()), "the end of a zombie frees nothing");
}

/// Three runs, one interrupted, with every write failing in turn: before it arrived, after, and arriving too late.
#[tokio::test(start_paused = true)]
async fn a_lost_answer_to_any_write_is_found_out_about() {
    let mut failed = 0;
    for moment in [Moment::Before, Moment::Midway, Moment::After] {
        for n in 1.. {
            let store = MemoryStore::new();
            store.fail_write(n, moment);
            let key = key();
            shared(&store).digester(&key).await.unwrap();
            run(&shared(&store), &[put("a"), put("b")]).await;
            let interrupted = shared(&store);
            let mut open = interrupted.open(&key, "apply").await.unwrap();
            open.append(&[put("c")]).await.unwrap();
            drop(open);
            interrupted.released().await;
            let ended = run(&shared(&store), &[forget("a"), put("d")]).await;
            assert_eq!((ended.state.serial, names(&ended)), (3, ["b", "c", "d"].map(str::to_owned).to_vec()), "{moment:?} {n}");
            assert_eq!(shared(&store).read(&key).await, Ok(Some(ended)), "{moment:?} {n}");
            if store.writes() < n {
                break;
            }
            failed += 1;
        }
    }
    assert!(failed > 3 * 15, "{failed}");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_gone_for_a_moment_is_waited_for() {
    let store = MemoryStore::new();
    let key = key();
    let line = store.line();
    let mut run = shared(&line).open(&key, "apply").await.unwrap();
    line.set_cut(true);
    let back = tokio::spawn(async move {
        sleep(Duration::from_secs(8)).await;
        line.set_cut(false);
    });
    run.append(&[put("a")]).await.unwrap();
    back.await.unwrap();
    assert_eq!(names(&run.finish().await.unwrap()), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_stays_away_ends_the_run_and_loses_nothing() {
    let store = MemoryStore::new();
    let key = key();
    let line = store.line();
    let mut open = shared(&line).open(&key, "apply").await.unwrap();
    open.append(&[put("a")]).await.unwrap();
    line.set_cut(true);
    let fault = open.append(&[put("b")]).await.unwrap_err();
    assert!(matches!(&fault, LedgerFault::Unusable { doing: "written", why, .. } if why == "the store can't be reached"), "{fault}");
    assert_eq!(open.append(&[put("c")]).await, Err(fault.clone()));
    assert_eq!(open.finish().await, Err(fault));
    assert_eq!(names(&run(&shared(&store), &[]).await), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_dropped_frees_the_stack() {
    let store = MemoryStore::new();
    let key = key();
    let ledger = shared(&store);
    let mut open = ledger.open(&key, "apply").await.unwrap();
    open.append(&[put("a")]).await.unwrap();
    drop(open);
    ledger.released().await;
    assert_eq!(ledger.holder(&key).await, Ok(None));
    let began = Instant::now();
    assert_eq!(names(&run(&shared(&store), &[put("b")]).await), ["a", "b"]);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_write_that_nobody_waits_for_comes_to_its_end() {
    let store = MemoryStore::new();
    let key = key();
    let mut open = shared(&store).open(&key, "apply").await.unwrap();
    store.set_delay(Duration::from_secs(1));
    let entries = [put("a")];
    tokio::time::timeout(Duration::from_millis(500), open.append(&entries)).await.expect_err("given up");
    open.append(&[put("b")]).await.unwrap();
    assert_eq!(names(&open.finish().await.unwrap()), ["a", "b"]);
}

#[tokio::test(start_paused = true)]
async fn what_a_snapshot_covers_goes_some_time_and_fences_stay() {
    let store = MemoryStore::new();
    for n in 0..5 {
        run(&shared(&store), &[put("a"), put(&format!("n{n}")), forget("a")]).await;
    }
    let texts = store.texts();
    let slots: Vec<_> = texts.keys().filter_map(|name| name.strip_prefix("durable/dev/base/journal/")?.parse::<u64>().ok()).collect();
    // A fence a run; the last two runs' slots wait for the next run's end.
    assert_eq!(slots, [0, 4, 8, 12, 16, 17, 18, 19], "each run has a fence and three slots");
    let snapshots = texts.keys().filter(|name| name.contains("/state/")).count();
    assert_eq!(snapshots, 6, "snapshots are kept");
    assert_eq!(try_run(&shared(&store), &[]).await.unwrap().state.serial, 5);
}

/// As at Ctrl-C while the stack is being taken: whoever waits for what was given up finds the stack free.
#[tokio::test(start_paused = true)]
async fn a_run_given_up_while_it_begins_lets_go_before_others_are_told_that_it_has() {
    let key = key();
    let mut given_up = 0;
    for cut in (0..1_000).step_by(20) {
        let store = MemoryStore::new();
        store.set_delay(Duration::from_millis(50));
        let ledger = shared(&store);
        let opened = tokio::time::timeout(Duration::from_millis(cut), ledger.open(&key, "apply")).await;
        given_up += usize::from(opened.is_err());
        drop(opened);
        ledger.released().await;
        let holder = shared(&store).holder(&key).await.unwrap();
        assert!(holder.is_none(), "given up after {cut} ms: {holder:?}");
    }
    assert!((10..49).contains(&given_up), "some were given up, and some were not: {given_up}");
}
