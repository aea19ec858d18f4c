//! Files that `lowtide plan --out` wrote: found, read, and planned again.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use lowtide_apply::Stop;
use lowtide_diagnostic::Diagnostic;
use lowtide_engine::{SavedPlan, StackPlan};
use lowtide_plan::Options;
use lowtide_spec::Origin;
use tokio::sync::watch;

use crate::{
    arguments::ValueArguments,
    exit::Stopped,
    planning,
    shell::Shell,
    workspace::{Workspace, named_from, root},
};

/// A plan file is small.
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

/// Returns a plan in the form that is kept in a file.
pub fn of(workspace: &Workspace<'_>, plans: &[StackPlan], options: &Options, values: &ValueArguments) -> Result<SavedPlan, Stopped> {
    let mut saved = workspace.engine.save(plans, options);
    for path in &values.var_files {
        saved.variable_files.push(named_from(workspace.engine.loader.root(), path)?.display().to_string());
    }
    Ok(saved)
}

/// Opens the project as the plan wants it: its environment, and the values of variables that it was made with.
///
/// # Errors
/// When the file is no plan, the project can't be opened, or a sensitive value must be given again.
pub fn open<'a>(shell: &'a Shell, path: &Path, values: &ValueArguments) -> Result<(Workspace<'a>, SavedPlan, Options), Stopped> {
    let saved = SavedPlan::parse(&read(path)?)?;
    let options = saved.options()?;
    let root = root()?;
    let mut values = values.clone();
    values.chosen.environment.get_or_insert_with(|| saved.environment.clone());
    values.vars.splice(0..0, saved.variables.iter().map(|(name, value)| format!("{name}={value}")));
    values.var_files.splice(0..0, saved.variable_files.iter().map(|path| root.join(path)));
    let workspace = Workspace::open_with(shell, &values)?;
    let given = |name: &str| {
        workspace.engine.inputs.iter().any(|input| input.name == name && matches!(input.from, Origin::Flag | Origin::Environment))
    };
    let missing: Vec<_> = saved.withheld.iter().filter(|name| !given(name)).collect();
    if !missing.is_empty() {
        let names: Vec<_> = missing.iter().map(|name| format!("`{name}`")).collect();
        let flags: Vec<_> = missing.iter().map(|name| format!("--var {name}=…")).collect();
        let detail = format!("The plan was made with a value for {} that is sensitive, and so not in its file.", names.join(", "));
        return Err(Diagnostic::error("Missing variable", detail).hint(format!("give it again: {}", flags.join(" "))).into());
    }
    Ok((workspace, saved, options))
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
    if options.destroy {
        workspace.engine.loader.do_without_files();
    }
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
