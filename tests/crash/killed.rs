//! `kill -9` at a call of the reference project, up and down, before AWS has seen it or when it is done and not answered; calls of
//! the ledger among them where the state is in S3.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use lowtide_testkit::{Fault, Match, What};

use super::{
    count::Count,
    kept::{Kept, prepare},
    process::{Process, must, run},
};
use crate::bench::Bench;

const UP: &[&str] = &["apply", "--yes"];
const DOWN: &[&str] = &["destroy", "--yes", "--allow-persistent"];
/// Kills of one life on the way up, and on the way down.
const IN_ONE_LIFE: (usize, usize) = (5, 2);

/// What is told at the end.
#[derive(Debug, Default)]
struct Figures {
    lives: usize,
    kills: usize,
    orphans: usize,
    missing: usize,
    /// From start to nothing in doubt, of the runs after a kill.
    recoveries: Vec<Duration>,
}

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Xorshift: the same numbers for the same seed.
fn below(seed: &mut u64, limit: usize) -> usize {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    usize::try_from(*seed % limit as u64).unwrap_or_default()
}

/// Returns how many calls have changed something.
fn changes(bench: &Bench) -> usize {
    bench.world.proxy().calls().iter().filter(|call| call.mutating).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_call_the_next_run_goes_on() -> Result<()> {
    println!("{}", kill_and_go_on(Kept::Shared, number("LOWTIDE_KILLS", 20)).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn with_its_state_in_a_folder_too() -> Result<()> {
    println!("{}", kill_and_go_on(Kept::Folder, number("LOWTIDE_KILLS", 20).div_ceil(4)).await?);
    Ok(())
}

/// Returns what came of it, in words.
async fn kill_and_go_on(kept: Kept, wanted: usize) -> Result<String> {
    let first = number("LOWTIDE_SEED", 1);
    let began = Instant::now();
    let mut bench = Bench::start().await?;
    prepare(&mut bench, kept).await?;

    bench.world.proxy().clear();
    must(&bench, UP).await?;
    let (peace, up) = (Count::of(&bench.world).await?, changes(&bench));
    bench.world.proxy().clear();
    must(&bench, DOWN).await?;
    let down = changes(&bench);
    bench.is_clean().await.context("in peace")?;

    let mut figures = Figures::default();
    let mut seed = first as u64;
    while figures.kills < wanted {
        let life = seed.max(1);
        seed = life;
        one_life(&mut bench, kept, &peace, (up, down), &mut seed, &mut figures)
            .await
            .with_context(|| format!("LOWTIDE_SEED={life} LOWTIDE_KILLS=1"))?;
        seed = life.wrapping_add(1);
    }
    let slowest = figures.recoveries.iter().max().copied().unwrap_or_default();
    ensure!(figures.orphans == 0 && figures.missing == 0, "{figures:?}");
    Ok(format!(
        "{} kills of the real binary, state {kept}, in {} lives of {} things, {up} changing calls up and {down} down: {} orphans or \
         duplicates, {} missing; slowest recovery {slowest:.1?} with a settle window of 2 s; {:.0?} in all",
        figures.kills,
        figures.lives,
        peace.all(),
        figures.orphans,
        figures.missing,
        began.elapsed()
    ))
}

/// Up and down, killed on the way; each run after a kill is killed again, further on.
async fn one_life(
    bench: &mut Bench,
    kept: Kept,
    peace: &Count,
    calls: (usize, usize),
    seed: &mut u64,
    figures: &mut Figures,
) -> Result<()> {
    bench.reset().await?;
    prepare(bench, kept).await?;
    // Numbers of small seeds are alike at first.
    for _ in 0..8 {
        below(seed, 2);
    }
    kills(bench, UP, IN_ONE_LIFE.0, calls.0, seed, figures).await?;
    recover(bench, figures).await?;
    must(bench, UP).await?;
    let now = Count::of(&bench.world).await?;
    let (beyond, missing) = now.beside(peace);
    figures.orphans += beyond;
    figures.missing += missing;
    now.must_be(peace)?;
    let planned = run(bench, &["plan", "--detailed-exitcode"]).await?;
    ensure!(planned.code == Some(0), "the next plan is not empty:\n{}", planned.words);

    kills(bench, DOWN, IN_ONE_LIFE.1, calls.1, seed, figures).await?;
    must(bench, DOWN).await?;
    bench.is_clean().await?;
    figures.lives += 1;
    Ok(())
}

/// Starts runs and kills each at one of its next changing calls.
async fn kills(bench: &Bench, words: &[&str], times: usize, calls: usize, seed: &mut u64, figures: &mut Figures) -> Result<()> {
    let mut left = calls;
    for _ in 0..times {
        let nth = 1 + below(seed, (left / 2).max(1));
        let what = if below(seed, 2) == 0 { What::HangBeforeSend } else { What::HangAfterEffect };
        bench.world.proxy().clear_faults();
        bench.world.proxy().inject(Fault { on: Match::any().mutating().nth(nth), what: what.clone() });
        let (killed, ended) = Process::start(bench, words)?.kill_when_hung(bench).await?;
        bench.world.proxy().clear_faults();
        if !killed {
            ensure!(ended.code == Some(0), "{words:?} with {what:?} at {nth} ended with {:?}:\n{}", ended.code, ended.words);
            return Ok(());
        }
        figures.kills += 1;
        left = left.saturating_sub(nth);
    }
    Ok(())
}

/// Finds out what became of what was under way, and takes the time.
async fn recover(bench: &Bench, figures: &mut Figures) -> Result<()> {
    let began = Instant::now();
    must(bench, &["recover"]).await?;
    figures.recoveries.push(began.elapsed());
    Ok(())
}
