//! Answers that several reads of one round share, so that equal requests are made once.

use std::{
    any::Any,
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::OnceCell;

use crate::Fault;

type Slot = Arc<OnceCell<Arc<dyn Any + Send + Sync>>>;

/// One round of reading. A new round asks AWS anew.
#[derive(Default)]
pub struct Round(Mutex<HashMap<String, Slot>>);

impl Round {
    /// Returns the answer to a request of this round, asking only the first time. `key` names request and parameters.
    ///
    /// # Errors
    /// Returns the fault of the request; the next one with this key asks again.
    pub async fn once<T, F>(&self, key: impl Into<String>, ask: impl FnOnce() -> F + Send) -> Result<Arc<T>, Fault>
    where
        T: Send + Sync + 'static,
        F: Future<Output = Result<T, Fault>> + Send,
    {
        let slot = self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key.into()).or_default().clone();
        let answer = slot.get_or_try_init(|| async { Ok::<_, Fault>(Arc::new(ask().await?) as Arc<dyn Any + Send + Sync>) }).await?;
        Ok(answer.clone().downcast().expect("a key names one request, so it has one type of answer"))
    }
}
