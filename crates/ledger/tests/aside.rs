//! What a run can't write down any more is kept on its machine, and taken in by the next run from there.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use lowtide_ledger::{Aside, MemoryStore, RemoteLedger};
use lowtide_model::Value;
use lowtide_state::{Entry, Intent, Ledger, LedgerFault, Loaded, Record};

use crate::samples::{forget, intent, key, names, put, record, run, sealed, shared, shared_on};

type Told = Arc<Mutex<Vec<usize>>>;

/// The ledger as a machine has it that sets aside in this folder, and what it is told.
fn on_machine(ledger: RemoteLedger, folder: &Path) -> (RemoteLedger, Told) {
    let told = Told::default();
    let hears = told.clone();
    let aside = Aside::new(folder.join("aside"), move |taken| hears.lock().unwrap().push(taken.operations));
    (ledger.setting_aside(aside), told)
}

fn intended(name: &str) -> Entry {
    Entry::Intent { intent: Box::new(Intent { op: format!("op-{name}"), ..intent(name) }) }
}

fn made(name: &str) -> Entry {
    let mut record = Record { uid: format!("op-{name}"), ..record(name) };
    record.inputs.set("note", Value::from("canary"));
    Entry::Put { record: Box::new(record) }
}

/// A run loses its line to the ledger when it has made two things, and can write down neither.
async fn cut_off(store: &MemoryStore, ledger: impl Fn(&MemoryStore) -> RemoteLedger, folder: &Path) -> bool {
    let line = store.line();
    let mut run = on_machine(ledger(&line), folder).0.open(&key(), "apply").await.unwrap();
    run.append(&[put("old"), intended("a"), intended("b")]).await.unwrap();
    let mut state = run.loaded().state.clone();
    [intended("a"), intended("b")].iter().for_each(|entry| state.apply(entry));
    line.set_cut(true);
    let fault = run.append(&[made("a"), made("b")]).await.unwrap_err();
    assert!(matches!(fault, LedgerFault::Unusable { .. } | LedgerFault::Lost { .. }), "{fault}");
    let answers: Vec<_> = [made("a"), made("b"), forget("old")].iter().filter_map(|entry| state.answer(entry)).collect();
    assert_eq!(answers.len(), 2, "nothing was in doubt of the old one");
    run.set_aside(&answers).await.unwrap()
}

fn in_doubt(loaded: &Loaded) -> usize {
    loaded.state.pending.len()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder.join("aside")).map(|entries| entries.map(|entry| entry.unwrap().path()).collect());
    entries.unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn the_next_run_of_the_machine_takes_it_in() {
    let (store, here) = (MemoryStore::new(), tempfile::tempdir().unwrap());
    assert!(cut_off(&store, shared, here.path()).await);
    let (ledger, told) = on_machine(shared(&store), here.path());
    assert_eq!(in_doubt(&ledger.read(&key()).await.unwrap().unwrap()), 2, "who only reads sees what is in the ledger");
    let run = ledger.open(&key(), "apply").await.unwrap();
    assert_eq!((names(run.loaded()), in_doubt(run.loaded())), (vec!["a".to_owned(), "b".to_owned(), "old".to_owned()], 0));
    assert_eq!((told.lock().unwrap().clone(), files(here.path())), (vec![2], vec![]));
    run.finish().await.unwrap();
    assert_eq!(in_doubt(&shared(&store).read(&key()).await.unwrap().unwrap()), 0, "it is part of the state now");
}

#[tokio::test(start_paused = true)]
async fn another_machine_finds_out_by_itself_and_what_comes_too_late_counts_for_nothing() {
    let (store, here, elsewhere) = (MemoryStore::new(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert!(cut_off(&store, shared, here.path()).await);
    let (other, told) = on_machine(shared(&store), elsewhere.path());
    let mut found = other.open(&key(), "apply").await.unwrap();
    assert_eq!((names(found.loaded()), in_doubt(found.loaded())), (vec!["old".to_owned()], 2));
    // It finds both, and destroys one of them.
    found.append(&[made("a"), made("b"), forget("a")]).await.unwrap();
    found.finish().await.unwrap();
    assert_eq!(told.lock().unwrap().len(), 0);
    let (ledger, told) = on_machine(shared(&store), here.path());
    let next = ledger.open(&key(), "apply").await.unwrap();
    assert_eq!(names(next.loaded()), ["b", "old"]);
    assert_eq!((told.lock().unwrap().len(), files(here.path())), (0, vec![]));
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_is_private_and_sealed_where_the_state_is() {
    let open = |store: &MemoryStore| shared_on(sealed(store, "open sesame"));
    for (clear, ledger) in [(true, &shared as &dyn Fn(&MemoryStore) -> RemoteLedger), (false, &open)] {
        let (store, here) = (MemoryStore::new(), tempfile::tempdir().unwrap());
        assert!(cut_off(&store, ledger, here.path()).await);
        let [file] = &files(here.path())[..] else { panic!("one file is kept") };
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&here.path().join("aside")), mode(file)), (0o700, 0o600));
        let bytes = std::fs::read(file).unwrap();
        assert_eq!(String::from_utf8_lossy(&bytes).contains("canary"), clear);
        let next = on_machine(ledger(&store), here.path()).0.open(&key(), "apply").await.unwrap();
        assert_eq!(in_doubt(next.loaded()), 0, "in clear: {clear}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_depends_on_it() {
    let damages: [fn(&Path); 4] = [
        |file| std::fs::remove_file(file).unwrap(),
        |file| std::fs::write(file, "nonsense").unwrap(),
        |file| {
            let text = std::fs::read_to_string(file).unwrap();
            std::fs::write(file, text.replace("\"format\":6", "\"format\":7")).unwrap();
        },
        |file| {
            std::fs::remove_file(file).unwrap();
            std::os::unix::fs::symlink("/etc/hostname", file).unwrap();
        },
    ];
    for damage in damages {
        let (store, here) = (MemoryStore::new(), tempfile::tempdir().unwrap());
        assert!(cut_off(&store, shared, here.path()).await);
        files(here.path()).iter().for_each(|file| damage(file));
        let (ledger, told) = on_machine(shared(&store), here.path());
        let next = ledger.open(&key(), "apply").await.unwrap();
        assert_eq!((in_doubt(next.loaded()), told.lock().unwrap().len(), files(here.path())), (2, 0, vec![]));
    }
}

/// A stack that was made anew under the same name is another one.
#[tokio::test(start_paused = true)]
async fn what_is_of_another_lineage_counts_for_nothing() {
    let (store, here) = (MemoryStore::new(), tempfile::tempdir().unwrap());
    assert!(cut_off(&store, shared, here.path()).await);
    for name in store.texts().into_keys() {
        store.tamper(&name, None);
    }
    run(&shared(&store), &[intended("a")]).await;
    let next = on_machine(shared(&store), here.path()).0.open(&key(), "apply").await.unwrap();
    assert_eq!(in_doubt(next.loaded()), 1);
}
