//! Stopping in the middle: what is under way is finished or found again, and the next apply goes on from there.

use std::time::Duration;

use anyhow::{Result, anyhow, ensure};
use lowtide_apply::Stop;
use lowtide_plan::Options;
use lowtide_testkit::{Fault, Match, What};
use tokio::sync::watch;

use crate::bench::Bench;

const STACK: &[&str] = &["base"];

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_apply_is_taken_up_by_the_next() -> Result<()> {
    let mut bench = Bench::start().await?;
    super::project(&mut bench, "dev")?;
    for wanted in [Stop::Soon, Stop::Now] {
        // The network is being made when the user asks to stop.
        bench
            .world
            .proxy()
            .inject(Fault { on: Match::operation("ec2", "CreateVpc").nth(1), what: What::Delay(Duration::from_millis(1500)) });
        let plans = bench.plan(STACK).await?;
        let mut engine = bench.begun().await?;
        let (stop, asked) = watch::channel(Stop::No);
        engine.stop = asked;
        let options = Options::default();
        let asking = async {
            while bench.world.proxy().count("ec2", "CreateVpc") == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            stop.send(wanted)
        };
        let apply = engine.apply(plans, &options);
        tokio::pin!(apply);
        // An apply that ends before it asks for the network has failed.
        let applied = tokio::select! {
            ended = &mut apply => ended,
            sent = asking => {
                sent?;
                apply.await
            }
        };
        let applied = applied.map_err(|trouble| anyhow!("{trouble:?}"))?;
        ensure!(applied[0].applied.interrupted, "{wanted:?} interrupts");
        ensure!(applied[0].applied.failures.is_empty(), "stopping is no failure: {:?}", applied[0].applied.failures);
        let made = applied[0].applied.state.records.values().any(|record| record.address.to_string() == "aws_vpc.main");
        // Asked to stop soon, the request under way is finished and remembered.
        ensure!(made == (wanted == Stop::Soon), "{wanted:?}: the network is {}remembered", if made { "" } else { "not " });
        if wanted == Stop::Soon {
            bench.converge(STACK).await?;
            bench.destroy(STACK).await?;
            bench.is_clean().await?;
            bench.world.proxy().clear();
        }
    }
    Ok(())
}
