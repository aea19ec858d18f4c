//! `lowtide`: arguments, environment and wiring. What is thought and done stands in the crates below; what is printed
//! goes through `lowtide_report`.
//!
//! `commands` holds one file a command: its arguments, its help and what it does. To add one, write the file and its two
//! lines in `commands/mod.rs`. `workspace` opens a project, `connect` leads to AWS, `signals` hears Ctrl-C, and
//! `environment` lists every environment variable.

mod arguments;
mod carry_out;
mod commands;
mod connect;
mod consent;
mod environment;
mod exit;
mod in_doubt;
mod migration;
mod plan_file;
mod planning;
mod shell;
mod signals;
mod state_place;
mod state_setup;
mod turn;
mod verbose;
mod went_back;
mod workspace;

use std::process::ExitCode;

use clap::Parser;
use lowtide_report::Console;

use crate::{arguments::Cli, environment::Environment, exit::Exit, shell::Shell};

fn main() -> ExitCode {
    let console = Console::new();
    exit::leave_no_core();
    exit::explain_panics(console);
    // Whatever was wrong with us has been said by then.
    std::panic::catch_unwind(|| run(console)).unwrap_or(Exit::Failed).into()
}

fn run(console: Console) -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return exit::usage(console, &error),
    };
    if cli.common.no_color {
        anstream::ColorChoice::Never.write_global();
    }
    if cli.common.verbose {
        verbose::begin(console);
    }
    let run = uuid::Uuid::new_v4().simple().to_string();
    let shell = Shell { console, run, environment: Environment::of_process(), common: cli.common };
    let json = cli.command.wants_json();
    let done = shell.enter(cli.directory.as_deref()).and_then(|()| cli.command.run(&shell));
    done.unwrap_or_else(|stopped| stopped.tell(console, json))
}
