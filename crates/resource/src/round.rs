//! Answers that several reads of one round share: equal requests are made once, and what different kinds ask of one call goes out as one.

use std::{
    any::Any,
    collections::{BTreeSet, HashMap},
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::OnceCell;

use crate::Fault;

/// How long a request waits for others that it can go out with.
const COMPANY: Duration = Duration::from_millis(20);

type Answer = Arc<dyn Any + Send + Sync>;
type Slot = Arc<OnceCell<Answer>>;

/// One round of reading. A new round asks AWS anew.
#[derive(Default)]
pub struct Round {
    /// Whether several kinds are read in it at the same time.
    of_many: bool,
    once: Mutex<HashMap<String, Slot>>,
    gathering: Mutex<HashMap<String, Arc<Gathering>>>,
}

/// What several reads ask of one call.
#[derive(Default)]
struct Gathering {
    ids: Mutex<BTreeSet<String>>,
    answer: OnceCell<Result<Answer, Fault>>,
}

impl Round {
    /// Returns a round in which several kinds are read at the same time.
    pub fn of_many() -> Self {
        Self { of_many: true, ..Self::default() }
    }

    /// Returns the answer to a request of this round, asking only the first time. `key` names request and parameters.
    ///
    /// # Errors
    /// Returns the fault of the request; the next one with this key asks again.
    pub async fn once<T, F>(&self, key: impl Into<String>, ask: impl FnOnce() -> F + Send) -> Result<Arc<T>, Fault>
    where
        T: Send + Sync + 'static,
        F: Future<Output = Result<T, Fault>> + Send,
    {
        let slot = self.once.lock().unwrap_or_else(PoisonError::into_inner).entry(key.into()).or_default().clone();
        let answer = slot.get_or_try_init(|| async { Ok::<_, Fault>(Arc::new(ask().await?) as Answer) }).await?;
        Ok(answer.clone().downcast().expect("a key names one request, so it has one type of answer"))
    }

    /// Returns the answer to a request about things of which each kind asks some: those that are asked about within a moment go out in
    /// one request, and the answer is about all of them. `key` names the request without the ids.
    ///
    /// # Errors
    /// Returns the fault of the request, to all that were in it; the next one with this key asks again.
    pub async fn together<T, F>(&self, key: &str, ids: Vec<String>, ask: impl FnOnce(Vec<String>) -> F + Send) -> Result<Arc<T>, Fault>
    where
        T: Send + Sync + 'static,
        F: Future<Output = Result<T, Fault>> + Send,
    {
        let gathering = {
            let mut all = self.gathering.lock().unwrap_or_else(PoisonError::into_inner);
            let gathering = all.entry(key.to_owned()).or_default().clone();
            gathering.ids.lock().unwrap_or_else(PoisonError::into_inner).extend(ids);
            gathering
        };
        if self.of_many {
            tokio::time::sleep(COMPANY).await;
        }
        let asked = gathering.answer.get_or_init(|| async {
            let all = self.close(key, &gathering);
            Ok(Arc::new(ask(all).await?) as Answer)
        });
        let answer = asked.await.clone()?;
        Ok(answer.downcast().expect("a key names one request, so it has one type of answer"))
    }

    /// Lets nobody join any more, and returns what is asked about.
    fn close(&self, key: &str, gathering: &Arc<Gathering>) -> Vec<String> {
        let mut all = self.gathering.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever waited may have been dropped with its request under way, and the next has begun anew.
        if all.get(key).is_some_and(|open| Arc::ptr_eq(open, gathering)) {
            all.remove(key);
        }
        gathering.ids.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_asked_within_a_moment_goes_out_as_one() {
        let round = Round::of_many();
        let requests = Mutex::new(Vec::new());
        let ask = |ids: Vec<String>| {
            requests.lock().expect("no panic").push(ids.clone());
            async { Ok(ids) }
        };
        let some = [vec!["b", "a"], vec!["a", "c"]].map(|ids| ids.into_iter().map(str::to_owned).collect::<Vec<_>>());
        let answers = join_all(some.map(|ids| round.together("Describe", ids, ask))).await;
        for answer in answers {
            assert_eq!(*answer.expect("an answer"), ["a", "b", "c"]);
        }
        // A later one is a request of its own.
        assert_eq!(*round.together("Describe", vec!["d".to_owned()], ask).await.expect("an answer"), ["d"]);
        assert_eq!(requests.into_inner().expect("no panic"), [vec!["a", "b", "c"], vec!["d"]]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_fault_is_told_to_all_and_the_next_asks_again() {
        let round = Round::of_many();
        let refused = |_: Vec<String>| async { Err::<(), _>(Fault::bare(crate::Class::Denied, "no".to_owned())) };
        let all = join_all(["a", "b"].map(|id| round.together("Describe", vec![id.to_owned()], refused))).await;
        assert!(all.iter().all(Result::is_err));
        assert!(round.together("Describe", vec!["a".to_owned()], |_| async { Ok(()) }).await.is_ok());
    }
}
