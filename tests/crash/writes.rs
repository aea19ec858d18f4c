//! What the ledger costs: what waits is written together, so that a wide apply takes at most one write for each resource that it makes.

use std::{sync::Arc, time::Instant};

use anyhow::{Result, anyhow, ensure};
use lowtide_ledger::{
    Bucket, LocalLedger, MemoryLedger, RemoteLedger, S3DynamoDb, Table,
    setup::{Needs, set_up},
};
use lowtide_plan::Options;
use lowtide_state::Ledger;
use lowtide_testkit::drive;

use super::{
    kept::{Kept, prepare},
    process::must,
};
use crate::bench::{Bench, explain, session};

const WIDE: usize = 120;

#[tokio::test(flavor = "multi_thread")]
async fn a_wide_apply_writes_at_most_once_a_resource() -> Result<()> {
    let mut bench = Bench::start().await?;
    prepare(&mut bench, Kept::Shared).await?;
    bench.write("specs/base.toml", &wide())?;
    bench.write("environments/dev.toml", "")?;
    bench.world.proxy().clear();
    must(&bench, &["apply", "--yes", "base"]).await?;
    let made = bench.world.proxy().count("ssm", "PutParameter");
    ensure!(made == WIDE, "{made} were made");
    let writes = bench.world.proxy().count("dynamodb", "PutItem") + bench.world.proxy().count("dynamodb", "UpdateItem");
    #[expect(clippy::cast_precision_loss, reason = "both are small")]
    let each = writes as f64 / WIDE as f64;
    println!("{writes} writes to the ledger for {WIDE} resources: {each:.2} for each");
    ensure!(writes <= WIDE, "{writes} writes for {WIDE} resources");
    Ok(())
}

fn wide() -> String {
    format!(
        "[stack]\nname = \"base\"\n\n[resource.aws_ssm_parameter.wide]\ncount = {WIDE}\nname = \"/wide/${{count.index}}\"\ntype = \"String\"\n\
         value = \"one\"\n"
    )
}

/// The same apply with each ledger; how long it takes is told, and says most beside the one in memory.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_ledger_adds_to_an_apply_is_told() -> Result<()> {
    let mut bench = Bench::start().await?;
    let mut in_memory = None;
    for place in ["in memory", "in a folder", "in S3 and DynamoDB"] {
        bench.reset().await?;
        bench.write("lowtide.toml", "[project]\nname = \"wide\"\n\n[stacks.base]\nspec = \"base.toml\"\n")?;
        bench.write("base.toml", &wide())?;
        let ledger: Arc<dyn Ledger> = match place {
            "in memory" => Arc::new(MemoryLedger::new()),
            "in a folder" => Arc::new(LocalLedger::new(bench.path().join("state"))),
            _ => Arc::new(shared(&bench).await?),
        };
        let mut engine = bench.engine()?;
        engine.ledger = ledger.clone();
        let (loaded, _) = engine.load(&[]).map_err(|trouble| explain(&engine, trouble))?;
        let plans = engine.plan(&loaded, &Options::default()).await.map_err(|trouble| explain(&engine, trouble))?;
        let began = Instant::now();
        let applied = engine.apply(plans, &Options::default()).await.map_err(|trouble| explain(&engine, trouble))?;
        let took = began.elapsed().as_secs_f64();
        ensure!(applied.iter().all(lowtide_engine::StackApplied::is_whole), "{place}: it did not come through");
        let kept = ledger.read(&loaded[0].key).await.map_err(|fault| anyhow!("{fault}"))?;
        ensure!(kept.is_some_and(|kept| kept.state.records.len() == WIDE), "{place}: it is not all in the state");
        let first = *in_memory.get_or_insert(took);
        println!("{WIDE} resources, state {place}: {took:.1} s, {:.2} times that in memory", took / first);
    }
    Ok(())
}

async fn shared(bench: &Bench) -> Result<RemoteLedger> {
    let session = session(bench)?;
    let config = session.reading_config();
    let needs = Needs {
        account: drive::ACCOUNT.to_owned(),
        partition: "aws".to_owned(),
        region: bench.world.region().to_owned(),
        bucket: "state-of-wide".to_owned(),
        prefix: String::new(),
        table: Some("lowtide".to_owned()),
        kms_key_id: None,
    };
    set_up(config, &needs, &mut |_| {}).await?;
    let bucket = Bucket::new(config, &needs.bucket, &needs.prefix, None);
    Ok(RemoteLedger::on(Arc::new(S3DynamoDb::new(bucket, Table::new(config, "lowtide")))))
}
