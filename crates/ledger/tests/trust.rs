//! The local ledger keeps its files to itself and believes no others.

use std::{
    fs::Permissions,
    os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use lowtide_state::{Ledger, LedgerFault};

use crate::samples::{forget, interrupted, key, local, put, run};

fn folder(root: &Path) -> PathBuf {
    root.join("state/durable/dev/base")
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// A ledger with a finished run, an interrupted one, a snapshot before it and a key.
async fn filled() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let ledger = local(root.path());
    ledger.digester(&key()).await.unwrap();
    run(&ledger, &[put("a")]).await;
    interrupted(&ledger, &[put("b")]).await;
    root
}

/// Checks that reading, writing and the key are all refused, with these words, and that no file has changed.
async fn is_refused(root: &Path, place: &Path, words: &str) {
    let ledger = local(root);
    let before = contents(root);
    let faults = [ledger.read(&key()).await.map(|_| ()), ledger.open(&key(), "apply").await.map(|_| ())];
    for fault in faults {
        let Err(LedgerFault::Unusable { place: found, doing: "trusted", why }) = fault else { panic!("{place:?}: {fault:?}") };
        assert_eq!(Path::new(&found), place);
        assert!(why.contains(words), "{why}");
    }
    assert_eq!(contents(root), before);
}

fn contents(root: &Path) -> Vec<Option<Vec<u8>>> {
    ["state", "journal", "key"].iter().map(|name| std::fs::read(folder(root).join(name)).ok()).collect()
}

#[tokio::test]
async fn folders_and_files_are_private_from_the_start() {
    let root = filled().await;
    let mut path = folder(root.path());
    let mut files: Vec<_> = path.read_dir().unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let names: Vec<_> = files.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["journal", "key", "lock", "snapshots", "state"]);
    for file in &files {
        let private = if file.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(file.metadata().unwrap().mode() & 0o7777, private, "{file:?}");
    }
    while path != root.path() {
        assert_eq!(path.metadata().unwrap().mode() & 0o7777, 0o700, "{path:?}");
        path.pop();
    }
}

#[tokio::test]
async fn what_others_can_write_is_refused() {
    for name in ["", "state", "journal"] {
        for bits in [0o720, 0o702] {
            let root = filled().await;
            let place = folder(root.path()).join(name);
            let place = if name.is_empty() { folder(root.path()) } else { place };
            mode(&place, bits);
            is_refused(root.path(), &place, "chmod go-w").await;
        }
    }
    let root = filled().await;
    mode(&root.path().join("state/durable"), 0o770);
    is_refused(root.path(), &root.path().join("state/durable"), "chmod go-w").await;
    let root = filled().await;
    mode(&root.path().join("state"), 0o777);
    is_refused(root.path(), &root.path().join("state"), "chmod o-w").await;
}

#[tokio::test]
async fn the_key_is_refused_too() {
    let root = filled().await;
    let place = folder(root.path()).join("key");
    mode(&place, 0o620);
    let fault = local(root.path()).digester(&key()).await.map(|_| ()).unwrap_err();
    assert!(matches!(fault, LedgerFault::Unusable { doing: "trusted", .. }), "{fault}");
}

#[tokio::test]
async fn links_are_not_followed() {
    for name in ["state", "journal", "."] {
        let root = filled().await;
        let place = if name == "." { folder(root.path()) } else { folder(root.path()).join(name) };
        let moved = root.path().join("elsewhere");
        std::fs::rename(&place, &moved).unwrap();
        symlink(&moved, &place).unwrap();
        is_refused(root.path(), &place, "symbolic link").await;
    }
    let root = filled().await;
    let lock = folder(root.path()).join("lock");
    std::fs::remove_file(&lock).unwrap();
    symlink(root.path().join("victim"), &lock).unwrap();
    local(root.path()).open(&key(), "apply").await.map(|_| ()).unwrap_err();
    assert!(!root.path().join("victim").exists());
}

#[tokio::test]
async fn what_is_no_file_is_refused_without_waiting_for_it() {
    let root = filled().await;
    let place = folder(root.path()).join("state");
    std::fs::remove_file(&place).unwrap();
    assert!(Command::new("mkfifo").arg(&place).status().unwrap().success());
    let fault = local(root.path()).read(&key()).await.unwrap_err();
    assert!(matches!(fault, LedgerFault::Unusable { doing: "trusted", .. }), "{fault}");
}

#[tokio::test]
async fn what_belongs_to_someone_else_is_refused() {
    let root = filled().await;
    let place = folder(root.path()).join("state");
    if chown(&place, Some(65_534), None).is_err() {
        // Only root can give files away.
        return;
    }
    is_refused(root.path(), &place, "belongs to user 65534").await;
}

#[tokio::test]
async fn a_repository_folder_that_a_group_shares_will_do_as_root() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("state")).unwrap();
    mode(&root.path().join("state"), 0o775);
    std::fs::write(root.path().join("state/README.md"), "Where states are kept.").unwrap();
    run(&local(root.path()), &[put("a"), forget("a")]).await;
    assert_eq!(local(root.path()).list().await, Ok(vec![key()]));
}
