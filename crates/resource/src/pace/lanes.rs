//! Requests that wait at the valve of their service, in the order in which they came.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, sleep, timeout},
};

use super::valve::{Answer, Left, Limits, Turn, Valve};

/// What all services are asked, each in its own lane. Clones share the lanes.
#[derive(Clone, Debug)]
pub struct Pace {
    limits: Limits,
    lanes: Arc<Mutex<HashMap<Key, Arc<Lane>>>>,
}

/// Service and region.
type Key = (String, String);

#[derive(Debug)]
struct Lane {
    valve: Mutex<Valve>,
    /// Held by whoever is next; the others stand behind in the order in which they came.
    next: tokio::sync::Mutex<()>,
    came_back: Notify,
    since: Instant,
}

/// A request that may go. It is under way until it is said how it came back, or this is dropped.
#[derive(Debug)]
pub struct Passage {
    lane: Arc<Lane>,
    left: Option<Left>,
}

/// A request has waited so long that it is not sent any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overfull {
    /// The service.
    pub service: String,
    /// How long it has waited.
    pub waited: Duration,
}

impl Pace {
    /// Returns one in which nothing was asked yet.
    pub fn new(limits: Limits) -> Self {
        Self { limits, lanes: Arc::default() }
    }

    /// Waits until a request may go. Whoever drops this leaves the line.
    ///
    /// # Errors
    /// When that takes longer than the limits allow.
    pub async fn pass(&self, service: &str, region: &str) -> Result<Passage, Overfull> {
        let lane = self.lane(service, region);
        let waited = self.limits.patience;
        timeout(waited, lane.pass()).await.map_err(|_| Overfull { service: service.to_owned(), waited })
    }

    fn lane(&self, service: &str, region: &str) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry((service.to_owned(), region.to_owned()));
        lane.or_insert_with(|| Arc::new(Lane::new(self.limits.clone()))).clone()
    }
}

impl Lane {
    fn new(limits: Limits) -> Self {
        let valve = Mutex::new(Valve::new(limits));
        Self { valve, next: tokio::sync::Mutex::default(), came_back: Notify::new(), since: Instant::now() }
    }

    async fn pass(self: Arc<Self>) -> Passage {
        let next = self.next.lock().await;
        let left = loop {
            let turn = self.valve().ask(self.since.elapsed());
            match turn {
                Turn::Now(left) => break left,
                Turn::In(wait) => sleep(wait).await,
                Turn::Full => self.came_back.notified().await,
            }
        };
        drop(next);
        Passage { lane: self, left: Some(left) }
    }

    fn valve(&self) -> MutexGuard<'_, Valve> {
        self.valve.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Passage {
    /// Says how the request came back. Returns the new rate of its service, in requests a second, where that was lowered.
    pub fn came_back(mut self, answer: Answer) -> Option<f64> {
        self.end(answer)
    }

    fn end(&mut self, answer: Answer) -> Option<f64> {
        let left = self.left.take()?;
        let lowered = self.lane.valve().came_back(left, answer, self.lane.since.elapsed());
        self.lane.came_back.notify_one();
        lowered
    }
}

impl Drop for Passage {
    fn drop(&mut self) {
        self.end(Answer::Lost);
    }
}

impl fmt::Display for Overfull {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { service, waited } = self;
        write!(out, "{service} is asked more than it bears: after {} s in line the request was not sent", waited.as_secs())
    }
}

impl std::error::Error for Overfull {}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    fn two() -> Pace {
        Pace::new(Limits { in_flight: 2, ..Limits::default() })
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_never_refused_waits_for_nothing() {
        let (pace, began) = (Pace::new(Limits::default()), Instant::now());
        for _ in 0..10_000 {
            pace.pass("ec2", "eu-west-1").await.expect("a passage").came_back(Answer::Heard);
        }
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_is_free_again_when_a_request_came_back_or_was_given_up() {
        let pace = two();
        let (first, second) = (pace.pass("ec2", "x").await.expect("a place"), pace.pass("ec2", "x").await.expect("a place"));
        assert!(pace.pass("ec2", "x").now_or_never().is_none(), "two are under way");
        assert!(pace.pass("ec2", "y").now_or_never().is_some() && pace.pass("iam", "x").now_or_never().is_some(), "other lanes are free");
        drop(first);
        let third = pace.pass("ec2", "x").await.expect("the place of the first");
        second.came_back(Answer::Heard);
        pace.pass("ec2", "x").await.expect("the place of the second");
        drop(third);
    }

    #[tokio::test(start_paused = true)]
    async fn who_leaves_the_line_holds_nobody_up() {
        let pace = two();
        let held = [pace.pass("ec2", "x").await.expect("a place"), pace.pass("ec2", "x").await.expect("a place")];
        let waiting = |pace: Pace| tokio::spawn(async move { pace.pass("ec2", "x").await.map(drop) });
        let (first, second) = (waiting(pace.clone()), waiting(pace.clone()));
        tokio::task::yield_now().await;
        first.abort();
        drop(held);
        second.await.expect("no panic").expect("its turn");
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_until_the_signature_is_old() {
        let pace = two();
        let _held = [pace.pass("ec2", "x").await.expect("a place"), pace.pass("ec2", "x").await.expect("a place")];
        let overfull = pace.pass("ec2", "x").await.expect_err("no place comes free");
        assert_eq!(overfull.to_string(), "ec2 is asked more than it bears: after 120 s in line the request was not sent");
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_go_in_the_order_in_which_they_came() {
        let pace = Pace::new(Limits::default());
        pace.pass("ec2", "x").await.expect("a place").came_back(Answer::Throttled);
        let order = Arc::<Mutex<Vec<usize>>>::default();
        let goes = |nth: usize| {
            let (pace, order) = (pace.clone(), order.clone());
            async move {
                pace.pass("ec2", "x").await.expect("its turn").came_back(Answer::Lost);
                order.lock().expect("no panic").push(nth);
            }
        };
        let began = Instant::now();
        futures::future::join_all((0..6).map(goes)).await;
        assert_eq!(*order.lock().expect("no panic"), [0, 1, 2, 3, 4, 5]);
        assert!(began.elapsed() >= Duration::from_secs(12), "at half a request a second: {:?}", began.elapsed());
    }
}
