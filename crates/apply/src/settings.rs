//! How an apply goes about it.

use std::time::Duration;

use crate::Clock;

/// How an apply goes about it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many steps are under way at once.
    pub parallelism: usize,
    /// How many entries a run writes down before it makes them a snapshot, from which a next run begins if this one does not come to its
    /// end.
    pub checkpoint: usize,
    /// The first pause between looks at something that settles, and before a retry; each next one is longer.
    pub pause: Duration,
    /// The longest such pause.
    pub longest_pause: Duration,
    /// How long after a lost reply something that only a tag can find may still appear. AWS documents its EC2 reads as
    /// eventually consistent ("Eventual consistency in the Amazon EC2 API") without a bound; five minutes is our margin.
    pub settle_window: Duration,
    /// How long a missing dependency may be one that is not everywhere yet.
    pub not_yet: Duration,
    /// How long requests under way are waited for once the user has asked to stop. GitHub Actions, for one, gives seven and a half
    /// seconds between its first signal and the second ("Canceling a workflow").
    pub grace: Duration,
    /// Whether what may still arrive is waited for. If not, it is left open in the state, and the next run sees to it.
    pub waits: bool,
    /// What time it is, for what is written down.
    pub clock: Clock,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            parallelism: 16,
            checkpoint: 1_000,
            pause: Duration::from_millis(250),
            longest_pause: Duration::from_secs(10),
            settle_window: Duration::from_secs(300),
            not_yet: Duration::from_secs(120),
            grace: Duration::from_secs(5),
            waits: true,
            clock: Clock::system(),
        }
    }
}

impl Settings {
    /// Returns the pause before the next look or try, counted from zero.
    pub fn pause_before(&self, attempt: u32) -> Duration {
        self.pause.saturating_mul(1 << attempt.min(10)).min(self.longest_pause)
    }
}

/// Whether the user asked to stop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// No.
    #[default]
    No,
    /// Yes: nothing new begins, requests under way get a few seconds, nothing else is waited for.
    Soon,
    /// At once.
    Now,
}
