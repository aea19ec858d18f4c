//! Notes beside a state: kept, replaced, taken away, and no part of it.

use lowtide_ledger::{LocalLedger, MemoryLedger, MemoryStore};
use lowtide_state::{Ledger, StackKey};

#[tokio::test]
async fn notes_are_kept_beside_the_state_and_change_nothing_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = StackKey { project: "demo".into(), environment: "default".into(), stack: "main".into() };
    let shared = crate::samples::shared(&MemoryStore::new());
    let ledgers: [&dyn Ledger; 3] = [&LocalLedger::new(folder.path().join("state")), &MemoryLedger::new(), &shared];
    for ledger in ledgers {
        assert_eq!(ledger.note(&key, "tide").await, Ok(None));
        ledger.set_note(&key, "tide", Some("one")).await.expect("written");
        assert_eq!(ledger.note(&key, "tide").await.expect("read").as_deref(), Some("one"));
        assert_eq!(ledger.list().await.expect("listed"), [], "a note is no state");
        assert_eq!(ledger.read(&key).await.expect("read"), None);
        let run = ledger.open(&key, "test").await.expect("opened");
        ledger.set_note(&key, "tide", Some("two")).await.expect("no lock is needed");
        let serial = run.loaded().state.serial;
        assert_eq!(run.finish().await.expect("finished").state.serial, serial);
        assert_eq!(ledger.note(&key, "tide").await.expect("read").as_deref(), Some("two"));
        ledger.set_note(&key, "tide", None).await.expect("taken away");
        ledger.set_note(&key, "tide", None).await.expect("taken away again");
        assert_eq!(ledger.note(&key, "tide").await, Ok(None));
    }
    assert!(LocalLedger::new(folder.path().join("state")).set_note(&key, "../x", Some("")).await.is_err());
    assert!(shared.set_note(&key, "../x", Some("")).await.is_err());
}
