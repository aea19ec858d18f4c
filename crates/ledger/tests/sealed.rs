//! What is sealed can be read by nobody else, and changed by nobody unseen.

use std::path::{Path, PathBuf};

use lowtide_ledger::{KmsKeys, LocalLedger, MemoryStore, SealFault, Sealer};
use lowtide_state::{Ledger, LedgerFault};
use lowtide_testkit::{World, drive};

use crate::samples::{interrupted, key, keys, local, names, put, run, sealed, shared, shared_on};

const PASSPHRASE: &str = "open sesame";

fn locked(root: &Path, passphrase: &str) -> LocalLedger {
    local(root).sealed_with(keys(passphrase))
}

fn file(root: &Path, name: &str) -> PathBuf {
    root.join("state/durable/dev/base").join(name)
}

#[tokio::test]
async fn no_file_says_what_is_in_it() {
    let root = tempfile::tempdir().unwrap();
    run(&locked(root.path(), PASSPHRASE), &[put("c4n4ry")]).await;
    run(&locked(root.path(), PASSPHRASE), &[put("other")]).await;
    interrupted(&locked(root.path(), PASSPHRASE), &[put("c4n4ry")]).await;
    locked(root.path(), PASSPHRASE).digester(&key()).await.unwrap();
    let earlier = std::fs::read_dir(file(root.path(), "snapshots")).unwrap().map(|entry| entry.unwrap().path());
    let all: Vec<_> = ["state", "journal", "key"].map(|name| file(root.path(), name)).into_iter().chain(earlier).collect();
    assert_eq!(all.len(), 5);
    for path in all {
        let (name, text) = (path.display(), String::from_utf8(std::fs::read(&path).unwrap()).unwrap());
        assert!(
            text.starts_with("lowtide-sealed 1 passphrase ") && !text.contains("c4n4ry") && !text.contains("aws_vpc"),
            "{name}: {text}"
        );
    }
    let read = locked(root.path(), PASSPHRASE).read(&key()).await.unwrap().unwrap();
    assert_eq!(names(&read), ["c4n4ry", "other"]);
}

#[tokio::test(start_paused = true)]
async fn no_object_says_what_is_in_it() {
    let store = MemoryStore::new();
    run(&shared_on(sealed(&store, PASSPHRASE)), &[put("c4n4ry")]).await;
    interrupted(&shared_on(sealed(&store, PASSPHRASE)), &[put("c4n4ry")]).await;
    for (name, bytes) in store.texts() {
        let text = String::from_utf8(bytes).unwrap();
        assert!(name.ends_with("/head") || text.starts_with("lowtide-sealed 1 "), "{name}: {text}");
        assert!(!text.contains("c4n4ry") && !text.contains("aws_vpc"), "{name}: {text}");
    }
}

#[tokio::test]
async fn another_passphrase_opens_and_changes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let before = run(&locked(root.path(), PASSPHRASE), &[put("a")]).await;
    let other = locked(root.path(), "open barley");
    for fault in [other.read(&key()).await.expect_err("read"), other.open(&key(), "apply").await.err().expect("opened")] {
        assert!(fault.to_string().contains("the passphrase is another than it was encrypted with"), "{fault}");
    }
    assert_eq!(locked(root.path(), PASSPHRASE).read(&key()).await, Ok(Some(before)));
}

#[tokio::test]
async fn what_is_in_clear_is_sealed_only_by_who_says_so() {
    let root = tempfile::tempdir().unwrap();
    let clear = run(&local(root.path()), &[put("a")]).await;
    let fault = locked(root.path(), PASSPHRASE).read(&key()).await.expect_err("in clear");
    assert!(fault.to_string().contains("it is not encrypted"), "{fault}");
    let both = locked(root.path(), PASSPHRASE).letting_clear();
    assert_eq!(both.read(&key()).await, Ok(Some(clear)));
    run(&both, &[put("b")]).await;
    assert_eq!(names(&locked(root.path(), PASSPHRASE).read(&key()).await.unwrap().unwrap()), ["a", "b"]);
    let fault = local(root.path()).read(&key()).await.expect_err("sealed");
    assert!(fault.to_string().contains("it is encrypted"), "{fault}");
}

#[tokio::test(start_paused = true)]
async fn everything_that_was_in_clear_is_sealed_at_once() {
    let root = tempfile::tempdir().unwrap();
    run(&local(root.path()), &[put("a")]).await;
    local(root.path()).digester(&key()).await.unwrap();
    locked(root.path(), PASSPHRASE).letting_clear().seal(&key()).await.unwrap();
    let ledger = locked(root.path(), PASSPHRASE);
    assert_eq!(names(&ledger.read(&key()).await.unwrap().unwrap()), ["a"]);
    ledger.digester(&key()).await.unwrap();

    let store = MemoryStore::new();
    run(&shared(&store), &[put("a")]).await;
    shared(&store).digester(&key()).await.unwrap();
    shared(&store).set_note(&key(), "tide", Some("held")).await.unwrap();
    shared_on(sealed(&store, PASSPHRASE).letting_clear()).seal(&key()).await.unwrap();
    let ledger = shared_on(sealed(&store, PASSPHRASE));
    assert_eq!(names(&ledger.read(&key()).await.unwrap().unwrap()), ["a"]);
    ledger.digester(&key()).await.unwrap();
    assert_eq!(ledger.note(&key(), "tide").await.unwrap().as_deref(), Some("held"));
}

#[tokio::test(start_paused = true)]
async fn everything_that_was_sealed_is_in_clear_again() {
    let root = tempfile::tempdir().unwrap();
    let ledger = locked(root.path(), PASSPHRASE);
    run(&ledger, &[put("a")]).await;
    let digest = ledger.digester(&key()).await.unwrap().digest("a.b", &"canary".into());
    interrupted(&ledger, &[put("b")]).await;
    ledger.clone().leaving().unseal(&key()).await.unwrap();
    let clear = local(root.path());
    assert_eq!(names(&clear.read(&key()).await.unwrap().unwrap()), ["a", "b"]);
    assert!(clear.digester(&key()).await.unwrap().is_of(&digest, "a.b", &"canary".into()));
    assert_eq!(names(&run(&clear, &[put("c")]).await), ["a", "b", "c"]);
    let both = lowtide_ledger::history(&ledger.leaving(), &key(), None).await.unwrap();
    assert!(both.is_whole() && both.kept().count() == 5, "{both:?}");

    let store = MemoryStore::new();
    let ledger = shared_on(sealed(&store, PASSPHRASE));
    run(&ledger, &[put("a")]).await;
    interrupted(&ledger, &[put("b")]).await;
    ledger.released().await;
    let digest = ledger.digester(&key()).await.unwrap().digest("a.b", &"canary".into());
    ledger.set_note(&key(), "tide", Some("held")).await.unwrap();
    shared_on(sealed(&store, PASSPHRASE).leaving()).unseal(&key()).await.unwrap();
    let clear = shared(&store);
    assert_eq!(names(&clear.read(&key()).await.unwrap().unwrap()), ["a", "b"]);
    assert!(clear.digester(&key()).await.unwrap().is_of(&digest, "a.b", &"canary".into()));
    assert_eq!(clear.note(&key(), "tide").await.unwrap().as_deref(), Some("held"));
    assert_eq!(names(&run(&clear, &[put("c")]).await), ["a", "b", "c"]);
}

#[tokio::test(start_paused = true)]
async fn a_text_stands_in_its_place_only() {
    let store = MemoryStore::new();
    run(&shared_on(sealed(&store, PASSPHRASE)), &[put("a")]).await;
    run(&shared_on(sealed(&store, PASSPHRASE)), &[put("b")]).await;
    let snapshots: Vec<_> = store.texts().into_iter().filter(|(name, _)| name.contains("/state/")).collect();
    let [.., (_, older), (newest, _)] = &snapshots[..] else { panic!("two snapshots") };
    store.tamper(newest, Some(older.clone()));
    let fault = shared_on(sealed(&store, PASSPHRASE)).read(&key()).await.expect_err("swapped");
    assert!(fault.to_string().contains("it is not what was encrypted for this place"), "{fault}");
}

#[tokio::test]
async fn every_flipped_bit_of_a_sealed_file_is_found() {
    let root = tempfile::tempdir().unwrap();
    let ledger = locked(root.path(), PASSPHRASE);
    run(&ledger, &[put("a")]).await;
    interrupted(&ledger, &[put("b")]).await;
    let mut flips = 0;
    for name in ["state", "journal"] {
        let path = file(root.path(), name);
        let whole = std::fs::read(&path).unwrap();
        // One bit of each byte, another for each.
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1 << (at % 8);
            std::fs::write(&path, changed).unwrap();
            let read = ledger.read(&key()).await;
            assert!(read.is_err(), "{name}: byte {at}: {:?}", read.map(|read| read.map(|read| names(&read))));
            flips += 1;
        }
        std::fs::write(&path, whole).unwrap();
    }
    println!("{flips} bits flipped, all found");
    assert_eq!(names(&ledger.read(&key()).await.unwrap().unwrap()), ["a", "b"]);
}

#[tokio::test]
async fn a_line_that_was_never_finished_is_no_damage() {
    let root = tempfile::tempdir().unwrap();
    let ledger = locked(root.path(), PASSPHRASE);
    interrupted(&ledger, &[put("a")]).await;
    interrupted(&ledger, &[put("b")]).await;
    let path = file(root.path(), "journal");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    assert_eq!(names(&ledger.read(&key()).await.unwrap().unwrap()), ["a", "b"], "all but the end is there");
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(names(&ledger.read(&key()).await.unwrap().unwrap()), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn without_keys_what_is_sealed_is_not_taken_for_none() {
    let store = MemoryStore::new();
    run(&shared_on(sealed(&store, PASSPHRASE)), &[put("a")]).await;
    let fault = shared(&store).read(&key()).await.expect_err("sealed");
    assert!(matches!(fault, LedgerFault::Unusable { .. }) && fault.to_string().contains("it is encrypted"), "{fault}");
}

#[tokio::test]
async fn kms_keys_open_for_their_stack_only() {
    let world = World::start().await.unwrap();
    let config = drive::session(&world.endpoint(), world.region(), |_| None).reading_config().clone();
    let made = aws_sdk_kms::Client::new(&config).create_key().send().await.unwrap().key_metadata.unwrap();
    let seal = |stack: &str| Sealer::new(std::sync::Arc::new(KmsKeys::new(&config, made.key_id())), stack);
    let sealed = seal("durable/dev/base").seal("state", b"c4n4ry").await.unwrap();
    assert!(sealed.starts_with(b"lowtide-sealed 1 kms "));
    assert_eq!(seal("durable/dev/base").open("state", &sealed).await.as_deref(), Ok(&b"c4n4ry"[..]));
    assert_eq!(seal("durable/dev/base").open("journal", &sealed).await, Err(SealFault::Changed));
    assert!(seal("durable/prod/base").open("state", &sealed).await.is_err(), "another stack's context");
    let other = Sealer::new(keys(PASSPHRASE), "durable/dev/base").open("state", &sealed).await;
    assert!(matches!(other, Err(SealFault::WrongKey(_))), "{other:?}");
    let missing = Sealer::new(std::sync::Arc::new(KmsKeys::new(&config, "alias/none")), "x").seal("state", b"").await;
    assert!(matches!(missing, Err(SealFault::Unavailable(_))), "{missing:?}");
}

/// A key elsewhere may let us decrypt with it; that makes nothing genuine that was sealed with it.
#[tokio::test]
async fn what_a_key_of_another_account_opens_is_refused() {
    let world = World::start().await.unwrap();
    let config = drive::session(&world.endpoint(), world.region(), |_| None).reading_config().clone();
    let made = aws_sdk_kms::Client::new(&config).create_key().send().await.unwrap().key_metadata.unwrap();
    let (id, arn) = (made.key_id().to_owned(), made.arn().unwrap().to_owned());
    let seal = |key: &str, account: Option<&str>| {
        Sealer::new(std::sync::Arc::new(KmsKeys::new(&config, key).in_account(account)), "durable/dev/base")
    };
    let sealed = seal(&id, None).seal("state", b"c4n4ry").await.unwrap();
    let here = drive::ACCOUNT;
    let other_key = format!("{}/another", arn.split_once('/').unwrap().0);
    for (key, account) in [(&arn, None), (&other_key, None), (&id, None), (&id, Some(here)), (&arn, Some("999999999999"))] {
        let opened = seal(key, account).open("state", &sealed).await;
        assert_eq!(opened.as_deref(), Ok(&b"c4n4ry"[..]), "{key} {account:?}");
    }
    let elsewhere = [arn.replace(here, "999999999999"), arn.replace("arn:aws:", "arn:aws-cn:")];
    for (key, account) in [(&elsewhere[0], None), (&elsewhere[1], None), (&elsewhere[0], Some(here)), (&id, Some("999999999999"))] {
        let opened = seal(key, account).open("state", &sealed).await;
        assert!(matches!(&opened, Err(SealFault::WrongKey(why)) if why.contains("another account")), "{key} {account:?}: {opened:?}");
    }
    let told = seal(&id, Some("999999999999"));
    told.seal("state", b"").await.unwrap();
    assert!(told.open("state", &sealed).await.is_ok(), "KMS knows best whose the configured key is");
}

/// What a power cut leaves of the very first line.
#[tokio::test]
async fn a_first_line_that_was_never_finished_is_nothing() {
    let root = tempfile::tempdir().unwrap();
    let ledger = locked(root.path(), PASSPHRASE);
    run(&ledger, &[put("a")]).await;
    let path = file(root.path(), "journal");
    for torn in [&b"l"[..], b"lowtide-seal", b"lowtide-sealed ", b"lowtide-sealed 1 pass", b"\0", &[0; 400], b"lowtide\0\0\0"] {
        let shown = String::from_utf8_lossy(torn);
        std::fs::write(&path, torn).unwrap();
        for both in [false, true] {
            let reading = if both { ledger.clone().letting_clear() } else { ledger.clone() };
            assert_eq!(names(&reading.read(&key()).await.unwrap().unwrap()), ["a"], "{shown}");
        }
        interrupted(&ledger, &[put("b")]).await;
        assert_eq!(names(&ledger.read(&key()).await.unwrap().unwrap()), ["a", "b"], "{shown}: it is gone before others follow");
        run(&ledger, &[crate::samples::forget("b")]).await;
    }
    for (at, broken) in [&b"lowtide-seal\n"[..], b"something else", b"\0\0\n"].into_iter().enumerate() {
        std::fs::write(&path, broken).unwrap();
        assert!(ledger.read(&key()).await.is_err(), "{at}");
    }
    std::fs::remove_file(&path).unwrap();
    interrupted(&ledger, &[put("b")]).await;
    let whole = std::fs::read(&path).unwrap();
    for torn in [&b"lowtide-seal"[..], b"\0\0\0", b"lowtide-sea\0"] {
        std::fs::write(&path, [&whole, torn].concat()).unwrap();
        for reading in [ledger.clone(), ledger.clone().letting_clear()] {
            assert_eq!(names(&reading.read(&key()).await.unwrap().unwrap()), ["a", "b"]);
        }
    }
}
