//! The place of state can't be reached any more in the middle of an apply: nothing more is begun, the run says so, and the next one goes
//! on from there.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use lowtide_testkit::{Fault, Match, What};

use super::{
    count::Count,
    kept::{Kept, LEASE, prepare},
    process::{DONE, FAILED, INTERRUPTED, Process, cache, must, run},
};
use crate::bench::Bench;

const UP: &[&str] = &["apply", "--yes", "base"];
const DOWN: &[&str] = &["destroy", "--yes", "--allow-persistent", "base"];

/// What every request to the table meets.
fn troubles() -> [What; 3] {
    let refused = |status, code: &str| What::Error { status, code: code.to_owned(), message: "no".to_owned() };
    [refused(500, "InternalServerError"), refused(400, "AccessDeniedException"), What::DropBeforeSend]
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_ledger_a_run_begins_nothing_more() -> Result<()> {
    let mut bench = Bench::start().await?;
    prepare(&mut bench, Kept::Shared).await?;
    must(&bench, UP).await?;
    let peace = Count::of(&bench.world).await?;
    must(&bench, DOWN).await?;
    for (what, goes_elsewhere) in troubles().into_iter().zip([false, true, false]) {
        let kept = cut_off(&bench, &peace, &what, goes_elsewhere).await.with_context(|| format!("{what:?}"))?;
        println!("cut off by {what:?}: something is kept: {kept}, the next run is on another machine: {goes_elsewhere}");
    }
    Ok(())
}

/// The second signal is heard whatever a run waits for, and loses nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_second_signal_ends_a_run_that_waits_for_its_ledger() -> Result<()> {
    let mut bench = Bench::start().await?;
    prepare(&mut bench, Kept::Shared).await?;
    // Long enough that it does not end by itself.
    let project = std::fs::read_to_string(bench.path().join("lowtide.toml"))?;
    bench.write("lowtide.toml", &project.replace(&format!("lease = \"{LEASE}\""), "lease = \"20s\""))?;
    let process = Process::start(&bench, UP)?;
    while bench.world.proxy().count("ec2", "CreateVpc") == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    bench.world.proxy().inject(Fault { on: Match::service("dynamodb"), what: What::HangBeforeSend });
    bench.world.proxy().hung().await;
    process.signal("INT").await?;
    // Signals that come together count as one.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let asked = Instant::now();
    process.signal("INT").await?;
    let ended = process.end().await?;
    println!("second INT without a ledger: ended after {:.1?}", asked.elapsed());
    ensure!(ended.code == Some(INTERRUPTED), "{:?}\n{}", ended.code, ended.words);
    ensure!(asked.elapsed() < Duration::from_secs(2), "it took {:?}", asked.elapsed());
    bench.world.proxy().clear_faults();

    bench.write("lowtide.toml", &project)?;
    must(&bench, UP).await?;
    let planned = run(&bench, &["plan", "--detailed-exitcode", "base"]).await?;
    ensure!(planned.code == Some(DONE), "the next plan is not empty:\n{}", planned.words);
    must(&bench, DOWN).await?;
    bench.is_clean().await
}

/// The next run is on the same machine, which has kept what the first one could not write down, or on another. Returns whether there was
/// something to keep.
async fn cut_off(bench: &Bench, peace: &Count, what: &What, goes_elsewhere: bool) -> Result<bool> {
    let proxy = bench.world.proxy();
    proxy.clear();
    let process = Process::start(bench, UP)?;
    // In the midst of it: a network is there, and not what stands in it.
    while proxy.count("ec2", "CreateVpc") == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    proxy.inject(Fault { on: Match::service("dynamodb"), what: what.clone() });
    let ended = process.end().await?;
    ensure!(ended.code == Some(FAILED), "{:?}\n{}", ended.code, ended.words);
    let says = ["Ledger not writable", "Lease lost", "State not usable"].iter().any(|summary| ended.words.contains(summary));
    ensure!(says, "it does not say why:\n{}", ended.words);
    let there = Count::of(&bench.world).await?.all();
    ensure!(there < peace.all(), "it has made all {there} of it");
    proxy.clear_faults();
    let kept = ended.words.contains("is kept on this machine");
    if goes_elsewhere {
        std::fs::remove_dir_all(cache(bench))?;
    }

    let next = must(bench, UP).await?;
    ensure!(next.words.contains("Took in how") == (kept && !goes_elsewhere), "{}\n{}", ended.words, next.words);
    Count::of(&bench.world).await?.must_be(peace)?;
    let planned = run(bench, &["plan", "--detailed-exitcode", "base"]).await?;
    ensure!(planned.code == Some(DONE), "the next plan is not empty:\n{}", planned.words);
    must(bench, DOWN).await?;
    bench.is_clean().await.map(|()| kept)
}
