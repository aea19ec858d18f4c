//! `lowtide recover`

use clap::Args;
use lowtide_engine::Aim;

use crate::{
    arguments::{ValueArguments, WaitArguments},
    exit::Exit,
    shell::{Ended, Shell, unless_stopped},
    workspace::Workspace,
};

/// Find out what became of operations that an earlier run left in doubt.
///
/// Apply and destroy do this by themselves before they plan. What was made is taken into the state; in AWS nothing is changed. What a run
/// with --no-wait deleted is looked for once more, and forgotten when it surely stays gone.
#[derive(Debug, Args)]
pub struct Recover {
    /// The stacks; all when none is named.
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,

    #[command(flatten)]
    values: ValueArguments,

    #[command(flatten)]
    waiting: WaitArguments,
}

impl Recover {
    pub fn run(self, shell: &Shell) -> Ended {
        shell.run(|stop| async move {
            let mut workspace = Workspace::open_with(shell, &self.values)?;
            let loaded = workspace.load(&self.stacks)?;
            workspace.wait_unless(&self.waiting);
            workspace.show_progress();
            let stacks: Vec<_> = loaded.iter().map(|one| one.key.clone()).collect();
            let recovered = unless_stopped(&stop, workspace.engine.recover(&stacks, Aim::Close)).await?;
            if recovered.map_err(|trouble| workspace.stopped(trouble))?.is_empty() {
                shell.console.talk("Nothing is in doubt.");
            }
            Ok(Exit::Done)
        })
    }
}
