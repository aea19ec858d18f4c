//! What is kept of states, and what is said when it was damaged.

use std::{
    fs::File,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use lowtide_ledger::{MemoryStore, history};
use lowtide_state::{History, Ledger, Piece};

use crate::samples::{key, keys, local, put, run, shared};

fn snapshots(root: &Path) -> Vec<PathBuf> {
    let all = root.join("state/durable/dev/base/snapshots").read_dir().unwrap();
    let mut all: Vec<_> = all.map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

async fn told(ledger: &dyn Ledger) -> (Vec<String>, History) {
    let history = history(ledger, &key(), None).await.unwrap();
    let told = |piece: &Piece| match piece {
        Piece::Kept(kept) => kept.serial.to_string(),
        Piece::Unreadable { why, .. } => why.clone(),
        Piece::Missing { before } => format!("missing before {before}"),
    };
    (history.pieces.iter().map(told).collect(), history)
}

#[tokio::test]
async fn a_damaged_snapshot_in_a_folder_is_named_and_the_others_stand() {
    let root = tempfile::tempdir().unwrap();
    for name in ["a", "b", "c", "d"] {
        run(&local(root.path()), &[put(name)]).await;
    }
    let [_, one, _, three] = &snapshots(root.path())[..] else { panic!("four before the last") };
    let whole = std::fs::read(one).unwrap();
    for at in (0..whole.len()).step_by(7) {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        std::fs::write(one, changed).unwrap();
        let (told, history) = told(&local(root.path())).await;
        assert_eq!((told.len(), history.is_whole()), (5, false), "byte {at}: {told:?}");
        assert!(matches!(&history.pieces[3], Piece::Unreadable { name, .. } if one.ends_with(name)), "byte {at}: {told:?}");
    }
    std::fs::remove_file(three).unwrap();
    std::fs::write(one, whole).unwrap();
    assert_eq!(told(&local(root.path())).await.0, ["4", "missing before 4", "2", "1", "0"]);
    std::fs::write(root.path().join("state/durable/dev/base/state"), "").unwrap();
    assert_eq!(told(&local(root.path())).await.0, ["the file is empty", "2", "1", "0"]);
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_of_a_run_that_was_shut_out_is_no_history() {
    let store = MemoryStore::new();
    run(&shared(&store), &[put("a")]).await;
    let stray = store.texts().into_iter().find(|(name, _)| name.contains("/state/00000000000000000001")).unwrap();
    run(&shared(&store), &[put("b")]).await;
    // As if another run had written a third state, and had not come to say so.
    let theirs = MemoryStore::new();
    run(&shared(&theirs), &[put("x")]).await;
    let (_, text) = theirs.texts().into_iter().find(|(name, _)| name.contains("/state/00000000000000000001")).unwrap();
    store.tamper(&stray.0.replace("00000000000000000001", "00000000000000000003"), Some(stray.1));
    store.tamper("durable/dev/base/state/00000000000000000000-theirs", Some(text));
    let (told, history) = told(&shared(&store)).await;
    assert_eq!(told, ["2", "1", "0"]);
    assert!(history.is_whole());
    assert_eq!(history.strays.len(), 2, "{:?}", history.strays);
}

#[tokio::test]
async fn encrypted_and_clear_snapshots_are_one_history_to_who_reads_both() {
    let root = tempfile::tempdir().unwrap();
    run(&local(root.path()), &[put("a")]).await;
    let both = local(root.path()).sealed_with(keys("open sesame")).letting_clear();
    both.seal(&key()).await.unwrap();
    assert_eq!(told(&both).await.0, ["2", "1", "0"]);
    let (told, history) = told(&local(root.path()).sealed_with(keys("open sesame"))).await;
    assert!(!history.is_whole() && told[1].starts_with("it is not encrypted"), "{told:?}");
}

#[tokio::test]
async fn a_hundred_are_kept_and_older_ones_for_ninety_days() {
    let root = tempfile::tempdir().unwrap();
    let ledger = local(root.path());
    for n in 0..105 {
        run(&ledger, &[put(&format!("n{}", n % 3))]).await;
    }
    let all = snapshots(root.path());
    assert_eq!(all.len(), 105, "all are young");
    for (days, paths) in [(91, &all[..2]), (89, &all[2..3]), (200, &all[60..])] {
        for path in paths {
            let file = File::options().append(true).open(path).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60)).unwrap();
        }
    }
    run(&ledger, &[put("last")]).await;
    let left = snapshots(root.path());
    assert_eq!((left.len(), &left[0]), (104, &all[2]), "two were old enough and too many");
    let (_, history) = told(&ledger).await;
    assert!(history.is_whole());
    assert_eq!(history.kept().count(), 105);
}
