//! What a stack publishes is read without its state.

use std::collections::BTreeMap;

use lowtide_ledger::MemoryStore;
use lowtide_model::Type;
use lowtide_state::{Entry, Ledger, OutputValue};

use crate::samples::{key, put, run, shared};

#[tokio::test(start_paused = true)]
async fn outputs_lie_beside_their_snapshot_and_damage_to_them_is_passed_by() {
    let store = MemoryStore::new();
    let ledger = shared(&store);
    let sensitive = ledger.digester(&key()).await.unwrap().digest("output.s", &"c4n4ry".into());
    let secret = OutputValue::Sensitive { sensitive, ty: Type::String };
    let clear = OutputValue::Clear { value: "vpc-1".into(), ty: Type::String };
    let outputs: BTreeMap<_, _> = [("secret".to_owned(), secret), ("id".to_owned(), clear)].into();
    run(&ledger, &[put("a"), Entry::Outputs { outputs: outputs.clone() }]).await;
    let texts = store.texts();
    let (name, published) = texts.iter().find(|(name, _)| name.ends_with(".outputs")).unwrap();
    let snapshot = name.trim_end_matches(".outputs");
    assert!(!String::from_utf8_lossy(published).contains("c4n4ry"));
    store.tamper(snapshot, None);
    assert_eq!(ledger.outputs(&key()).await, Ok(Some(outputs.clone())), "the state is not read");
    ledger.read(&key()).await.expect_err("it is gone");
    for at in 0..published.len() {
        let mut changed = published.clone();
        changed[at] ^= 1;
        store.tamper(name, Some(changed));
        ledger.outputs(&key()).await.expect_err("damaged, and the state is gone");
    }
    store.tamper(snapshot, Some(texts[snapshot].clone()));
    assert_eq!(ledger.outputs(&key()).await, Ok(Some(outputs.clone())), "the state says it as well");
    store.tamper(name, None);
    assert_eq!(ledger.outputs(&key()).await, Ok(Some(outputs)), "so it does where there are none beside it");
}
