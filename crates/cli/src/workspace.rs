//! A project, opened: its root found, its file read, variables gathered, the engine put together.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use lowtide_apply::Stop;
use lowtide_diagnostic::{Diagnostic, Diagnostics, nearest};
use lowtide_engine::{Engine, Loaded, Trouble};
use lowtide_plan::{Event, Listener};
use lowtide_report::progress::{Bars, Lines};
use lowtide_spec::{Given, Loader, Origin, Project, Schema, VariableInput, expression::Files};
use tokio::sync::watch;

use crate::{
    arguments::{EnvironmentArgument, ValueArguments, WaitArguments},
    connect::AwsConnect,
    exit::Stopped,
    shell::Shell,
    state_place::{Freeing, Reading, StatePlace},
};

const PROJECT_FILE: &str = "lowtide.toml";
/// The environment where none is named.
const DEFAULT: &str = "default";

/// A project, opened.
pub struct Workspace<'a> {
    /// The engine.
    pub engine: Engine,
    /// Where state is kept.
    pub state: StatePlace,
    /// The way to AWS, as the engine has it.
    pub aws: Arc<AwsConnect>,
    // Dropped after all that may have held a stack.
    _freeing: Freeing,
    shell: &'a Shell,
    /// What was wrong on the way; told with what is wrong with the specs.
    wrong: Diagnostics,
}

impl<'a> Workspace<'a> {
    /// Opens the project of the current folder in an environment, without values of variables.
    ///
    /// # Errors
    /// When there is no project, or something is wrong with its file.
    pub fn open(shell: &'a Shell, chosen: &EnvironmentArgument) -> Result<Self, Stopped> {
        Self::open_with(shell, &ValueArguments { chosen: chosen.clone(), ..ValueArguments::default() })
    }

    /// Opens the project of the current folder in an environment, with values of variables.
    ///
    /// # Errors
    /// As [`Workspace::open`].
    pub fn open_with(shell: &'a Shell, values: &ValueArguments) -> Result<Self, Stopped> {
        let root = root()?;
        let mut loader = Loader::new(&root);
        let project = loader.project().map_err(|wrong| Stopped::Trouble(wrong.into(), loader.sources().clone()))?;
        let settings = shell.environment.settings().map_err(|wrong| Stopped::Trouble(wrong.into(), loader.sources().clone()))?;
        let mut wrong = Diagnostics::default();
        let environment = environment(&project, &values.chosen, &mut wrong);
        let inputs = inputs(shell, &mut loader, &project, &environment, values, &mut wrong);
        let catalog = lowtide_catalog::all();
        let schema: Schema = catalog.descriptions().copied().collect();
        let files = loader.files();
        let files = Arc::new(move |path: &str, limit: usize| files.read_up_to(path, limit));
        let connect = AwsConnect::new(shell.environment.clone(), shell.common.allow_endpoint_override, files, &shell.run);
        let connect = Arc::new(connect);
        let state = StatePlace::of(shell, &root, &project, &connect, Reading::Encrypted);
        let engine = Engine {
            loader,
            project,
            catalog,
            schema,
            ledger: state.ledger(),
            connect: connect.clone(),
            listener: Arc::new(|_: &Event| {}),
            settings,
            stop: watch::channel(Stop::No).1,
            environment,
            inputs,
        };
        Ok(Self { engine, _freeing: Freeing(state.clone()), state, aws: connect, shell, wrong })
    }

    /// Takes in something read from the command line; what is wrong with it is told with what is wrong with the specs.
    pub fn take<T: Default>(&mut self, read: Result<T, Diagnostics>) -> T {
        read.unwrap_or_else(|wrong| {
            self.wrong.extend(wrong);
            T::default()
        })
    }

    /// Loads and checks stacks, all when none is named, and tells what they are warned of.
    ///
    /// # Errors
    /// Returns every mistake, those made on the command line included.
    pub fn load(&mut self, names: &[String]) -> Result<Vec<Loaded>, Stopped> {
        let (loaded, warnings) = self.load_quietly(names).map_err(|wrong| self.stopped(wrong))?;
        self.shell.warn(&warnings, self.engine.sources());
        Ok(loaded)
    }

    /// The same, with the warnings handed back.
    ///
    /// # Errors
    /// As [`Workspace::load`].
    pub fn load_quietly(&mut self, names: &[String]) -> Result<(Vec<Loaded>, Diagnostics), Diagnostics> {
        let loaded = self.engine.load(names);
        let mut wrong = std::mem::take(&mut self.wrong);
        match loaded {
            Ok((loaded, warnings)) => {
                wrong.extend(warnings);
                wrong.or(loaded)
            }
            Err(Trouble::Wrong(mistakes)) => {
                wrong.extend(mistakes);
                Err(wrong.sorted())
            }
            Err(Trouble::Held(held)) => Err(held.into()),
        }
    }

    /// Stops if anything was wrong on the way; for commands that load no stacks.
    ///
    /// # Errors
    /// Returns what was wrong.
    pub fn checked(mut self) -> Result<Self, Stopped> {
        let wrong = std::mem::take(&mut self.wrong);
        if wrong.has_errors() { Err(self.stopped(wrong.sorted())) } else { Ok(self) }
    }

    /// Has what may still arrive waited for, or left open.
    pub fn wait_unless(&mut self, waiting: &WaitArguments) {
        self.engine.settings.waits = !waiting.no_wait;
    }

    /// Lets people see what goes on, until [`Workspace::listener`] is replaced.
    pub fn show_progress(&mut self) {
        self.engine.listener = self.progress();
    }

    /// Returns bars on a terminal, lines elsewhere.
    pub fn progress(&self) -> Arc<dyn Listener> {
        let console = self.shell.console;
        // Other lines on the same terminal would tear the bars.
        let bars = console.is_watched() && !self.shell.common.verbose;
        let teller: Box<dyn Listener> = if bars { Box::new(Bars::new(console)) } else { Box::new(Lines::new(console)) };
        Arc::new(move |event: &Event| match event {
            Event::Observing { resources: 0, .. } => {}
            event => teller.hear(event),
        })
    }

    /// Returns what stopped a command, with the texts that it points into.
    pub fn stopped(&self, trouble: impl Into<Trouble>) -> Stopped {
        Stopped::Trouble(self.state.advise(trouble.into()), self.engine.sources().clone())
    }

    /// Returns the one stack that is meant: the named one, or the only one there is.
    ///
    /// # Errors
    /// When there is no such stack, or none is named and there are several.
    pub fn one_stack(&self, name: Option<&str>) -> Result<String, Stopped> {
        let known: Vec<&str> = self.engine.project.stacks.keys().map(|name| &**name).collect();
        match (name, known.as_slice()) {
            (Some(name), known) if known.contains(&name) => Ok(name.to_owned()),
            (Some(name), known) => Err(self.stopped(unknown("Unknown stack", "The project has no stack", name, known))),
            (None, [only]) => Ok((*only).to_owned()),
            (None, known) => {
                let detail = format!("The project has {} stacks, and this command works on one.", known.len());
                Err(self.stopped(Diagnostic::error("No stack named", detail).hint(format!("name one of: {}", known.join(", ")))))
            }
        }
    }
}

/// Returns a diagnostic about a name that is not known, with what was perhaps meant.
pub fn unknown(summary: &str, sentence: &str, name: &str, known: &[&str]) -> Diagnostic {
    let wrong = Diagnostic::error(summary, format!("{sentence} `{name}`."));
    match nearest(name, known.iter().copied()) {
        Some(near) => wrong.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => wrong,
        None => wrong.hint(format!("there is: {}", known.join(", "))),
    }
}

/// Returns the nearest folder, from the current one upwards, that holds a project.
pub fn root() -> Result<PathBuf, Diagnostic> {
    let here = current_folder()?;
    let found = here.ancestors().find(|folder| folder.join(PROJECT_FILE).is_file());
    found.map(Path::to_owned).ok_or_else(|| {
        Diagnostic::error("No project here", format!("There is no {PROJECT_FILE} in {}, nor in a folder above it.", here.display()))
            .hint("go to the project's folder, or name it with -C")
            .hint("to begin a new project: lowtide init")
    })
}

fn current_folder() -> Result<PathBuf, Diagnostic> {
    std::env::current_dir()
        .map_err(|error| Diagnostic::error("No current folder", format!("The current folder can't be found: {}.", error.kind())))
}

fn environment(project: &Project, chosen: &EnvironmentArgument, wrong: &mut Diagnostics) -> String {
    let name = chosen.environment.as_deref().unwrap_or(DEFAULT);
    if name != DEFAULT && !project.environments.contains_key(name) {
        let known: Vec<&str> = project.environments.keys().map(|name| &**name).collect();
        let found = unknown("Unknown environment", "lowtide.toml lists no environment", name, &known);
        wrong.push(found.hint(format!("to add it, write: [environments.{name}]")));
    }
    name.to_owned()
}

/// Gathers values of variables, from the weakest to the strongest.
fn inputs(
    shell: &Shell,
    loader: &mut Loader,
    project: &Project,
    environment: &str,
    values: &ValueArguments,
    wrong: &mut Diagnostics,
) -> Vec<VariableInput> {
    let mut all = Vec::new();
    let mut add = |given: Result<Vec<VariableInput>, Diagnostics>| match given {
        Ok(given) => all.extend(given),
        Err(mistakes) => wrong.extend(mistakes),
    };
    add(shell.environment.variables());
    if let Some((path, place)) = project.environments.get(environment).and_then(|one| one.variables.clone()) {
        add(loader.variables(&path, Some(place)));
    }
    for path in &values.var_files {
        add(named_from(loader.root(), path).map_err(Diagnostics::from).and_then(|path| loader.variables(&path, None)));
    }
    for text in &values.vars {
        add(flag(text).map(|input| vec![input]).map_err(Diagnostics::from));
    }
    all
}

/// Returns a path that was given from the current folder as it is named from the project's root.
pub fn named_from(root: &Path, path: &Path) -> Result<PathBuf, Diagnostic> {
    let whole = current_folder()?.join(path);
    Ok(whole.strip_prefix(root).map_or_else(|_| whole.clone(), Path::to_owned))
}

/// Reads `NAME=VALUE`. What the user typed may be secret, so only the name is repeated.
fn flag(text: &str) -> Result<VariableInput, Diagnostic> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok(VariableInput { name: name.trim().to_owned(), value: Given::Text(value.to_owned()), from: Origin::Flag })
        }
        Some(_) | None => Err(Diagnostic::error("Invalid value", "--var needs a name, an equals sign and a value.")
            .hint("write it like --var region=eu-west-1")),
    }
}
