//! `lowtide apply`

use std::path::Path;

use clap::Args;
use lowtide_apply::Stop;
use lowtide_diagnostic::Diagnostic;
use tokio::sync::watch;

use crate::{
    arguments::{ApplyArguments, ScopeArguments, ValueArguments},
    carry_out::{How, carry_out},
    plan_file, planning,
    shell::{Ended, Shell},
    workspace::Workspace,
};

/// Make AWS as the specs say.
///
/// Shows the plan first and asks; without a terminal, --yes is needed. A file that `lowtide plan --out` wrote is applied
/// without a question, if what must be done is still exactly what it says.
///
/// Ctrl-C stops cleanly: what is under way comes to a safe point, and the next apply goes on from there. A second Ctrl-C stops
/// at once; that is safe as well.
#[derive(Debug, Args)]
pub struct Apply {
    /// The stacks to apply, all when none is named; or a file that `lowtide plan --out` wrote.
    #[arg(value_name = "STACK|PLANFILE")]
    stacks: Vec<String>,

    #[command(flatten)]
    values: ValueArguments,

    #[command(flatten)]
    scope: ScopeArguments,

    #[command(flatten)]
    pub how: ApplyArguments,
}

impl Apply {
    pub fn run(self, shell: &Shell) -> Ended {
        shell.run(|stop| async move {
            let how = How { approved: self.how.yes, json: self.how.json, parallelism: self.scope.parallelism.into() };
            let mut workspace = Workspace::open_with(shell, &self.values)?;
            if let Some(path) = plan_file::named(&workspace, &self.stacks)? {
                drop(workspace);
                return self.file(shell, &path, How { approved: true, ..how }, stop).await;
            }
            let options = workspace.take(self.scope.options(false));
            let loaded = workspace.load(&self.stacks)?;
            workspace.wait_unless(&self.how.waiting);
            workspace.show_progress();
            let plans = planning::recover_and_plan(&workspace, &loaded, &options, false, &stop).await?;
            carry_out(shell, &mut workspace, plans, &options, &how, stop).await
        })
    }

    /// Applies a plan that was kept.
    async fn file(&self, shell: &Shell, path: &Path, how: How, stop: watch::Receiver<Stop>) -> Ended {
        if self.scope.is_given() {
            let detail = "A plan file says itself what is to be done; --target, --exclude and --replace can't change that.";
            return Err(Diagnostic::error("Options beside a plan file", detail)
                .hint("make a new plan with these options, and apply that one")
                .into());
        }
        let (mut workspace, saved, options) = plan_file::open(shell, path, &self.values)?;
        workspace.wait_unless(&self.how.waiting);
        let plans = plan_file::plan(&mut workspace, &saved, &options, &stop).await?;
        carry_out(shell, &mut workspace, plans, &options, &how, stop).await
    }
}
