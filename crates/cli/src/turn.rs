//! What up and down have in common: the ephemeral stacks that are meant, and how to go about it.

use clap::Args;
use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_engine::Loaded;
use lowtide_plan::Options;
use lowtide_spec::Life;

use crate::{
    arguments::{ApplyArguments, ValueArguments},
    carry_out::{How, carry_out},
    exit::Stopped,
    planning,
    shell::{Ended, Shell},
    workspace::Workspace,
};

/// Which ephemeral stacks, and how.
#[derive(Debug, Args)]
pub struct Turn {
    /// The ephemeral stacks that are meant; all of them when none is named.
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,

    #[command(flatten)]
    values: ValueArguments,

    /// How many resources are worked on at once.
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    parallelism: u16,

    #[command(flatten)]
    pub how: ApplyArguments,
}

impl Turn {
    /// Brings the stacks up, or takes them down.
    pub fn run(self, shell: &Shell, destroy: bool) -> Ended {
        shell.run(|stop| async move {
            let how = How { approved: self.how.yes, json: self.how.json, parallelism: self.parallelism.into() };
            let mut workspace = Workspace::open_with(shell, &self.values)?;
            if destroy {
                workspace.engine.loader.do_without_files();
            }
            let loaded = workspace.load(&self.stacks)?;
            workspace.wait_unless(&self.how.waiting);
            let loaded = self.ephemeral(&workspace, loaded, destroy)?;
            let options = Options { destroy, ..Options::default() };
            workspace.show_progress();
            let plans = planning::recover_and_plan(&workspace, &loaded, &options, false, &stop).await?;
            carry_out(shell, &mut workspace, plans, &options, &how, stop).await
        })
    }

    /// Returns those that come and go. One that stays and is named all the same is a slip.
    fn ephemeral(&self, workspace: &Workspace<'_>, loaded: Vec<Loaded>, destroy: bool) -> Result<Vec<Loaded>, Stopped> {
        let (come_and_go, stay): (Vec<_>, Vec<_>) =
            loaded.into_iter().partition(|one| one.configuration.stack.lifecycle == Life::Ephemeral);
        let verb = if destroy { "destroy" } else { "apply" };
        let wrong = |one: &Loaded| {
            let stack = &one.key.stack;
            Diagnostic::error("Persistent stack", format!("Stack `{stack}` stays: up and down are for ephemeral stacks."))
                .at(one.configuration.stack.place.clone())
                .hint(format!("what you want may be: {}", workspace.engine.command(&format!("{verb} {stack}"))))
        };
        let slips: Diagnostics = stay.iter().filter(|_| !self.stacks.is_empty()).map(wrong).collect();
        if slips.has_errors() {
            return Err(workspace.stopped(slips));
        }
        if come_and_go.is_empty() {
            let wrong = Diagnostic::error("No ephemeral stack", "No stack of the project comes and goes.");
            return Err(workspace.stopped(wrong.hint("a stack that does says lifecycle = \"ephemeral\" in its [stack] table")));
        }
        Ok(come_and_go)
    }
}
