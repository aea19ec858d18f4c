//! A project in a folder of its own, and an engine that leads to a simulator.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use lowtide_apply::{Settings, Stop};
use lowtide_engine::{Connect, Engine, StackApplied, StackPlan, Trouble};
use lowtide_ledger::LocalLedger;
use lowtide_model::Place;
use lowtide_plan::{Event, Options, StackDrift, stack_drift};
use lowtide_report::{diagnostics_text, drift_text, plan_text};
use lowtide_resource::{Caller, Doing, Fault, Session, TransportMode};
use lowtide_spec::{Loader, ProjectFiles, Schema, expression::Files};
use lowtide_testkit::{Rules, World, drive};
use tokio::sync::watch;

/// A project in a folder of its own.
pub struct Bench {
    /// The simulator.
    pub world: World,
    folder: tempfile::TempDir,
    connect: Arc<Wire>,
    variables: Option<PathBuf>,
}

impl Bench {
    /// Starts a simulator as slow and as sparing as AWS may be, and makes an empty folder.
    pub async fn start() -> Result<Self> {
        let world = World::start_with(lowtide_testkit::Options::default(), Rules::strict()).await?;
        let folder = tempfile::tempdir()?;
        let connect = Arc::new(Wire::to(world.endpoint(), folder.path()));
        Ok(Self { world, folder, connect, variables: None })
    }

    /// Forgets everything: the simulator's objects, the project, its state.
    pub async fn reset(&mut self) -> Result<()> {
        self.world.reset().await?;
        self.folder = tempfile::tempdir()?;
        self.connect = Arc::new(Wire::to(self.world.endpoint(), self.path()));
        self.variables = None;
        Ok(())
    }

    /// Names the file of the project whose values of variables hold from now on.
    pub fn set_variables(&mut self, path: &str) {
        self.variables = Some(path.into());
    }

    /// Copies a folder into the project.
    pub fn copy(&self, from: &Path) -> Result<()> {
        let mut open = vec![PathBuf::new()];
        while let Some(inner) = open.pop() {
            for entry in std::fs::read_dir(from.join(&inner)).with_context(|| format!("reading {}", from.display()))? {
                let inner = inner.join(entry?.file_name());
                match from.join(&inner).is_dir() {
                    true => open.push(inner),
                    false => self.write(&inner.to_string_lossy(), &std::fs::read_to_string(from.join(&inner))?)?,
                }
            }
        }
        Ok(())
    }

    /// Returns the project's folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file of the project.
    pub fn write(&self, path: &str, text: &str) -> Result<()> {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().context("a file has a folder")?)?;
        Ok(std::fs::write(path, text)?)
    }

    /// Returns an engine that reads the project anew.
    pub fn engine(&self) -> Result<Engine> {
        let mut loader = Loader::new(self.path());
        let project = loader.project().map_err(|wrong| anyhow!("{wrong}"))?;
        let inputs = match &self.variables {
            Some(path) => loader.variables(path, None).map_err(|wrong| anyhow!("{wrong}"))?,
            None => Vec::new(),
        };
        let catalog = lowtide_catalog::all();
        let pause = Duration::from_millis(20);
        Ok(Engine {
            loader,
            project,
            schema: Schema::new(catalog.descriptions().copied()),
            catalog,
            ledger: Arc::new(LocalLedger::new(self.state())),
            connect: Arc::new(Wire::to(self.world.endpoint(), self.path())),
            listener: Arc::new(|_: &Event| {}),
            settings: Settings {
                pause,
                longest_pause: Duration::from_millis(500),
                settle_window: Duration::from_secs(2),
                ..Settings::default()
            },
            stop: watch::channel(Stop::No).1,
            environment: "default".to_owned(),
            inputs,
        })
    }

    /// Returns an engine as it is after it has planned: every text read, and asked whose the credentials are.
    pub async fn begun(&self) -> Result<Engine> {
        let mut engine = self.engine()?;
        engine.load(&[]).map_err(|trouble| explain(&engine, trouble))?;
        engine.connect.identity(self.world.region()).await?;
        Ok(engine)
    }

    fn state(&self) -> PathBuf {
        self.path().join("state")
    }

    /// Plans stacks.
    pub async fn plan(&self, stacks: &[&str]) -> Result<Vec<StackPlan>> {
        let mut engine = self.engine()?;
        let names: Vec<_> = stacks.iter().map(|name| (*name).to_owned()).collect();
        let (loaded, _) = engine.load(&names).map_err(|trouble| explain(&engine, trouble))?;
        engine.plan(&loaded, &Options::default()).await.map_err(|trouble| explain(&engine, trouble))
    }

    /// Applies plans; everything in them must be done.
    pub async fn apply(&self, plans: Vec<StackPlan>) -> Result<Vec<StackApplied>> {
        let engine = self.begun().await?;
        let applied = engine.apply(plans, &Options::default()).await.map_err(|trouble| explain(&engine, trouble))?;
        for stack in &applied {
            if let Some(failure) = stack.applied.failures.first() {
                let text = diagnostics_text(&failure.diagnostic.clone().into(), engine.sources(), 120);
                bail!("{} failed:\n{text}", failure.address);
            }
            ensure!(stack.is_whole(), "{} did not come through whole: {:?}", stack.stack, stack.applied.ledger);
        }
        Ok(applied)
    }

    /// Plans and applies stacks, and checks that there is nothing to do afterwards.
    pub async fn converge(&self, stacks: &[&str]) -> Result<()> {
        let plans = self.plan(stacks).await?;
        self.apply(plans).await?;
        self.is_settled(stacks).await
    }

    /// Checks that there is nothing to do.
    pub async fn is_settled(&self, stacks: &[&str]) -> Result<()> {
        let again = self.plan(stacks).await?;
        ensure!(
            again.iter().all(|plan| plan.plan.is_empty() && plan.plan.blocked.is_empty()),
            "the next plan is not empty:\n{}",
            shown(&again)
        );
        ensure!(again.iter().all(|plan| plan.plan.drift.is_empty()), "the next plan sees drift:\n{}", shown(&again));
        let drift = drift_of(&again);
        ensure!(drift.iter().all(|one| !one.is_any() && one.unseen.is_empty()), "there is drift:\n{}", drift_text(&drift, 120));
        Ok(())
    }

    /// Destroys stacks, and checks that nothing is left of them.
    pub async fn destroy(&self, stacks: &[&str]) -> Result<()> {
        let mut engine = self.engine()?;
        let names: Vec<_> = stacks.iter().map(|name| (*name).to_owned()).collect();
        let (loaded, _) = engine.load(&names).map_err(|trouble| explain(&engine, trouble))?;
        let plans = engine.plan_destroy(&loaded, &Options::default(), true).await.map_err(|trouble| explain(&engine, trouble))?;
        let applied = self.apply(plans).await?;
        ensure!(applied.iter().all(|stack| stack.applied.state.records.is_empty()), "records are left");
        Ok(())
    }

    /// Checks that nothing was asked for while something else held it: neither AWS's table of the proxy nor moto refused.
    pub fn went_in_order(&self) -> Result<()> {
        let refused = self.world.proxy().refused_in_use();
        ensure!(refused.is_empty(), "asked for while it was in use: {refused:#?}");
        Ok(())
    }

    /// Checks that the simulator holds nothing of ours, and was asked nothing it can't do.
    pub async fn is_clean(&self) -> Result<()> {
        let left = self.world.leftovers().await?;
        ensure!(left.is_empty(), "left behind: {}", left.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
        let missing = self.world.proxy().not_implemented();
        ensure!(missing.is_empty(), "the simulator can't do: {missing:?}");
        Ok(())
    }
}

/// Returns what `lowtide drift` would say, from what was seen while planning.
pub fn drift_of(plans: &[StackPlan]) -> Vec<StackDrift> {
    let schema = Schema::new(lowtide_catalog::all().descriptions().copied());
    let drift = |plan: &StackPlan| {
        let prepared = &plan.prepared;
        let loaded = &prepared.loaded;
        stack_drift(&loaded.key, &loaded.configuration, &schema, &prepared.providers, &prepared.state, &plan.sights)
    };
    plans.iter().map(drift).collect()
}

/// Returns plans as a user sees them.
pub fn shown(plans: &[StackPlan]) -> String {
    let plans: Vec<_> = plans.iter().map(|plan| plan.plan.clone()).collect();
    plan_text(&plans, &lowtide_diagnostic::Sources::default(), 120)
}

/// Returns what stopped a command as a user reads it.
pub fn explain(engine: &Engine, trouble: Trouble) -> anyhow::Error {
    match trouble {
        Trouble::Wrong(wrong) => anyhow!("{}", diagnostics_text(&wrong, engine.sources(), 120)),
        Trouble::Held(held) => anyhow!("{}", diagnostics_text(&held.into(), engine.sources(), 120)),
    }
}

/// The way to the simulator. As the real one it leads into an account only when somebody has asked whose the credentials are.
struct Wire {
    endpoint: String,
    files: ProjectFiles,
    account: OnceLock<String>,
    sessions: Mutex<HashMap<Place, Arc<Session>>>,
}

impl Wire {
    fn to(endpoint: String, project: &Path) -> Self {
        Self { endpoint, files: ProjectFiles::beneath(project), account: OnceLock::new(), sessions: Mutex::default() }
    }

    fn leads(&self, place: &Place) -> Arc<Session> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let files = self.files.clone();
            let session = drive::session(&self.endpoint, &place.region, |config| Some(lowtide_catalog::tagger(config)));
            Arc::new(session.with_files(Arc::new(move |path, limit| files.read_up_to(path, limit))))
        };
        sessions.entry(place.clone()).or_insert_with(make).clone()
    }
}

impl Connect for Wire {
    fn region(&self) -> Option<String> {
        Some("us-west-2".to_owned())
    }

    fn identity<'a>(&'a self, region: &'a str) -> Doing<'a, Caller> {
        Box::pin(async move {
            let place = Place { account: drive::ACCOUNT.to_owned(), partition: "aws".to_owned(), region: region.to_owned() };
            let who = lowtide_catalog::identity(self.leads(&place).reading_config()).await?;
            self.account.get_or_init(|| who.account.clone());
            Ok(who)
        })
    }

    fn session(&self, place: &Place) -> Result<Arc<Session>, Fault> {
        if !place.account.is_empty() && self.account.get().is_none() {
            return Err(Fault::ours("nobody has asked yet whose the credentials are"));
        }
        Ok(self.leads(place))
    }

    fn set_mode(&self, _mode: TransportMode) {}
}

/// Returns the session of the simulator's own account and region.
pub fn session(bench: &Bench) -> Result<Arc<Session>> {
    let place = Place { account: drive::ACCOUNT.to_owned(), partition: "aws".to_owned(), region: bench.world.region().to_owned() };
    Ok(bench.connect.leads(&place))
}
