//! `lowtide destroy`

use clap::Args;

use crate::{
    arguments::{ApplyArguments, ScopeArguments, ValueArguments},
    carry_out::{How, carry_out},
    planning,
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
            workspace.engine.loader.do_without_files();
            let loaded = workspace.load(&self.stacks)?;
            workspace.wait_unless(&self.how.waiting);
            workspace.show_progress();
            let plans = planning::recover_and_plan(&workspace, &loaded, &options, self.allow_persistent, &stop).await?;
            carry_out(shell, &mut workspace, plans, &options, &how, stop).await
        })
    }
}
