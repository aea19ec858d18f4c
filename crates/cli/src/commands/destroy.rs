//! `lowtide destroy`

use clap::Args;
use lowtide_engine::Aim;

use crate::{
    arguments::{ApplyArguments, ScopeArguments, ValueArguments},
    carry_out::{How, carry_out},
    in_doubt, planning,
    shell::{Ended, Shell},
    workspace::Workspace,
};

/// Destroy what the stacks have made.
///
/// Stacks go in reverse order: what requires another goes first. Persistent stacks stay unless --allow-persistent is given, and so
/// does what says prevent_destroy.
#[derive(Debug, Args)]
pub struct Destroy {
    /// The stacks to destroy; all when none is named.
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,

    #[command(flatten)]
    values: ValueArguments,

    #[command(flatten)]
    scope: ScopeArguments,

    /// Destroy persistent stacks as well.
    #[arg(long)]
    allow_persistent: bool,

    #[command(flatten)]
    pub how: ApplyArguments,
}

impl Destroy {
    pub fn run(self, shell: &Shell) -> Ended {
        shell.run(|stop| async move {
            let mut workspace = Workspace::open_with(shell, &self.values)?;
            let how = How { approved: self.how.yes, json: self.how.json, parallelism: self.scope.parallelism.into() };
            let options = workspace.take(self.scope.options(true));
            let loaded = workspace.load(&self.stacks)?;
            workspace.show_progress();
            in_doubt::recover(shell, &workspace, &loaded, Aim::Certainty, &stop).await?;
            let plans = planning::plan(&workspace, &loaded, &options, self.allow_persistent, &stop).await?;
            carry_out(shell, &mut workspace, plans, &options, &how, stop).await
        })
    }
}
