//! `lowtide state restore`

use clap::Args;
use lowtide_apply::Stop;
use lowtide_diagnostic::Diagnostic;
use lowtide_ledger::history;
use lowtide_report::shortened;
use lowtide_spec::project::Encryption;
use lowtide_state::{History, Kept, LedgerFault, format::read_snapshot};
use tokio::sync::watch;

use super::{
    exchange::{ExchangeArguments, Other, exchange},
    not_applied, reading_both,
};
use crate::{
    arguments::EnvironmentArgument,
    exit::{Exit, Stopped},
    shell::{Ended, Shell},
    workspace::Workspace,
};

/// So many digits of a hash name a state.
const FEWEST_DIGITS: usize = 8;

/// Make an earlier state the next one; history is never rewritten.
///
/// AWS is not touched: what Lowtide remembers of it changes, and the next plan shows what differs from the spec. What has been made
/// since, and which the earlier state does not know, is named and refused.
#[derive(Debug, Args)]
#[command(override_usage = "lowtide state restore [OPTIONS] [STACK] <SERIAL|HASH>")]
pub struct Restore {
    /// The stack, which may be left out where the project has one, and the state: its serial, or at least eight digits of its hash, as
    /// `lowtide state history` tells them.
    #[arg(value_name = "NAME", required = true, num_args = 1..=2)]
    names: Vec<String>,

    #[command(flatten)]
    chosen: EnvironmentArgument,

    #[command(flatten)]
    how: ExchangeArguments,
}

impl Restore {
    pub(super) async fn run(self, shell: &Shell, stop: &watch::Receiver<Stop>) -> Ended {
        let workspace = Workspace::open(shell, &self.chosen)?.checked()?;
        let (stack, which) = match self.names.as_slice() {
            [stack, which, ..] => (Some(stack.as_str()), which),
            [which] => (None, which),
            [] => unreachable!("clap sees to one or two"),
        };
        let stack = workspace.one_stack(stack)?;
        let key = workspace.engine.key(&stack);
        let stopped = |fault| workspace.stopped(fault);
        let Some(now) = workspace.engine.ledger.read(&key).await.map_err(stopped)? else {
            shell.console.talk(&not_applied(&workspace, &stack));
            return Ok(Exit::Failed);
        };
        let ledger = reading_both(shell, &workspace).ledger();
        let all = history(&*ledger, &key, None).await.map_err(stopped)?;
        let kept = the_one(&workspace, &stack, &all, which)?;
        let text = ledger.kept_text(&key, &kept.name).await.map_err(stopped)?;
        if !all.is_bound(kept) && workspace.engine.project.encryption != Encryption::None {
            // Nothing else tells that it is ours: it must be sealed as all else is.
            workspace.engine.ledger.kept_text(&key, &kept.name).await.map_err(|fault| unbound(&workspace, kept, &fault))?;
        }
        let earlier = read_snapshot(&text).map_err(|error| stopped(error.at(format!("{}, {}", ledger.location(&key), kept.name))))?;
        if earlier.hash == now.hash {
            shell.console.talk(&format!("This is the state of {stack} already, serial {}.", now.state.serial));
            return Ok(Exit::Done);
        }
        let what = format!("serial {} ({})", kept.serial, shortened(&kept.hash));
        let other = Other { stack: &stack, now: &now, state: earlier.document.state, what, doing: "state restore" };
        exchange(shell, &workspace, other, &self.how, stop).await
    }
}

fn unbound(workspace: &Workspace<'_>, kept: &Kept, fault: &LedgerFault) -> Stopped {
    let detail = format!(
        "Between serial {} and the state of now the history has a gap, and state is encrypted here, but that snapshot can't be shown to be: {fault}.",
        kept.serial
    );
    let wrong = Diagnostic::error("Not surely ours", detail);
    workspace.stopped(
        wrong.hint("whoever can write where state is could have put it there; see which are whole: lowtide state history --verify"),
    )
}

/// Returns the snapshot of a serial, or whose hash begins like this.
fn the_one<'a>(workspace: &Workspace<'_>, stack: &str, all: &'a History, which: &str) -> Result<&'a Kept, Stopped> {
    let serial = all.kept().find(|kept| kept.serial.to_string() == which);
    let like_this = || which.len() >= FEWEST_DIGITS && which.bytes().all(|digit| digit.is_ascii_hexdigit());
    let begins = |kept: &&Kept| kept.hash.starts_with(&which.to_ascii_lowercase());
    let found: Vec<_> = match serial {
        Some(kept) => vec![kept],
        None if like_this() => all.kept().filter(begins).collect(),
        None => Vec::new(),
    };
    match found.as_slice() {
        [one] => Ok(one),
        others => {
            let detail = match others.len() {
                0 => format!("No state of `{stack}` that is kept and can be read has the serial or the hash `{which}`."),
                number => format!("The hashes of {number} states of `{stack}` begin with `{which}`."),
            };
            let list = workspace.engine.command(&format!("state history {stack} --all"));
            Err(workspace.stopped(Diagnostic::error("Unknown state", detail).hint(format!("see which there are: {list}"))))
        }
    }
}
