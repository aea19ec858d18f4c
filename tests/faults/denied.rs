//! One thing that may not be read hides no other that is read in the same call.

use anyhow::{Context, Result, ensure};
use lowtide_plan::Sight;
use lowtide_testkit::{Fault, Match, What};

use super::{PROJECT, STACK};
use crate::bench::{Bench, drift_of, shown};

/// Three of each kind that is read together with others of its kind.
const SPEC: &str = r#"
[locals]
all = ["one", "two", "three"]

[resource.aws_vpc.it]
for_each = "${toset(local.all)}"
cidr_block = "10.0.0.0/16"

[resource.aws_lb_target_group.it]
for_each = "${toset(local.all)}"
name = "group-${each.key}"
port = 80
protocol = "HTTP"
vpc_id = "${aws_vpc.it[each.key].id}"

[resource.aws_ssm_parameter.it]
for_each = "${toset(local.all)}"
name = "/it/parameter-${each.key}"
type = "String"
value = "v"

[resource.aws_ecs_cluster.it]
for_each = "${toset(local.all)}"
name = "cluster-${each.key}"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_read_hides_no_other() -> Result<()> {
    let bench = Bench::start().await?;
    bench.write("lowtide.toml", PROJECT)?;
    bench.write("case.toml", SPEC)?;
    bench.converge(STACK).await?;
    let vpc = bench.plan(STACK).await?[0]
        .plan
        .unchanged
        .iter()
        .find(|one| one.address.to_string() == "aws_vpc.it[\"two\"]")
        .context("it is there")?
        .values
        .clone();
    let vpc = vpc.as_members().and_then(|all| all.get("id")?.as_str()).context("a VPC has an id")?.to_owned();
    for (service, operation, about, address) in [
        ("ec2", "DescribeVpcAttribute", vpc.as_str(), "aws_vpc.it[\"two\"]"),
        ("elasticloadbalancing", "DescribeTargetGroupAttributes", "group-two", "aws_lb_target_group.it[\"two\"]"),
        ("elasticloadbalancing", "DescribeTags", "group-two", "aws_lb_target_group.it[\"two\"]"),
        ("ssm", "GetParameters", "parameter-two", "aws_ssm_parameter.it[\"two\"]"),
        ("ecs", "DescribeClusters", "cluster-two", "aws_ecs_cluster.it[\"two\"]"),
    ] {
        let code = if service == "ec2" { "UnauthorizedOperation" } else { "AccessDeniedException" };
        let what =
            What::Error { status: 400, code: code.to_owned(), message: "You are not authorized to perform this operation".to_owned() };
        bench.world.proxy().inject(Fault { on: Match::operation(service, operation).about(about), what });
        let plans = bench.plan(STACK).await?;
        bench.world.proxy().clear_faults();
        let unseen: Vec<_> =
            plans[0].sights.iter().filter(|(_, sight)| matches!(sight, Sight::Unseen(_))).map(|(key, _)| key.0.to_string()).collect();
        ensure!(unseen == [address], "{operation}: {unseen:?} are not seen\n{}", shown(&plans));
        let blocked: Vec<_> = plans[0].plan.blocked.iter().map(|one| one.address.to_string()).collect();
        ensure!(blocked == [address] && plans[0].plan.steps.is_empty(), "{operation}: {blocked:?}\n{}", shown(&plans));
        let drift = drift_of(&plans);
        ensure!(drift.iter().all(|one| !one.is_any() && one.unseen.len() == 1), "{operation}: {drift:?}");
    }
    bench.destroy(STACK).await
}
