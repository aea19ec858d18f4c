//! A destroy that waits for nothing, after a create whose first request was lost: what may come back is left open in the state, each
//! command tells of it, and the next run closes it.

use anyhow::{Result, ensure};
use lowtide_testkit::{Fault, Match, What};

use super::process::{DONE, FAILED, Process, must, run};
use crate::bench::Bench;

const PROJECT: &str = r#"
[project]
name = "watched"

[state]
backend = "local"
path = "state"

[stacks.ground]
spec = "ground.toml"

[stacks.top]
spec = "top.toml"

[environments.dev]
"#;

const GROUND: &str = "[resource.aws_cloudwatch_log_group.ground]\nname = \"/watched/ground\"\n";

const TOP: &str = r#"
[stack]
lifecycle = "ephemeral"
requires = ["ground"]

[stack.schedule]
timezone = "UTC"
up = "0 8 * * *"
down = "0 20 * * *"

[resource.aws_cloudwatch_log_group.top]
name = "/watched/top"
"#;

/// As long that no step of this test can take it.
const LONG: &str = "15m";

async fn said(bench: &Bench, words: &[&str], code: i32, says: &[&str]) -> Result<()> {
    let ended = Process::start_in(bench, words, LONG)?.end().await?;
    ensure!(ended.code == Some(code), "{words:?} ended with {:?}:\n{}", ended.code, ended.words);
    let missing = says.iter().find(|one| !ended.words.contains(**one));
    ensure!(missing.is_none(), "{words:?} does not say {missing:?}:\n{}", ended.words);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_open_is_told_of_and_closed_by_the_next_run() -> Result<()> {
    let bench = Bench::start().await?;
    for (path, text) in [("lowtide.toml", PROJECT), ("ground.toml", GROUND), ("top.toml", TOP)] {
        bench.write(path, text)?;
    }
    must(&bench, &["apply", "--yes", "ground"]).await?;
    let lost = Match::operation("logs", "CreateLogGroup").nth(1);
    bench.world.proxy().inject(Fault { on: lost, what: What::DropBeforeSend });
    said(&bench, &["apply", "--yes", "top"], DONE, &[]).await?;
    bench.world.proxy().clear_faults();

    let address = "aws_cloudwatch_log_group.top";
    said(&bench, &["down", "--yes", "--no-wait", "top"], DONE, &["Deleted, and may be made anew", address, "The state keeps them"]).await?;
    said(&bench, &["state", "list", "top"], DONE, &["aws_cloudwatch_log_group.top  (deleted, and watched)"]).await?;
    said(&bench, &["show", "top"], DONE, &["0 resources, 1 deleted and watched", "may make it anew until"]).await?;
    said(&bench, &["plan", "--destroy", "top"], DONE, &["is deleted, and will be looked for once more", "lowtide recover top -e dev"])
        .await?;
    said(&bench, &["tide", "status", "top"], DONE, &["down", "1 request may still bring something about"]).await?;
    said(&bench, &["destroy", "--yes", "--allow-persistent", "ground"], FAILED, &["Stack still needed"]).await?;
    said(&bench, &["recover", "--no-wait", "top"], DONE, &[address, "is left open"]).await?;

    // Nothing is waited for longer than the settle window of whoever looks, which is two seconds here.
    let closed = must(&bench, &["recover", "top"]).await?;
    ensure!(closed.words.contains("stays gone, and is watched no longer"), "{}", closed.words);
    let nothing = run(&bench, &["state", "list", "top"]).await?;
    ensure!(!nothing.words.contains(address), "{}", nothing.words);
    must(&bench, &["destroy", "--yes", "--allow-persistent", "ground"]).await?;
    bench.is_clean().await
}
