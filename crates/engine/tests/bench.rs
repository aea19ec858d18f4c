//! An engine on a pretend AWS with a ledger in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use lowtide_apply::{Clock, Settings, Stop};
use lowtide_diagnostic::Diagnostics;
use lowtide_engine::{Connect, Engine, Loaded, StackApplied, StackPlan, Trouble};
use lowtide_graph::Declarations;
use lowtide_ledger::MemoryLedger;
use lowtide_model::Place;
use lowtide_plan::{Event, Options, Plan};
use lowtide_resource::{Caller, Doing, Fault, Session, TAG_STACK, TransportMode};
use lowtide_spec::{Loader, NoFiles, Project, Schema, Table, check, configuration, project::Backend};
use lowtide_state::{Ledger, State};
use lowtide_testkit::pretend::{ACCOUNT, Pretend};
use tokio::{sync::watch, time::Instant};

use crate::mortal::MortalLedger;

/// An engine, and the world it works on.
pub struct Bench {
    pub engine: Engine,
    pub pretend: Pretend,
    pub ledger: MemoryLedger,
    pub wall: Wall,
}

/// A clock on the wall: it goes on with the time of the test, and leaps when somebody sets it.
#[derive(Clone)]
pub struct Wall {
    began: Instant,
    set_by: Arc<AtomicI64>,
}

impl Wall {
    fn new() -> Self {
        Self { began: Instant::now(), set_by: Arc::default() }
    }

    /// Sets it forward, or back, by so many seconds.
    pub fn leap(&self, seconds: i64) {
        self.set_by.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Returns how a process reads it that begins now.
    fn clock(&self) -> Clock {
        let Self { began, set_by } = self.clone();
        Clock::of(move || 1_800_000_000_u64.saturating_add(began.elapsed().as_secs()).saturating_add_signed(set_by.load(Ordering::Relaxed)))
    }
}

/// The way to the pretend AWS. As the real one it leads into an account only when somebody has asked whose the credentials are.
#[derive(Default)]
struct Nowhere {
    asked: AtomicBool,
    sessions: Mutex<BTreeMap<Place, Arc<Session>>>,
}

impl Connect for Nowhere {
    fn region(&self) -> Option<String> {
        Some("eu-west-1".to_owned())
    }

    fn identity<'a>(&'a self, _region: &'a str) -> Doing<'a, Caller> {
        self.asked.store(true, Ordering::Relaxed);
        let caller = Caller {
            account: ACCOUNT.to_owned(),
            arn: format!("arn:aws:iam::{ACCOUNT}:user/tester"),
            user_id: "AIDATESTER".to_owned(),
            partition: "aws".to_owned(),
        };
        Box::pin(async { Ok(caller) })
    }

    fn session(&self, place: &Place) -> Result<Arc<Session>, Fault> {
        if !place.account.is_empty() && !self.asked.load(Ordering::Relaxed) {
            return Err(Fault::ours("nobody has asked yet whose the credentials are"));
        }
        let mut sessions = self.sessions.lock().expect("no test has panicked here");
        Ok(sessions.entry(place.clone()).or_insert_with(|| Arc::new(Pretend::session(place))).clone())
    }

    fn set_mode(&self, _mode: TransportMode) {}
}

impl Bench {
    pub fn new() -> Self {
        let (pretend, ledger, wall) = (Pretend::new(), MemoryLedger::new(), Wall::new());
        let catalog = pretend.catalog();
        let schema = Schema::new(catalog.descriptions().copied());
        let engine = Engine {
            loader: Loader::new("."),
            project: Project {
                name: "laws".into(),
                allowed_account_ids: Vec::new(),
                state: Backend::Local { path: PathBuf::from("state") },
                stacks: Default::default(),
                encryption: Default::default(),
                environments: Default::default(),
            },
            catalog,
            schema,
            ledger: Arc::new(MortalLedger { ledger: ledger.clone(), fate: pretend.fate().clone() }),
            connect: Arc::new(Nowhere::default()),
            listener: Arc::new(|_: &Event| {}),
            // What is in use is there in a wrong order; waiting would hide it. A run here is short, and makes checkpoints all the same.
            settings: Settings { parallelism: 4, checkpoint: 7, clock: wall.clock(), ..Settings::default() },
            stop: watch::channel(Stop::No).1,
            environment: "default".to_owned(),
            inputs: Vec::new(),
        };
        Self { engine, pretend, ledger, wall }
    }

    /// What ran is killed; what is done next another process does.
    pub fn kill(&mut self) {
        self.ledger.crash();
        self.another_process();
    }

    /// What is done next another process does.
    pub fn another_process(&mut self) {
        self.engine.connect = Arc::new(Nowhere::default());
        self.engine.settings.clock = self.wall.clock();
    }

    pub fn load(&self, spec: &str) -> Vec<Loaded> {
        let mut found = Diagnostics::default();
        let table = Table::read(spec, 0, &mut found).expect("TOML");
        let (configuration, mistakes) = configuration::read("all", vec![table], &self.engine.schema);
        found.extend(mistakes);
        found.extend(check(&configuration, &self.engine.schema, &NoFiles));
        assert!(found.is_empty(), "{found}\n{spec}");
        let graph = Declarations::of(&configuration).expect("no cycle");
        vec![Loaded { key: self.engine.key("all"), configuration, graph }]
    }

    pub async fn plan(&self, spec: &str) -> Result<StackPlan, Trouble> {
        Ok(self.engine.plan(&self.load(spec), &Options::default()).await?.remove(0))
    }

    /// Plans and applies.
    pub async fn apply(&self, spec: &str) -> Result<Option<StackApplied>, Trouble> {
        let plans = self.engine.recover_and_plan(&self.load(spec), &Options::default(), false).await?;
        Ok(self.engine.apply(plans, &Options::default()).await?.pop())
    }

    /// Plans the end of everything and does it.
    pub async fn destroy(&self, spec: &str) -> Result<Option<StackApplied>, Trouble> {
        let options = Options { destroy: true, ..Options::default() };
        let plans = self.engine.recover_and_plan(&self.load(spec), &options, true).await?;
        Ok(self.engine.apply(plans, &options).await?.pop())
    }

    /// Does something until the run is struck dead; then nothing of it goes on, and its lock is gone. `None` says that it was.
    pub async fn mortal<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let ended = self.pretend.fate().outlived_by(work).await;
        if ended.is_none() {
            self.ledger.crash();
        }
        ended
    }

    /// Says what a destroy that should have come through has left: in the world, and in the state.
    pub async fn nothing_is_left(&self) -> Result<(), String> {
        let left: Vec<_> = self.pretend.things().into_iter().map(|thing| thing.id).collect();
        let state = self.state().await;
        if left.is_empty() && state.records.is_empty() && state.pending.is_empty() {
            return Ok(());
        }
        Err(format!("destroy leaves {left:?}, {} records, {} in doubt", state.records.len(), state.pending.len()))
    }

    pub async fn state(&self) -> State {
        self.ledger.read(&self.engine.key("all")).await.expect("a state").map_or_else(|| State::new(""), |loaded| loaded.state)
    }

    /// Says what is wrong after an apply that should have come through: steps that are left, orphans, duplicates, lost records.
    pub async fn settled(&self, spec: &str) -> Result<(), String> {
        let plan = self.plan(spec).await.map_err(|trouble| format!("no plan: {}", words(&trouble)))?.plan;
        if !plan.is_empty() || !plan.blocked.is_empty() {
            return Err(format!("there is more to do:\n{}", steps(&plan)));
        }
        if !plan.drift.is_empty() {
            return Err(format!("drift without anybody doing something: {:?}", plan.drift));
        }
        self.accounted().await
    }

    /// Says what of ours is not in the state, or in it twice, or no longer there.
    pub async fn accounted(&self) -> Result<(), String> {
        let state = self.state().await;
        let asks = |kind: &str| kind != "pretend_note";
        let known: Vec<_> = state.records.values().filter(|record| asks(record.address.kind())).map(|record| record.id.clone()).collect();
        let remembered: BTreeSet<_> = known.iter().cloned().collect();
        let there: BTreeSet<_> = self.pretend.things().into_iter().map(|thing| thing.id).collect();
        if known.len() != remembered.len() {
            return Err(format!("one thing has two records: {known:?}"));
        }
        if remembered != there {
            let (lost, orphans): (Vec<_>, Vec<_>) = (remembered.difference(&there).collect(), there.difference(&remembered).collect());
            return Err(format!("orphans: {orphans:?}, lost: {lost:?}"));
        }
        // No spec asks for it, and a creation that was interrupted does not leave it.
        if let Some(open) = self.pretend.things().into_iter().find(|thing| thing.is_open()) {
            return Err(format!("{} lets everything out", open.id));
        }
        let strangers = self
            .pretend
            .things()
            .into_iter()
            .filter(|thing| !["pretend_grant", "pretend_gate"].contains(&thing.kind) && thing.tag(TAG_STACK) != Some(&state.lineage));
        let strangers: Vec<_> = strangers.map(|thing| thing.id).collect();
        if strangers.is_empty() { Ok(()) } else { Err(format!("without our tag: {strangers:?}")) }
    }
}

/// Returns what went wrong in an apply, if anything did.
pub fn failures(applied: &Result<Option<StackApplied>, Trouble>) -> Option<String> {
    match applied {
        Ok(None) => None,
        Ok(Some(applied)) if applied.is_whole() => None,
        Ok(Some(applied)) => {
            let mut out = String::new();
            for failure in &applied.applied.failures {
                let _ = writeln!(
                    out,
                    "{:?} {}: {}: {}",
                    failure.action, failure.address, failure.diagnostic.summary, failure.diagnostic.detail
                );
            }
            let _ = write!(out, "skipped {}, interrupted {}", applied.applied.skipped.len(), applied.applied.interrupted);
            Some(out)
        }
        Err(trouble) => Some(words(trouble)),
    }
}

pub fn words(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Wrong(all) => all.to_string(),
        Trouble::Held(one) => one.detail.clone(),
    }
}

pub fn steps(plan: &Plan) -> String {
    let mut out = String::new();
    for step in &plan.steps {
        let _ =
            writeln!(out, "{} {:?} {} #{} {:?} needs {:?}", step.id, step.action, step.address, step.generation, step.reason, step.needs);
        for change in &step.changes {
            let _ = writeln!(out, "    {}: {:?} to {:?}", change.path, change.before.known(), change.after.known());
        }
    }
    for blocked in &plan.blocked {
        let _ = writeln!(out, "blocked {}: {}", blocked.address, blocked.why);
    }
    for output in plan.outputs.iter().filter(|output| output.changed) {
        let _ = writeln!(out, "output {}: {:?} to {:?}", output.name, output.before.known(), output.after.known());
    }
    out
}

/// Runs to the end in a time of its own, in which every pause is over at once.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
    runtime.block_on(work)
}
