//! What autoscaling moves between a target's bounds is left alone.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use lowtide_model::{Observation, Value};
use lowtide_plan::Sight;
use lowtide_resource::Changed;

use crate::bench::{Bench, session, shown};

const PROJECT: &str = "[project]\nname = \"scaling\"\n\n[stacks.case]\nspec = \"case.toml\"\n";
const STACK: &[&str] = &["case"];

const SPEC: &str = r#"
[resource.aws_ecs_cluster.main]
name = "main"

[resource.aws_ecs_task_definition.web]
family = "web"
container_definitions = [{ name = "web", image = "nginx:1", memory = 128 }]

[resource.aws_ecs_service.web]
name = "web"
cluster = "${aws_ecs_cluster.main.id}"
task_definition = "${aws_ecs_task_definition.web.arn}"
desired_count = 2

[resource.aws_appautoscaling_target.web]
service_namespace = "ecs"
resource_id = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.web.name}"
scalable_dimension = "ecs:service:DesiredCount"
min_capacity = 1
max_capacity = 4

[resource.aws_dynamodb_table.main]
name = "main"
billing_mode = "PROVISIONED"
hash_key = "id"
attribute = [{ name = "id", type = "S" }, { name = "day", type = "S" }]
read_capacity = 2
write_capacity = 2

[[resource.aws_dynamodb_table.main.global_secondary_index]]
name = "by-day"
hash_key = "day"
projection_type = "ALL"
read_capacity = 2
write_capacity = 2

[resource.aws_appautoscaling_target.main]
service_namespace = "dynamodb"
resource_id = "table/${aws_dynamodb_table.main.name}"
scalable_dimension = "dynamodb:table:ReadCapacityUnits"
min_capacity = 1
max_capacity = 4

[resource.aws_appautoscaling_target.by_day]
service_namespace = "dynamodb"
resource_id = "table/${aws_dynamodb_table.main.name}/index/by-day"
scalable_dimension = "dynamodb:index:WriteCapacityUnits"
min_capacity = 1
max_capacity = 4
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_autoscaling_moves_between_its_bounds_is_left_alone() -> Result<()> {
    let bench = Bench::start().await?;
    bench.write("lowtide.toml", PROJECT)?;
    bench.write("case.toml", SPEC)?;
    let plans = bench.plan(STACK).await?;
    bench.apply(plans).await?;
    bench.is_settled(STACK).await?;

    for (address, attribute) in [("aws_ecs_service.web", "desired_count"), ("aws_dynamodb_table.main", "read_capacity")] {
        scaled(&bench, address, attribute, 4).await?;
        bench.is_settled(STACK).await.with_context(|| format!("{attribute} inside its bounds"))?;
    }

    // An update of something else leaves it where it is.
    bench.write("case.toml", &SPEC.replace("name = \"web\"\ncluster", "name = \"web\"\nenable_ecs_managed_tags = true\ncluster"))?;
    let plans = bench.plan(STACK).await?;
    ensure!(plans.iter().map(|plan| plan.plan.steps.len()).sum::<usize>() == 1, "{}", shown(&plans));
    bench.apply(plans).await?;
    bench.is_settled(STACK).await?;
    ensure!(now(&bench, "aws_ecs_service.web", "desired_count").await? == Some(4), "the service was scaled back");

    scaled(&bench, "aws_ecs_service.web", "desired_count", 7).await?;
    let plans = bench.plan(STACK).await?;
    ensure!(plans.iter().map(|plan| plan.plan.summary().update).sum::<usize>() == 1, "{}", shown(&plans));
    bench.apply(plans).await?;
    ensure!(now(&bench, "aws_ecs_service.web", "desired_count").await? == Some(2), "the service is not where it begins");
    bench.destroy(STACK).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_capacity_of_an_index_is_left_alone_between_its_bounds() -> Result<()> {
    let bench = Bench::start().await?;
    bench.write("lowtide.toml", PROJECT)?;
    bench.write("case.toml", SPEC)?;
    bench.converge(STACK).await?;
    scaled_index(&bench, 4).await?;
    bench.is_settled(STACK).await?;

    // An update of something else leaves it where it is.
    bench.write(
        "case.toml",
        &SPEC.replace(
            "billing_mode = \"PROVISIONED\"",
            "billing_mode = \"PROVISIONED\"\ntags = { a = 'b' }\nttl = { attribute_name = 'end', enabled = true }",
        ),
    )?;
    let plans = bench.plan(STACK).await?;
    ensure!(
        plans[0].plan.steps.iter().flat_map(|step| &step.changes).all(|change| change.path.attribute() != Some(INDEXES)),
        "{}",
        shown(&plans)
    );
    bench.apply(plans).await?;
    bench.is_settled(STACK).await?;
    ensure!(index(&bench).await?.get(WRITES).and_then(Value::as_i64) == Some(4), "the index was scaled back");

    // What nothing moves is put right, and so is what left its bounds.
    scaled_index(&bench, 7).await?;
    bench.converge(STACK).await?;
    ensure!(index(&bench).await?.get(WRITES).and_then(Value::as_i64) == Some(2), "the index is not where it begins");
    bench.destroy(STACK).await
}

const INDEXES: &str = "global_secondary_index";
const WRITES: &str = "write_capacity";

async fn index(bench: &Bench) -> Result<BTreeMap<String, Value>> {
    let seen = seen(bench, "aws_dynamodb_table.main").await?;
    let all = seen.inputs.get(INDEXES).and_then(Value::elements).context("the table has indexes")?;
    all.first().and_then(|one| one.as_members()).cloned().context("an index")
}

async fn scaled_index(bench: &Bench, to: i64) -> Result<()> {
    let mut index = index(bench).await?;
    index.insert(WRITES.to_owned(), to.into());
    brought(bench, "aws_dynamodb_table.main", INDEXES, Value::Set([Value::Object(index)].into_iter().collect())).await
}

/// Does what autoscaling would do.
async fn scaled(bench: &Bench, address: &str, attribute: &str, to: i64) -> Result<()> {
    brought(bench, address, attribute, to.into()).await
}

async fn brought(bench: &Bench, address: &str, attribute: &str, to: Value) -> Result<()> {
    let address: lowtide_model::Address = address.parse().map_err(|wrong| anyhow::anyhow!("{wrong}"))?;
    let seen = seen(bench, &address.to_string()).await?;
    let mut inputs = seen.inputs.clone();
    inputs.set(attribute, to);
    let catalog = lowtide_catalog::all();
    let kind = catalog.kind(address.kind()).context("the kind is in the catalog")?;
    kind.update(&*session(bench)?, &seen, &inputs, &Changed(vec![attribute.to_owned()])).await?;
    Ok(())
}

async fn now(bench: &Bench, address: &str, attribute: &str) -> Result<Option<i64>> {
    Ok(seen(bench, address).await?.inputs.get(attribute).and_then(Value::as_i64))
}

async fn seen(bench: &Bench, address: &str) -> Result<Observation> {
    let plans = bench.plan(STACK).await?;
    let sight = plans[0].sights.iter().find(|(key, _)| key.0.to_string() == address).map(|(_, sight)| sight);
    match sight {
        Some(Sight::Here(seen)) => Ok((**seen).clone()),
        Some(Sight::Gone | Sight::Unseen(_)) | None => anyhow::bail!("{address} is not to be seen"),
    }
}
