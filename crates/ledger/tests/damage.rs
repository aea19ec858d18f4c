//! Damage to any text of a shared ledger is found: every bit that flips, every length that is cut, everything that vanishes.

use std::time::Duration;

use lowtide_ledger::MemoryStore;
use lowtide_state::{Ledger, LedgerFault, Loaded};

use crate::samples::{interrupted, key, names, put, run, shared};

const STACK: &str = "durable/dev/base/";

/// Two finished runs and an interrupted one that lived long enough to say how far it had come.
async fn filled() -> (MemoryStore, Loaded) {
    let store = MemoryStore::new();
    run(&shared(&store), &[put("a")]).await;
    run(&shared(&store), &[put("b")]).await;
    let ledger = shared(&store);
    let key = key();
    let mut open = ledger.open(&key, "apply").await.unwrap();
    open.append(&[put("c")]).await.unwrap();
    open.append(&[put("d")]).await.unwrap();
    tokio::time::sleep(Duration::from_secs(6)).await;
    drop(open);
    ledger.released().await;
    let read = shared(&store).read(&key).await.unwrap().unwrap();
    assert_eq!(names(&read), ["a", "b", "c", "d"]);
    (store, read)
}

/// The texts that the state is made of now; the others are history.
fn live(store: &MemoryStore) -> Vec<String> {
    let all: Vec<_> = store.texts().into_keys().collect();
    let newest = all.iter().rfind(|name| name.contains("/state/")).cloned();
    let slots = all.iter().filter(|name| name.contains("/journal/")).rev().take(2).cloned();
    [format!("{STACK}head")].into_iter().chain(newest).chain(slots).collect()
}

async fn refused(store: &MemoryStore, what: &str) {
    let fault = shared(store).read(&key()).await.expect_err(what);
    assert!(matches!(fault, LedgerFault::Damaged { .. } | LedgerFault::Newer { .. }), "{what}: {fault}");
}

#[tokio::test(start_paused = true)]
async fn every_bit_and_every_length_counts() {
    let (store, read) = filled().await;
    let (mut flips, mut cuts) = (0, 0);
    let live = live(&store);
    assert_eq!(live.len(), 4);
    for name in &live {
        let whole = store.texts()[name].clone();
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut changed = whole.clone();
                changed[at] ^= 1 << bit;
                store.tamper(name, Some(changed));
                refused(&store, &format!("{name}: bit {bit} of byte {at}")).await;
                flips += 1;
            }
            store.tamper(name, Some(whole[..at].to_vec()));
            refused(&store, &format!("{name}: cut after {at}")).await;
            cuts += 1;
        }
        store.tamper(name, Some([&whole[..], b"\n"].concat()));
        refused(&store, &format!("{name}: one byte more")).await;
        store.tamper(name, None);
        refused(&store, &format!("{name}: gone")).await;
        store.tamper(name, Some(whole));
    }
    assert_eq!(shared(&store).read(&key()).await, Ok(Some(read)));
    println!("{flips} bits flipped and {cuts} texts cut, all found");
}

#[tokio::test(start_paused = true)]
async fn history_does_not_matter_to_the_state() {
    let (store, read) = filled().await;
    let live = live(&store);
    for (name, _) in store.texts().into_iter().filter(|(name, _)| !live.contains(name)) {
        store.tamper(&name, None);
        assert_eq!(shared(&store).read(&key()).await, Ok(Some(read.clone())), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_damaged_stack_is_left_alone() {
    let (store, _) = filled().await;
    for name in live(&store) {
        let whole = store.texts()[&name].clone();
        let mut changed = whole.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        for damaged in [Some(changed), None] {
            store.tamper(&name, damaged);
            let before = store.texts();
            let ledger = shared(&store);
            assert!(matches!(ledger.open(&key(), "apply").await.map(|_| ()), Err(LedgerFault::Damaged { .. })), "{name}");
            assert_eq!(ledger.list().await, Ok(vec![key()]), "it is still a stack");
            assert_eq!(store.texts(), before, "{name}");
        }
        store.tamper(&name, Some(whole));
    }
    assert_eq!(names(&run(&shared(&store), &[put("e")]).await), ["a", "b", "c", "d", "e"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_is_said_with_the_last_good_state() {
    let (store, _) = filled().await;
    let say = async || shared(&store).read(&key()).await.unwrap_err().to_string();
    let [head, snapshot, ..] = &live(&store)[..] else { panic!("head and snapshot") };
    let older = store.texts().into_keys().rfind(|name| name.contains("/state/") && name < snapshot).unwrap();
    let whole = store.texts()[snapshot].clone();
    store.tamper(snapshot, None);
    let expected = format!(
        "the state at memory:{snapshot} is damaged: it is gone, but the head leads to it; the last good state is serial 1, in memory:{older}"
    );
    assert_eq!(say().await, expected);
    store.tamper(snapshot, Some(whole));
    store.tamper(head, None);
    let expected = format!(
        "the state at memory:{head} is damaged: it is gone, but there was a state: snapshots or slots of the journal are still there; the \
         last good state is serial 2, in memory:{snapshot}"
    );
    assert_eq!(say().await, expected);
}

#[tokio::test(start_paused = true)]
async fn slots_of_another_stack_or_place_are_not_believed() {
    let (store, _) = filled().await;
    let slots: Vec<_> = live(&store).into_iter().filter(|name| name.contains("/journal/")).collect();
    let texts = store.texts();
    store.tamper(&slots[0], Some(texts[&slots[1]].clone()));
    refused(&store, "a slot in the place of another").await;
    let (other, _) = filled().await;
    let theirs = other.texts()[&slots[0]].clone();
    store.tamper(&slots[0], Some(theirs));
    refused(&store, "a slot of another stack").await;
}

#[tokio::test(start_paused = true)]
async fn a_damaged_key_is_not_replaced() {
    let store = MemoryStore::new();
    let digest = shared(&store).digester(&key()).await.unwrap().digest("a.b", &"canary".into());
    let name = format!("{STACK}key");
    let whole = store.texts()[&name].clone();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        for damaged in [changed, whole[..at].to_vec()] {
            store.tamper(&name, Some(damaged));
            let fault = shared(&store).digester(&key()).await.map(|_| ()).unwrap_err();
            assert!(matches!(fault, LedgerFault::Damaged { .. }), "{fault}");
        }
    }
    store.tamper(&name, Some(whole));
    assert!(shared(&store).digester(&key()).await.unwrap().is_of(&digest, "a.b", &"canary".into()));
    interrupted(&shared(&store), &[put("a")]).await;
}
