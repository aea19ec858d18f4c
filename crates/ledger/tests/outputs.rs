//! What a stack publishes is read without its state, and only as it was written.

use std::collections::BTreeMap;

use lowtide_ledger::MemoryStore;
use lowtide_model::Type;
use lowtide_state::{Entry, Ledger, LedgerFault, OutputValue, format::Head};

use crate::samples::{interrupted, key, keys, local, put, run, shared};

type Published = BTreeMap<String, OutputValue>;

fn of(id: &str) -> Published {
    [("id".to_owned(), OutputValue::Clear { value: id.into(), ty: Type::String })].into()
}

/// A stack that published one thing and then another, with the name of the outputs that count, and that of their snapshot.
async fn filled() -> (MemoryStore, Published, String, String) {
    let store = MemoryStore::new();
    let ledger = shared(&store);
    run(&ledger, &[put("a"), Entry::Outputs { outputs: of("vpc-1") }]).await;
    let sensitive = ledger.digester(&key()).await.unwrap().digest("output.s", &"c4n4ry".into());
    let mut outputs = of("vpc-2");
    outputs.insert("secret".to_owned(), OutputValue::Sensitive { sensitive, ty: Type::String });
    run(&ledger, &[Entry::Outputs { outputs: outputs.clone() }]).await;
    let name = store.texts().into_keys().rfind(|name| name.ends_with(".outputs")).unwrap();
    let snapshot = name.trim_end_matches(".outputs").to_owned();
    (store, outputs, name, snapshot)
}

#[tokio::test(start_paused = true)]
async fn outputs_lie_beside_their_snapshot_which_is_not_read() {
    let (store, outputs, name, snapshot) = filled().await;
    let texts = store.texts();
    assert!(!String::from_utf8_lossy(&texts[&name]).contains("c4n4ry"));
    store.tamper(&snapshot, None);
    assert_eq!(shared(&store).outputs(&key()).await, Ok(Some(outputs.clone())), "the state is not read");
    shared(&store).read(&key()).await.expect_err("it is gone");
    store.tamper(&snapshot, Some(texts[&snapshot].clone()));
    store.tamper(&name, None);
    assert_eq!(shared(&store).outputs(&key()).await, Ok(Some(outputs)), "the state says it as well");
}

async fn refused(store: &MemoryStore, what: &str) {
    is_damaged(&shared(store), what).await;
}

async fn is_damaged(ledger: &dyn Ledger, what: &str) {
    let fault = ledger.outputs(&key()).await.expect_err(what);
    let LedgerFault::Damaged { place, .. } = &fault else { panic!("{what}: {fault}") };
    assert!(place.ends_with("outputs"), "{what}: {fault}");
}

#[tokio::test(start_paused = true)]
async fn every_bit_and_every_length_of_outputs_counts() {
    let (store, outputs, name, _) = filled().await;
    let whole = store.texts()[&name].clone();
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut changed = whole.clone();
            changed[at] ^= 1 << bit;
            store.tamper(&name, Some(changed));
            refused(&store, &format!("bit {bit} of byte {at}")).await;
        }
        store.tamper(&name, Some(whole[..at].to_vec()));
        refused(&store, &format!("cut after {at}")).await;
    }
    store.tamper(&name, Some([&whole[..], b"\n"].concat()));
    refused(&store, "one byte more").await;
    store.tamper(&name, Some(whole));
    assert_eq!(shared(&store).outputs(&key()).await, Ok(Some(outputs)));
}

#[tokio::test(start_paused = true)]
async fn outputs_of_an_older_state_or_of_another_stack_are_not_believed() {
    let (store, _, name, _) = filled().await;
    let older = store.texts().into_iter().find(|(name, _)| name.ends_with(".outputs")).unwrap().1;
    store.tamper(&name, Some(older));
    refused(&store, "what was published before").await;
    let (other, _, theirs, _) = filled().await;
    store.tamper(&name, Some(other.texts()[&theirs].clone()));
    refused(&store, "what another stack publishes").await;
    let named = shared(&store).outputs(&key()).await.unwrap_err().to_string();
    assert!(named.contains("the state beside it says the same, and is read where this object is taken away"), "{named}");
}

/// A head of format 1 names no outputs, whatever lies beside its snapshot.
#[tokio::test(start_paused = true)]
async fn where_the_head_names_none_the_state_is_read() {
    let (store, outputs, name, _) = filled().await;
    let place = "durable/dev/base/head";
    let mut head = Head::read(&store.texts()[place]).unwrap();
    head.snapshot.as_mut().unwrap().outputs = None;
    store.tamper(place, Some(head.write().into_bytes()));
    store.tamper(&name, Some(b"anything".to_vec()));
    assert_eq!(shared(&store).outputs(&key()).await, Ok(Some(outputs)));
}

#[tokio::test]
async fn a_folder_publishes_as_well_and_damage_to_that_is_told() {
    let root = tempfile::tempdir().unwrap();
    let ledger = local(root.path());
    run(&ledger, &[put("a"), Entry::Outputs { outputs: of("vpc-1") }]).await;
    let place = root.path().join("state/durable/dev/base/outputs");
    let older = std::fs::read(&place).unwrap();
    run(&ledger, &[Entry::Outputs { outputs: of("vpc-2") }]).await;
    let whole = std::fs::read(&place).unwrap();
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut changed = whole.clone();
            changed[at] ^= 1 << bit;
            std::fs::write(&place, &changed).unwrap();
            is_damaged(&ledger, &format!("bit {bit} of byte {at}")).await;
        }
        std::fs::write(&place, &whole[..at]).unwrap();
        is_damaged(&ledger, &format!("cut after {at}")).await;
    }
    std::fs::write(&place, &older).unwrap();
    is_damaged(&ledger, "what was published before").await;
    std::fs::remove_file(&place).unwrap();
    assert_eq!(ledger.outputs(&key()).await, Ok(Some(of("vpc-2"))), "the state says it as well");
    std::fs::write(&place, &whole).unwrap();
    let state = root.path().join("state/durable/dev/base/state");
    let text = std::fs::read(&state).unwrap();
    let mut changed = text.clone();
    *changed.last_mut().unwrap() ^= 1;
    std::fs::write(&state, changed).unwrap();
    assert_eq!(ledger.outputs(&key()).await, Ok(Some(of("vpc-2"))), "more than the first line of the state is not read");
    for damaged in [&text[..text.len() - 1], &text[..70], b""] {
        std::fs::write(&state, damaged).unwrap();
        assert!(matches!(ledger.outputs(&key()).await, Err(LedgerFault::Damaged { place, .. }) if place.ends_with("/state")));
    }
    std::fs::write(&state, &text).unwrap();
    interrupted(&ledger, &[Entry::Outputs { outputs: of("vpc-3") }]).await;
    assert_eq!(ledger.outputs(&key()).await, Ok(Some(of("vpc-3"))), "results of a run are part of it");
    run(&ledger, &[Entry::Outputs { outputs: [].into() }]).await;
    assert!(!place.exists(), "who publishes nothing has no such file");
}

#[tokio::test]
async fn a_sealed_folder_publishes_nothing_in_clear() {
    let root = tempfile::tempdir().unwrap();
    let clear = local(root.path());
    run(&clear, &[Entry::Outputs { outputs: of("vpc-1") }]).await;
    let place = root.path().join("state/durable/dev/base/outputs");
    assert!(place.exists());
    let ledger = local(root.path()).sealed_with(keys("open sesame"));
    ledger.clone().letting_clear().seal(&key()).await.unwrap();
    assert!(!place.exists(), "nor does what was published before stay");
    assert_eq!(ledger.outputs(&key()).await, Ok(Some(of("vpc-1"))));
}
