//! `thinking [N…]`: what it takes to plan N resources that call nothing, each N in a process of its own.
//!
//! With `--instructions` each is planned once more under valgrind, which counts instructions: unlike times, they are the
//! same on every machine and every day.

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use lowtide_bench::{
    synthetic,
    table::{self, Figure},
    thinking::{self, Spent},
};

/// The option with which this program starts itself.
const MEASURE: &str = "--measure";

/// CPU seconds and MB that so many resources may take at most.
const TARGETS: [(usize, f64, Option<f64>); 2] = [(3_000, 0.15, Some(60.0)), (30_000, 1.5, None)];

/// How often each is measured.
const REPEATS: usize = 5;

fn main() -> Result<()> {
    let mut arguments: Vec<_> = env::args_os().skip(1).collect();
    if arguments.first().is_some_and(|first| first == MEASURE) {
        return measure(Path::new(arguments.get(1).context("which folder?")?));
    }
    let instructions = arguments.iter().any(|one| one == "--instructions");
    arguments.retain(|one| one != "--instructions");
    let counts = if arguments.is_empty() { vec![300, 3_000, 30_000] } else { arguments.iter().map(number).collect::<Result<_>>()? };
    print(&counts, instructions)
}

fn number(argument: &OsString) -> Result<usize> {
    argument.to_str().and_then(|text| text.replace('_', "").parse().ok()).with_context(|| format!("{argument:?} is no number"))
}

/// Plans the project of a folder in this process and prints what that took, for [`Run::of`] to read.
fn measure(folder: &Path) -> Result<()> {
    let spent = thinking::measure(folder)?;
    let times = [spent.start, spent.check, spent.graph, spent.plan].map(|time| time.as_nanos().to_string());
    writeln!(io::stdout(), "{} {} {}", spent.steps, times.join(" "), spent.peak)?;
    Ok(())
}

/// What a process of its own took for one size.
struct Run {
    spent: Spent,
    instructions: Option<u64>,
}

impl Run {
    fn of(count: usize, instructions: bool) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        synthetic::write(folder.path(), count)?;
        let program = env::current_exe()?;
        // The best of several: what is more was somebody else's.
        let mut all = (0..REPEATS).map(|_| spent(Command::new(&program).arg(MEASURE).arg(folder.path()))).collect::<Result<Vec<_>>>()?;
        all.sort_by_key(Spent::total);
        let counted = if instructions { counted(&program, folder.path())? } else { None };
        Ok(Self { spent: all.remove(0), instructions: counted })
    }

    fn row(&self) -> Vec<String> {
        let Spent { steps, start, check, graph, plan, peak } = self.spent;
        let seconds = |time: Duration| format!("{:.4}", time.as_secs_f64());
        let each = self.spent.total().as_secs_f64() * 1e6 / count(steps);
        let mut row = vec![steps.to_string(), seconds(start), seconds(check), seconds(graph), seconds(plan), seconds(self.spent.total())];
        row.extend([format!("{each:.1}"), format!("{:.1}", megabytes(peak))]);
        row.push(self.instructions.map_or_else(|| "–".to_owned(), |all| format!("{:.1}", count(all as usize) / 1e6)));
        row
    }

    fn figures(&self) -> Vec<Figure> {
        let Some((_, cpu, memory)) = TARGETS.iter().find(|(steps, ..)| *steps == self.spent.steps) else { return Vec::new() };
        let work = format!("plan of {} resources", self.spent.steps);
        let cpu = Figure { work: work.clone(), what: "CPU", amount: self.spent.total().as_secs_f64(), target: Some(*cpu), unit: "s" };
        vec![cpu, Figure { work, what: "peak memory", amount: megabytes(self.spent.peak), target: *memory, unit: "MB" }]
    }
}

fn print(counts: &[usize], instructions: bool) -> Result<()> {
    let runs = counts.iter().map(|count| Run::of(*count, instructions)).collect::<Result<Vec<_>>>()?;
    let head = ["resources", "start s", "check s", "graph s", "plan s", "CPU s", "CPU µs each", "peak MB", "instructions M"];
    let body = runs.iter().map(|run| run.row().into_iter());
    let mut out = io::stdout();
    writeln!(out, "{}", table::rows(head.map(str::to_owned).into_iter(), body))?;
    let figures: Vec<_> = runs.iter().flat_map(Run::figures).collect();
    if !figures.is_empty() {
        writeln!(out, "{}", table::figures(&figures))?;
    }
    Ok(())
}

/// Runs this program on a folder and reads what it prints.
fn spent(command: &mut Command) -> Result<Spent> {
    let output = command.stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "the measured process failed: {}", output.status);
    let text = String::from_utf8(output.stdout)?;
    let numbers = text.split_whitespace().map(str::parse).collect::<Result<Vec<u64>, _>>()?;
    let [steps, start, check, graph, plan, peak] = numbers[..] else { bail!("the measured process printed {text:?}") };
    let [start, check, graph, plan] = [start, check, graph, plan].map(Duration::from_nanos);
    Ok(Spent { steps: usize::try_from(steps)?, start, check, graph, plan, peak })
}

/// Returns how many instructions planning takes; `None` without valgrind.
fn counted(program: &Path, folder: &Path) -> Result<Option<u64>> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program).arg(MEASURE).arg(folder);
    let Ok(output) = command.output() else { return Ok(None) };
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected :")).with_context(|| format!("valgrind said:\n{said}"))?;
    Ok(Some(collected.1.trim().parse()?))
}

fn megabytes(kib: u64) -> f64 {
    count(kib as usize) * 1024.0 / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "nothing here is counted to sixteen digits")]
fn count(amount: usize) -> f64 {
    amount as f64
}
