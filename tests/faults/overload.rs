//! A service that bears less than it is asked: an apply keeps to what it bears, and comes through.

use anyhow::{Result, ensure};
use lowtide_testkit::{Fault, Match, What};

use super::{PROJECT, STACK};
use crate::bench::Bench;

/// As many as are made at once, several times over.
const SPEC: &str = "[resource.aws_ssm_parameter.all]\ncount = 40\nname = \"/overload/${count.index}\"\ntype = \"String\"\nvalue = \"v\"\n";

/// Returns how many calls of the service there were, and how many of them were refused.
fn asked(bench: &Bench) -> (usize, usize) {
    let calls: Vec<_> = bench.world.proxy().calls().into_iter().filter(|call| call.service == "ssm").collect();
    (calls.len(), calls.iter().filter(|call| call.status == Some(400)).count())
}

async fn apply(limit: Option<What>) -> Result<(usize, usize)> {
    let bench = Bench::start().await?;
    bench.write("lowtide.toml", PROJECT)?;
    bench.write("case.toml", SPEC)?;
    let plans = bench.plan(STACK).await?;
    bench.world.proxy().clear();
    limit.into_iter().for_each(|what| bench.world.proxy().inject(Fault { on: Match::service("ssm"), what }));
    bench.apply(plans).await?;
    let asked = asked(&bench);
    bench.world.proxy().clear_faults();
    bench.is_settled(STACK).await?;
    bench.destroy(STACK).await?;
    bench.is_clean().await?;
    Ok(asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_apply_keeps_to_what_a_service_bears() -> Result<()> {
    let (calm, none) = apply(None).await?;
    ensure!(none == 0, "{none} of {calm} refused in peace");
    let (calls, throttled) = apply(Some(What::ThrottleAbove { each_second: 8, burst: 8 })).await?;
    println!("40 parameters: {calm} calls in peace; {calls} calls and {throttled} of them throttled where 8 a second are borne");
    ensure!(throttled * 4 <= calls, "{throttled} of {calls} calls were throttled");
    Ok(())
}
