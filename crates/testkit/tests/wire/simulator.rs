//! moto starts, and is gone when nobody holds it.

use lowtide_testkit::{Options, Simulator, wire};

#[tokio::test]
async fn a_dropped_simulator_no_longer_listens() -> anyhow::Result<()> {
    let simulator = Simulator::start(Options::default()).await?;
    let authority = simulator.authority().to_owned();
    assert!(wire::get(&authority, "/moto-api/data.json").await?.status().is_success());
    let log = simulator.log();
    assert!(std::fs::read_to_string(&log)?.contains("data.json"));
    drop(simulator);
    wire::get(&authority, "/").await.expect_err("nobody listens");
    assert!(!log.exists());
    Ok(())
}
