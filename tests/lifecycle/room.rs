//! What takes the room of something that goes waits until it has gone.

use anyhow::Result;

use crate::bench::Bench;

const PROJECT: &str = "[project]\nname = \"room\"\n\n[stacks.case]\nspec = \"case.toml\"\n";
const STACK: &[&str] = &["case"];

#[tokio::test(flavor = "multi_thread")]
async fn a_subnet_takes_the_block_of_one_that_goes() -> Result<()> {
    let bench = Bench::start().await?;
    let spec = |name: &str, block: &str| {
        let vpc = "[resource.aws_vpc.main]\ncidr_block = '10.0.0.0/16'\n";
        bench.write("case.toml", &format!("{vpc}\n[resource.aws_subnet.{name}]\nvpc_id = '${{aws_vpc.main.id}}'\ncidr_block = '{block}'\n"))
    };
    bench.write("lowtide.toml", PROJECT)?;
    spec("old", "10.0.0.0/24")?;
    bench.converge(STACK).await?;
    // EC2 refuses a block that overlaps that of a subnet that is still there (InvalidSubnet.Conflict), and so does moto.
    spec("new", "10.0.0.0/25")?;
    bench.converge(STACK).await?;
    bench.destroy(STACK).await
}
