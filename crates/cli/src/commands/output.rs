//! `lowtide output`

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use lowtide_apply::Stop;
use lowtide_diagnostic::Diagnostic;
use lowtide_model::Value;
use lowtide_plan::Options;
use lowtide_report::{output_text, outputs_json, outputs_text};
use lowtide_state::OutputValue;
use serde_json::json;
use tokio::sync::watch;

use crate::{
    arguments::ValueArguments,
    exit::{Exit, Stopped},
    shell::{Ended, Shell, unless_stopped},
    workspace::{Workspace, unknown},
};

/// Show what stacks have published.
///
/// Sensitive outputs are masked. One that is asked for by name is shown in clear: only its digest is kept, so the stack is
/// planned to learn it.
#[derive(Debug, Args)]
#[command(override_usage = "lowtide output [OPTIONS] [STACK] [NAME]")]
pub struct Output {
    /// The stack, and one of its outputs. The stack may be left out where the project has one.
    #[arg(value_name = "NAME", num_args = 0..=2)]
    names: Vec<String>,

    #[command(flatten)]
    values: ValueArguments,

    /// Print JSON, in the shape of `terraform output -json`.
    #[arg(long, conflicts_with = "raw")]
    pub json: bool,

    /// Print the one output as it is, without quotes and without a line's end.
    #[arg(long)]
    raw: bool,
}

/// The outputs of one stack.
type Outputs = BTreeMap<String, OutputValue>;

impl Output {
    pub fn run(self, shell: &Shell) -> Ended {
        shell.run(|stop| async move {
            let mut workspace = Workspace::open_with(shell, &self.values)?;
            let stacks = workspace.engine.project.stacks.keys().map(ToString::to_string).collect::<Vec<_>>();
            let (stack, name) = match self.names.as_slice() {
                [] if stacks.len() == 1 && self.raw => (stacks.first().cloned(), None),
                [] => (None, None),
                [stack] if stacks.contains(stack) => (Some(stack.clone()), None),
                [name] if stacks.len() == 1 => (stacks.first().cloned(), Some(name)),
                [stack] => (Some(workspace.one_stack(Some(stack))?), None),
                [stack, name, ..] => (Some(workspace.one_stack(Some(stack))?), Some(name)),
            };
            match (stack, name) {
                (Some(stack), Some(name)) => self.one(shell, &mut workspace, &stack, name, &stop).await,
                (_, None) if self.raw => {
                    let detail = "--raw prints one output as it is, and no output is named.";
                    Err(Diagnostic::error("No output named", detail).hint("write: lowtide output STACK NAME --raw").into())
                }
                (Some(stack), None) => self.all(shell, workspace, vec![stack]).await,
                (None, _) => self.all(shell, workspace, stacks).await,
            }
        })
    }

    async fn all(&self, shell: &Shell, workspace: Workspace<'_>, stacks: Vec<String>) -> Ended {
        let workspace = workspace.checked()?;
        let several = stacks.len() > 1;
        let mut document = serde_json::Map::new();
        let mut parts = Vec::new();
        for stack in stacks {
            let outputs = published(&workspace, &stack).await?.unwrap_or_default();
            if outputs.is_empty() && !self.json {
                shell.console.talk(&format!("{stack} has published nothing in environment {}.", workspace.engine.environment));
                continue;
            }
            let text = outputs_text(&outputs, shell.console.width());
            parts.push(if several {
                format!("{stack}\n{}", text.lines().map(|line| format!("  {line}\n")).collect::<String>())
            } else {
                text
            });
            document.insert(stack, outputs_json(&outputs, &BTreeMap::new()));
        }
        if self.json {
            let only = if several { None } else { document.values().next().cloned() };
            shell.console.json(&only.unwrap_or_else(|| json!({ "format_version": "1.0", "stacks": document })))?;
        } else {
            shell.console.data(&parts.join("\n"))?;
        }
        Ok(Exit::Done)
    }

    async fn one(&self, shell: &Shell, workspace: &mut Workspace<'_>, stack: &str, name: &str, stop: &watch::Receiver<Stop>) -> Ended {
        let Some(outputs) = published(workspace, stack).await? else {
            let detail =
                format!("Stack `{stack}` has not been applied in environment {}, so it has no outputs.", workspace.engine.environment);
            return Err(Diagnostic::error("Nothing published", detail)
                .hint(format!("apply it first: {}", workspace.engine.command(&format!("apply {stack}"))))
                .into());
        };
        let known: Vec<&str> = outputs.keys().map(String::as_str).collect();
        let value = match outputs.get(name) {
            Some(OutputValue::Clear { value, .. }) => value.clone(),
            Some(OutputValue::Sensitive { .. }) => in_clear(workspace, stack, name, stop).await?,
            None => return Err(unknown("Unknown output", &format!("Stack `{stack}` has published no output"), name, &known).into()),
        };
        if self.json {
            shell.console.json(&value.to_json())?;
        } else if self.raw {
            shell.console.data(&raw(name, &value)?)?;
        } else {
            shell.console.data_line(&output_text(&value))?;
        }
        Ok(Exit::Done)
    }
}

async fn published(workspace: &Workspace<'_>, stack: &str) -> Result<Option<Outputs>, Stopped> {
    let engine = &workspace.engine;
    engine.ledger.outputs(&engine.key(stack)).await.map_err(|fault| workspace.stopped(fault))
}

/// Learns a sensitive output by planning its stack, and those that it requires.
async fn in_clear(workspace: &mut Workspace<'_>, stack: &str, name: &str, stop: &watch::Receiver<Stop>) -> Result<Value, Stopped> {
    let all = workspace.load(&[])?;
    let mut needed = BTreeSet::from([stack.to_owned()]);
    // Each stack stands after those that it requires.
    for one in all.iter().rev().filter(|one| one.key.stack == stack || !one.configuration.stack.requires.is_empty()) {
        if needed.contains(&one.key.stack) {
            needed.extend(one.configuration.stack.requires.iter().map(|(name, _)| name.to_string()));
        }
    }
    let loaded: Vec<_> = all.into_iter().filter(|one| needed.contains(&one.key.stack)).collect();
    workspace.show_progress();
    let plans = unless_stopped(stop, workspace.engine.plan(&loaded, &Options::default())).await?;
    let plans = plans.map_err(|trouble| workspace.stopped(trouble))?;
    let output =
        plans.iter().filter(|one| one.plan.stack.stack == stack).flat_map(|one| &one.plan.outputs).find(|output| output.name == name);
    match output.filter(|output| !output.changed).and_then(|output| output.after.known()) {
        Some(value) => Ok(value),
        None => {
            let detail = format!("Only a digest of `{name}` is kept, and what its spec says now is another value, or not known yet.");
            Err(Diagnostic::error("Output not known", detail)
                .hint(format!("apply the stack, then ask again: {}", workspace.engine.command(&format!("apply {stack}"))))
                .into())
        }
    }
}

fn raw(name: &str, value: &Value) -> Result<String, Diagnostic> {
    match value {
        Value::String(_) | Value::Bool(_) | Value::Number(_) => Ok(output_text(value)),
        Value::Null | Value::List(_) | Value::Set(_) | Value::Map(_) | Value::Object(_) => {
            let detail = format!("`{name}` is no text, number or bool, and so has no raw form.");
            Err(Diagnostic::error("No raw form", detail).hint(format!("ask for JSON: lowtide output {name} --json")))
        }
    }
}
