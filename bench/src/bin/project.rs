//! `project [BINARY]`: what the command line takes for the reference project, against moto behind the proxy.
//!
//! Without an argument the binary is the one that lies beside this program.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{self, Write},
    path::PathBuf,
};

use anyhow::{Context, Result, ensure};
use lowtide_bench::{
    command::{Project, Took},
    table::{self, Figure},
};
use lowtide_testkit::World;

/// Calls by service and operation.
type Calls = BTreeMap<(String, String), usize>;

/// What is run, how often, and how many CPU seconds and MB it may take at most. What changes something is run once.
const COMMANDS: [Measured; 5] = [
    Measured { work: "plan of a new project", arguments: &["plan", "-e", "dev"], times: 3, cpu: None, memory: None },
    Measured { work: "apply", arguments: &["apply", "-e", "dev", "--yes"], times: 1, cpu: None, memory: None },
    // Exit code 2 says that there are changes; here it fails the run.
    Measured {
        work: "no-change plan",
        arguments: &["plan", "-e", "dev", "--detailed-exitcode"],
        times: 3,
        cpu: Some(0.5),
        memory: Some(80.0),
    },
    Measured { work: "output", arguments: &["output", "-e", "dev"], times: 3, cpu: None, memory: None },
    Measured { work: "destroy", arguments: &["destroy", "-e", "dev", "--yes", "--allow-persistent"], times: 1, cpu: None, memory: None },
];

/// A command and what it should take.
struct Measured {
    work: &'static str,
    arguments: &'static [&'static str],
    times: usize,
    cpu: Option<f64>,
    memory: Option<f64>,
}

fn main() -> Result<()> {
    let beside = || env::current_exe().ok().map(|own| own.with_file_name("lowtide"));
    let binary = env::args_os().nth(1).map(PathBuf::from).or_else(beside).context("which binary?")?;
    let binary =
        binary.canonicalize().with_context(|| format!("{}: build it first: cargo build --release -p lowtide", binary.display()))?;
    let size = fs::metadata(&binary)?.len();
    let runtime = tokio::runtime::Runtime::new()?;
    let world = runtime.block_on(World::start())?;
    let project = Project::copy(binary, world.environment())?;
    let mut figures = vec![Figure { work: "binary".to_owned(), what: "size", amount: megabytes(size), target: None, unit: "MB" }];
    figures.extend(validate(&project)?);
    let mut calls = Vec::new();
    for one in &COMMANDS {
        world.proxy().clear();
        let took = project.best(one.arguments, one.times)?;
        let made = world.proxy().counts();
        figures.extend(one.figures(took, &made));
        calls.push((one, made));
    }
    let left = runtime.block_on(world.leftovers())?;
    ensure!(left.is_empty(), "destroy left {} things behind", left.len());
    let mut out = io::stdout();
    writeln!(out, "{}\n{}", table::figures(&figures), by_operation(&calls))?;
    Ok(())
}

fn validate(project: &Project) -> Result<[Figure; 2]> {
    let took = project.best(&["validate", "-e", "dev"], 10)?;
    let figure = |what, amount, target| Figure { work: "validate".to_owned(), what, amount, target, unit: "ms" };
    Ok([
        figure("wall, best of 10", took.wall.as_secs_f64() * 1e3, Some(30.0)),
        figure("CPU, best of 10", took.cpu.as_secs_f64() * 1e3, None),
    ])
}

impl Measured {
    fn figures(&self, took: Took, calls: &Calls) -> [Figure; 4] {
        let figure = |what, amount, target, unit| Figure { work: self.work.to_owned(), what, amount, target, unit };
        let all: usize = calls.values().sum();
        [
            figure("wall", took.wall.as_secs_f64(), None, "s"),
            figure("CPU", took.cpu.as_secs_f64(), self.cpu, "s"),
            figure("peak memory", megabytes(took.peak * 1024), self.memory, "MB"),
            figure("calls", count((all / self.times) as u64), None, ""),
        ]
    }
}

/// Returns who was called how often by which command.
fn by_operation(calls: &[(&Measured, Calls)]) -> String {
    let head = ["service", "operation"].into_iter().chain(calls.iter().map(|(one, _)| one.work)).map(str::to_owned);
    let all: BTreeMap<_, ()> = calls.iter().flat_map(|(_, made)| made.keys()).map(|key| (key.clone(), ())).collect();
    let row = |(service, operation): (String, String)| {
        let key = (service, operation);
        let made = calls.iter().map(|(one, made)| made.get(&key).map_or_else(String::new, |times| (times / one.times).to_string()));
        [key.0.clone(), key.1.clone()].into_iter().chain(made).collect::<Vec<_>>().into_iter()
    };
    table::rows(head, all.into_keys().map(row))
}

#[expect(clippy::cast_precision_loss, reason = "nothing here is counted to sixteen digits")]
fn count(amount: u64) -> f64 {
    amount as f64
}

fn megabytes(amount: u64) -> f64 {
    count(amount) / 1e6
}
