//! `lowtide state push`

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use clap::Args;
use lowtide_apply::Stop;
use lowtide_diagnostic::Diagnostic;
use lowtide_ledger::is_sealed;
use lowtide_state::{
    Loaded, State,
    format::{Snapshot, Unreadable, import_snapshot},
};
use tokio::sync::watch;

use super::exchange::{ExchangeArguments, Other, exchange};
use crate::{
    arguments::EnvironmentArgument,
    exit::{Exit, Stopped},
    shell::{Ended, Shell},
    workspace::Workspace,
};

/// A hundred thousand resources take about half of it.
const LONGEST: u64 = 512 << 20;

/// Put a state that `lowtide state pull` printed in the place of the current one, as a new serial.
///
/// Refuses a text that was changed, another lineage, and a state that is older than the current one: an earlier state comes back with
/// `lowtide state restore`. What was before stays in the history. AWS is not touched; the next plan shows what differs.
#[derive(Debug, Args)]
#[command(override_usage = "lowtide state push [OPTIONS] [STACK] <FILE>")]
pub struct Push {
    /// The stack, which may be left out where the project has one, and the file; or a snapshot as it lies in a folder or a bucket.
    #[arg(value_name = "NAME", required = true, num_args = 1..=2)]
    names: Vec<PathBuf>,

    #[command(flatten)]
    chosen: EnvironmentArgument,

    #[command(flatten)]
    how: ExchangeArguments,
}

impl Push {
    pub(super) async fn run(self, shell: &Shell, stop: &watch::Receiver<Stop>) -> Ended {
        let workspace = Workspace::open(shell, &self.chosen)?.checked()?;
        let (stack, file) = match self.names.as_slice() {
            [stack, file, ..] => (stack.to_str(), file),
            [file] => (None, file),
            [] => unreachable!("clap sees to one or two"),
        };
        let stack = workspace.one_stack(stack)?;
        let pushed = read(file)?;
        let read = workspace.engine.ledger.read(&workspace.engine.key(&stack)).await.map_err(|fault| workspace.stopped(fault))?;
        let Some(now) = read else {
            let detail =
                format!("`{stack}` has no state in environment {}, so there is no lineage to go on with.", workspace.engine.environment);
            return Err(Diagnostic::error("No state", detail)
                .hint(
                    "if a place was lost, put back its files from a copy; if the state is elsewhere, move it: lowtide init --migrate-state",
                )
                .into());
        };
        if pushed.hash == now.hash {
            shell.console.talk(&format!("This is the state of {stack} already, serial {}.", now.state.serial));
            return Ok(Exit::Done);
        }
        fits(&workspace, &stack, &now, &pushed.document.state)?;
        let what = format!("serial {} from {}", pushed.document.state.serial, file.display());
        let other = Other { stack: &stack, now: &now, state: pushed.document.state, what, doing: "state push" };
        exchange(shell, &workspace, other, &self.how, stop).await
    }
}

fn read(file: &Path) -> Result<Snapshot, Diagnostic> {
    let shown = file.display();
    let bytes = bytes(file).map_err(|error| Diagnostic::error("File not read", format!("`{shown}` can't be read: {error}.")))?;
    if is_sealed(&bytes) {
        return Err(Diagnostic::error("Encrypted state", format!("`{shown}` is an encrypted snapshot, which opens only at its place. Nothing was done."))
            .hint("where that place is configured, `lowtide state restore` brings an earlier state back, and `lowtide state pull` prints the current one"));
    }
    import_snapshot(&bytes).map_err(|unreadable| match unreadable {
        Unreadable::Newer { .. } => Diagnostic::error("State of a newer version", format!("`{shown}`: {unreadable}."))
            .hint("use the newer Lowtide; this one leaves the state alone"),
        other => Diagnostic::error("Damaged state", format!("`{shown}` is no state as it was written: {other}. Nothing was done."))
            .hint("push what `lowtide state pull` printed, unchanged; to change addresses there are `lowtide state mv` and `state rm`"),
    })
}

/// Reads a file, or what a pipe gives, which may have no end.
fn bytes(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is longer than {} MiB", LONGEST >> 20)));
    }
    Ok(bytes)
}

/// Refuses another lineage, and what is older than the current state or as old.
fn fits(workspace: &Workspace<'_>, stack: &str, now: &Loaded, pushed: &State) -> Result<(), Stopped> {
    if pushed.lineage != now.state.lineage {
        let detail = format!(
            "The file is of lineage {}, and the state of `{stack}` is of lineage {}: they are about different things in AWS. Nothing was done.",
            pushed.lineage, now.state.lineage
        );
        return Err(Diagnostic::error("Another lineage", detail)
            .hint("push it to the stack and environment that it was pulled from")
            .into());
    }
    if pushed.serial <= now.state.serial {
        let how = if pushed.serial == now.state.serial { "says something else under the same serial" } else { "is newer" };
        let detail =
            format!("The file is serial {}. The state of `{stack}`, serial {}, {how}. Nothing was done.", pushed.serial, now.state.serial);
        let command = workspace.engine.command(&format!("state restore {stack} {}", pushed.serial));
        return Err(Diagnostic::error("Older state", detail)
            .hint(format!("to go back to an earlier state that is kept: {command}"))
            .into());
    }
    if pushed.serial == u64::MAX {
        return Err(Diagnostic::error("No serial left", "There is no serial above that of the file. Nothing was done.").into());
    }
    Ok(())
}
