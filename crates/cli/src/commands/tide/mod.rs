//! `lowtide tide …`, a file each.

mod due;
mod hold;
mod look;
mod run;

use clap::{Args, Subcommand};
use lowtide_diagnostic::Diagnostic;
use lowtide_engine::Loaded;
use lowtide_tide::{TideStatus, Timestamp};

use crate::{
    arguments::ValueArguments,
    exit::Stopped,
    shell::{Ended, Shell},
    workspace::Workspace,
};

/// Stacks that come and go by their schedules.
#[derive(Debug, Subcommand)]
pub enum Tide {
    Status(look::Status),
    Next(look::Next),
    Run(run::Run),
    Hold(hold::Hold),
    Release(hold::Release),
}

/// Which scheduled stacks, and when.
#[derive(Clone, Debug, Args)]
pub struct Which {
    /// The stacks; all that have a schedule when none is named.
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,

    #[command(flatten)]
    values: ValueArguments,

    /// As if it were this time, such as 2026-11-27T22:00:00Z.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

impl Tide {
    pub fn run(self, shell: &Shell) -> Ended {
        match self {
            Self::Status(command) => command.run(shell),
            Self::Next(command) => command.run(shell),
            Self::Run(command) => command.run(shell),
            Self::Hold(command) => command.run(shell),
            Self::Release(command) => command.run(shell),
        }
    }

    /// Returns whether a program reads stdout as JSON.
    pub fn wants_json(&self) -> bool {
        match self {
            Self::Status(command) => command.json,
            Self::Next(command) => command.json,
            Self::Run(command) => command.json,
            Self::Hold(_) | Self::Release(_) => false,
        }
    }
}

impl Which {
    fn now(&self) -> Timestamp {
        self.at.unwrap_or_else(Timestamp::now)
    }

    /// Returns the stacks that have a schedule.
    fn scheduled(&self, workspace: &mut Workspace<'_>) -> Result<Vec<Loaded>, Stopped> {
        // What a tide brings up is planned with them; what goes out needs none.
        workspace.engine.loader.do_without_files();
        let loaded = workspace.load(&self.stacks)?;
        let (scheduled, others): (Vec<_>, Vec<_>) = loaded.into_iter().partition(|one| one.configuration.stack.schedule.is_some());
        let named = others.first().filter(|_| !self.stacks.is_empty());
        if named.is_none() && !scheduled.is_empty() {
            return Ok(scheduled);
        }
        let detail = named.map_or_else(
            || "No stack of the project has a schedule.".to_owned(),
            |one| format!("Stack `{}` has no schedule.", one.key.stack),
        );
        let wrong = Diagnostic::error("No schedule", detail);
        Err(workspace.stopped(wrong.hint("write [stack.schedule] with timezone, up and down in the spec of an ephemeral stack")))
    }

    /// Returns how their tides stand.
    async fn statuses(&self, workspace: &mut Workspace<'_>) -> Result<Vec<TideStatus>, Stopped> {
        let (loaded, now) = (self.scheduled(workspace)?, self.now());
        let mut all = Vec::new();
        for one in &loaded {
            all.extend(workspace.engine.tide(one, now).await.map_err(|trouble| workspace.stopped(trouble))?);
        }
        Ok(all)
    }
}
