//! Moving the states of a project to where `[state]` says they are from now on.

use std::path::{Path, PathBuf};

use lowtide_diagnostic::Diagnostic;
use lowtide_ledger::{Moved, Unpacked, migrate};
use lowtide_report::count;
use lowtide_spec::{
    Loader, Project,
    project::{Backend, Encryption, S3Backend},
};

use crate::{
    exit::Stopped,
    shell::Shell,
    state_place::{Freeing, Reading, StatePlace},
    workspace::{Workspace, root},
};

/// Returns the project as it was, if its states can move from there to where `[state]` says they are from now on. Nothing is read or sent.
///
/// # Errors
/// When it can't be told where the states were, and when they are there already or would be in their own way.
pub fn former(workspace: &Workspace<'_>, folder: Option<&Path>) -> Result<Project, Stopped> {
    let now = &workspace.engine.project;
    let old = former_project(now, folder)?;
    if is_one_place(&root()?, &old.state, &now.state) {
        let detail = "The states were where [state] says they are to be, so there is nothing to move.";
        return Err(Diagnostic::error("Nothing to move", detail).hint("change [state] first, then move").into());
    }
    match (&old.state, &now.state) {
        (Backend::S3(one), Backend::S3(other)) if one.bucket == other.bucket && beneath(one) == beneath(other) => {
            let detail =
                "With another `lock_table` a state needs another prefix, or another bucket: its snapshots would be in their own way.";
            let wrong = Diagnostic::error("Same prefix", detail).at(other.place.clone());
            Err(workspace.stopped(wrong.hint("name another prefix in [state], then move")))
        }
        _ => Ok(old),
    }
}

/// Moves every state of the project, one after the other. What was moved by then stays moved if one fails; the rest follows when
/// it is run again.
///
/// # Errors
/// When one can't be moved.
pub async fn run(shell: &Shell, workspace: &Workspace<'_>, old: &Project) -> Result<(), Stopped> {
    let from = StatePlace::of(shell, &root()?, old, &workspace.aws, Reading::Encrypted);
    let _freeing = Freeing(from.clone());
    let (from, to) = (from.archive(), workspace.state.archive());
    let project = &*workspace.engine.project.name;
    let keys = from.list().await.map_err(|fault| workspace.stopped(fault))?;
    let keys: Vec<_> = keys.into_iter().filter(|key| key.project == project).collect();
    for key in &keys {
        let moved = migrate(from, to, key).await.map_err(|fault| workspace.stopped(fault))?;
        shell.console.talk(&format!("{key}: {}; it is at {} now", told(moved), to.location(key)));
    }
    if keys.is_empty() {
        shell.console.talk(&format!("No state of {project} is at the former place, so nothing was moved."));
    } else {
        shell.console.talk("What lies at the former place stays as it is, and says where it went to whoever comes for it.");
    }
    Ok(())
}

/// Returns whether two places are one, however they are written: how long a lease lasts, say, is nothing of the place. A bucket is in one
/// region only, and its table with it.
fn is_one_place(root: &Path, one: &Backend, other: &Backend) -> bool {
    match (one, other) {
        (Backend::Local { path: one }, Backend::Local { path: other }) => {
            let found = |path: &Path| root.join(path).canonicalize().ok();
            // A folder that is not there has nothing in it that could be moved to itself.
            one == other || found(one).is_some_and(|folder| found(other) == Some(folder))
        }
        (Backend::S3(one), Backend::S3(other)) => {
            one.bucket == other.bucket && one.lock_table == other.lock_table && beneath(one) == beneath(other)
        }
        (Backend::Local { .. }, Backend::S3(_)) | (Backend::S3(_), Backend::Local { .. }) => false,
    }
}

/// Returns what keys of a bucket begin with.
fn beneath(s3: &S3Backend) -> &str {
    s3.prefix.as_deref().unwrap_or_default().trim_matches('/')
}

fn told(moved: Moved) -> String {
    let state = match moved.state {
        Unpacked::Done => "moved",
        Unpacked::AlreadyThere => "was there already",
    };
    let left = match moved.left {
        0 => String::new(),
        left => format!("; {} can't be read, and stayed where it was", count(left, "earlier state")),
    };
    format!("{state}, with {}{left}", count(moved.earlier, "earlier state"))
}

/// Returns the project as it was, which says where its states were.
fn former_project(now: &Project, former: Option<&Path>) -> Result<Project, Stopped> {
    match (former, &now.state) {
        (Some(folder), _) => {
            let mut loader = Loader::new(folder);
            loader.project().map_err(|wrong| Stopped::Trouble(wrong.into(), loader.sources().clone()))
        }
        (None, Backend::S3(_)) => {
            let state = Backend::Local { path: PathBuf::from("state") };
            Ok(Project { state, encryption: Encryption::None, ..now.clone() })
        }
        (None, Backend::Local { .. }) => {
            let detail = "[state] names a folder now, and nothing says where the states were.";
            Err(Diagnostic::error("Former place unknown", detail)
                .hint("name a folder with the former lowtide.toml in it: lowtide init --migrate-state --from FOLDER")
                .into())
        }
    }
}
