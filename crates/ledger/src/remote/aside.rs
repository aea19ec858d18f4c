//! How operations went that a run could not write down any more, because it could not reach the ledger: kept on this machine for its next
//! run, sealed as the store's own texts are.
//!
//! Nothing depends on it: each operation has an intent in the journal, by which every other run finds out what became of it. Who finds
//! it here need not look, nor wait for what is not to be seen yet.

use std::{io, path::PathBuf, sync::Arc};

use lowtide_state::{Answer, format::FORMAT};
use serde::{Deserialize, Serialize};

use super::{own_file, stack::Stack, view::sha256};

/// What it is called where it is sealed.
const NAME: &str = "aside";

/// How many bytes are kept: the records of what was under way at once are a small part of it.
const MOST: u64 = 16 << 20;

/// What a run has taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenIn {
    /// Where the state is.
    pub place: String,
    /// Of how many operations it is known now how they went.
    pub operations: usize,
}

/// Keeps answers in a folder of this machine.
pub struct Aside {
    folder: PathBuf,
    tell: Box<dyn Fn(&TakenIn) + Send + Sync>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    format: u32,
    lineage: String,
    answers: Vec<Answer>,
}

impl Aside {
    /// Returns one that keeps in a folder, made when needed, and tells what a run has taken in.
    pub fn new(folder: impl Into<PathBuf>, tell: impl Fn(&TakenIn) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { folder: folder.into(), tell: Box::new(tell) })
    }

    /// Keeps answers of a stack beside those that are there; returns whether they are durable.
    pub(super) async fn keep(self: &Arc<Self>, stack: &Stack, lineage: &str, answers: &[Answer]) -> bool {
        let mut all = self.answers(stack, lineage).await;
        all.extend_from_slice(answers);
        let Ok(text) = serde_json::to_vec(&Kept { format: FORMAT, lineage: lineage.to_owned(), answers: all }) else { return false };
        let Ok(sealed) = stack.store.sealed(&stack.named(NAME), &text).await else { return false };
        let (this, name) = (self.clone(), name_of(stack));
        sealed.len() as u64 <= MOST
            && blocking(move || own_file::write(&this.folder, &name, &sealed)).await.is_some_and(|done| done.is_ok())
    }

    /// Returns the answers that are kept of a stack. What is damaged or of another time is none.
    pub(super) async fn answers(self: &Arc<Self>, stack: &Stack, lineage: &str) -> Vec<Answer> {
        let file = self.folder.join(name_of(stack));
        let Some(Some(bytes)) = blocking(move || own_file::read(&file, MOST)).await else { return Vec::new() };
        let Ok(text) = stack.store.opened(&stack.named(NAME), &bytes).await else { return Vec::new() };
        let kept = serde_json::from_slice(&text).ok().filter(|kept: &Kept| kept.format == FORMAT && kept.lineage == lineage);
        kept.map(|kept| kept.answers).unwrap_or_default()
    }

    /// Takes away what is kept of a stack, since it is part of the state now, or was known already.
    pub(super) async fn clear(self: &Arc<Self>, stack: &Stack, operations: usize) {
        if operations > 0 {
            (self.tell)(&TakenIn { place: stack.place(""), operations });
        }
        let file = self.folder.join(name_of(stack));
        // What stays counts for nothing the next time.
        let _: Option<io::Result<()>> = blocking(move || std::fs::remove_file(file)).await;
    }
}

fn name_of(stack: &Stack) -> String {
    sha256(stack.place("").as_bytes())
}

/// Does something with a small file of this machine, which nobody waits for in vain.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}
