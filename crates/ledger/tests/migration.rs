//! A state that moves is never nowhere, and never in two places that both go on with it.

use std::time::Duration;

use lowtide_ledger::{Archive, Leaving, LocalLedger, MemoryStore, Moved, RemoteLedger, Unpacked, history, migrate};
use lowtide_state::{Digest, Ledger, LedgerFault, Loaded};

use crate::samples::{interrupted, key, keys, local, names, put, run, sealed, shared, shared_on};

/// A ledger with a finished run, an interrupted one, a digest and a note.
async fn filled(ledger: &dyn Ledger) -> (Loaded, Digest) {
    let digest = ledger.digester(&key()).await.unwrap().digest("a.b", &"canary".into());
    ledger.set_note(&key(), "tide", Some("held")).await.unwrap();
    run(ledger, &[put("a")]).await;
    interrupted(ledger, &[put("b")]).await;
    (ledger.read(&key()).await.unwrap().unwrap(), digest)
}

async fn is_whole(ledger: &dyn Ledger, (state, digest): &(Loaded, Digest)) {
    assert_eq!(ledger.read(&key()).await.as_ref(), Ok(&Some(state.clone())));
    assert!(ledger.digester(&key()).await.unwrap().is_of(digest, "a.b", &"canary".into()));
    assert_eq!(ledger.note(&key(), "tide").await.unwrap().as_deref(), Some("held"));
    assert_eq!(ledger.list().await, Ok(vec![key()]));
}

/// Moves it, with all that came before it.
async fn moved(from: &dyn Archive, to: &dyn Archive) -> Unpacked {
    let Moved { state, earlier, left } = migrate(from, to, &key()).await.unwrap();
    assert_eq!((earlier + 1, left), (serials(to).await.len(), 0));
    state
}

/// Returns the serials of a history in which nothing is damaged, missing or too much.
async fn serials(ledger: &dyn Ledger) -> Vec<u64> {
    let history = history(ledger, &key(), None).await.unwrap();
    assert!(history.is_whole() && history.strays.is_empty(), "{history:?}");
    let serials: Vec<_> = history.kept().map(|kept| kept.serial).collect();
    assert_eq!(serials, (0..serials.len() as u64).rev().collect::<Vec<_>>(), "each serial there ever was");
    serials
}

async fn is_left(ledger: &dyn Ledger, to: &dyn Ledger) {
    let (read, opened) = (ledger.read(&key()).await.map(|_| ()), ledger.open(&key(), "apply").await.map(|_| ()));
    let (noted, note) = (ledger.set_note(&key(), "tide", Some("late")).await, ledger.note(&key(), "tide").await.map(|_| ()));
    for fault in [read, opened, noted, note] {
        let Err(LedgerFault::Unusable { doing: "used", why, .. }) = fault else { panic!("{fault:?}") };
        assert_eq!(why, format!("it was moved to {}; name that place in [state] of lowtide.toml", to.location(&key())));
    }
    assert_eq!(ledger.list().await, Ok(vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_state_goes_and_comes_back() {
    let (root, store) = (tempfile::tempdir().unwrap(), MemoryStore::new());
    let (here, there) = (local(root.path()), shared(&store));
    let mut whole = filled(&here).await;
    for back_and_forth in 0..2 {
        assert_eq!(moved(&here, &there).await, Unpacked::Done, "{back_and_forth}");
        is_whole(&there, &whole).await;
        is_left(&here, &there).await;
        whole.0 = run(&there, &[put(&format!("there{back_and_forth}"))]).await;
        assert_eq!(moved(&there, &here).await, Unpacked::Done, "{back_and_forth}");
        is_whole(&here, &whole).await;
        is_left(&there, &here).await;
        whole.0 = run(&here, &[put(&format!("here{back_and_forth}"))]).await;
    }
    assert_eq!(whole.0.state.serial, 6);
    assert_eq!(names(&whole.0).len(), 6);
}

#[tokio::test(start_paused = true)]
async fn another_state_is_never_overwritten() {
    let (root, store) = (tempfile::tempdir().unwrap(), MemoryStore::new());
    let (here, there) = (local(root.path()), shared(&store));
    let (ours, theirs) = (filled(&here).await, run(&there, &[put("theirs")]).await);
    for (from, to) in [(&here as &dyn Archive, &there as &dyn Archive), (&there, &here)] {
        let fault = migrate(from, to, &key()).await.unwrap_err();
        assert!(fault.to_string().ends_with("and nothing is ever overwritten"), "{fault}");
    }
    is_whole(&here, &ours).await;
    assert_eq!(there.read(&key()).await, Ok(Some(theirs)));
}

#[tokio::test(start_paused = true)]
async fn a_state_in_use_stays() {
    let (root, store) = (tempfile::tempdir().unwrap(), MemoryStore::new());
    let (here, there) = (local(root.path()), shared(&store));
    let whole = filled(&here).await;
    let key = key();
    let open = here.open(&key, "apply").await.unwrap();
    assert!(matches!(migrate(&here, &there, &key).await, Err(LedgerFault::Held { .. })));
    assert_eq!(store.texts().len(), 0);
    drop(open);
    is_whole(&here, &whole).await;
}

/// One place under two names: nothing tells them apart but that it is in use, by ourselves.
#[tokio::test(start_paused = true)]
async fn a_state_does_not_move_to_where_it_is() {
    let (root, store) = (tempfile::tempdir().unwrap(), MemoryStore::new());
    let folder = local(root.path());
    let whole = filled(&folder).await;
    assert!(matches!(migrate(&folder, &local(root.path()), &key()).await, Err(LedgerFault::Held { .. })));
    is_whole(&folder, &whole).await;
    let one = shared(&store);
    let whole = filled(&one).await;
    one.released().await;
    assert!(matches!(migrate(&one, &shared(&store), &key()).await, Err(LedgerFault::Held { .. })));
    one.released().await;
    is_whole(&one, &whole).await;
    run(&one, &[put("c")]).await;
}

/// Whoever moves a state slept too long, or was shut out by hand: what others make of it since stays theirs.
#[tokio::test(start_paused = true)]
async fn a_state_that_others_took_over_is_not_taken_leave_of() {
    for goes_on in [false, true] {
        let (one, slow) = (MemoryStore::new(), MemoryStore::new());
        let (here, there) = (shared(&one), shared(&slow));
        let whole = filled(&here).await;
        here.released().await;
        slow.set_delay(Duration::from_secs(1));
        let from = shared(&one.line());
        let moving = tokio::spawn(async move { migrate(&from, &there, &key()).await });
        tokio::time::sleep(Duration::from_secs(2)).await;
        let held = here.holder(&key()).await.unwrap().expect("it is being moved");
        here.unlock(&key(), held.epoch).await.unwrap();
        let now = if goes_on { run(&here, &[put("theirs")]).await } else { whole.0 };
        let fault = moving.await.unwrap().unwrap_err();
        assert!(matches!(fault, LedgerFault::Lost { .. }), "{fault}");
        is_whole(&here, &(now, whole.1)).await;
    }
}

/// The epoch alone says whose a state is, where nothing was written to it yet; in a folder its content does.
#[tokio::test(start_paused = true)]
async fn a_state_is_taken_leave_of_by_the_run_that_holds_it_alone() {
    let (root, store, key) = (tempfile::tempdir().unwrap(), MemoryStore::new(), key());
    let here = shared(&store);
    let whole = filled(&here).await;
    let held = here.open(&key, "init --migrate-state").await.unwrap();
    here.unlock(&key, here.holder(&key).await.unwrap().unwrap().epoch).await.unwrap();
    let theirs = here.open(&key, "apply").await.unwrap();
    let fault = here.retire(&key, Leaving::with(&*held), "elsewhere").await.unwrap_err();
    assert!(matches!(fault, LedgerFault::Lost { .. }), "{fault}");
    theirs.finish().await.unwrap();
    is_whole(&here, &whole).await;
    let (folder, other) = (local(root.path()), tempfile::tempdir().unwrap());
    filled(&folder).await;
    filled(&local(other.path())).await;
    let held = folder.open(&key, "init --migrate-state").await.unwrap();
    let file = |root: &std::path::Path| root.join("state/durable/dev/base/state");
    run(&local(other.path()), &[put("c")]).await;
    std::fs::copy(file(other.path()), file(root.path())).unwrap();
    let fault = folder.retire(&key, Leaving::with(&*held), "elsewhere").await.unwrap_err();
    assert!(matches!(fault, LedgerFault::Lost { .. }), "{fault}");
    assert!(folder.read(&key).await.is_ok());
}

/// A plan at the new place makes a key there, on which nothing depends; notes there are nothing's.
#[tokio::test(start_paused = true)]
async fn what_a_plan_left_at_the_new_place_is_not_in_the_way() {
    let (root, store) = (tempfile::tempdir().unwrap(), MemoryStore::new());
    let (here, there) = (local(root.path()), shared(&store));
    let whole = filled(&here).await;
    there.digester(&key()).await.unwrap();
    there.set_note(&key(), "other", Some("of nothing")).await.unwrap();
    assert_eq!(moved(&here, &there).await, Unpacked::Done);
    is_whole(&there, &whole).await;
    assert_eq!(there.note(&key(), "other").await, Ok(None));
    let root = tempfile::tempdir().unwrap();
    let here = local(root.path());
    here.digester(&key()).await.unwrap();
    here.set_note(&key(), "other", Some("of nothing")).await.unwrap();
    assert_eq!(moved(&there, &here).await, Unpacked::Done);
    is_whole(&here, &whole).await;
    assert_eq!(here.note(&key(), "other").await, Ok(None));
}

/// Where a state comes back to, it is elsewhere until it is there whole.
#[tokio::test(start_paused = true)]
async fn a_way_back_that_is_interrupted_is_taken_up() {
    for n in 0.. {
        let (root, store) = (tempfile::tempdir().unwrap(), MemoryStore::new());
        let (here, there) = (local(root.path()), shared(&store));
        let mut whole = filled(&there).await;
        there.released().await;
        moved(&there, &here).await;
        whole.0 = run(&here, &[put("c")]).await;
        store.set_last_write(Some(n));
        let first = migrate(&here, &there, &key()).await;
        there.released().await;
        store.set_last_write(None);
        if first.is_ok() {
            assert!(n > 4, "{n}");
            return is_whole(&there, &whole).await;
        }
        again((&here, &shared(&store)), &whole, n).await;
    }
}

/// Stops a move after each of its writes, and moves again.
#[tokio::test(start_paused = true)]
async fn a_move_that_is_interrupted_is_taken_up() {
    let mut stopped = 0;
    for from_here in [true, false] {
        for n in 0.. {
            let (root, store) = (tempfile::tempdir().unwrap(), MemoryStore::new());
            let (here, there) = (local(root.path()), shared(&store));
            let (from, to): (&dyn Archive, &dyn Archive) = if from_here { (&here, &there) } else { (&there, &here) };
            let whole = filled(from).await;
            there.released().await;
            store.set_last_write(Some(n));
            let first = migrate(from, to, &key()).await;
            there.released().await;
            store.set_last_write(None);
            if first.is_ok() {
                is_whole(to, &whole).await;
                break;
            }
            stopped += 1;
            // Whoever stopped there is dead; others go on.
            let (here, there) = (local(root.path()), shared(&store));
            again(if from_here { (&here, &there) } else { (&there, &here) }, &whole, n).await;
        }
    }
    assert!(stopped > 8, "{stopped}");
}

async fn again((from, to): (&dyn Archive, &dyn Archive), whole: &(Loaded, Digest), n: u64) {
    if from.list().await.unwrap().is_empty() {
        // It had come through but for the last word about it.
        return is_whole(to, whole).await;
    }
    is_whole(from, whole).await;
    migrate(from, to, &key()).await.unwrap_or_else(|fault| panic!("after {n} writes: {fault}"));
    is_whole(to, whole).await;
    assert_eq!(serials(to).await, (0..=whole.0.state.serial).rev().collect::<Vec<_>>(), "after {n} writes");
    is_left(from, to).await;
}

/// Whatever the seals on both sides are: what is read here is what is written there.
#[tokio::test(start_paused = true)]
async fn a_sealed_state_moves_into_another_seal_or_out_of_any() {
    let (root, store) = (tempfile::tempdir().unwrap(), MemoryStore::new());
    let here = local(root.path()).sealed_with(keys("open sesame"));
    let there = shared_on(sealed(&store, "open barley"));
    let whole = filled(&here).await;
    assert_eq!(moved(&here, &there).await, Unpacked::Done);
    is_whole(&there, &whole).await;
    is_left(&here, &there).await;
    let texts: Vec<_> = store.texts().into_iter().filter(|(name, _)| !name.ends_with("/head")).collect();
    assert!(texts.len() > 3);
    for (name, text) in texts {
        assert!(text.starts_with(b"lowtide-sealed 1 "), "{name}");
    }
    let elsewhere = tempfile::tempdir().unwrap();
    let clear = local(elsewhere.path());
    assert_eq!(moved(&there, &clear).await, Unpacked::Done);
    is_whole(&clear, &whole).await;
    let root = tempfile::tempdir().unwrap();
    run(&local(root.path()).sealed_with(keys("open sesame")), &[put("a")]).await;
    let fault = migrate(&local(root.path()), &shared(&MemoryStore::new()), &key()).await.unwrap_err();
    assert!(fault.to_string().contains("it is encrypted"), "without its keys a state goes nowhere: {fault}");
}

#[tokio::test(start_paused = true)]
async fn one_shared_place_leads_to_another() {
    let (one, other): (RemoteLedger, RemoteLedger) = (shared(&MemoryStore::new()), shared(&MemoryStore::new()));
    let whole = filled(&one).await;
    assert_eq!(moved(&one, &other).await, Unpacked::Done);
    is_whole(&other, &whole).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let folder: LocalLedger = local(elsewhere.path());
    assert_eq!(moved(&other, &folder).await, Unpacked::Done);
    is_whole(&folder, &whole).await;
}

#[tokio::test(start_paused = true)]
async fn what_can_not_be_read_of_a_history_stays_and_is_counted() {
    let (root, store) = (tempfile::tempdir().unwrap(), MemoryStore::new());
    let (here, there) = (local(root.path()), shared(&store));
    let mut whole = filled(&here).await;
    whole.0 = run(&here, &[put("c")]).await;
    let snapshots = root.path().join("state/durable/dev/base/snapshots");
    let damaged = snapshots.read_dir().unwrap().map(|file| file.unwrap().path()).max().unwrap();
    std::fs::write(damaged, "").unwrap();
    assert_eq!(migrate(&here, &there, &key()).await, Ok(Moved { state: Unpacked::Done, earlier: 2, left: 1 }));
    is_whole(&there, &whole).await;
    let history = history(&there, &key(), None).await.unwrap();
    assert_eq!(history.kept().map(|kept| kept.serial).collect::<Vec<_>>(), [3, 1, 0]);
    assert!(!history.is_whole(), "the new place says as well that one is missing");
}

/// A move ended after the state was there, and somebody went on with it there before it was taken up.
#[tokio::test(start_paused = true)]
async fn a_state_that_went_on_at_the_new_place_is_taken_leave_of_at_the_old_one() {
    let (root, store) = (tempfile::tempdir().unwrap(), MemoryStore::new());
    let (here, there) = (local(root.path()), shared(&store));
    let whole = filled(&here).await;
    let held = here.open(&key(), "init --migrate-state").await.unwrap();
    there.unpack(&key(), &here.pack(&key()).await.unwrap()).await.unwrap();
    drop(held);
    let next = run(&there, &[put("c")]).await;
    assert_eq!(migrate(&here, &there, &key()).await, Ok(Moved { state: Unpacked::AlreadyThere, earlier: 2, left: 0 }));
    is_whole(&there, &(next, whole.1)).await;
    assert_eq!(serials(&there).await, [3, 2, 1, 0]);
    is_left(&here, &there).await;
}
