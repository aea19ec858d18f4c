//! A VPC has more blocks than the one that is declared; a subnet may be in any of them, and in no other.

use anyhow::{Context, Result, ensure};
use lowtide_testkit::wire;

use crate::bench::Bench;

const PROJECT: &str = "[project]\nname = \"blocks\"\n\n[stacks.case]\nspec = \"case.toml\"\n";
const STACK: &[&str] = &["case"];
const VPC: &str = "[resource.aws_vpc.main]\ncidr_block = '10.0.0.0/16'\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_subnet_may_be_in_a_block_that_the_vpc_got_elsewhere_and_in_no_other() -> Result<()> {
    let bench = Bench::start().await?;
    let subnet = |block: &str| {
        let subnet = "[resource.aws_subnet.it]\nvpc_id = '${aws_vpc.main.id}'";
        bench.write("case.toml", &format!("{VPC}\n{subnet}\ncidr_block = '{block}'\n"))
    };
    bench.write("lowtide.toml", PROJECT)?;
    bench.write("case.toml", VPC)?;
    bench.converge(STACK).await?;

    subnet("10.1.0.0/24")?;
    let refused = bench.plan(STACK).await.err().context("AWS refuses it, so the plan does")?.to_string();
    ensure!(refused.contains("`10.1.0.0/24` is not inside `10.0.0.0/16`") && refused.contains("1 error"), "{refused}");

    let plans = {
        bench.write("case.toml", VPC)?;
        bench.plan(STACK).await?
    };
    let vpc = plans[0].prepared.state.records.values().next().context("there is a VPC")?.id.clone();
    let fields = [("Action", "AssociateVpcCidrBlock"), ("Version", "2016-11-15"), ("VpcId", &vpc), ("CidrBlock", "10.1.0.0/16")];
    let authority = bench.world.endpoint().trim_start_matches("http://").to_owned();
    let given = wire::query(&authority, "ec2", bench.world.region(), &fields).await?;
    ensure!(given.status().is_success(), "{given:?}");

    subnet("10.2.0.0/24")?;
    let refused = bench.plan(STACK).await.err().context("it is in neither block")?.to_string();
    let words = refused.split_whitespace().collect::<Vec<_>>().join(" ");
    ensure!(words.contains("nor inside what it was given besides: `10.1.0.0/16`"), "{refused}");

    subnet("10.1.0.0/24")?;
    bench.converge(STACK).await?;
    bench.destroy(STACK).await
}
