//! What the roles of `docs/policies` may do is what is done, and no more.

use std::collections::BTreeSet;

use lowtide_ledger::setup::{Needs, set_up};
use lowtide_state::Ledger;
use lowtide_testkit::drive;

use crate::{
    samples::{key, put, run},
    wire::{BACKENDS, BUCKET, Wire},
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

/// Made, looked at again when it is there, and tightened where it is loose; nothing is ever taken away.
#[tokio::test(flavor = "multi_thread")]
async fn who_sets_up_may_do_what_init_does() {
    let wire = Wire::start().await;
    let needs = |name: &str| Needs {
        account: drive::ACCOUNT.to_owned(),
        partition: "aws".to_owned(),
        region: wire.world.region().to_owned(),
        bucket: name.to_owned(),
        prefix: String::new(),
        table: Some(name.to_owned()),
        kms_key_id: None,
    };
    // A new bucket is closed to the public, and encrypted with S3's own key; this one is open, and to be encrypted with another.
    let s3 = aws_sdk_s3::config::Builder::from(&wire.config).force_path_style(true).build();
    aws_sdk_s3::Client::from_conf(s3).delete_public_access_block().bucket(BUCKET).send().await.unwrap();
    let loose = Needs { kms_key_id: Some("alias/lowtide".to_owned()), ..needs(BUCKET) };
    wire.world.proxy().clear();
    for needs in [needs("new-state"), needs("new-state"), loose] {
        set_up(&wire.config, &needs, &mut |_| {}).await.unwrap();
    }
    let mut done = actions(&wire);
    // DynamoDB asks KMS in the caller's name when it makes a table with a key, which the simulator does not show.
    done.extend(["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey"].map(str::to_owned));
    let allowed = allowed(include_str!("../../../docs/policies/admin.json"));
    assert_eq!(allowed, done);
    assert!(!allowed.iter().any(|action| action.contains("Delete")), "{allowed:?}");
    wire.finish();
}

/// Returns the actions of IAM that were needed so far.
fn actions(wire: &Wire) -> BTreeSet<String> {
    let action = |call: lowtide_testkit::Call| match (call.service.as_str(), call.operation.split_once(' ')) {
        ("s3", Some((method, path))) => format!("s3:{}", of_s3(method, path, &call.query)),
        (service, _) => format!("{service}:{}", call.operation),
    };
    wire.world.proxy().calls().into_iter().map(action).collect()
}

/// Returns the action that a call of S3 needs, without the service. Service Authorization Reference, "Actions, resources, and condition
/// keys for Amazon S3"; Amazon S3 API Reference for what each call looks like.
fn of_s3(method: &str, path: &str, query: &[String]) -> String {
    // The SDK names its own operation as well.
    let query: Vec<_> = query.iter().map(String::as_str).filter(|name| *name != "x-id").collect();
    let verb = format!("{}{}", &method[..1], method[1..].to_lowercase());
    let in_bucket = path.trim_matches('/').contains('/');
    match (method, in_bucket, query.as_slice()) {
        (_, true, []) => format!("{verb}Object"),
        ("PUT", false, []) => "CreateBucket".to_owned(),
        ("HEAD", false, []) => "ListBucket".to_owned(),
        ("GET", false, query) if query.contains(&"list-type") => "ListBucket".to_owned(),
        ("GET" | "PUT", false, ["encryption"]) => format!("{verb}EncryptionConfiguration"),
        ("GET" | "PUT", false, ["policy"]) => format!("{verb}BucketPolicy"),
        ("GET" | "PUT", false, ["publicAccessBlock"]) => format!("{verb}BucketPublicAccessBlock"),
        ("GET" | "PUT", false, ["versioning"]) => format!("{verb}BucketVersioning"),
        _ => panic!("which action is {method} {path} with {query:?}?"),
    }
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

/// No role reaches beyond what is named, and the conditions that `docs/state.md` tells of are there.
#[test]
fn no_policy_reaches_beyond_what_is_named() {
    let reader = include_str!("../../../docs/policies/reader.json");
    let writer = include_str!("../../../docs/policies/writer.json");
    for policy in [reader, writer, include_str!("../../../docs/policies/admin.json")] {
        let policy: serde_json::Value = serde_json::from_str(policy).unwrap();
        for statement in policy["Statement"].as_array().unwrap() {
            let resources = match &statement["Resource"] {
                serde_json::Value::Array(all) => all.clone(),
                one => vec![one.clone()],
            };
            assert!(!resources.is_empty(), "{statement}");
            for resource in resources {
                let named = ["arn:aws:s3:::BUCKET", "arn:aws:dynamodb:REGION:ACCOUNT:table/TABLE", "arn:aws:kms:REGION:ACCOUNT:key/KEY"];
                assert!(named.iter().any(|named| resource.as_str().unwrap().starts_with(named)), "{statement}");
            }
        }
    }
    for policy in [reader, writer] {
        let policy: serde_json::Value = serde_json::from_str(policy).unwrap();
        for statement in policy["Statement"].as_array().unwrap() {
            let wanted = match &statement["Action"].to_string() {
                kms if kms.contains("kms:") => ["kms:EncryptionContext:lowtide:stack", "kms:ViaService"].as_slice(),
                table if table.contains("dynamodb:") => ["dynamodb:LeadingKeys"].as_slice(),
                list if list.contains("s3:ListBucket") => ["s3:prefix"].as_slice(),
                _ => continue,
            };
            let condition = statement["Condition"].to_string();
            assert!(wanted.iter().any(|key| condition.contains(key)), "{statement}");
        }
    }
    let told = include_str!("../../../docs/state.md");
    for key in ["kms:EncryptionContext:lowtide:stack", "kms:ViaService"] {
        assert!(told.contains(key) && reader.contains(key) && writer.contains(key), "{key}");
    }
}
