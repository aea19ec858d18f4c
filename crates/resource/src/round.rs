//! Answers that several reads of one round share: equal requests are made once, and what different kinds ask of one call goes out as one.

use std::{
    any::Any,
    collections::{BTreeSet, HashMap},
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::{OnceCell, watch};

use crate::Fault;

/// How long a request waits at most for others that it can go out with, while reads of the round are still under way.
const PATIENCE: Duration = Duration::from_millis(250);

type Answer = Arc<dyn Any + Send + Sync>;
type Slot = Arc<OnceCell<Answer>>;

/// One round of reading. A new round asks AWS anew.
#[derive(Default)]
pub struct Round {
    once: Mutex<HashMap<String, Slot>>,
    gathering: Mutex<HashMap<String, Arc<Gathering>>>,
    quay: watch::Sender<Quay>,
}

/// Where requests wait for company.
#[derive(Default)]
struct Quay {
    /// How many reads are under way.
    reading: usize,
    /// How many requests of theirs wait.
    waiting: usize,
    /// How often those that waited have left, all at once.
    departures: u64,
}

/// What several reads ask of one call.
#[derive(Default)]
struct Gathering {
    ids: Mutex<BTreeSet<String>>,
    answer: OnceCell<Result<Answer, Fault>>,
}

/// A read that is under way in a round: until it is dropped, requests of other reads may wait for what it asks.
pub struct Reading<'a>(&'a Round);

impl Round {
    /// Says that a read is under way in this round. A round in which nobody says so waits for no company.
    pub fn reading(&self) -> Reading<'_> {
        self.quay.send_modify(|quay| quay.reading += 1);
        Reading(self)
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

    /// Returns the answer to a request about things of which each kind asks some: it waits until every read of the round that is under
    /// way waits as well, and asks about all their ids at once, `most` of them to a call. The answer is about all of them. `key` names
    /// the request without the ids.
    ///
    /// # Errors
    /// Returns the fault of the first call that fails, to all that were in it; the next one with this key asks again.
    pub async fn together<T, F>(
        &self,
        key: &str,
        most: usize,
        ids: Vec<String>,
        ask: impl Fn(Vec<String>) -> F + Send,
    ) -> Result<Arc<T>, Fault>
    where
        T: IntoIterator + Extend<T::Item> + Default + Send + Sync + 'static,
        F: Future<Output = Result<T, Fault>> + Send,
    {
        let gathering = {
            let mut all = self.gathering.lock().unwrap_or_else(PoisonError::into_inner);
            let gathering = all.entry(key.to_owned()).or_default().clone();
            gathering.ids.lock().unwrap_or_else(PoisonError::into_inner).extend(ids);
            gathering
        };
        self.wait_for_company().await;
        let asked = gathering.answer.get_or_init(|| async {
            let mut all = T::default();
            for some in self.close(key, &gathering).chunks(most) {
                all.extend(ask(some.to_vec()).await?);
            }
            Ok(Arc::new(all) as Answer)
        });
        let answer = asked.await.clone()?;
        Ok(answer.downcast().expect("a key names one request, so it has one type of answer"))
    }

    /// Waits until all reads wait, or for long enough; then all that wait leave. One whose future is dropped while it waits makes the
    /// others leave no later.
    async fn wait_for_company(&self) {
        // Reads that begin together are all to be counted before the first of them leaves alone.
        tokio::task::yield_now().await;
        let mut watch = self.quay.subscribe();
        let before = watch.borrow().departures;
        self.quay.send_modify(|quay| {
            quay.waiting += 1;
            quay.leave_when_all_wait();
        });
        let left = watch.wait_for(|quay| quay.departures > before);
        if tokio::time::timeout(PATIENCE, left).await.is_err() {
            self.quay.send_modify(Quay::leave);
        }
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

impl Quay {
    fn leave_when_all_wait(&mut self) {
        if self.waiting >= self.reading {
            self.leave();
        }
    }

    fn leave(&mut self) {
        self.waiting = 0;
        self.departures += 1;
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.0.quay.send_modify(|quay| {
            quay.reading -= 1;
            quay.leave_when_all_wait();
        });
    }
}

#[cfg(test)]
mod tests {
    use futures::future::{join, join_all};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_the_reads_of_a_round_ask_goes_out_as_one() {
        let round = Round::default();
        let requests = Mutex::new(Vec::new());
        let ask = |ids: Vec<String>| {
            requests.lock().expect("no panic").push(ids.clone());
            async { Ok(ids) }
        };
        let read = async |takes: u64, ids: &[&str]| {
            let _reading = round.reading();
            tokio::time::sleep(Duration::from_millis(takes)).await;
            let ids = ids.iter().map(|id| (*id).to_owned()).collect();
            let answer = round.together("Describe", 2, ids, ask).await.expect("an answer");
            assert_eq!(*answer, ["a", "b", "c"]);
        };
        let asks_nothing = async {
            let _reading = round.reading();
            tokio::time::sleep(Duration::from_millis(200)).await;
        };
        join_all([read(0, &["b", "a"]), read(100, &["a", "c"])]).await;
        join(read(0, &["a", "b", "c"]), asks_nothing).await;
        // A later one is a request of its own, and all go in calls of two.
        assert_eq!(requests.into_inner().expect("no panic"), [vec!["a", "b"], vec!["c"], vec!["a", "b"], vec!["c"]]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_read_holds_the_others_up_for_a_moment_only() {
        let round = Round::default();
        let _slow = round.reading();
        let began = tokio::time::Instant::now();
        let _reading = round.reading();
        let answer = round.together("Describe", 2, vec!["a".to_owned()], |ids| async { Ok(ids) }).await.expect("an answer");
        assert_eq!((answer.as_slice(), began.elapsed()), (["a".to_owned()].as_slice(), PATIENCE));
    }

    #[tokio::test(start_paused = true)]
    async fn a_fault_is_told_to_all_and_the_next_asks_again() {
        let round = Round::default();
        let refused = |_: Vec<String>| async { Err::<Vec<String>, _>(Fault::bare(crate::Class::Denied, "no".to_owned())) };
        let reads = ["a", "b"].map(|id| (round.reading(), vec![id.to_owned()]));
        let all = join_all(reads.map(|(reading, ids)| {
            let answer = round.together("Describe", 2, ids, refused);
            async move { (answer.await, reading).0 }
        }));
        assert!(all.await.iter().all(Result::is_err));
        assert!(round.together("Describe", 2, vec!["a".to_owned()], |ids| async { Ok(ids) }).await.is_ok());
    }
}
