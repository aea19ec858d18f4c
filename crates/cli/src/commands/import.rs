//! `lowtide import`

use clap::Args;

use crate::{
    arguments::{ValueArguments, address},
    exit::Exit,
    shell::{Ended, Shell, unless_stopped},
    workspace::Workspace,
};

/// Take on a thing that exists in AWS as the resource that is declared at an address.
///
/// Nothing in AWS changes. The next plan shows what differs from the declaration.
#[derive(Debug, Args)]
#[command(override_usage = "lowtide import [OPTIONS] [STACK] <ADDRESS> <ID>")]
pub struct Import {
    /// The stack, which may be left out where the project has one, the address, and the id, as `lowtide explain KIND` describes it.
    #[arg(value_name = "NAME", required = true, num_args = 2..=3)]
    names: Vec<String>,

    #[command(flatten)]
    values: ValueArguments,
}

impl Import {
    pub fn run(self, shell: &Shell) -> Ended {
        shell.run(|stop| async move {
            let mut workspace = Workspace::open_with(shell, &self.values)?;
            let (stack, to, id) = match self.names.as_slice() {
                [stack, to, id, ..] => (Some(stack.as_str()), to, id),
                [to, id] => (None, to, id),
                [] | [_] => unreachable!("clap sees to two or three"),
            };
            let stack = workspace.one_stack(stack)?;
            let to = address(to, "")?;
            let loaded = workspace.load(std::slice::from_ref(&stack))?;
            for one in loaded.iter().filter(|one| one.key.stack == stack) {
                let imported = unless_stopped(&stop, workspace.engine.import(one, &to, id)).await?;
                let record = imported.map_err(|trouble| workspace.stopped(trouble))?;
                shell.console.talk(&format!(
                    "{} is now {} of {stack}. To see what differs from its declaration: {}",
                    record.id,
                    record.address,
                    workspace.engine.command(&format!("plan {stack}"))
                ));
            }
            Ok(Exit::Done)
        })
    }
}
