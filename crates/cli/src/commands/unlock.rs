//! `lowtide unlock`

use std::io::BufRead;

use clap::Args;
use lowtide_diagnostic::Diagnostic;
use lowtide_ledger::Shown;
use lowtide_state::LedgerFault;

use crate::{
    arguments::EnvironmentArgument,
    exit::{Exit, Stopped},
    shell::{Ended, Shell, unless_stopped},
    state_place::StatePlace,
    workspace::Workspace,
};

/// Take a stack from a run that holds it, without waiting for its lease to run out.
///
/// It is safe even if that run is alive after all: it stops at its next write. But what it asks of AWS until then still happens,
/// and the next run finds out about it. A run that was killed is followed by itself after a while; this only saves the wait.
#[derive(Debug, Args)]
pub struct Unlock {
    /// The stack; may be left out where the project has one.
    #[arg(value_name = "STACK")]
    stack: Option<String>,

    #[command(flatten)]
    chosen: EnvironmentArgument,

    /// Don't ask: take it from the run of this epoch, and from no other. Without it, the epoch is shown.
    #[arg(long, value_name = "N")]
    epoch: Option<u64>,
}

impl Unlock {
    pub fn run(self, shell: &Shell) -> Ended {
        shell.run(|stop| async move {
            let workspace = Workspace::open(shell, &self.chosen)?.checked()?;
            let stack = workspace.one_stack(self.stack.as_deref())?;
            let StatePlace::Shared(ledger) = &workspace.state else { return Err(local().into()) };
            let key = workspace.engine.key(&stack);
            let holder = unless_stopped(&stop, ledger.holder(&key)).await?.map_err(|fault| workspace.stopped(fault))?;
            let Some(holder) = holder else {
                shell.console.talk(&format!("{stack} is free: nobody holds it."));
                return Ok(Exit::Done);
            };
            shell.console.talk(&format!("{stack} is held by {} (epoch {}).", holder.who, holder.epoch));
            let again = workspace.engine.command(&format!("unlock {stack} --epoch {}", holder.epoch));
            let epoch = match self.epoch {
                Some(epoch) => epoch,
                None => unless_stopped(&stop, ask(shell, &again)).await??,
            };
            if epoch != holder.epoch {
                return Err(another(&holder, epoch, &again).into());
            }
            match ledger.unlock(&key, epoch).await {
                Ok(()) => {}
                Err(LedgerFault::Unusable { doing: "unlocked", .. }) => return Err(moved(&stack).into()),
                Err(fault) => return Err(workspace.stopped(fault)),
            }
            let recover = workspace.engine.command(&format!("recover {stack}"));
            shell.console.talk(&format!(
                "{stack} is free. Should the run be alive, it stops at its next write. To find out what it was at: {recover}"
            ));
            Ok(Exit::Done)
        })
    }
}

/// Has the user type the epoch.
async fn ask(shell: &Shell, again: &str) -> Result<u64, Stopped> {
    if !shell.console.can_ask() {
        let detail = "There is no terminal on which to ask whether to take the stack away. Nothing was done.";
        return Err(Diagnostic::error("Approval needed", detail).hint(format!("if that run is dead: {again}")).into());
    }
    shell.console.ask("If that run is dead, type the epoch to take its stack away: ");
    let line = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map(|_| line)
    });
    let line = line.await.map_err(std::io::Error::other).flatten().unwrap_or_default();
    let detail = "That is no epoch. Nothing was done.";
    line.trim().parse().map_err(|_| Diagnostic::error("Not unlocked", detail).hint(format!("or give it: {again}")).into())
}

fn another(holder: &Shown, epoch: u64, again: &str) -> Diagnostic {
    let detail = format!("The run that holds the stack is of epoch {}, not of epoch {epoch}. Nothing was done.", holder.epoch);
    Diagnostic::error("Another run", detail).hint(format!("if that one is dead too: {again}"))
}

fn moved(stack: &str) -> Diagnostic {
    let detail = format!("The run that held `{stack}` has just ended, or was followed by another. Nothing was done.");
    Diagnostic::error("Not unlocked", detail).hint("look again, if you still need to")
}

fn local() -> Diagnostic {
    let detail = "State is kept in a folder of this machine. Its lock goes with the process that holds it, so there is nothing to unlock.";
    Diagnostic::error("Nothing to unlock", detail).hint("end the process that uses the state; who it is, a refused command says")
}
