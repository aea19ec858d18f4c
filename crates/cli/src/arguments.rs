//! What every command understands, and groups of options that several share.

use std::path::PathBuf;

use clap::{Args, Parser};
use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::Address;
use lowtide_plan::{Options, Target};

use crate::commands::Command;

/// A declarative reconciler for AWS: write what should be, look at the plan, apply it.
#[derive(Debug, Parser)]
#[command(name = "lowtide", version, max_term_width = 110, after_help = EXIT_CODES, arg_required_else_help = true)]
pub struct Cli {
    /// Work in this folder instead of the current one.
    #[arg(short = 'C', long = "chdir", global = true, value_name = "DIR", help_heading = "Global options")]
    pub directory: Option<PathBuf>,

    #[command(flatten)]
    pub common: Common,

    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done, or no changes; 1 error; 2 changes are there (plan --detailed-exitcode, drift); \
3 interrupted, and safe; 4 the state is in use by someone else";

/// What reaches beyond one command.
#[derive(Clone, Debug, Default, Args)]
pub struct Common {
    /// Print without colours.
    #[arg(long, global = true, help_heading = "Global options")]
    pub no_color: bool,

    /// Say on stderr which calls go out to AWS.
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub verbose: bool,

    /// Let AWS_ENDPOINT_URL name a host that is not this machine. Credentials then come from the environment alone.
    #[arg(long, global = true, help_heading = "Global options")]
    pub allow_endpoint_override: bool,
}

/// `-e`
#[derive(Clone, Debug, Default, Args)]
pub struct EnvironmentArgument {
    /// The environment, one that lowtide.toml lists; `default` when none is named.
    #[arg(short = 'e', long = "env", value_name = "NAME")]
    pub environment: Option<String>,
}

/// Values of variables.
#[derive(Clone, Debug, Default, Args)]
pub struct ValueArguments {
    #[command(flatten)]
    pub chosen: EnvironmentArgument,

    /// Give a variable a value; the strongest of all ways. May be repeated.
    #[arg(long = "var", value_name = "NAME=VALUE")]
    pub vars: Vec<String>,

    /// Take values of variables from a TOML file; the later file counts. May be repeated.
    #[arg(long = "var-file", value_name = "FILE")]
    pub var_files: Vec<PathBuf>,
}

/// Which part of the stacks a plan is about.
#[derive(Clone, Debug, Default, Args)]
pub struct ScopeArguments {
    /// Only this resource and what it needs. May be repeated.
    #[arg(long = "target", value_name = "ADDRESS")]
    pub targets: Vec<String>,

    /// Not this resource, nor what needs it. May be repeated.
    #[arg(long = "exclude", value_name = "ADDRESS")]
    pub excludes: Vec<String>,

    /// Replace this resource, whatever the plan says of it. May be repeated.
    #[arg(long = "replace", value_name = "ADDRESS")]
    pub replace: Vec<String>,

    /// How many resources are worked on at once.
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub parallelism: u16,
}

/// How an apply goes about it.
#[derive(Clone, Debug, Args)]
pub struct ApplyArguments {
    /// Don't ask; go ahead.
    #[arg(short = 'y', long)]
    pub yes: bool,

    /// Print what happens as lines of JSON on stdout.
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub waiting: WaitArguments,
}

/// Whether what may still arrive is waited for.
#[derive(Clone, Debug, Args)]
pub struct WaitArguments {
    /// Don't wait for requests whose reply was lost and which may still arrive, which takes up to five minutes.
    ///
    /// What they may bring about is left open in the state: `plan`, `state list` and `tide status` tell of it, and the next apply, destroy or
    /// recover closes it. What would not be safe without waiting is refused, and nothing is done to it.
    #[arg(long)]
    pub no_wait: bool,
}

impl ScopeArguments {
    /// Returns whether any part is named.
    pub fn is_given(&self) -> bool {
        !(self.targets.is_empty() && self.excludes.is_empty() && self.replace.is_empty())
    }

    /// Returns the options of a plan.
    ///
    /// # Errors
    /// Returns every text that is no address.
    pub fn options(&self, destroy: bool) -> Result<Options, Diagnostics> {
        let mut found = Diagnostics::default();
        let mut read = |flag: &str, texts: &[String]| -> Vec<Address> {
            let parsed =
                texts.iter().filter_map(|text| address(text, &format!(", given as {flag},")).map_err(|wrong| found.push(wrong)).ok());
            parsed.collect()
        };
        let options = Options {
            destroy,
            targets: read("--target", &self.targets).into_iter().map(Target).collect(),
            excludes: read("--exclude", &self.excludes).into_iter().map(Target).collect(),
            replace: read("--replace", &self.replace),
        };
        found.or(options).map(|(options, _)| options)
    }
}

/// Reads an address that the user typed.
///
/// # Errors
/// Says what an address looks like.
pub fn address(text: &str, given: &str) -> Result<Address, Diagnostic> {
    text.parse().map_err(|_| {
        Diagnostic::error("Invalid address", format!("`{text}`{given} is no address of a resource."))
            .hint("an address looks like aws_vpc.main, aws_subnet.public[\"a\"] or aws_eip.nat[0]")
            .hint("a shell wants quotes around brackets and quotes: 'aws_subnet.public[\"a\"]'")
    })
}
