//! `lowtide state encrypt` and `lowtide state decrypt`

use clap::Args;
use lowtide_diagnostic::Diagnostic;
use lowtide_spec::project::Encryption;
use lowtide_state::StackKey;

use super::reading_both;
use crate::{
    arguments::EnvironmentArgument,
    environment::STATE_PASSPHRASE,
    exit::Exit,
    shell::{Ended, Shell},
    state_place::former_encryption,
    workspace::Workspace,
};

/// Encrypt state that stands in clear, once `[state]` says how.
///
/// Snapshots from before stay as they are.
#[derive(Debug, Args)]
pub struct Encrypt {
    /// The stacks; all that have a state when none is named.
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,

    #[command(flatten)]
    chosen: EnvironmentArgument,
}

/// Have state in clear that is encrypted, once `[state]` no longer says how.
///
/// A passphrase is taken from LOWTIDE_STATE_PASSPHRASE; a key of KMS is found by itself. Snapshots from before stay encrypted.
#[derive(Debug, Args)]
pub struct Decrypt {
    /// The stacks; all that have a state when none is named.
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,

    #[command(flatten)]
    chosen: EnvironmentArgument,
}

impl Encrypt {
    pub(super) async fn run(self, shell: &Shell) -> Ended {
        let workspace = Workspace::open(shell, &self.chosen)?.checked()?;
        if workspace.engine.project.encryption == Encryption::None {
            let detail = "lowtide.toml does not say what state is encrypted with.";
            let hint = "add encryption = \"passphrase\" to [state], or kms_key_id where its backend is \"s3\"";
            return Err(Diagnostic::error("No encryption", detail).hint(hint).into());
        }
        let place = reading_both(shell, &workspace);
        for (stack, key) in those_meant(&workspace, &self.stacks) {
            if place.ledger().read(&key).await.map_err(|fault| workspace.stopped(fault))?.is_none() {
                shell.console.talk(&format!("{stack}: there is no state yet; it is encrypted from the first one on"));
                continue;
            }
            let encrypted = place.encrypt(&key).await.map_err(|fault| workspace.stopped(fault))?;
            shell.console.talk(&format!("{stack}: encrypted, as serial {}", encrypted.state.serial));
        }
        Ok(Exit::Done)
    }
}

impl Decrypt {
    pub(super) async fn run(self, shell: &Shell) -> Ended {
        let workspace = Workspace::open(shell, &self.chosen)?.checked()?;
        let project = &workspace.engine.project;
        if project.encryption != Encryption::None {
            let detail = "lowtide.toml says that state is encrypted, so it would be encrypted again with the next run.";
            let hint = "write encryption = \"none\" in [state] first";
            return Err(Diagnostic::error("State is to be encrypted", detail).hint(hint).into());
        }
        if former_encryption(shell, project).is_none() {
            let detail =
                format!("Nothing says what state is encrypted with: {STATE_PASSPHRASE} holds no passphrase, and [state] names no key.");
            let hint = format!("set {STATE_PASSPHRASE}; or keep kms_key_id beside encryption = \"none\"");
            return Err(Diagnostic::error("No key", detail).hint(hint).into());
        }
        let place = reading_both(shell, &workspace);
        for (stack, key) in those_meant(&workspace, &self.stacks) {
            if place.ledger().read(&key).await.map_err(|fault| workspace.stopped(fault))?.is_none() {
                shell.console.talk(&format!("{stack}: there is no state yet"));
                continue;
            }
            let decrypted = place.decrypt(&key).await.map_err(|fault| workspace.stopped(fault))?;
            shell.console.talk(&format!("{stack}: in clear, as serial {}", decrypted.state.serial));
        }
        Ok(Exit::Done)
    }
}

/// Returns the stacks that are named, or all, with the keys of their states.
fn those_meant(workspace: &Workspace<'_>, named: &[String]) -> Vec<(String, StackKey)> {
    let all = || workspace.engine.project.stacks.keys().map(ToString::to_string).collect();
    let stacks: Vec<String> = if named.is_empty() { all() } else { named.to_vec() };
    stacks.into_iter().map(|stack| (stack.clone(), workspace.engine.key(&stack))).collect()
}
