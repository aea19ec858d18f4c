//! What the roles of `docs/policies` may do is what is done, and no more.

use std::collections::BTreeSet;

use lowtide_ledger::setup::{Needs, set_up};
use lowtide_state::Ledger;
use lowtide_testkit::drive;

use crate::{
    samples::{key, put, run},
    wire::{BACKENDS, Wire},
};

#[tokio::test(flavor = "multi_thread")]
async fn reader_and_writer_may_do_what_the_ledger_does() {
    let wire = Wire::start().await;
    let (mut read, mut written) = (BTreeSet::new(), BTreeSet::new());
    for backend in BACKENDS {
        let ledger = wire.ledger(backend, "policies");
        wire.world.proxy().clear();
        ledger.digester(&key()).await.unwrap();
        for names in [["a", "b"], ["c", "d"], ["e", "f"]] {
            run(&ledger, &names.map(put)).await;
        }
        ledger.set_note(&key(), "tide", Some("held")).await.unwrap();
        ledger.set_note(&key(), "tide", None).await.unwrap();
        written.extend(actions(&wire));
        wire.world.proxy().clear();
        ledger.digester(&key()).await.unwrap();
        ledger.read(&key()).await.unwrap();
        ledger.list().await.unwrap();
        ledger.note(&key(), "tide").await.unwrap();
        ledger.holder(&key()).await.unwrap();
        read.extend(actions(&wire));
    }
    written.extend(read.iter().cloned());
    // S3 asks KMS in the caller's name.
    read.insert("kms:Decrypt".to_owned());
    written.extend(["kms:Decrypt", "kms:GenerateDataKey"].map(str::to_owned));
    assert_eq!(allowed(include_str!("../../../docs/policies/reader.json")), read);
    assert_eq!(allowed(include_str!("../../../docs/policies/writer.json")), written);
}

/// Made, and looked at again when it is there; nothing is ever taken away.
#[tokio::test(flavor = "multi_thread")]
async fn who_sets_up_may_do_what_init_does() {
    let wire = Wire::start().await;
    let needs = Needs {
        account: drive::ACCOUNT.to_owned(),
        partition: "aws".to_owned(),
        region: wire.world.region().to_owned(),
        bucket: "new-state".to_owned(),
        prefix: String::new(),
        table: Some("new-state".to_owned()),
        kms_key_id: None,
    };
    wire.world.proxy().clear();
    for _ in 0..2 {
        set_up(&wire.config, &needs, &mut |_| {}).await.unwrap();
    }
    let allowed = allowed(include_str!("../../../docs/policies/admin.json"));
    // Of S3 the record tells the method alone.
    let of_the_table: Vec<_> = actions(&wire).into_iter().filter(|action| action.starts_with("dynamodb:")).collect();
    assert!(of_the_table.len() > 3 && of_the_table.iter().all(|action| allowed.contains(action)), "{of_the_table:?}");
    assert!(!allowed.iter().any(|action| action.contains("Delete")), "{allowed:?}");
    wire.finish();
}

/// Returns the actions of IAM that were needed so far.
fn actions(wire: &Wire) -> BTreeSet<String> {
    let action = |call: lowtide_testkit::Call| match (call.service.as_str(), call.operation.split_once(' ')) {
        ("s3", Some((method, path))) => match (method, path.trim_matches('/').contains('/')) {
            ("GET", false) => "s3:ListBucket".to_owned(),
            (method, _) => format!("s3:{}{}Object", &method[..1], method[1..].to_lowercase()),
        },
        (service, _) => format!("{service}:{}", call.operation),
    };
    wire.world.proxy().calls().into_iter().map(action).collect()
}

/// Returns the actions that a policy allows.
fn allowed(policy: &str) -> BTreeSet<String> {
    let policy: serde_json::Value = serde_json::from_str(policy).unwrap();
    let mut actions = BTreeSet::new();
    for statement in policy["Statement"].as_array().unwrap() {
        assert_eq!(statement["Effect"], "Allow");
        match &statement["Action"] {
            serde_json::Value::Array(all) => actions.extend(all.iter().map(|action| action.as_str().unwrap().to_owned())),
            one => drop(actions.insert(one.as_str().unwrap().to_owned())),
        }
    }
    actions
}
