//! Load balancers, services and functions leave network interfaces behind for a while, which hold groups, subnets and the internet gateway.
//! What people have put into something stays until people take it out.

use anyhow::{Context, Result, ensure};
use http::{Request, header::AUTHORIZATION};
use lowtide_testkit::wire;

use crate::bench::Bench;

const PROJECT: &str = "[project]\nname = \"lingering\"\n\n[stacks.case]\nspec = \"case.toml\"\n";
const STACK: &[&str] = &["case"];

const SPEC: &str = r#"
[resource.aws_vpc.main]
cidr_block = "10.0.0.0/16"

[resource.aws_internet_gateway.main]
vpc_id = "${aws_vpc.main.id}"

[resource.aws_subnet.main]
for_each = { a = "10.0.0.0/24", b = "10.0.1.0/24" }
vpc_id = "${aws_vpc.main.id}"
cidr_block = "${each.value}"
availability_zone = "us-west-2${each.key}"

[resource.aws_security_group.main]
name = "all"
vpc_id = "${aws_vpc.main.id}"

[resource.aws_lb.main]
name = "main"
subnets = "${values(aws_subnet.main)[*].id}"
security_groups = ["${aws_security_group.main.id}"]
depends_on = ["aws_internet_gateway.main"]

[resource.aws_iam_role.main]
name = "main"
assume_role_policy = { Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] }

[resource.aws_lambda_function.main]
function_name = "main"
package_type = "Image"
image_uri = "123456789012.dkr.ecr.us-west-2.amazonaws.com/it:1"
role = "${aws_iam_role.main.arn}"
vpc_config = { subnet_ids = "${values(aws_subnet.main)[*].id}", security_group_ids = ["${aws_security_group.main.id}"] }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_interfaces_hold_goes_when_they_have_gone() -> Result<()> {
    let bench = Bench::start().await?;
    bench.write("lowtide.toml", PROJECT)?;
    bench.write("case.toml", SPEC)?;
    bench.converge(STACK).await?;
    bench.world.proxy().clear();
    bench.destroy(STACK).await?;
    // Twice refused, once done: interfaces hold each of them for two askings.
    let count = |operation: &str| bench.world.proxy().count("ec2", operation);
    ensure!((count("DeleteSecurityGroup"), count("DeleteSubnet")) == (3, 6), "{:?}", bench.world.proxy().counts());
    bench.went_in_order()?;
    bench.is_clean().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_empties_is_not_waited_for() -> Result<()> {
    let bench = Bench::start().await?;
    bench.write("lowtide.toml", PROJECT)?;
    bench.write("case.toml", "[resource.aws_s3_bucket.it]\nbucket = 'lowtide-full'\n")?;
    bench.converge(STACK).await?;
    let authority = bench.world.endpoint().trim_start_matches("http://").to_owned();
    let request = Request::put("/lowtide-full/kept").header(AUTHORIZATION, wire::authorization("s3", bench.world.region()));
    wire::send(&authority, request.body("kept".into())?).await?;
    bench.world.proxy().clear();
    let refused = bench.destroy(STACK).await.err().context("there is an object in it")?.to_string();
    ensure!(refused.contains("`force_destroy = true`"), "{refused}");
    ensure!(bench.world.proxy().count("s3", "DELETE /lowtide-full/") == 1, "{:?}", bench.world.proxy().counts());
    Ok(())
}
