//! The commands, a file each: arguments, help, and what it does. To add one, write its file, its `mod` line, its variant and
//! its line in [`Command::run`].

mod apply;
mod completions;
mod destroy;
mod down;
mod drift;
mod explain;
mod graph;
mod import;
mod init;
mod output;
mod plan;
mod recover;
mod show;
mod state;
mod tide;
mod unlock;
mod up;
mod validate;

use clap::Subcommand;

use crate::shell::{Ended, Shell};

/// What `lowtide` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    Init(init::Init),
    Validate(validate::Validate),
    Plan(plan::Plan),
    Apply(apply::Apply),
    Destroy(destroy::Destroy),
    Up(up::Up),
    Down(down::Down),
    #[command(subcommand)]
    Tide(tide::Tide),
    Drift(drift::Drift),
    Output(output::Output),
    Show(show::Show),
    #[command(subcommand)]
    State(state::State),
    Import(import::Import),
    Recover(recover::Recover),
    Unlock(unlock::Unlock),
    Graph(graph::Graph),
    Explain(explain::Explain),
    Completions(completions::Completions),
}

impl Command {
    /// Does what the command says.
    ///
    /// # Errors
    /// When it can't be done.
    pub fn run(self, shell: &Shell) -> Ended {
        match self {
            Self::Init(command) => command.run(shell),
            Self::Validate(command) => command.run(shell),
            Self::Plan(command) => command.run(shell),
            Self::Apply(command) => command.run(shell),
            Self::Destroy(command) => command.run(shell),
            Self::Up(command) => command.run(shell),
            Self::Down(command) => command.run(shell),
            Self::Tide(command) => command.run(shell),
            Self::Drift(command) => command.run(shell),
            Self::Output(command) => command.run(shell),
            Self::Show(command) => command.run(shell),
            Self::State(command) => command.run(shell),
            Self::Import(command) => command.run(shell),
            Self::Recover(command) => command.run(shell),
            Self::Unlock(command) => command.run(shell),
            Self::Graph(command) => command.run(shell),
            Self::Explain(command) => command.run(shell),
            Self::Completions(command) => command.run(shell),
        }
    }

    /// Returns whether a program reads stdout as JSON.
    pub fn wants_json(&self) -> bool {
        match self {
            Self::Validate(command) => command.json,
            Self::Plan(command) => command.json,
            Self::Apply(command) => command.how.json,
            Self::Destroy(command) => command.how.json,
            Self::Up(command) => command.turn.how.json,
            Self::Down(command) => command.turn.how.json,
            Self::Tide(command) => command.wants_json(),
            Self::Drift(command) => command.json,
            Self::Output(command) => command.json,
            Self::Show(command) => command.json,
            Self::State(command) => command.wants_json(),
            Self::Init(_)
            | Self::Import(_)
            | Self::Recover(_)
            | Self::Unlock(_)
            | Self::Graph(_)
            | Self::Explain(_)
            | Self::Completions(_) => false,
        }
    }
}
