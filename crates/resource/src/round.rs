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

/// Why an answer has the type that is asked for.
const ONE_TYPE: &str = "a key names one request, so it has one type of answer";

type Answer = Arc<dyn Any + Send + Sync>;
type Slot = Arc<OnceCell<Answer>>;

/// One round of reading. A new round asks AWS anew.
#[derive(Default)]
pub struct Round {
    once: Mutex<HashMap<String, Slot>>,
    together: Mutex<HashMap<String, Together>>,
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

/// What is asked under one key.
#[derive(Default)]
struct Together {
    open: Arc<Gathering>,
    answered: Vec<(BTreeSet<String>, Answer)>,
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
        Ok(answer.clone().downcast().expect(ONE_TYPE))
    }

    /// Returns the answer to a request about things of which each kind asks some: it waits until every read of the round that is under
    /// way waits as well, and asks about all their ids at once, `most` of them to a call. The answer is about all of them, and is the one
    /// to whoever comes later and asks about some of them. `key` names the request without the ids.
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
        let gathering = match self.under(key, |asked| asked.answer_or_join(ids)) {
            Ok(answer) => return Ok(answer.downcast().expect(ONE_TYPE)),
            Err(gathering) => gathering,
        };
        self.wait_for_company().await;
        let asked = gathering.answer.get_or_init(|| async {
            let (mut all, ids) = (T::default(), self.under(key, |asked| asked.close(&gathering)));
            for some in ids.iter().cloned().collect::<Vec<_>>().chunks(most) {
                all.extend(ask(some.to_vec()).await?);
            }
            let answer = Arc::new(all) as Answer;
            self.under(key, |asked| asked.answered.push((ids, answer.clone())));
            Ok(answer)
        });
        Ok(asked.await.clone()?.downcast().expect(ONE_TYPE))
    }

    fn under<R>(&self, key: &str, go: impl FnOnce(&mut Together) -> R) -> R {
        go(self.together.lock().unwrap_or_else(PoisonError::into_inner).entry(key.to_owned()).or_default())
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
}

impl Together {
    /// Returns the answer that there is about all of these; otherwise joins what is gathering.
    fn answer_or_join(&mut self, ids: Vec<String>) -> Result<Answer, Arc<Gathering>> {
        let answer = self.answered.iter().find(|(about, _)| ids.iter().all(|id| about.contains(id)));
        answer.map(|(_, answer)| answer.clone()).ok_or_else(|| {
            self.open.ids.lock().unwrap_or_else(PoisonError::into_inner).extend(ids);
            self.open.clone()
        })
    }

    /// Lets nobody join any more, and returns what is asked about.
    fn close(&mut self, gathering: &Arc<Gathering>) -> BTreeSet<String> {
        // Whoever waited may have been dropped with its request under way, and the next has begun anew.
        if Arc::ptr_eq(&self.open, gathering) {
            self.open = Arc::default();
        }
        gathering.ids.lock().unwrap_or_else(PoisonError::into_inner).clone()
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
        join(read(0, &["b", "c"]), asks_nothing).await;
        assert_eq!(*requests.lock().expect("no panic"), [vec!["a", "b"], vec!["c"]], "what is answered is not asked again");
        // Of what nobody has asked about, a later one is a request of its own.
        round.together("Describe", 2, vec!["c".to_owned(), "d".to_owned()], ask).await.expect("an answer");
        assert_eq!(*requests.lock().expect("no panic"), [vec!["a", "b"], vec!["c"], vec!["c", "d"]]);
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
