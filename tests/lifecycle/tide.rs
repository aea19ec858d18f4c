//! The runtime of the reference project comes and goes by its schedule, on a clock of ours; base stays as it is.

use anyhow::{Context, Result, anyhow, bail, ensure};
use lowtide_engine::Tick;
use lowtide_tide::{Phase, Timestamp};

use crate::bench::{Bench, drift_of, explain};

const CYCLES: usize = 10;

/// What only base makes, by service and operation.
const OF_BASE: [(&str, &str); 8] = [
    ("acm", "RequestCertificate"),
    ("ec2", "CreateVpc"),
    ("ec2", "CreateSubnet"),
    ("ec2", "CreateInternetGateway"),
    ("ec2", "DeleteVpc"),
    ("ec2", "DeleteSubnet"),
    ("ec2", "ModifyVpcAttribute"),
    ("ec2", "ModifySubnetAttribute"),
];

#[tokio::test(flavor = "multi_thread")]
async fn runtime_comes_and_goes_by_its_schedule_and_base_is_never_touched() -> Result<()> {
    let mut bench = Bench::start().await?;
    super::project(&mut bench, "dev")?;
    bench.converge(&["base"]).await?;
    let before = base_on_disk(&bench)?;
    let identity = super::base(&bench).await?;
    bench.world.proxy().clear();
    // Monday, 12:00 and 21:00 in New York, and so on through two weeks; weekends stay down.
    let first: Timestamp = "2026-11-02T17:00:00Z".parse()?;
    let (mut days, mut cycles) = (0, 0);
    while cycles < CYCLES {
        let noon = Timestamp::from_second(first.as_second() + days * 86_400)?;
        let night = Timestamp::from_second(noon.as_second() + 9 * 3600)?;
        days += 1;
        if turn(&bench, noon).await? == Some(Phase::Up) {
            ensure!(turn(&bench, noon).await?.is_none(), "a second tick finds nothing to do");
            ensure!(turn(&bench, night).await? == Some(Phase::Down), "it goes at night");
            ensure!(turn(&bench, night).await?.is_none(), "a second tick finds nothing to do");
            cycles += 1;
        } else {
            ensure!((days - 1) % 7 >= 5, "day {days} is no weekend, and runtime did not come");
        }
    }
    ensure!(base_on_disk(&bench)? == before, "the state of base was written");
    ensure!(super::base(&bench).await? == identity, "base is another");
    for (service, operation) in OF_BASE {
        ensure!(bench.world.proxy().count(service, operation) == 0, "{operation} was called while runtime came and went");
    }
    let plans = bench.plan(&["base"]).await?;
    ensure!(plans.iter().all(|plan| plan.plan.is_empty()) && drift_of(&plans).iter().all(|one| !one.is_any()), "base is as it was");
    bench.destroy(&[]).await?;
    bench.is_clean().await
}

/// One tick of runtime; returns where it went, if it went anywhere.
async fn turn(bench: &Bench, now: Timestamp) -> Result<Option<Phase>> {
    let mut engine = bench.engine()?;
    let (loaded, _) = engine.load(&["runtime".to_owned()]).map_err(|trouble| explain(&engine, trouble))?;
    let runtime = loaded.first().context("runtime is loaded")?;
    let tick = engine.tick(runtime, now).await.map_err(|trouble| explain(&engine, trouble))?.context("it has a schedule")?;
    let (to, plans) = match tick {
        Tick::Nothing(_) => return Ok(None),
        Tick::Kept { by, .. } => bail!("{by} keeps it"),
        Tick::Turns(should, plans) => (should.phase, plans),
    };
    bench.apply(plans).await?;
    engine.reached(runtime, to).await.map_err(|trouble| anyhow!("{trouble:?}"))?;
    if to == Phase::Up {
        bench.is_settled(&["runtime"]).await?;
    }
    Ok(Some(to))
}

fn base_on_disk(bench: &Bench) -> Result<Vec<u8>> {
    let engine = bench.engine()?;
    Ok(std::fs::read(engine.ledger.location(&engine.key("base")))?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_on_base_keeps_runtime_up() -> Result<()> {
    let bench = Bench::start().await?;
    bench.write(
        "lowtide.toml",
        "[project]\nname = \"kept\"\n\n[stacks.base]\nspec = \"base.toml\"\n\n[stacks.runtime]\nspec = \"runtime.toml\"\n",
    )?;
    let base = |tags: &str| {
        format!(
            "[resource.aws_vpc.main]\ncidr_block = \"10.0.0.0/16\"\ntags = {{ Name = \"kept\"{tags} }}\n\n[output.id]\nvalue = \"${{aws_vpc.main.id}}\"\n"
        )
    };
    bench.write("base.toml", &base(""))?;
    bench.write(
        "runtime.toml",
        "[stack]\nlifecycle = \"ephemeral\"\nrequires = [\"base\"]\n\n[stack.schedule]\ntimezone = \"America/New_York\"\nup = \"0 8 * * MON-FRI\"\ndown = \"0 20 * * MON-FRI\"\n\n[resource.terraform_data.user]\ninput = \"${stack.base.id}\"\n",
    )?;
    bench.converge(&[]).await?;
    bench.write("base.toml", &base(", \"lowtide:keep-until\" = \"2026-11-03T06:00:00Z\""))?;
    bench.converge(&["base"]).await?;
    let mut engine = bench.engine()?;
    let (loaded, _) = engine.load(&["runtime".to_owned()]).map_err(|trouble| explain(&engine, trouble))?;
    let at = async |now: &str| -> Result<Option<Tick>> {
        engine.tick(&loaded[0], now.parse()?).await.map_err(|trouble| explain(&engine, trouble))
    };
    let kept = at("2026-11-03T05:00:00Z").await?;
    ensure!(matches!(kept, Some(Tick::Kept { by, .. }) if by.to_string() == "aws_vpc.main"), "the tag keeps it");
    ensure!(matches!(at("2026-11-03T06:00:00Z").await?, Some(Tick::Turns(should, _)) if should.phase == Phase::Down), "and then it goes");
    bench.destroy(&[]).await?;
    bench.is_clean().await
}
