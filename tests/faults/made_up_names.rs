//! Things without tags whose names are made up: only the name leads back to them, and it is known before AWS is asked.

use anyhow::{Result, anyhow, ensure};
use lowtide_engine::Aim;
use lowtide_plan::{Options, Recovery};
use lowtide_testkit::{Fault, Match, What};

use super::{PROJECT, STACK};
use crate::bench::Bench;

const SPEC: &str = r#"
[resource.aws_iam_role.main]
name = "faults"

[resource.aws_iam_role.main.assume_role_policy]
Version = "2012-10-17"
Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "scheduler.amazonaws.com" } }]

[resource.aws_iam_role_policy.main]
role = "${aws_iam_role.main.name}"

[resource.aws_iam_role_policy.main.policy]
Version = "2012-10-17"
Statement = [{ Effect = "Allow", Action = "logs:PutLogEvents", Resource = "*" }]

[resource.aws_cloudwatch_event_rule.main]
schedule_expression = "rate(1 hour)"

[resource.aws_cloudwatch_event_rule.named]
name = "named"
schedule_expression = "rate(1 hour)"

[resource.aws_cloudwatch_event_target.main]
rule = "${aws_cloudwatch_event_rule.named.name}"
arn = "arn:aws:sqs:us-west-2:123456789012:it"

[resource.aws_scheduler_schedule.main]
schedule_expression = "rate(1 hour)"
flexible_time_window = { mode = "OFF" }
target = { arn = "arn:aws:scheduler:::aws-sdk:ecs:listClusters", role_arn = "${aws_iam_role.main.arn}" }

[resource.aws_budgets_budget.main]
budget_type = "COST"
time_unit = "MONTHLY"
limit_amount = "60"
limit_unit = "USD"
"#;

/// The run ends with the reply lost and every further word refused; the next one finds what was made.
#[tokio::test(flavor = "multi_thread")]
async fn what_only_its_name_leads_to_is_found_after_a_lost_reply() -> Result<()> {
    let bench = Bench::start().await?;
    bench.write("lowtide.toml", PROJECT)?;
    bench.write("case.toml", SPEC)?;
    let plans = bench.plan(STACK).await?;
    let refused = || What::Error { status: 403, code: "AccessDeniedException".to_owned(), message: "Not now.".to_owned() };
    let creates = [
        Match::operation("iam", "PutRolePolicy"),
        Match::operation("events", "PutTargets"),
        Match::service("scheduler").mutating(),
        Match::operation("budgets", "CreateBudget"),
    ];
    for on in creates {
        bench.world.proxy().inject(Fault { on: on.clone().nth(1), what: What::DropAfterEffect });
        bench.world.proxy().inject(Fault { on: on.nth(2), what: refused() });
    }
    bench.world.proxy().inject(Fault { on: Match::operation("budgets", "DescribeBudget"), what: refused() });
    let engine = bench.begun().await?;
    let applied = engine.apply(plans, &Options::default()).await.map_err(|trouble| anyhow!("{trouble:?}"))?;
    let in_doubt: Vec<_> = applied[0].applied.state.pending.keys().map(|(address, _)| address.to_string()).collect();
    ensure!(in_doubt.len() == 4, "in doubt are {in_doubt:?}");

    bench.world.proxy().clear_faults();
    let engine = bench.begun().await?;
    let recovered = engine.recover(&[engine.key("case")], Aim::Certainty).await.map_err(|trouble| anyhow!("{trouble:?}"))?;
    ensure!(recovered.iter().all(|one| matches!(one.how, Recovery::Adopted(_))), "{recovered:?}");
    bench.converge(STACK).await?;
    bench.destroy(STACK).await?;
    bench.is_clean().await
}
