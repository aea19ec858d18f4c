//! A service under load: each request takes its time, only so many are borne, and some it falls over.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lowtide_resource::{Answer, Class, Fault, Limits, Pace};
use tokio::time::{Instant, sleep};

use super::What;
use crate::dice::Dice;

/// What services bear, and how they are asked.
#[derive(Clone, Debug)]
pub struct Load {
    /// How long each request takes, there and back.
    pub latency: Duration,
    /// How many requests a second each service of a region bears; `None` for any number.
    pub bears: Option<u32>,
    /// How many it bears at once after a quiet time.
    pub burst: u32,
    /// How many of a hundred requests it falls over: half of them before, half after it has done what they ask.
    pub fails: usize,
    /// Decides which.
    pub seed: u64,
    /// How whoever asks keeps to what is borne; `None`: not at all.
    pub limits: Option<Limits>,
}

/// How a load was borne.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Borne {
    /// How many requests were too many.
    pub throttled: usize,
    /// Over how many a service fell.
    pub failed: usize,
}

/// Stands between who asks and the world.
#[derive(Clone)]
pub struct Strain {
    load: Load,
    pace: Option<Pace>,
    state: Arc<Mutex<State>>,
}

struct State {
    dice: Dice,
    /// For each service of each region what it still bears, and since when.
    rooms: HashMap<(String, String), (f64, Instant)>,
    borne: Borne,
}

impl Strain {
    pub fn new(load: Load) -> Self {
        let state = State { dice: Dice(load.seed), rooms: HashMap::new(), borne: Borne::default() };
        Self { pace: load.limits.clone().map(Pace::new), load, state: Arc::new(Mutex::new(state)) }
    }

    pub fn borne(&self) -> Borne {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).borne
    }

    /// Carries a request there and its answer back; `unheard` hears of one that never came so far.
    pub async fn carry<T>(
        &self,
        service: &str,
        region: &str,
        unheard: impl FnOnce(),
        request: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let passage = match &self.pace {
            Some(pace) => Some(pace.pass(service, region).await.map_err(|why| Fault::bare(Class::Throttled, why.to_string()))?),
            None => None,
        };
        sleep(self.load.latency / 2).await;
        let met = self.meets(service, region);
        let answer = match met.and_then(|what| Some((what, what.fault()?))) {
            None => request.await,
            Some((What::LostAfter, fault)) => request.await.and(Err(fault)),
            Some((_, fault)) => {
                unheard();
                Err(fault)
            }
        };
        sleep(self.load.latency / 2).await;
        let said = match met {
            Some(What::Throttled) => Answer::Throttled,
            Some(_) => Answer::Lost,
            None => Answer::Heard,
        };
        passage.map(|passage| passage.came_back(said));
        answer
    }

    /// Returns what goes wrong with a request that comes in now.
    fn meets(&self, service: &str, region: &str) -> Option<What> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bears) = self.load.bears {
            let burst = f64::from(self.load.burst);
            let room = state.rooms.entry((service.to_owned(), region.to_owned())).or_insert_with(|| (burst, Instant::now()));
            *room = (burst.min(room.0 + f64::from(bears) * room.1.elapsed().as_secs_f64()), Instant::now());
            if room.0 < 1.0 {
                state.borne.throttled += 1;
                return Some(What::Throttled);
            }
            room.0 -= 1.0;
        }
        if state.dice.below(100) < self.load.fails {
            state.borne.failed += 1;
            return Some(state.dice.of(&[What::LostBefore, What::LostAfter]));
        }
        None
    }
}
