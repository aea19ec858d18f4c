//! `lowtide state`: what is remembered of a stack. The commands that are more than a few lines have a file each.

mod encryption;
mod exchange;
mod history;
mod pull;
mod push;
mod restore;

use clap::{Args, Subcommand};
use lowtide_diagnostic::{Diagnostic, Diagnostics, nearest};
use lowtide_model::Address;
use lowtide_report::{state_list, state_show};
use lowtide_spec::project::Encryption;
use lowtide_state::State as Remembered;

use crate::{
    arguments::{EnvironmentArgument, address},
    exit::{Exit, Stopped},
    shell::{Ended, Shell},
    state_place::{Reading, StatePlace, former_encryption},
    workspace::Workspace,
};

/// Look at what is remembered of a stack, or change it; AWS is never touched.
#[derive(Debug, Subcommand)]
pub enum State {
    List(List),
    Show(Show),
    Mv(Mv),
    Rm(Rm),
    History(history::History),
    Pull(pull::Pull),
    Push(push::Push),
    Restore(restore::Restore),
    Encrypt(encryption::Encrypt),
    Decrypt(encryption::Decrypt),
}

/// List the addresses of all resources.
#[derive(Debug, Args)]
pub struct List {
    /// The stack; may be left out where the project has one.
    #[arg(value_name = "STACK")]
    stack: Option<String>,

    #[command(flatten)]
    chosen: EnvironmentArgument,
}

/// Show what is remembered of resources.
#[derive(Debug, Args)]
#[command(override_usage = "lowtide state show [OPTIONS] [STACK] <ADDRESS>...")]
pub struct Show {
    /// The stack, which may be left out where the project has only one, and the addresses.
    #[arg(value_name = "NAME", required = true, num_args = 1..)]
    names: Vec<String>,

    #[command(flatten)]
    chosen: EnvironmentArgument,
}

/// Give a resource another address, after it was renamed in the spec.
#[derive(Debug, Args)]
#[command(override_usage = "lowtide state mv [OPTIONS] [STACK] <FROM> <TO>")]
pub struct Mv {
    /// The stack, which may be left out where the project has one, the address now, and the new one.
    #[arg(value_name = "NAME", required = true, num_args = 2..=3)]
    names: Vec<String>,

    #[command(flatten)]
    chosen: EnvironmentArgument,
}

/// Forget resources; they stay in AWS.
#[derive(Debug, Args)]
#[command(override_usage = "lowtide state rm [OPTIONS] [STACK] <ADDRESS>...")]
pub struct Rm {
    /// The stack, which may be left out where the project has only one, and the addresses.
    #[arg(value_name = "NAME", required = true, num_args = 1..)]
    names: Vec<String>,

    #[command(flatten)]
    chosen: EnvironmentArgument,
}

impl State {
    pub fn run(self, shell: &Shell) -> Ended {
        shell.run(|stop| async move {
            match self {
                Self::List(command) => command.run(shell).await,
                Self::Show(command) => command.run(shell).await,
                Self::Mv(command) => command.run(shell).await,
                Self::Rm(command) => command.run(shell).await,
                Self::History(command) => command.run(shell).await,
                Self::Pull(command) => command.run(shell).await,
                Self::Push(command) => command.run(shell, &stop).await,
                Self::Restore(command) => command.run(shell, &stop).await,
                Self::Encrypt(command) => command.run(shell).await,
                Self::Decrypt(command) => command.run(shell).await,
            }
        })
    }
}

impl State {
    /// Returns whether a program reads stdout as JSON.
    pub fn wants_json(&self) -> bool {
        match self {
            Self::History(command) => command.json,
            Self::List(_)
            | Self::Show(_)
            | Self::Mv(_)
            | Self::Rm(_)
            | Self::Pull(_)
            | Self::Push(_)
            | Self::Restore(_)
            | Self::Encrypt(_)
            | Self::Decrypt(_) => false,
        }
    }
}

/// Returns the place of the states, reading encrypted snapshots and clear ones: those from before a change stay as they were.
fn reading_both(shell: &Shell, workspace: &Workspace<'_>) -> StatePlace {
    let engine = &workspace.engine;
    let (mut project, mut reading) = (engine.project.clone(), Reading::ClearToo);
    if let (Encryption::None, Some(former)) = (project.encryption, former_encryption(shell, &project)) {
        (project.encryption, reading) = (former, Reading::ToClear);
    }
    StatePlace::of(shell, engine.loader.root(), &project, &workspace.aws, reading)
}

impl List {
    async fn run(self, shell: &Shell) -> Ended {
        let workspace = Workspace::open(shell, &self.chosen)?.checked()?;
        let stack = workspace.one_stack(self.stack.as_deref())?;
        match read(&workspace, &stack).await? {
            Some(state) => shell.console.data(&state_list(&state))?,
            None => shell.console.talk(&not_applied(&workspace, &stack)),
        }
        Ok(Exit::Done)
    }
}

impl Show {
    async fn run(self, shell: &Shell) -> Ended {
        let workspace = Workspace::open(shell, &self.chosen)?.checked()?;
        let (stack, addresses) = stack_and_addresses(&workspace, &self.names)?;
        let state = read(&workspace, &stack).await?.unwrap_or_else(|| Remembered::new(""));
        let (mut parts, mut wrong) = (Vec::new(), Diagnostics::default());
        for address in &addresses {
            match state_show(&state, address, &workspace.engine.schema, shell.console.width()) {
                Some(text) => parts.push(text),
                None => wrong.push(not_in_state(&workspace, &state, &stack, address)),
            }
        }
        if wrong.has_errors() {
            return Err(wrong.into());
        }
        shell.console.data(&parts.join("\n"))?;
        Ok(Exit::Done)
    }
}

impl Mv {
    async fn run(self, shell: &Shell) -> Ended {
        let workspace = Workspace::open(shell, &self.chosen)?.checked()?;
        let (stack, addresses) = stack_and_addresses(&workspace, &self.names)?;
        let [from, to] = addresses.as_slice() else {
            let detail = "A move needs two addresses: the one that the resource has, and the one that it gets.";
            return Err(Diagnostic::error("Two addresses wanted", detail).hint("write: lowtide state mv STACK FROM TO").into());
        };
        workspace.engine.move_record(&stack, from, to).await.map_err(|trouble| workspace.stopped(trouble))?;
        shell.console.talk(&format!("{from} is now {to} in the state of {stack}."));
        Ok(Exit::Done)
    }
}

impl Rm {
    async fn run(self, shell: &Shell) -> Ended {
        let workspace = Workspace::open(shell, &self.chosen)?.checked()?;
        let (stack, addresses) = stack_and_addresses(&workspace, &self.names)?;
        let forgotten = workspace.engine.forget_records(&stack, &addresses).await.map_err(|trouble| workspace.stopped(trouble))?;
        for record in forgotten {
            shell.console.talk(&format!("{} [{}] is forgotten; it stays as it is.", record.address, record.id));
        }
        Ok(Exit::Done)
    }
}

/// Tells the stack's name from the addresses: it has no dot in it, and every address has one.
pub fn stack_and_addresses(workspace: &Workspace<'_>, names: &[String]) -> Result<(String, Vec<Address>), Stopped> {
    let (stack, rest) = match names {
        [first, rest @ ..] if !first.contains('.') => (Some(first.as_str()), rest),
        rest => (None, rest),
    };
    let stack = workspace.one_stack(stack)?;
    let (mut addresses, mut wrong) = (Vec::new(), Diagnostics::default());
    for text in rest {
        match address(text, "") {
            Ok(address) => addresses.push(address),
            Err(mistake) => wrong.push(mistake),
        }
    }
    if addresses.is_empty() && !wrong.has_errors() {
        wrong.push(Diagnostic::error("No address", format!("Only the stack `{stack}` is named, and no resource of it.")));
    }
    if wrong.has_errors() { Err(wrong.into()) } else { Ok((stack, addresses)) }
}

async fn read(workspace: &Workspace<'_>, stack: &str) -> Result<Option<Remembered>, Stopped> {
    let engine = &workspace.engine;
    let read = engine.ledger.read(&engine.key(stack)).await.map_err(|fault| workspace.stopped(fault))?;
    Ok(read.map(|read| read.state))
}

fn not_applied(workspace: &Workspace<'_>, stack: &str) -> String {
    format!("{stack} has not been applied in environment {}.", workspace.engine.environment)
}

fn not_in_state(workspace: &Workspace<'_>, state: &Remembered, stack: &str, address: &Address) -> Diagnostic {
    let known: Vec<_> = state.records.keys().map(|(address, _)| address.to_string()).collect();
    let wrong = Diagnostic::error("Not in state", format!("The state of `{stack}` holds no `{address}`."));
    match nearest(&address.to_string(), known.iter().map(String::as_str)) {
        Some(near) => wrong.hint(format!("did you mean `{near}`?")),
        None => wrong.hint(format!("see what it holds: {}", workspace.engine.command(&format!("state list {stack}")))),
    }
}
