//! Work that comes to its end even if nobody waits for it any more. Whoever gives it up leaves it among the releases, so that the
//! stack is known to be free only when it has ended.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use tokio::task::{JoinError, JoinHandle, JoinSet};

/// Work under way; waiting for it returns what came of it.
pub(super) struct Pursued<T: Send + 'static> {
    work: Option<JoinHandle<T>>,
    releases: Arc<Mutex<JoinSet<()>>>,
}

impl<T: Send + 'static> Pursued<T> {
    pub(super) fn begin(work: impl Future<Output = T> + Send + 'static, releases: Arc<Mutex<JoinSet<()>>>) -> Self {
        Self { work: Some(tokio::spawn(work)), releases }
    }
}

impl<T: Send + 'static> Future for Pursued<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(work) = &mut self.work else { return Poll::Pending };
        let done = Pin::new(work).poll(context);
        if done.is_ready() {
            self.work = None;
        }
        done
    }
}

impl<T: Send + 'static> Drop for Pursued<T> {
    fn drop(&mut self) {
        let (Some(work), Ok(runtime)) = (self.work.take(), tokio::runtime::Handle::try_current()) else { return };
        // What came of it is dropped with it: a run frees its stack then.
        let rest = async move { drop(work.await) };
        self.releases.lock().unwrap_or_else(PoisonError::into_inner).spawn_on(rest, &runtime);
    }
}
