//! One spec, from text to plan: what the engine does with a stack that has no state and calls nothing.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use lowtide_diagnostic::Diagnostics;
use lowtide_graph::Declarations;
use lowtide_model::{Place, Value};
use lowtide_plan::{Answers, Input, Options, Plan, Progress, Providers, Spec, World, advance, providers};
use lowtide_resource::Catalog;
use lowtide_spec::{Configuration, Loader, Schema, Values, resolve_variables};
use lowtide_state::{Digest, Digester, StackKey, State};

use crate::{process, synthetic::STACK};

/// What planning took.
#[derive(Clone, Copy, Debug)]
pub struct Spent {
    /// How many steps there are.
    pub steps: usize,
    /// Before anything was read: the start of the process.
    pub start: Duration,
    /// Reading and checking.
    pub check: Duration,
    /// Finding what refers to what.
    pub graph: Duration,
    /// Deciding.
    pub plan: Duration,
    /// The most memory held, in KiB.
    pub peak: u64,
}

impl Spent {
    /// Returns the CPU time of everything.
    pub fn total(&self) -> Duration {
        self.start + self.check + self.graph + self.plan
    }
}

/// Plans the project in a folder and says what this process spent on it.
///
/// # Errors
/// When the project is wrong, or the system does not tell.
pub fn measure(folder: &Path) -> Result<Spent> {
    let schema = Schema::new(lowtide_service_builtin::register(Catalog::default()).descriptions().cloned());
    let start = process::cpu()?;
    let mut loader = Loader::new(folder);
    let configuration = load(&mut loader, &schema).map_err(wrong)?;
    let checked = process::cpu()?;
    let graph = Declarations::of(&configuration).map_err(wrong)?;
    let ordered = process::cpu()?;
    let plan = plan(&loader, &configuration, &graph, &schema).map_err(wrong)?.context("planning asks, and there is nothing to ask")?;
    let planned = process::cpu()?;
    ensure!(plan.steps.len() == configuration.declarations().count(), "each resource is new");
    let peak = process::peak(std::process::id()).context("peak memory")?;
    Ok(Spent { steps: plan.steps.len(), start, check: checked - start, graph: ordered - checked, plan: planned - ordered, peak })
}

fn load(loader: &mut Loader, schema: &Schema) -> Result<Configuration, Diagnostics> {
    let project = loader.project()?;
    let entry = &project.stacks[STACK];
    loader.stack(STACK, &entry.spec, Some(entry.place.clone()), schema).map(|(configuration, _)| configuration)
}

fn plan(loader: &Loader, configuration: &Configuration, graph: &Declarations, schema: &Schema) -> Result<Option<Plan>, Diagnostics> {
    let files: lowtide_spec::SharedFiles = Arc::new(loader.files());
    let mut values = Values::new(files.clone());
    values.set_variables(resolve_variables(configuration, &[], files)?);
    let (none, nowhere) = (Providers::new(), BTreeMap::new());
    let world = World::new(configuration, graph, schema, &none, &nowhere, values.clone());
    let providers = providers(configuration, world.scope())?;
    let stack = StackKey { project: "bench".to_owned(), environment: "default".to_owned(), stack: STACK.to_owned() };
    let spec = Spec { stack: &stack, configuration, graph, schema, values: &values, providers: &providers, beside: &[] };
    let input = Input {
        spec,
        places: &BTreeMap::from([(None, Place::default())]),
        state: &State::new(""),
        sights: &BTreeMap::new(),
        answers: &Answers::default(),
        digester: &NoSecrets,
        options: &Options::default(),
    };
    match advance(&input)? {
        Progress::Done(plan) => Ok(Some(*plan)),
        Progress::Needs(_) => Ok(None),
    }
}

/// There is nothing sensitive in a synthetic spec.
struct NoSecrets;

impl Digester for NoSecrets {
    fn digest(&self, _path: &str, _value: &Value) -> Digest {
        unreachable!("a synthetic spec holds no secrets")
    }

    fn is_of(&self, _digest: &Digest, _path: &str, _value: &Value) -> bool {
        false
    }

    fn fingerprint(&self, _bytes: &[u8]) -> String {
        String::new()
    }
}

fn wrong(found: Diagnostics) -> anyhow::Error {
    let first: Vec<_> = found.into_iter().take(5).map(|one| format!("{}: {}", one.summary, one.detail)).collect();
    anyhow::anyhow!("{}", first.join("\n"))
}
