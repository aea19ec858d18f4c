//! Several processes and tasks at one local ledger: one writes, all read, and a killed one loses nothing it was told is kept.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use lowtide_state::{Ledger, LedgerFault};

use crate::samples::{interrupted, key, local, names, put, run};

const ROOT: &str = "LOWTIDE_LEDGER_TEST_ROOT";

/// Starts this test binary as another process, doing only one thing.
fn other_process(root: &Path, doing: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("holders::{doing}"), "--ignored", "--nocapture"])
        .env(ROOT, root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn root_of_this_process() -> PathBuf {
    std::env::var_os(ROOT).expect("this is only for other processes").into()
}

#[tokio::test]
#[ignore = "what another process does"]
async fn hold_until_killed() {
    let ledger = local(&root_of_this_process()).known_as("alice");
    let key = key();
    let mut open = ledger.open(&key, "destroy").await.unwrap();
    open.append(&[put("a")]).await.unwrap();
    println!("\nholding");
    // Ends with its parent, should that die first.
    let _ = std::io::stdin().read(&mut [0]);
}

#[tokio::test]
#[ignore = "what another process does"]
async fn write_until_killed() {
    let ledger = local(&root_of_this_process());
    let key = key();
    for first in (0..).step_by(3) {
        let mut open = ledger.open(&key, "apply").await.unwrap();
        for n in first..first + 3 {
            open.append(&[put(&format!("n{n}"))]).await.unwrap();
            println!("\nkept n{n}");
        }
        open.finish().await.unwrap();
    }
}

#[tokio::test]
async fn what_another_process_holds_is_held_until_it_dies() {
    let root = tempfile::tempdir().unwrap();
    let mut child = other_process(root.path(), "hold_until_killed");
    let held = BufReader::new(child.stdout.take().unwrap()).lines().any(|line| line.unwrap() == "holding");
    assert!(held);
    let ledger = local(root.path());
    let Err(LedgerFault::Held { holder, .. }) = ledger.open(&key(), "apply").await.map(|_| ()) else { panic!("it should be held") };
    assert!(holder.starts_with(&format!("alice, process {}", child.id())), "{holder}");
    assert!(holder.contains("doing destroy since 2"), "{holder}");
    assert_eq!(names(&ledger.read(&key()).await.unwrap().unwrap()), ["a"], "reading needs no lock");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(names(&run(&ledger, &[put("b")]).await), ["a", "b"]);
}

#[tokio::test]
async fn a_process_killed_at_any_moment_loses_nothing_it_was_told_is_kept() {
    let root = tempfile::tempdir().unwrap();
    let ledger = local(root.path());
    let mut lineages = BTreeSet::new();
    let mut told = BTreeSet::new();
    for kills in 1..=6 {
        let mut child = other_process(root.path(), "write_until_killed");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut kept = |line: String| line.strip_prefix("kept ").map(|name| told.insert(name.to_owned())).is_some();
        assert!(lines.by_ref().filter(|line| kept(line.clone())).nth(kills * 4).is_some());
        child.kill().unwrap();
        lines.for_each(|line| {
            kept(line);
        });
        child.wait().unwrap();
        let found = ledger.read(&key()).await.unwrap().unwrap();
        let there: BTreeSet<String> = names(&found).into_iter().collect();
        assert!(told.is_subset(&there), "{told:?} {there:?}");
        lineages.insert(found.state.lineage);
    }
    assert_eq!(lineages.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_take_turns_and_readers_see_only_whole_states() {
    const WRITERS: usize = 8;
    const RUNS: usize = 12;
    let root = tempfile::tempdir().unwrap();
    let write = |writer: usize, ledger: lowtide_ledger::LocalLedger| async move {
        for run in 0..RUNS {
            let key = key();
            let mut open = loop {
                match ledger.open(&key, "apply").await {
                    Ok(open) => break open,
                    Err(LedgerFault::Held { .. }) => tokio::task::yield_now().await,
                    Err(fault) => panic!("{fault}"),
                }
            };
            open.append(&[put(&format!("w{writer}_{run}"))]).await.unwrap();
            open.finish().await.unwrap();
        }
    };
    let writers: Vec<_> = (0..WRITERS).map(|writer| tokio::spawn(write(writer, local(root.path())))).collect();
    let mut last = 0;
    while writers.iter().any(|writer| !writer.is_finished()) {
        if let Some(found) = local(root.path()).read(&key()).await.unwrap() {
            assert!(found.state.serial >= last, "{} after {last}", found.state.serial);
            assert_eq!(found.state.records.len() as u64, found.state.serial, "each run adds one record");
            last = found.state.serial;
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let found = local(root.path()).read(&key()).await.unwrap().unwrap();
    assert_eq!((found.state.serial, found.state.records.len()), ((WRITERS * RUNS) as u64, WRITERS * RUNS));
}

#[tokio::test]
async fn an_append_that_nobody_waits_for_comes_to_its_end() {
    let root = tempfile::tempdir().unwrap();
    let ledger = local(root.path());
    let key = key();
    let mut open = ledger.open(&key, "apply").await.unwrap();
    {
        let entries = [put("a")];
        let mut append = open.append(&entries);
        let _ = polled_once(&mut append).await;
    }
    open.append(&[put("b")]).await.unwrap();
    assert_eq!(names(&open.finish().await.unwrap()), ["a", "b"]);
    interrupted(&ledger, &[put("c")]).await;
}

async fn polled_once<F: Future + Unpin>(future: &mut F) -> bool {
    std::future::poll_fn(|context| std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_ready())).await
}
