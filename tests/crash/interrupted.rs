//! Ctrl-C in the middle, once and twice; and a process that is stopped for a while, as on a laptop that sleeps.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use lowtide_testkit::{Fault, Match, What};

use super::{
    count::Count,
    kept::{Kept, prepare},
    process::{DONE, FAILED, HELD, INTERRUPTED, Process, must, run},
};
use crate::bench::Bench;

const UP: &[&str] = &["apply", "--yes", "base"];
const DOWN: &[&str] = &["destroy", "--yes", "--allow-persistent", "base"];

async fn bench() -> Result<Bench> {
    let mut bench = Bench::start().await?;
    crate::lifecycle::project(&mut bench, "dev")?;
    Ok(bench)
}

/// Starts an apply and waits until one of its calls hangs.
async fn hanging(bench: &Bench, operation: &str, what: What) -> Result<Process> {
    bench.world.proxy().inject(Fault { on: Match::operation("ec2", operation).nth(1), what });
    let process = Process::start(bench, UP)?;
    bench.world.proxy().hung().await;
    bench.world.proxy().clear_faults();
    Ok(process)
}

/// One apply brings it about, the next has nothing to do, and a destroy leaves nothing.
async fn goes_on(bench: &Bench) -> Result<()> {
    must(bench, UP).await?;
    let planned = run(bench, &["plan", "--detailed-exitcode", "base"]).await?;
    ensure!(planned.code == Some(DONE), "the next plan is not empty:\n{}", planned.words);
    must(bench, DOWN).await?;
    bench.is_clean().await
}

/// A request whose answer does not come is not waited for: AWS may take a minute, and whoever sent the signal has seconds.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_signal_ends_it_within_seconds_and_says_so() -> Result<()> {
    let bench = bench().await?;
    for (signal, what) in [("INT", What::HangAfterEffect), ("TERM", What::HangBeforeSend)] {
        let process = hanging(&bench, "CreateSubnet", what).await?;
        let asked = Instant::now();
        process.signal(signal).await?;
        let ended = process.end().await?;
        let took = asked.elapsed();
        println!("{signal}: ended after {took:.1?}");
        ensure!(ended.code == Some(INTERRUPTED), "{signal}: {:?}\n{}", ended.code, ended.words);
        ensure!(took < Duration::from_secs(7), "{signal}: it took {took:?}");
        ensure!(ended.words.to_lowercase().contains("stopping"), "{signal}: it does not say that it stops:\n{}", ended.words);
        goes_on(&bench).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_signal_ends_it_at_once() -> Result<()> {
    let bench = bench().await?;
    let process = hanging(&bench, "CreateSubnet", What::HangAfterEffect).await?;
    process.signal("INT").await?;
    // Signals that come together count as one.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let asked = Instant::now();
    process.signal("INT").await?;
    let ended = process.end().await?;
    println!("second INT: ended after {:.1?}", asked.elapsed());
    ensure!(ended.code == Some(INTERRUPTED), "{:?}\n{}", ended.code, ended.words);
    ensure!(asked.elapsed() < Duration::from_secs(2), "it took {:?}", asked.elapsed());
    goes_on(&bench).await
}

/// A burst, as from somebody who has lost patience.
#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_signals_loses_nothing() -> Result<()> {
    let bench = bench().await?;
    let process = hanging(&bench, "CreateSubnet", What::HangAfterEffect).await?;
    for _ in 0..10 {
        // It may be gone by now.
        let _ = process.signal("INT").await;
    }
    let ended = process.end().await?;
    ensure!(ended.code == Some(INTERRUPTED), "{:?}\n{}", ended.code, ended.words);
    goes_on(&bench).await
}

/// While it is stopped it holds the state; when it goes on it comes to its end, and nothing was made twice meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_process_goes_on() -> Result<()> {
    let bench = bench().await?;
    must(&bench, UP).await?;
    let peace = Count::of(&bench.world).await?;
    must(&bench, DOWN).await?;

    bench.world.proxy().inject(Fault { on: Match::operation("ec2", "CreateSubnet").nth(1), what: What::Delay(Duration::from_secs(2)) });
    let process = Process::start(&bench, UP)?;
    let before = bench.world.proxy().count("ec2", "CreateSubnet");
    while bench.world.proxy().count("ec2", "CreateSubnet") == before {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    process.signal("STOP").await?;
    let other = run(&bench, UP).await?;
    ensure!(other.code == Some(HELD), "a second run, meanwhile: {:?}\n{}", other.code, other.words);
    tokio::time::sleep(Duration::from_secs(3)).await;
    process.signal("CONT").await?;
    let ended = process.end().await?;
    ensure!(ended.code == Some(DONE), "{:?}\n{}", ended.code, ended.words);
    Count::of(&bench.world).await?.must_be(&peace)?;
    goes_on(&bench).await
}

/// Stopped for longer than its lease, as by a laptop that sleeps: another run takes over and does it all; the one that wakes up is told
/// that its right to write is gone, and asks nothing more of AWS.
#[tokio::test(flavor = "multi_thread")]
async fn who_slept_past_its_lease_changes_nothing_more() -> Result<()> {
    let mut bench = Bench::start().await?;
    prepare(&mut bench, Kept::Shared).await?;
    must(&bench, UP).await?;
    let peace = Count::of(&bench.world).await?;
    must(&bench, DOWN).await?;

    let process = stopped_at_one_call(&bench).await?;
    must(&bench, UP).await?;
    bench.world.proxy().clear();
    process.signal("CONT").await?;
    let ended = process.end().await?;
    ensure!(ended.code == Some(FAILED) || ended.code == Some(HELD), "{:?}\n{}", ended.code, ended.words);
    ensure!(ended.words.contains("lease") || ended.words.contains("taken over"), "it does not say why:\n{}", ended.words);
    let changed: Vec<_> = bench.world.proxy().calls().into_iter().filter(|call| call.mutating && call.service != "dynamodb").collect();
    ensure!(changed.is_empty(), "it went on without its lease: {changed:#?}");
    Count::of(&bench.world).await?.must_be(&peace)?;
    goes_on(&bench).await
}

/// Starts a run and stops it while one call is under way, and nothing else: a call that passed its last check before the stop would still
/// be sent after it, which only its signature's end forbids. A busy machine may be too slow for that; then it is tried again.
async fn stopped_at_one_call(bench: &Bench) -> Result<Process> {
    for _ in 0..5 {
        let proxy = bench.world.proxy();
        proxy.clear();
        proxy.inject(Fault { on: Match::operation("ec2", "CreateVpc").nth(1), what: What::Delay(Duration::from_secs(4)) });
        let process = Process::start(bench, UP)?;
        quiet(bench, "CreateVpc").await;
        process.signal("STOP").await?;
        if !proxy.calls().iter().any(|call| call.operation == "CreateVpc" && call.status.is_some()) {
            return Ok(process);
        }
        process.signal("CONT").await?;
        process.end().await?;
        proxy.clear_faults();
        must(bench, DOWN).await?;
    }
    anyhow::bail!("the call had always come back before the process was stopped")
}

/// Waits until an operation was asked for and everything else has come to rest.
async fn quiet(bench: &Bench, operation: &str) {
    let asked = || bench.world.proxy().calls().iter().filter(|call| call.service != "dynamodb").count();
    let mut before = 0;
    while bench.world.proxy().count("ec2", operation) == 0 || asked() != before {
        before = asked();
        tokio::time::sleep(Duration::from_millis(700)).await;
    }
}
