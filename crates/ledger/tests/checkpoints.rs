//! A run that makes checkpoints may be stopped at any of its writes, and lose any answer; whoever reads meanwhile sees what was there.

use std::time::Duration;

use lowtide_ledger::{MemoryLedger, MemoryStore, Moment, history};
use lowtide_state::{Entry, Ledger, LedgerFault, Loaded};

use crate::samples::{interrupted, key, keys, local, names, put, run, sealed, shared, shared_on};

/// How many entries a run here writes, with a checkpoint after every second one.
const ENTRIES: usize = 7;

fn name(n: usize) -> String {
    format!("n{n}")
}

/// Writes entries down with checkpoints between them; tells how many were acknowledged, and how it ended.
async fn go(ledger: &dyn Ledger) -> (usize, Result<Loaded, LedgerFault>) {
    let key = key();
    let mut told = 0;
    let mut work = async || {
        let mut run = ledger.open(&key, "apply").await?;
        for n in 0..ENTRIES {
            run.append(&[put(&name(n))]).await?;
            told = n + 1;
            if n % 2 == 1 {
                run.checkpoint().await?;
            }
        }
        run.finish().await
    };
    let ended = work().await;
    (told, ended)
}

/// What was acknowledged is there, at most one entry more is, and all goes on from there.
async fn is_good(ledger: &dyn Ledger, told: usize, when: &str) {
    let found = ledger.read(&key()).await.unwrap().expect("a state");
    let expected: Vec<_> = (0..names(&found).len()).map(name).collect();
    assert_eq!(names(&found), expected, "{when}");
    assert!((told..=told + 1).contains(&expected.len()), "{when}: {told} were acknowledged, {} are there", expected.len());
    let next = run(ledger, &[put("z")]).await;
    assert_eq!((next.state.serial, names(&next).len()), (found.state.serial + 1, expected.len() + 1), "{when}");
    assert_eq!(next.state.lineage, found.state.lineage, "{when}");
    let all = history(ledger, &key(), None).await.unwrap();
    assert!(all.is_whole(), "{when}: {:?}", all.pieces);
    assert_eq!(all.kept().count() as u64, next.state.serial + 1, "{when}: each serial once");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_cut_off_after_any_write_loses_nothing() {
    let mut stopped = 0;
    for n in 1.. {
        let store = MemoryStore::new();
        run(&shared(&store), &[]).await;
        let line = store.line();
        let ledger = shared(&line);
        store.set_last_write(Some(n));
        let (told, ended) = go(&ledger).await;
        ledger.released().await;
        line.set_cut(true);
        store.set_last_write(None);
        is_good(&shared(&store), told, &format!("after {n} writes")).await;
        if ended.is_ok() {
            break;
        }
        stopped += 1;
    }
    assert!(stopped >= 16, "{stopped}");
}

#[tokio::test(start_paused = true)]
async fn the_answer_to_any_write_may_be_lost_or_the_write_come_late() {
    for sealing in [false, true] {
        for moment in [Moment::Before, Moment::Midway, Moment::After] {
            for n in 1..24 {
                let store = MemoryStore::new();
                let ledger = if sealing { shared_on(sealed(&store, "open sesame")) } else { shared(&store) };
                run(&ledger, &[]).await;
                store.fail_write(n, moment);
                let (told, ended) = go(&ledger).await;
                let ended = ended.unwrap_or_else(|fault| panic!("{moment:?} of write {n}: {fault}"));
                assert_eq!((told, ended.state.serial), (ENTRIES, 4), "{moment:?} of write {n}");
                is_good(&ledger, told, &format!("{moment:?} of write {n}")).await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_checkpoint_in_memory_fails_as_others_do() {
    for moment in [Moment::Before, Moment::Midway, Moment::After] {
        for nth in 1..=3 {
            let ledger = MemoryLedger::new();
            ledger.fail_checkpoint(nth, moment);
            let (told, ended) = go(&ledger).await;
            ended.expect_err("made to fail");
            assert_eq!(told, 2 * nth, "{moment:?}");
            is_good(&ledger, told, &format!("{moment:?} of checkpoint {nth}")).await;
        }
    }
}

/// A snapshot that can't be written is put off: what is written down goes on to be.
#[tokio::test]
async fn a_checkpoint_that_can_not_be_written_is_made_later() {
    let root = tempfile::tempdir().unwrap();
    let ledger = local(root.path());
    let key = key();
    let mut open = ledger.open(&key, "apply").await.unwrap();
    let blocker = root.path().join("state/durable/dev/base/state.new");
    std::fs::create_dir(&blocker).unwrap();
    open.append(&[put("a")]).await.unwrap();
    open.checkpoint().await.expect("the journal holds it");
    open.append(&[put("b")]).await.unwrap();
    assert_eq!(names(&ledger.read(&key).await.unwrap().unwrap()), ["a", "b"]);
    std::fs::remove_dir(&blocker).unwrap();
    open.checkpoint().await.unwrap();
    open.append(&[put("c")]).await.unwrap();
    let ended = open.finish().await.unwrap();
    assert_eq!((ended.state.serial, names(&ended).len()), (2, 3));
    assert!(history(&ledger, &key, None).await.unwrap().is_whole());
}

/// Who follows a pointer that is older by the time finds slots and snapshots gone or not, and looks again.
#[tokio::test(start_paused = true)]
async fn who_reads_while_checkpoints_are_made_sees_what_was_there() {
    let store = MemoryStore::new();
    run(&shared(&store), &[]).await;
    store.set_delay(Duration::from_millis(10));
    let writing = shared(&store.line());
    let writer = tokio::spawn(async move {
        for _ in 0..20 {
            go(&writing).await.1.unwrap();
        }
    });
    let (mut reads, mut serial) = (0, 0);
    while !writer.is_finished() {
        let found = shared(&store.line()).read(&key()).await.unwrap().expect("a state");
        assert!(found.state.serial >= serial, "{} after {serial}", found.state.serial);
        (reads, serial) = (reads + 1, found.state.serial);
    }
    writer.await.unwrap();
    assert!(reads > 100 && serial > 50, "{reads} reads up to serial {serial}");
}

/// What many entries in a journal would cost who comes after an interruption, a checkpoint saves.
#[tokio::test(start_paused = true)]
async fn slots_that_checkpoints_hold_go_at_the_end_and_fences_stay() {
    let store = MemoryStore::new();
    let ledger = shared_on(sealed(&store, "open sesame"));
    let slots = || store.texts().keys().filter(|name| name.contains("/journal/")).count();
    go(&ledger).await.1.unwrap();
    assert_eq!(slots(), 2, "a fence, and what was written after the last checkpoint");
    interrupted(&ledger, &[Entry::Outputs { outputs: [].into() }]).await;
    ledger.released().await;
    go(&ledger).await.1.unwrap();
    go(&ledger).await.1.unwrap();
    assert_eq!(slots(), 5, "one fence for each run, and the last slot");
    let folder = tempfile::tempdir().unwrap();
    let there = local(folder.path()).sealed_with(keys("open sesame"));
    go(&there).await.1.unwrap();
    assert_eq!(std::fs::metadata(folder.path().join("state/durable/dev/base/journal")).unwrap().len(), 0);
}
