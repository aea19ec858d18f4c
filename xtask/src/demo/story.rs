//! What the demo shows, step by step, and what must be true after each.

use anyhow::{Context, ensure};
use lowtide_testkit::World;
use serde_json::Value;
use tokio::runtime::Runtime;

use super::{outsider::Outsider, project::Project};

/// Exit codes of `lowtide`.
const DONE: i32 = 0;
const CHANGES: i32 = 2;

/// Tells the whole story.
pub fn tell(project: &mut Project, world: &World, runtime: &Runtime) -> anyhow::Result<()> {
    title(project, "The specs are checked; nobody is asked.")?;
    project.run(&["validate", "-e", "dev"], DONE)?;
    ensure!(world.proxy().calls().is_empty(), "validate should ask nobody, but calls were made");

    title(project, "Nothing exists yet. Both stacks are planned in one go: base, and runtime on top of what base will publish.")?;
    project.run(&["plan", "-e", "dev"], DONE)?;
    ensure!(runtime.block_on(world.leftovers())?.is_empty(), "a plan must make nothing");

    title(project, "The plan is carried out. In a terminal Lowtide asks first; --yes goes ahead.")?;
    project.run(&["apply", "-e", "dev", "--yes"], DONE)?;
    let (base, ephemeral) = (project.addresses("base")?.len(), project.addresses("runtime")?.len());
    ensure!(base > 0 && ephemeral > 0, "both stacks should have resources, but base has {base} and runtime {ephemeral}");

    title(project, "A second plan finds nothing to do.")?;
    project.run(&["plan", "-e", "dev", "--detailed-exitcode"], DONE)?;

    title(project, "Somebody changes things by hand: keeps logs for a year, renames the VPC, and closes the HTTPS port. It is reported.")?;
    runtime.block_on(by_hand(project, world))?;
    project.run(&["drift", "-e", "dev"], CHANGES)?;

    title(project, "The next apply puts it right.")?;
    project.run(&["apply", "-e", "dev", "--yes"], DONE)?;
    project.run(&["plan", "-e", "dev", "--detailed-exitcode"], DONE)?;

    title(project, "Runtime has a schedule, in the time zone of those who use it. What comes next follows from it.")?;
    project.run(&["tide", "status", "-e", "dev"], DONE)?;
    project.run(&["tide", "next", "-e", "dev", "-n", "4"], DONE)?;

    title(project, "A Tuesday evening, five past eight: what is costly goes, nobody is asked. Base stays as it is, its certificate too.")?;
    let before = project.ask(&["show", "base", "-e", "dev", "--json"])?;
    project.run(&["tide", "run", "--once", "-e", "dev", "--at", "2027-03-03T01:05:00Z"], DONE)?;
    let left = project.addresses("runtime")?;
    ensure!(left.is_empty(), "runtime should be empty, but has {}", left.join(", "));
    ensure!(before == project.ask(&["show", "base", "-e", "dev", "--json"])?, "base should be as it was before runtime went");

    title(project, "The next morning, five past eight: it comes back.")?;
    project.run(&["tide", "run", "--once", "-e", "dev", "--at", "2027-03-03T13:05:00Z"], DONE)?;
    let back = project.addresses("runtime")?.len();
    ensure!(back == ephemeral, "runtime had {ephemeral} resources, now it has {back}");
    ensure!(before == project.ask(&["show", "base", "-e", "dev", "--json"])?, "base should be as it was before runtime came back");
    project.run(&["plan", "-e", "dev", "--detailed-exitcode"], DONE)?;
    project.run(&["output", "-e", "dev"], DONE)?;

    title(project, "All of it goes; base holds what is precious, so it wants to be told twice.")?;
    project.run(&["destroy", "-e", "dev", "--yes", "--allow-persistent"], DONE)?;
    nothing_is_left(project, world, runtime)?;
    sum_up(project, world, base, ephemeral)
}

/// Makes three changes that no spec knows of.
async fn by_hand(project: &Project, world: &World) -> anyhow::Result<()> {
    let state = project.ask(&["show", "base", "-e", "dev", "--json"])?;
    let outsider = Outsider::new(world);
    outsider.keep_logs(attribute(&state, r#"aws_cloudwatch_log_group.app["backend"]"#, "name")?, 365).await?;
    outsider.rename(attribute(&state, "aws_vpc.main", "id")?, "renamed-by-hand").await?;
    let rule = attribute(&state, r#"aws_vpc_security_group_ingress_rule.alb["https"]"#, "id")?;
    outsider.revoke(attribute(&state, "aws_security_group.alb", "id")?, rule).await
}

/// Returns an attribute of a resource as `lowtide show --json` tells it.
fn attribute<'a>(state: &'a Value, address: &str, name: &str) -> anyhow::Result<&'a str> {
    let resources = state["values"]["root_module"]["resources"].as_array().context("a state has resources")?;
    let resource = resources.iter().find(|resource| resource["address"] == address).with_context(|| format!("base has {address}"))?;
    resource["values"][name].as_str().with_context(|| format!("{address} has a {name}"))
}

fn nothing_is_left(project: &Project, world: &World, runtime: &Runtime) -> anyhow::Result<()> {
    for stack in ["base", "runtime"] {
        let left = project.addresses(stack)?;
        ensure!(left.is_empty(), "{stack} should be empty, but has {}", left.join(", "));
    }
    let left = runtime.block_on(world.leftovers())?;
    let words: Vec<_> = left.iter().map(ToString::to_string).collect();
    ensure!(left.is_empty(), "something is left in the simulator:\n  {}", words.join("\n  "));
    let missing = world.proxy().not_implemented();
    ensure!(missing.is_empty(), "the simulator was asked what it cannot do:\n  {}", missing.join("\n  "));
    Ok(())
}

fn sum_up(project: &Project, world: &World, base: usize, ephemeral: usize) -> anyhow::Result<()> {
    let calls = world.proxy().calls();
    let changing = calls.iter().filter(|call| call.mutating).count();
    let lines = [
        format!("{} commands ran, and each ended as it should.", project.commands),
        format!("{} resources: {base} in base, {ephemeral} in runtime, which went and came back in between.", base + ephemeral),
        format!("{} calls to AWS: {changing} that change something, {} that look.", calls.len(), calls.len() - changing),
        "Nothing is left but what AWS itself goes on showing for a while (a deleted NAT gateway, inactive ECS things).".to_owned(),
        "AWS was played by moto (Apache-2.0), a simulator: that a destroy goes well there is no evidence about AWS.".to_owned(),
    ];
    title(project, "The demo is done.")?;
    Ok(lines.iter().try_for_each(|line| project.console.data_line(&format!("  {line}")))?)
}

fn title(project: &Project, words: &str) -> anyhow::Result<()> {
    Ok(project.console.data_line(&format!("\n{words}"))?)
}
