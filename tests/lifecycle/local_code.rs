//! The code of a function comes from a file of the project: what is planned is its content, and that is what is sent.

use anyhow::{Context, Result, ensure};
use lowtide_engine::StackPlan;
use lowtide_model::Observation;
use lowtide_plan::{Action, Options, Sight};
use lowtide_resource::Changed;

use crate::bench::{Bench, session, shown};

const PROJECT: &str = "[project]\nname = \"code\"\n\n[stacks.case]\nspec = \"case.toml\"\n";
const STACK: &[&str] = &["case"];

const SPEC: &str = r#"
[resource.aws_iam_role.main]
name = "main"
assume_role_policy = { Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] }

[resource.aws_lambda_function.it]
function_name = "it"
role = "${aws_iam_role.main.arn}"
runtime = "python3.13"
handler = "main.run"
filename = "dist/code.zip"

[output.code]
value = "${aws_lambda_function.it.code_sha256}"
"#;

/// SHA-256 of `one`, `two` and `three` in Base64.
const ONE: &str = "dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=";
const TWO: &str = "P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM=";
const THREE: &str = "i1udsME9skJWyCmqNkqpDG0uujGLkjKkq5MTuVTTVV8=";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_other_content_is_an_update_and_is_sent() -> Result<()> {
    let bench = Bench::start().await?;
    bench.write("lowtide.toml", PROJECT)?;
    bench.write("case.toml", SPEC)?;
    bench.write("dist/code.zip", "one")?;
    bench.converge(STACK).await?;
    ensure!(there(&bench).await? == ONE, "what AWS has is not the file");

    bench.write("dist/code.zip", "two")?;
    let plans = bench.plan(STACK).await?;
    ensure!(changes(&plans) == [(Action::Update, vec!["source_code_hash"])], "{}", shown(&plans));
    bench.apply(plans).await?;
    bench.is_settled(STACK).await?;
    ensure!(there(&bench).await? == TWO, "what AWS has is not the changed file");
    no_content_is_kept(&bench)?;

    // Another name for the same content is written down, and nothing is sent.
    bench.write("case.toml", &SPEC.replace("dist/code.zip", "dist/same.zip"))?;
    bench.write("dist/same.zip", "two")?;
    let plans = bench.plan(STACK).await?;
    ensure!(changes(&plans) == [(Action::Update, vec!["filename"])], "{}", shown(&plans));
    bench.apply(plans).await?;
    bench.is_settled(STACK).await?;

    // Somebody else sends other code.
    bench.write("dist/same.zip", "three")?;
    let now = function(&bench).await?;
    let mut to = now.inputs.clone();
    to.set("source_code_hash", THREE.into());
    let catalog = lowtide_catalog::all();
    let kind = catalog.kind("aws_lambda_function").context("the kind is in the catalog")?;
    kind.update(&*session(&bench)?, &now, &to, &Changed(vec!["source_code_hash".to_owned()])).await?;
    bench.write("dist/same.zip", "two")?;
    let plans = bench.plan(STACK).await?;
    ensure!(!plans[0].plan.drift.is_empty() && plans[0].plan.summary().update == 1, "{}", shown(&plans));
    bench.apply(plans).await?;
    bench.is_settled(STACK).await?;
    ensure!(there(&bench).await? == TWO, "the file was not sent again");

    bench.destroy(STACK).await?;
    bench.is_clean().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_changes_after_the_plan_is_not_sent() -> Result<()> {
    let bench = Bench::start().await?;
    bench.write("lowtide.toml", PROJECT)?;
    bench.write("case.toml", SPEC)?;
    bench.write("dist/code.zip", "one")?;
    bench.converge(STACK).await?;
    bench.write("dist/code.zip", "two")?;
    let plans = bench.plan(STACK).await?;
    bench.write("dist/code.zip", "three")?;
    let applied = bench.begun().await?.apply(plans, &Options::default()).await.map_err(|trouble| anyhow::anyhow!("{trouble:?}"))?;
    let failures: Vec<_> = applied.iter().flat_map(|stack| &stack.applied.failures).map(|one| one.diagnostic.summary.to_string()).collect();
    ensure!(failures.len() == 1 && failures[0] == "Not as planned", "{failures:#?}");
    ensure!(there(&bench).await? == ONE, "something was sent");
    // A destroy wants no file.
    std::fs::remove_file(bench.path().join("dist/code.zip"))?;
    bench.destroy(STACK).await
}

/// Returns what is done to the function, and what of it changes.
fn changes(plans: &[StackPlan]) -> Vec<(Action, Vec<&str>)> {
    let steps = plans.iter().flat_map(|plan| &plan.plan.steps);
    steps.map(|step| (step.action, step.changes.iter().filter_map(|change| change.path.attribute()).collect())).collect()
}

/// Returns the hash of the code that AWS has.
async fn there(bench: &Bench) -> Result<String> {
    function(bench).await?.outputs.text("code_sha256").map(str::to_owned).context("a function has a hash")
}

async fn function(bench: &Bench) -> Result<Observation> {
    let plans = bench.plan(STACK).await?;
    let (_, sight) = plans[0].sights.iter().find(|(key, _)| key.0.kind() == "aws_lambda_function").context("it is remembered")?;
    match sight {
        Sight::Here(seen) => Ok((**seen).clone()),
        Sight::Gone | Sight::Unseen(_) => anyhow::bail!("the function is not to be seen"),
    }
}

fn no_content_is_kept(bench: &Bench) -> Result<()> {
    let mut open = vec![bench.path().join("state")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
            // `two` in Base64.
            ensure!(!text.contains("dHdv"), "{} holds the content", path.display());
        }
    }
    Ok(())
}
