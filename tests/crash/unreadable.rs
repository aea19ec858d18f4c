//! Answers that can't be read: AWS does what is asked, and something else comes back in place of what it says.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use lowtide_testkit::{Fault, Match, What};

use super::{
    count::Count,
    kept::{Kept, prepare},
    process::{must, run},
};
use crate::bench::Bench;

const UP: &[&str] = &["apply", "--yes"];
const DOWN: &[&str] = &["destroy", "--yes", "--allow-persistent"];

/// Service and operation of a call.
type Operation = (String, String);

/// Returns what was asked since calls were last cleared: what changes something, or what does not.
fn asked(bench: &Bench, mutating: bool) -> BTreeSet<Operation> {
    let calls = bench.world.proxy().calls().into_iter().filter(|call| call.mutating == mutating);
    calls.map(|call| (call.service, call.operation)).collect()
}

/// Runs a command while the first answer to each of these is garbled.
async fn garble(bench: &Bench, words: &[&str], changes: &BTreeSet<Operation>) -> Result<()> {
    for (service, operation) in changes {
        bench.world.proxy().inject(Fault { on: Match::operation(service, operation).nth(1), what: What::GarbleAnswer });
    }
    must(bench, words).await?;
    bench.world.proxy().clear_faults();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_is_found_though_no_answer_can_be_read() -> Result<()> {
    let mut bench = Bench::start().await?;
    prepare(&mut bench, Kept::Shared).await?;
    bench.world.proxy().clear();
    must(&bench, UP).await?;
    let (peace, up) = (Count::of(&bench.world).await?, asked(&bench, true));
    bench.world.proxy().clear();
    must(&bench, DOWN).await?;
    let down = asked(&bench, true);
    bench.is_clean().await?;
    ensure!(up.len() > 50 && down.len() > 30, "{} and {} operations", up.len(), down.len());

    bench.reset().await?;
    prepare(&mut bench, Kept::Shared).await?;
    garble(&bench, UP, &up).await?;
    Count::of(&bench.world).await?.must_be(&peace)?;
    let planned = run(&bench, &["plan", "--detailed-exitcode"]).await?;
    ensure!(planned.code == Some(0), "the next plan is not empty:\n{}", planned.words);
    garble(&bench, DOWN, &down).await?;
    println!("the first answer to each of {} operations up and {} down was garbled: nothing lost, nothing twice", up.len(), down.len());
    bench.is_clean().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_read_is_never_taken_for_gone_or_changed() -> Result<()> {
    let mut bench = Bench::start().await?;
    prepare(&mut bench, Kept::Shared).await?;
    must(&bench, UP).await?;
    bench.world.proxy().clear();
    let plan = ["plan", "--detailed-exitcode"];
    must(&bench, &plan).await?;
    let reads = asked(&bench, false);
    ensure!(reads.len() > 50, "{} operations", reads.len());
    let mut told = 0;
    for (service, operation) in &reads {
        bench.world.proxy().inject(Fault { on: Match::operation(service, operation), what: What::GarbleAnswer });
        let planned = run(&bench, &plan).await?;
        bench.world.proxy().clear_faults();
        let (code, words) = (planned.code, planned.words);
        let quiet = words.contains("No changes in 2 stacks.");
        ensure!(matches!((code, quiet), (Some(0), true) | (Some(1), false)), "{service}:{operation}: {code:?}\n{words}");
        ensure!(quiet || words.contains("can't be read"), "{service}:{operation} is not told as unreadable:\n{words}");
        told += usize::from(!quiet);
    }
    println!("of {} operations that a plan asks, the unreadable answers of {told} were told; none was taken for a change", reads.len());
    Ok(())
}
