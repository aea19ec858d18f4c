//! What the local ledger makes of damaged files and of a disk that fails.

use std::{
    fs::Permissions,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use lowtide_state::{Ledger, LedgerFault, format::FORMAT};

use crate::samples::{interrupted, key, local, names, put, run, try_run};

fn folder(root: &Path) -> PathBuf {
    root.join("state/durable/dev/base")
}

/// Checks that reading and writing are refused as damaged or newer, and that the files stay as they are; returns why.
async fn is_damaged(root: &Path) -> LedgerFault {
    let ledger = local(root);
    let files = || ["state", "journal"].map(|name| std::fs::read(folder(root).join(name)).ok());
    let before = files();
    let fault = ledger.read(&key()).await.unwrap_err();
    assert!(matches!(fault, LedgerFault::Damaged { .. } | LedgerFault::Newer { .. }), "{fault}");
    assert_eq!(ledger.open(&key(), "apply").await.map(|_| ()), Err(fault.clone()));
    assert_eq!(ledger.list().await, Ok(vec![key()]), "it is still a stack");
    assert_eq!(files(), before);
    fault
}

async fn filled() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    run(&local(root.path()), &[put("a")]).await;
    interrupted(&local(root.path()), &[put("b")]).await;
    root
}

#[tokio::test]
async fn a_snapshot_that_is_cut_short_or_changed_is_never_taken_for_none() {
    let root = filled().await;
    let place = folder(root.path()).join("state");
    let whole = std::fs::read(&place).unwrap();
    for length in (0..whole.len()).step_by(whole.len() / 40) {
        std::fs::write(&place, &whole[..length]).unwrap();
        is_damaged(root.path()).await;
        let mut changed = whole.clone();
        changed[length] ^= 1;
        std::fs::write(&place, &changed).unwrap();
        is_damaged(root.path()).await;
    }
}

#[tokio::test]
async fn a_damaged_snapshot_names_the_last_good_one() {
    let root = filled().await;
    let place = folder(root.path()).join("state");
    std::fs::write(&place, "").unwrap();
    let snapshots = folder(root.path()).join("snapshots");
    let earlier = snapshots.read_dir().unwrap().next().unwrap().unwrap().path();
    let expected = format!(
        "the state at {} is damaged: the file is empty; the last good state is serial 0, in {}",
        place.display(),
        earlier.display()
    );
    assert_eq!(is_damaged(root.path()).await.to_string(), expected);
    std::fs::remove_file(&earlier).unwrap();
    assert!(is_damaged(root.path()).await.to_string().ends_with("no earlier one can be read either"));
}

#[tokio::test]
async fn a_snapshot_that_is_gone_is_not_a_new_stack() {
    let root = filled().await;
    std::fs::remove_file(folder(root.path()).join("state")).unwrap();
    let why = is_damaged(root.path()).await.to_string();
    assert!(why.contains("the file is missing, but there was a state"), "{why}");
    std::fs::remove_file(folder(root.path()).join("journal")).unwrap();
    is_damaged(root.path()).await;
}

#[tokio::test]
async fn a_newer_format_is_left_alone() {
    let root = filled().await;
    let place = folder(root.path()).join("state");
    let (ours, theirs) = (format!("lowtide-state {FORMAT} "), format!("lowtide-state {} ", FORMAT + 1));
    let text = std::fs::read_to_string(&place).unwrap();
    assert!(text.starts_with(&ours), "{text}");
    std::fs::write(&place, text.replacen(&ours, &theirs, 1)).unwrap();
    let newer = LedgerFault::Newer { place: place.display().to_string(), found: FORMAT + 1, known: FORMAT };
    assert_eq!(is_damaged(root.path()).await, newer);
}

#[tokio::test]
async fn a_damaged_journal_names_the_line_and_the_last_good_serial() {
    let root = filled().await;
    let place = folder(root.path()).join("journal");
    let mut journal = std::fs::read(&place).unwrap();
    let middle = journal.len() - 20;
    journal[middle] ^= 1;
    std::fs::write(&place, &journal).unwrap();
    let expected = "line 2 does not match its checksum; the 0 results before it are good, and so is serial 1, which they build on";
    let damaged = LedgerFault::Damaged { place: place.display().to_string(), why: expected.to_owned() };
    assert_eq!(is_damaged(root.path()).await, damaged);
}

#[tokio::test]
async fn a_last_line_that_was_never_finished_is_dropped() {
    let root = filled().await;
    let place = folder(root.path()).join("journal");
    let journal = std::fs::read(&place).unwrap();
    for (length, expected) in [(journal.len() - 2, vec!["a"]), (30, vec!["a"]), (0, vec!["a"]), (journal.len() - 1, vec!["a", "b"])] {
        std::fs::write(&place, &journal[..length]).unwrap();
        assert_eq!(names(&local(root.path()).read(&key()).await.unwrap().unwrap()), expected, "{length}");
    }
    assert_eq!(names(&run(&local(root.path()), &[put("c")]).await), ["a", "b", "c"]);
}

#[tokio::test]
async fn a_damaged_key_is_not_replaced() {
    let root = tempfile::tempdir().unwrap();
    let ledger = local(root.path());
    let digest = ledger.digester(&key()).await.unwrap().digest("a.b", &"canary".into());
    let place = folder(root.path()).join("key");
    let whole = std::fs::read(&place).unwrap();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        for damaged in [&changed[..], &whole[..at]] {
            std::fs::write(&place, damaged).unwrap();
            let fault = ledger.digester(&key()).await.map(|_| ()).unwrap_err();
            assert!(matches!(fault, LedgerFault::Damaged { .. }), "{fault}");
        }
    }
    std::fs::write(&place, &whole).unwrap();
    assert!(ledger.digester(&key()).await.unwrap().is_of(&digest, "a.b", &"canary".into()));
}

#[tokio::test]
async fn a_snapshot_that_can_not_be_written_leaves_the_results_in_the_journal() {
    let root = filled().await;
    let ledger = local(root.path());
    run(&ledger, &[]).await;
    let blocker = folder(root.path()).join("state.new");
    std::fs::create_dir(&blocker).unwrap();
    let fault = try_run(&ledger, &[put("c")]).await.unwrap_err();
    assert!(matches!(&fault, LedgerFault::Unusable { place, doing: "written", .. } if place.ends_with("state.new")), "{fault}");
    let found = ledger.read(&key()).await.unwrap().unwrap();
    assert_eq!((found.state.serial, names(&found).len()), (3, 3));
    std::fs::remove_dir(&blocker).unwrap();
    assert_eq!(run(&ledger, &[]).await, found);
}

#[tokio::test]
async fn a_run_notices_that_its_folder_or_its_lock_was_taken_away() {
    for name in ["lock", "."] {
        let root = filled().await;
        let ledger = local(root.path());
        let key = key();
        let mut open = ledger.open(&key, "apply").await.unwrap();
        open.append(&[put("c")]).await.unwrap();
        std::fs::rename(folder(root.path()).join(name).canonicalize().unwrap(), root.path().join("elsewhere")).unwrap();
        let fault = open.append(&[put("d")]).await.unwrap_err();
        assert!(fault.to_string().ends_with("the lock file was removed or replaced during the run"), "{fault}");
        assert_eq!(open.finish().await, Err(fault));
    }
}

#[tokio::test]
async fn a_folder_that_can_not_be_written_still_reads() {
    let root = filled().await;
    let ledger = local(root.path());
    let before = ledger.read(&key()).await.unwrap();
    std::fs::set_permissions(folder(root.path()), Permissions::from_mode(0o500)).unwrap();
    if std::fs::write(folder(root.path()).join("probe"), "").is_ok() {
        // Nothing keeps root from writing.
        return;
    }
    assert_eq!(ledger.read(&key()).await, Ok(before));
    let fault = try_run(&ledger, &[put("c")]).await.unwrap_err();
    assert!(matches!(fault, LedgerFault::Unusable { doing: "written", .. }), "{fault}");
}

#[tokio::test]
async fn a_place_where_nothing_can_be_made_is_said_so() {
    let ledger = lowtide_ledger::LocalLedger::new("/proc/lowtide/state".into());
    assert_eq!(ledger.read(&key()).await, Ok(None));
    let fault = ledger.open(&key(), "apply").await.map(|_| ()).unwrap_err();
    assert!(matches!(fault, LedgerFault::Unusable { doing: "written", .. }), "{fault}");
}

const ROOT: &str = "LOWTIDE_LEDGER_FULL_DISK_ROOT";

#[tokio::test]
#[ignore = "what another process does, whose files may not grow beyond a few kilobytes"]
async fn write_until_the_disk_is_full() {
    let ledger = local(&PathBuf::from(std::env::var_os(ROOT).expect("this is only for another process")));
    let key = key();
    let mut open = ledger.open(&key, "apply").await.unwrap();
    let mut kept = 0;
    let fault = loop {
        match open.append(&[put(&format!("n{kept}"))]).await {
            Ok(()) => kept += 1,
            Err(fault) => break fault,
        }
    };
    assert!(matches!(fault, LedgerFault::Unusable { doing: "written", .. }), "{fault}");
    assert_eq!(open.append(&[put("late")]).await, Err(fault.clone()), "the first failure is final");
    assert_eq!(open.finish().await, Err(fault));
    std::fs::write(folder(&PathBuf::from(std::env::var_os(ROOT).unwrap())).join("kept"), kept.to_string()).unwrap();
}

#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let root = tempfile::tempdir().unwrap();
    // Its words go through a pipe: a log file would be limited as well.
    let ended = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 20; exec \"$0\" --exact disk::write_until_the_disk_is_full --ignored"])
        .arg(std::env::current_exe().unwrap())
        .env(ROOT, root.path())
        .output()
        .unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stdout));
    let kept: usize = std::fs::read_to_string(folder(root.path()).join("kept")).unwrap().parse().unwrap();
    let ledger = local(root.path());
    assert_eq!(names(&ledger.read(&key()).await.unwrap().unwrap()).len(), kept);
    assert_eq!(run(&ledger, &[put("late")]).await.state.records.len(), kept + 1);
}

#[tokio::test]
async fn a_secret_is_in_no_file() {
    let root = tempfile::tempdir().unwrap();
    let ledger = local(root.path());
    let digester = ledger.digester(&key()).await.unwrap();
    let mut record = crate::samples::record("a");
    record.digests.insert("password".to_owned(), digester.digest("aws_vpc.a.password", &"canary-in-clear".into()));
    let entry = lowtide_state::Entry::Put { record: Box::new(record) };
    run(&ledger, std::slice::from_ref(&entry)).await;
    interrupted(&ledger, &[entry]).await;
    for file in folder(root.path()).read_dir().unwrap().chain(folder(root.path()).join("snapshots").read_dir().unwrap()) {
        if file.as_ref().unwrap().path().is_dir() {
            continue;
        }
        let text = String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap()).into_owned();
        assert!(!text.contains("canary"), "{text}");
    }
}
