//! `lowtide up`

use clap::Args;

use crate::{
    shell::{Ended, Shell},
    turn::Turn,
};

/// Bring ephemeral stacks up: apply those that come and go.
///
/// Shows the plan first and asks; without a terminal, --yes is needed. Persistent stacks are left alone.
#[derive(Debug, Args)]
pub struct Up {
    #[command(flatten)]
    pub turn: Turn,
}

impl Up {
    pub fn run(self, shell: &Shell) -> Ended {
        self.turn.run(shell, false)
    }
}
