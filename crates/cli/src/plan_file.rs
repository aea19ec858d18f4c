//! Files that `lowtide plan --out` wrote: found, read, and planned again.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use lowtide_apply::Stop;
use lowtide_diagnostic::Diagnostic;
use lowtide_engine::{SavedPlan, StackPlan};
use lowtide_plan::Options;
use tokio::sync::watch;

use crate::{arguments::ValueArguments, exit::Stopped, planning, shell::Shell, workspace::Workspace};

/// A plan file is small: it holds no values.
const LONGEST: u64 = 10 << 20;

/// Returns the plan file that the arguments name, if they name one: a file that exists and is no stack.
///
/// # Errors
/// When a file is named beside something else, or one that is not there.
pub fn named(workspace: &Workspace<'_>, arguments: &[String]) -> Result<Option<PathBuf>, Stopped> {
    let is_stack = |name: &str| workspace.engine.project.stacks.contains_key(name);
    let Some(name) = arguments.iter().find(|name| !is_stack(name) && (Path::new(name).exists() || name.contains(['/', '.']))) else {
        return Ok(None);
    };
    if arguments.len() > 1 {
        let detail = format!("`{name}` is a plan file, and a plan file says itself which stacks it is about.");
        return Err(Diagnostic::error("Plan file beside stacks", detail).hint(format!("name it alone: {name}")).into());
    }
    if !Path::new(name).is_file() {
        let detail = format!("`{name}` is neither a stack of the project nor a plan file.");
        return Err(Diagnostic::error("No such plan file", detail).hint("make one with: lowtide plan --out FILE").into());
    }
    Ok(Some(PathBuf::from(name)))
}

/// Opens the project as the plan wants it.
///
/// # Errors
/// When the file is no plan, or the project can't be opened.
pub fn open<'a>(shell: &'a Shell, path: &Path, values: &ValueArguments) -> Result<(Workspace<'a>, SavedPlan, Options), Stopped> {
    let saved = SavedPlan::parse(&read(path)?)?;
    let options = saved.options()?;
    let mut values = values.clone();
    values.chosen.environment.get_or_insert_with(|| saved.environment.clone());
    Ok((Workspace::open_with(shell, &values)?, saved, options))
}

/// Plans again, and checks that it comes to what the file says.
///
/// # Errors
/// When something is another now.
pub async fn plan(
    workspace: &mut Workspace<'_>,
    saved: &SavedPlan,
    options: &Options,
    stop: &watch::Receiver<Stop>,
) -> Result<Vec<StackPlan>, Stopped> {
    let stacks: Vec<_> = saved.stacks.iter().map(|one| one.stack.clone()).collect();
    let loaded = workspace.load(&stacks)?;
    workspace.show_progress();
    // Whoever made a plan to destroy a persistent stack has insisted already.
    let plans = planning::plan(workspace, &loaded, options, true, stop).await?;
    workspace.engine.is_saved(saved, &plans).map_err(|wrong| workspace.stopped(wrong))?;
    Ok(plans)
}

fn read(path: &Path) -> Result<String, Diagnostic> {
    let failed = |why: String| Diagnostic::error("No plan file", format!("`{}` {why}.", path.display()));
    let file = std::fs::File::open(path).map_err(|error| failed(format!("can't be read: {}", error.kind())))?;
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).map_err(|error| failed(format!("can't be read: {}", error.kind())))?;
    Ok(text)
}
