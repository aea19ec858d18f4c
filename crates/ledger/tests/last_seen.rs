//! A shared state that goes back to what it was is noticed by who has seen more of it.

use std::{
    collections::BTreeMap,
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::{Arc, Mutex},
};

use lowtide_ledger::{LastSeen, MemoryStore, RemoteLedger, WentBack};
use lowtide_state::Ledger;

use crate::samples::{key, put, run, shared};

type Told = Arc<Mutex<Vec<WentBack>>>;

/// The ledger as a machine has it that remembers in this folder, and what it is told.
fn on_machine(store: &MemoryStore, folder: &Path) -> (RemoteLedger, Told) {
    let told = Told::default();
    let hears = told.clone();
    let last_seen = LastSeen::new(folder.join("seen"), move |back| hears.lock().unwrap().push(back.clone()));
    (shared(store).remembering(last_seen), told)
}

/// The serial that was seen and the one that is there now, of each that went back.
fn serials(told: &Told) -> Vec<(u64, Option<u64>)> {
    told.lock().unwrap().iter().map(|back| (back.seen.serial, back.now.as_ref().map(|mark| mark.serial))).collect()
}

fn put_back(store: &MemoryStore, texts: &BTreeMap<String, Vec<u8>>) {
    for name in store.texts().into_keys() {
        store.tamper(&name, texts.get(&name).cloned());
    }
}

#[tokio::test]
async fn a_state_that_went_back_is_told_to_who_has_seen_more() {
    let (store, here, elsewhere) = (MemoryStore::new(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (ledger, told) = on_machine(&store, here.path());
    run(&ledger, &[put("a")]).await;
    let before = store.texts();
    run(&ledger, &[put("b")]).await;
    ledger.read(&key()).await.unwrap();
    assert_eq!(serials(&told), []);

    put_back(&store, &before);
    assert_eq!(ledger.read(&key()).await.unwrap().unwrap().state.serial, 1, "it is whole, and can be read");
    ledger.read(&key()).await.unwrap();
    assert_eq!(serials(&told), [(2, Some(1))], "once");
    let (next, told) = on_machine(&store, here.path());
    next.read(&key()).await.unwrap();
    assert_eq!(serials(&told), [(2, Some(1))], "the next run of this machine says so again");
    let (other, told) = on_machine(&store, elsewhere.path());
    other.read(&key()).await.unwrap();
    assert_eq!(serials(&told), [], "a machine that has seen no more can't know");
}

#[tokio::test]
async fn a_state_that_is_gone_or_another_is_told() {
    let (store, here) = (MemoryStore::new(), tempfile::tempdir().unwrap());
    let (ledger, told) = on_machine(&store, here.path());
    run(&ledger, &[put("a")]).await;
    put_back(&store, &BTreeMap::new());
    assert!(ledger.read(&key()).await.unwrap().is_none());
    assert_eq!(serials(&told), [(1, None)]);
    run(&shared(&store), &[put("a")]).await;
    run(&shared(&store), &[put("b")]).await;
    ledger.read(&key()).await.unwrap();
    assert_eq!(serials(&told), [(1, None), (1, Some(2))], "it has another lineage");
    let back = told.lock().unwrap().pop().unwrap();
    std::fs::remove_file(&back.file).unwrap();
    let (next, told) = on_machine(&store, here.path());
    next.read(&key()).await.unwrap();
    next.read(&key()).await.unwrap();
    assert_eq!(serials(&told), [], "what was seen can be forgotten");
}

#[tokio::test]
async fn what_was_seen_is_private_and_nothing_depends_on_it() {
    let (store, here) = (MemoryStore::new(), tempfile::tempdir().unwrap());
    let (ledger, told) = on_machine(&store, here.path());
    run(&ledger, &[put("a")]).await;
    let folder = here.path().join("seen");
    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
    std::fs::write(&file, "nonsense").unwrap();
    run(&ledger, &[put("b")]).await;
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, "no folder").unwrap();
    run(&ledger, &[put("c")]).await;
    assert_eq!(ledger.read(&key()).await.unwrap().unwrap().state.serial, 3);
    assert_eq!(serials(&told), []);
}
