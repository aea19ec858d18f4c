//! The reference project: base and runtime applied, planned again, changed, taken down and destroyed.

mod blocks;
mod bucket_code;
mod interrupt;
mod lingering;
mod local_code;
mod room;
mod scaling;
mod tide;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use lowtide_plan::Action;

use crate::bench::{Bench, shown};

const BOTH: &[&str] = &[];

/// The example that `specs/` leads to, with everything switched on.
pub fn project(bench: &mut Bench, environment: &str) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the project has a root")?;
    bench.copy(&root.join("examples/durable-code"))?;
    bench.set_variables(&format!("environments/{environment}.toml"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_project_lives() -> Result<()> {
    let mut bench = Bench::start().await?;
    project(&mut bench, "dev")?;

    // Both stacks in one run: runtime is planned before base has published anything.
    let plans = bench.plan(BOTH).await?;
    let planned: usize = plans.iter().map(|plan| plan.plan.summary().create).sum();
    ensure!(
        plans.len() == 2
            && plans.iter().all(|plan| plan.plan.steps.iter().all(|step| matches!(step.action, Action::Create | Action::Read)))
    );
    let applied = bench.apply(plans).await?;
    let made: usize = applied.iter().map(|stack| stack.applied.state.records.len()).sum();
    ensure!(planned == made, "{planned} were planned, {made} were made");
    bench.is_settled(BOTH).await?;

    no_secret_in_any_file(&bench)?;

    // Runtime comes and goes; base stays as it is.
    let before = base(&bench).await?;
    for _ in 0..2 {
        bench.destroy(&["runtime"]).await?;
        bench.converge(&["runtime"]).await?;
    }
    ensure!(before == base(&bench).await?, "base was touched by runtime");

    // One change, one step.
    let spec = std::fs::read_to_string(bench.path().join("specs/runtime.toml"))?;
    bench.write("specs/runtime.toml", &spec.replace("idle_timeout = 90", "idle_timeout = 120"))?;
    let plans = bench.plan(BOTH).await?;
    let steps: Vec<_> = plans.iter().flat_map(|plan| &plan.plan.steps).collect();
    ensure!(
        matches!(steps.as_slice(), [one] if one.action == Action::Update && one.address.to_string() == "aws_lb.main"),
        "{}",
        shown(&plans)
    );
    bench.apply(plans).await?;
    bench.is_settled(BOTH).await?;

    bench.destroy(BOTH).await?;
    bench.went_in_order()?;
    bench.is_clean().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_project_lives_in_production() -> Result<()> {
    let mut bench = Bench::start().await?;
    project(&mut bench, "prod")?;
    bench.converge(BOTH).await?;
    bench.destroy(BOTH).await?;
    bench.went_in_order()?;
    bench.is_clean().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_project_lives_without_a_domain() -> Result<()> {
    let mut bench = Bench::start().await?;
    project(&mut bench, "dev")?;
    bench.write("environments/dev.toml", "environment = \"dev\"\n")?;
    bench.converge(BOTH).await?;
    bench.destroy(BOTH).await?;
    bench.went_in_order()?;
    bench.is_clean().await
}

/// Returns what must not change while runtime comes and goes: ids and serial of base.
async fn base(bench: &Bench) -> Result<(u64, Vec<String>)> {
    let plans = bench.plan(&["base"]).await?;
    let state = &plans.first().context("base is planned")?.prepared.state;
    Ok((state.serial, state.records.values().map(|record| record.id.clone()).collect()))
}

/// The reference project's one secret is in no file of the project but the spec that holds its default.
fn no_secret_in_any_file(bench: &Bench) -> Result<()> {
    let mut open = vec![bench.path().join("state")];
    let mut files = 0;
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?);
            continue;
        }
        files += 1;
        let bytes = std::fs::read(&path)?;
        let text = String::from_utf8_lossy(&bytes);
        ensure!(!text.contains("to-be-set-with-LOWTIDE_VAR_api_key"), "{} holds the secret", path.display());
    }
    ensure!(files >= 4, "both stacks have their files");
    Ok(())
}
