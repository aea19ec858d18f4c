//! How often the ledger is written to: what waits is written together, so that a wide apply takes at most one write for each resource
//! that it makes.

use anyhow::{Result, ensure};

use super::{
    kept::{Kept, prepare},
    process::must,
};
use crate::bench::Bench;

const WIDE: usize = 120;

#[tokio::test(flavor = "multi_thread")]
async fn a_wide_apply_writes_at_most_once_a_resource() -> Result<()> {
    let mut bench = Bench::start().await?;
    prepare(&mut bench, Kept::Shared).await?;
    let parameters = format!(
        "[stack]\nname = \"base\"\n\n[resource.aws_ssm_parameter.wide]\ncount = {WIDE}\nname = \"/wide/${{count.index}}\"\ntype = \"String\"\n\
         value = \"one\"\n"
    );
    bench.write("specs/base.toml", &parameters)?;
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
