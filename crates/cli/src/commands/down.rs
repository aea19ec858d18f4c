//! `lowtide down`

use clap::Args;

use crate::{
    shell::{Ended, Shell},
    turn::Turn,
};

/// Take ephemeral stacks down: destroy what they have made.
///
/// What requires another goes first. Persistent stacks are left alone, and so is what says prevent_destroy.
#[derive(Debug, Args)]
pub struct Down {
    #[command(flatten)]
    pub turn: Turn,
}

impl Down {
    pub fn run(self, shell: &Shell) -> Ended {
        self.turn.run(shell, true)
    }
}
