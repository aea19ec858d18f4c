//! `beside [BINARY]`: the same specs in Lowtide and, where it is installed, in Terraform, on the same moto behind the proxy.
//!
//! Without an argument the binary is the one that lies beside this program.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use lowtide_bench::{
    command::Took,
    table::{self, short},
    tool::{Case, Doing, Tool},
};
use lowtide_testkit::{World, terraform::Schemas};
use tokio::runtime::Runtime;

/// Calls by service and operation.
type Calls = BTreeMap<(String, String), usize>;

/// One piece of work, and what Lowtide should take at the most: CPU seconds, MB, calls.
struct Work {
    title: &'static str,
    doing: Doing,
    stack: &'static str,
    most: [Option<f64>; 3],
}

/// What one tool took for one piece of work.
struct Measured {
    took: Took,
    calls: Calls,
}

const REFERENCE: [Work; 6] = [
    Work { title: "base, create", doing: Doing::Create, stack: "base", most: [None; 3] },
    Work { title: "base, no-change plan", doing: Doing::Plan, stack: "base", most: [Some(0.4), Some(80.0), None] },
    Work { title: "runtime, create", doing: Doing::Create, stack: "runtime", most: [None; 3] },
    Work { title: "runtime, no-change plan", doing: Doing::Plan, stack: "runtime", most: [Some(0.4), Some(80.0), None] },
    Work { title: "runtime, destroy", doing: Doing::Destroy, stack: "runtime", most: [Some(0.6), None, Some(60.0)] },
    Work { title: "base, destroy", doing: Doing::Destroy, stack: "base", most: [None; 3] },
];

const FLAT: [Work; 3] = [
    Work { title: "flat, create 301", doing: Doing::Create, stack: "flat", most: [Some(2.0), None, Some(752.0)] },
    Work { title: "flat, no-change plan of 301", doing: Doing::Plan, stack: "flat", most: [Some(0.8), Some(90.0), Some(60.0)] },
    Work { title: "flat, destroy 301", doing: Doing::Destroy, stack: "flat", most: [None; 3] },
];

fn main() -> Result<()> {
    let beside = || env::current_exe().ok().map(|own| own.with_file_name("lowtide"));
    let binary = env::args_os().nth(1).map(PathBuf::from).or_else(beside).context("which binary?")?;
    let binary =
        binary.canonicalize().with_context(|| format!("{}: build it first: cargo build --release -p lowtide", binary.display()))?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("bench lies in the project")?;
    let read = |path: &str| fs::read_to_string(root.join(path)).with_context(|| format!("reading {path}"));
    let schemas = Schemas::parse(&read("tests/reference/resource-schemas.json")?)?;
    let stack = |name: &str| Ok::<_, anyhow::Error>((name.to_owned(), read(&format!("specs/{name}.toml"))?));
    let reference = Case { stacks: vec![stack("base")?, stack("runtime")?], variables: read("environments/dev.toml")? };
    let flat = Case { stacks: vec![("flat".to_owned(), flat())], variables: String::new() };

    let runtime = Runtime::new()?;
    let mut world = runtime.block_on(World::start())?;
    let mut out = io::stdout();
    for (case, works) in [(&reference, REFERENCE.as_slice()), (&flat, FLAT.as_slice())] {
        let tool = Tool::lowtide(binary.clone(), world.environment(), case)?;
        let ours = live(&runtime, &mut world, works, &tool)?;
        let theirs = match Tool::terraform(world.environment(), case, &schemas)? {
            Some(tool) => Some(live(&runtime, &mut world, works, &tool)?),
            None => None,
        };
        if theirs.is_none() {
            writeln!(out, "Terraform is left out: it is not on the path.")?;
        }
        writeln!(out, "{}", figures(works, &ours, theirs.as_deref()))?;
        writeln!(out, "{}", one_by_one(works, &ours))?;
        writeln!(out, "{}", once_each(works, &ours))?;
    }
    Ok(())
}

/// Returns the calls by operation alone: where a path names it, without the name of the one thing that was asked about.
fn by_operation(calls: Calls) -> Calls {
    let mut all = Calls::new();
    for ((service, operation), times) in calls {
        let path = operation.rsplit_once('/').filter(|_| service == "scheduler");
        let operation = path.map_or(operation.clone(), |(path, _)| format!("{path}/…"));
        *all.entry((service, operation)).or_default() += times;
    }
    all
}

/// Leads a tool through all pieces of work in a world that is empty at first, and must be so at the end.
fn live(runtime: &Runtime, world: &mut World, works: &[Work], tool: &Tool) -> Result<Vec<Measured>> {
    runtime.block_on(world.reset())?;
    let mut all = Vec::new();
    for work in works {
        world.proxy().clear();
        let took = tool.run(work.doing, work.stack)?;
        all.push(Measured { took, calls: by_operation(world.proxy().counts()) });
    }
    if matches!(tool, Tool::Lowtide(_)) {
        let left: Vec<_> = runtime.block_on(world.leftovers())?.iter().map(ToString::to_string).collect();
        ensure!(left.is_empty(), "something is left behind:\n{}", left.join("\n"));
    }
    Ok(all)
}

/// Returns the figures of both tools, with what they are to each other.
fn figures(works: &[Work], ours: &[Measured], theirs: Option<&[Measured]>) -> String {
    let head = ["work", "figure", "Terraform", "Lowtide", "Terraform : Lowtide", "target", ""].map(str::to_owned);
    let mut rows = Vec::new();
    for (at, work) in works.iter().enumerate() {
        let amounts = ours[at].amounts();
        let others = theirs.map(|all| all[at].amounts());
        for (figure, (name, unit)) in [("CPU", "s"), ("peak memory", "MB"), ("calls", ""), ("wall", "s")].into_iter().enumerate() {
            let amount = amounts[figure];
            let other = others.map(|all| all[figure]);
            let most = work.most.get(figure).copied().flatten();
            let verdict = most.map_or("noted", |most| if amount <= most { "met" } else { "missed" });
            rows.push([
                work.title.to_owned(),
                name.to_owned(),
                other.map_or_else(|| "–".to_owned(), |other| format!("{} {unit}", short(other))),
                format!("{} {unit}", short(amount)),
                other.map_or_else(|| "–".to_owned(), |other| short(other / amount)),
                most.map_or_else(|| "–".to_owned(), |most| format!("≤ {} {unit}", short(most))),
                verdict.to_owned(),
            ]);
        }
    }
    table::rows(head.into_iter(), rows.into_iter().map(IntoIterator::into_iter))
}

impl Measured {
    /// Returns CPU seconds, MB, calls and seconds on the clock.
    #[expect(clippy::cast_precision_loss, reason = "nothing here is counted to sixteen digits")]
    fn amounts(&self) -> [f64; 4] {
        let calls: usize = self.calls.values().sum();
        [self.took.cpu.as_secs_f64(), self.took.peak as f64 * 1024.0 / 1e6, calls as f64, self.took.wall.as_secs_f64()]
    }
}

/// Returns what Lowtide asks more than once where calls are counted, and why no call does for all of it.
fn one_by_one(works: &[Work], ours: &[Measured]) -> String {
    let head = ["work", "service", "operation asked more than once", "times", "for want of a call for many"].map(str::to_owned);
    let counted = works.iter().zip(ours).filter(|(work, _)| work.doing == Doing::Plan || work.most[2].is_some());
    let rows = counted.flat_map(|(work, measured)| {
        let several = measured.calls.iter().filter(|(_, times)| **times > 1);
        several.map(|((service, operation), times)| {
            let why = if work.doing == Doing::Plan { why(operation) } else { "–" };
            [work.title.to_owned(), service.clone(), operation.clone(), times.to_string(), why.to_owned()]
        })
    });
    table::rows(head.into_iter(), rows.map(IntoIterator::into_iter))
}

/// Says why a read goes out more than once, as the API reference of its service has it.
fn why(operation: &str) -> &'static str {
    match operation {
        "DescribeLogGroups" => "fifty to a call",
        "DescribeParameters" => "fifty to a page, and ten on moto",
        "DescribeListenerAttributes" => "one listener to a call",
        "DescribeTargetGroupAttributes" => "one target group to a call",
        "DescribeTaskDefinition" => "one task definition to a call",
        "DescribeVpcAttribute" => "one attribute of one VPC to a call",
        "GetLifecyclePolicy" | "GetRepositoryPolicy" => "one repository to a call",
        "GetParameters" => "ten to a call",
        "GetResources" => "a hundred to a call",
        "GET /schedules/…" => "one schedule to a call",
        _ => "not known: look whether one call could do",
    }
}

/// Returns what the plans ask once each: how many operations, and which.
fn once_each(works: &[Work], ours: &[Measured]) -> String {
    let plans = works.iter().zip(ours).filter(|(work, _)| work.doing == Doing::Plan);
    let lines = plans.map(|(work, measured)| {
        let once: Vec<_> =
            measured.calls.iter().filter(|(_, times)| **times == 1).map(|((service, name), _)| format!("{service}:{name}")).collect();
        format!("{}, asked once each, {} operations: {}\n", work.title, once.len(), once.join(", "))
    });
    lines.collect()
}

/// Returns a spec of 301 things that hardly know of each other: 100 security groups, log groups and parameters, and a VPC.
fn flat() -> String {
    let mut spec = String::from(
        "[stack]\nname = \"flat\"\n\n[provider.aws]\nregion = \"us-west-2\"\ndefault_tags = { tags = { Project = \"flat\" } }\n",
    );
    spec.push_str("\n[resource.aws_vpc.main]\ncidr_block = \"10.0.0.0/16\"\n");
    spec.push_str("\n[resource.aws_security_group.it]\ncount = 100\nname = \"it-${count.index}\"\ndescription = \"flat\"\nvpc_id = \"${aws_vpc.main.id}\"\n");
    spec.push_str("\n[resource.aws_cloudwatch_log_group.it]\ncount = 100\nname = \"/flat/${count.index}\"\nretention_in_days = 14\n");
    spec.push_str(
        "\n[resource.aws_ssm_parameter.it]\ncount = 100\nname = \"/flat/${count.index}\"\ntype = \"String\"\nvalue = \"v${count.index}\"\n",
    );
    spec
}
