//! `cargo xtask`: what developers run.
//!
//! One file or folder is one command: its arguments, its help, and what it does. To add one: write the file, a `mod` line, a
//! variant of [`Task`] and its line in [`run`].

mod demo;
mod docs;
mod new_kind;
mod root;
mod test;

use std::process::ExitCode;

use clap::Parser;
use lowtide_report::Console;

/// Tasks of the Lowtide workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", max_term_width = 110)]
enum Task {
    Demo(demo::Demo),
    Test(test::Test),
    Docs(docs::Docs),
    NewKind(new_kind::NewKind),
}

fn main() -> ExitCode {
    let console = Console::new();
    match run(Task::parse(), console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console.talk(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task, console: Console) -> anyhow::Result<()> {
    match task {
        Task::Demo(demo) => demo.run(console),
        Task::Test(test) => test.run(console),
        Task::Docs(docs) => docs.run(console),
        Task::NewKind(new_kind) => new_kind.run(console),
    }
}
