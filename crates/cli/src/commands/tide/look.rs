//! `lowtide tide status`, `lowtide tide next`

use clap::Args;
use lowtide_report::{next_json, next_text, tide_json, tide_text};

use super::Which;
use crate::{
    exit::Exit,
    shell::{Ended, Shell},
    workspace::Workspace,
};

/// Show which stacks are up, which should be, and what comes next.
#[derive(Debug, Args)]
pub struct Status {
    #[command(flatten)]
    which: Which,

    /// Print JSON, with a version.
    #[arg(long)]
    pub json: bool,
}

/// Show the changes to come.
#[derive(Debug, Args)]
pub struct Next {
    #[command(flatten)]
    which: Which,

    /// How many.
    #[arg(short, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=1000))]
    n: u16,

    /// Print JSON, with a version.
    #[arg(long)]
    pub json: bool,
}

impl Status {
    pub fn run(self, shell: &Shell) -> Ended {
        shell.run(|_| async move {
            let mut workspace = Workspace::open_with(shell, &self.which.values)?;
            let all = self.which.statuses(&mut workspace).await?;
            if self.json {
                shell.console.json(&tide_json(&all))?
            } else {
                shell.console.data(&tide_text(&all))?
            }
            Ok(Exit::Done)
        })
    }
}

impl Next {
    pub fn run(self, shell: &Shell) -> Ended {
        shell.run(|_| async move {
            let mut workspace = Workspace::open_with(shell, &self.which.values)?;
            let (all, n) = (self.which.statuses(&mut workspace).await?, self.n.into());
            if self.json {
                shell.console.json(&next_json(&all, n))?
            } else {
                shell.console.data(&next_text(&all, n))?
            }
            Ok(Exit::Done)
        })
    }
}
