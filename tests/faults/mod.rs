//! Faults on the wire: whatever is lost, refused or late, one apply or the next converges, with nothing made twice and
//! nothing left behind.

mod denied;
mod made_up_names;
mod overload;

use anyhow::{Context, Result, ensure};
use lowtide_plan::Options;
use lowtide_testkit::{Fault, Match, What};

use crate::bench::Bench;

const PROJECT: &str = "[project]\nname = \"faults\"\n\n[stacks.case]\nspec = \"case.toml\"\n";
const STACK: &[&str] = &["case"];

/// One of each sort of create: by tag alone, by token, by name, by putting, and a part that carries tags.
const SPEC: &str = r#"
[resource.aws_vpc.main]
cidr_block = "10.0.0.0/16"

[resource.aws_subnet.main]
vpc_id = "${aws_vpc.main.id}"
cidr_block = "10.0.1.0/24"

[resource.aws_route_table.main]
vpc_id = "${aws_vpc.main.id}"

[resource.aws_security_group.main]
name = "faults"
description = "one of each"
vpc_id = "${aws_vpc.main.id}"

[resource.aws_vpc_security_group_ingress_rule.main]
security_group_id = "${aws_security_group.main.id}"
ip_protocol = "tcp"
from_port = 443
to_port = 443
cidr_ipv4 = "10.0.0.0/8"

[resource.aws_iam_role.main]
name = "faults"

[resource.aws_iam_role.main.assume_role_policy]
Version = "2012-10-17"
Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]

[resource.aws_iam_role_policy.main]
name = "logs"
role = "${aws_iam_role.main.name}"

[resource.aws_iam_role_policy.main.policy]
Version = "2012-10-17"
Statement = [{ Effect = "Allow", Action = "logs:PutLogEvents", Resource = "*" }]

[resource.aws_cloudwatch_log_group.main]
name = "/faults"
retention_in_days = 7
"#;

/// The creating operation of each.
const CREATES: [(&str, &str); 8] = [
    ("ec2", "CreateVpc"),
    ("ec2", "CreateSubnet"),
    ("ec2", "CreateRouteTable"),
    ("ec2", "CreateSecurityGroup"),
    ("ec2", "AuthorizeSecurityGroupIngress"),
    ("iam", "CreateRole"),
    ("iam", "PutRolePolicy"),
    ("logs", "CreateLogGroup"),
];

/// One of each kind whose create carries a token.
const TOKENS: &str = r#"
[resource.aws_vpc.main]
cidr_block = "10.0.0.0/16"

[resource.aws_subnet.main]
vpc_id = "${aws_vpc.main.id}"
cidr_block = "10.0.1.0/24"

[resource.aws_nat_gateway.main]
connectivity_type = "private"
subnet_id = "${aws_subnet.main.id}"

[resource.aws_route53_zone.main]
name = "faults.example"

[resource.aws_acm_certificate.main]
domain_name = "faults.example"
validation_method = "DNS"

[resource.aws_ecs_cluster.main]
name = "faults"

[resource.aws_ecs_task_definition.main]
family = "faults"
requires_compatibilities = ["FARGATE"]
network_mode = "awsvpc"
cpu = 256
memory = 512
container_definitions = [{ name = "app", image = "public.ecr.aws/nginx/nginx:stable" }]

[resource.aws_ecs_service.main]
name = "faults"
cluster = "${aws_ecs_cluster.main.id}"
task_definition = "${aws_ecs_task_definition.main.arn}"
launch_type = "FARGATE"
network_configuration = { subnets = ["${aws_subnet.main.id}"] }

[resource.aws_iam_role.main]
name = "faults"

[resource.aws_iam_role.main.assume_role_policy]
Version = "2012-10-17"
Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "scheduler.amazonaws.com" } }]

[resource.aws_scheduler_schedule.main]
name = "faults"
schedule_expression = "rate(1 hour)"
flexible_time_window = { mode = "OFF" }
target = { arn = "arn:aws:scheduler:::aws-sdk:ecs:listClusters", role_arn = "${aws_iam_role.main.arn}" }
"#;

/// The creating operation of each.
const TOKEN_CREATES: [(&str, &str); 5] = [
    ("ec2", "CreateNatGateway"),
    ("route53", "POST /2013-04-01/hostedzone"),
    ("acm", "RequestCertificate"),
    ("ecs", "CreateService"),
    ("scheduler", "POST /schedules/faults"),
];

async fn bench() -> Result<Bench> {
    let bench = Bench::start().await?;
    project(&bench)?;
    Ok(bench)
}

fn project(bench: &Bench) -> Result<()> {
    bench.write("lowtide.toml", PROJECT)?;
    bench.write("case.toml", SPEC)
}

/// A create whose reply is lost, or can't be read, is found again, never sent twice where that would make a second one.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_reply_makes_neither_orphan_nor_twin() -> Result<()> {
    let mut bench = bench().await?;
    for what in [What::DropAfterEffect, What::GarbleAnswer] {
        for (service, operation) in CREATES {
            bench.world.proxy().inject(Fault { on: Match::operation(service, operation).nth(1), what: what.clone() });
            bench.converge(STACK).await.with_context(|| format!("{what:?} of {operation}"))?;
            bench.destroy(STACK).await?;
            bench.is_clean().await.with_context(|| format!("{what:?} of {operation}"))?;
            bench.reset().await?;
            project(&bench)?;
        }
    }
    Ok(())
}

/// A create with a token is sent again with the same one when its reply is lost, and what it made the first time is had.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_reply_to_a_create_with_a_token_makes_one_thing() -> Result<()> {
    let bench = Bench::start().await?;
    bench.write("lowtide.toml", PROJECT)?;
    bench.write("case.toml", TOKENS)?;
    for (service, operation) in TOKEN_CREATES {
        bench.world.proxy().inject(Fault { on: Match::operation(service, operation).nth(1), what: What::DropAfterEffect });
    }
    bench.converge(STACK).await?;
    for (service, operation) in TOKEN_CREATES {
        let sent = bench.world.proxy().count(service, operation);
        ensure!(sent == 2, "{operation} was sent {sent} times");
    }
    bench.destroy(STACK).await?;
    bench.is_clean().await
}

/// A request that never arrives, and throttling, are met by sending it again.
#[tokio::test(flavor = "multi_thread")]
async fn what_never_arrived_or_was_throttled_is_sent_again() -> Result<()> {
    let mut bench = bench().await?;
    for what in [What::DropBeforeSend, What::Throttle] {
        for (service, operation) in CREATES {
            bench.world.proxy().inject(Fault { on: Match::operation(service, operation).nth(1), what: what.clone() });
        }
        bench.converge(STACK).await.with_context(|| format!("{what:?}"))?;
        bench.destroy(STACK).await?;
        bench.is_clean().await?;
        bench.reset().await?;
        project(&bench)?;
    }
    Ok(())
}

/// What is refused fails alone: what does not need it is done, and the next apply goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_fails_alone_and_the_next_apply_goes_on() -> Result<()> {
    let bench = bench().await?;
    let denied = What::Error {
        status: 403,
        code: "UnauthorizedOperation".to_owned(),
        message: "You are not authorized to perform this operation.".to_owned(),
    };
    bench.world.proxy().inject(Fault { on: Match::operation("ec2", "CreateSecurityGroup"), what: denied });
    let plans = bench.plan(STACK).await?;
    let engine = bench.begun().await?;
    let applied = engine.apply(plans, &Options::default()).await.map_err(|trouble| anyhow::anyhow!("{trouble:?}"))?;
    let applied = &applied[0].applied;
    let failed: Vec<_> = applied.failures.iter().map(|failure| failure.address.to_string()).collect();
    let skipped: Vec<_> = applied.skipped.iter().map(|(address, _)| address.to_string()).collect();
    ensure!(failed == ["aws_security_group.main"], "{failed:?}");
    ensure!(skipped == ["aws_vpc_security_group_ingress_rule.main"], "{skipped:?}");
    let words = &applied.failures[0].diagnostic;
    ensure!(words.summary == "Access denied" && words.detail.contains("CreateSecurityGroup"), "{words:?}");
    ensure!(applied.state.records.len() == 6, "the rest is done");

    bench.world.proxy().clear_faults();
    bench.converge(STACK).await?;
    bench.destroy(STACK).await?;
    bench.is_clean().await
}

/// A read that is denied is no absence: nothing is created in its place, nothing is forgotten.
#[tokio::test(flavor = "multi_thread")]
async fn a_denied_read_is_no_absence() -> Result<()> {
    let bench = bench().await?;
    bench.converge(STACK).await?;
    let denied = What::Error {
        status: 403,
        code: "UnauthorizedOperation".to_owned(),
        message: "You are not authorized to perform this operation.".to_owned(),
    };
    bench.world.proxy().inject(Fault { on: Match::operation("ec2", "DescribeSubnets"), what: denied });
    let plans = bench.plan(STACK).await?;
    let plan = &plans[0].plan;
    ensure!(plan.steps.is_empty(), "{:?}", plan.steps);
    ensure!(
        plan.blocked.iter().any(|blocked| blocked.address.to_string() == "aws_subnet.main" && blocked.why.contains("DescribeSubnets")),
        "{:?}",
        plan.blocked
    );
    bench.world.proxy().clear_faults();
    bench.destroy(STACK).await?;
    bench.is_clean().await
}

/// Another stack's things are never taken over nor deleted.
#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_another_stack_is_left_alone() -> Result<()> {
    let bench = bench().await?;
    bench.converge(STACK).await?;
    let project = "[project]\nname = \"other\"\n\n[stacks.second]\nspec = \"second.toml\"\n\n[stacks.case]\nspec = \"case.toml\"\n";
    bench.write("lowtide.toml", project)?;
    bench.write("second.toml", "[resource.aws_cloudwatch_log_group.mine]\nname = \"/faults\"\nretention_in_days = 30\n")?;
    let refused = bench.plan(&["second"]).await.err().context("a plan that would take over is refused")?;
    ensure!(refused.to_string().contains("Already exists") && refused.to_string().contains("lowtide import"), "{refused}");
    bench.write("lowtide.toml", PROJECT)?;
    bench.destroy(STACK).await?;
    bench.is_clean().await
}
