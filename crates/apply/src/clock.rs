//! What time it is, for what one run writes down and another reads.
//!
//! A system's clock may be set while a run is at work. What is written down is the later of two times: what that clock says, and what it
//! said when the run began with what has passed since. What is over is told by the earlier of both. So a leap, forward or back, makes a
//! wait longer, and never shorter. Between runs there is nothing to hold a clock against: it is assumed that the clocks of machines that
//! work on one stack agree, as AWS asks of them, which takes a request only within minutes of the time it names ("Signature Version 4
//! request", AWS General Reference).

use std::{
    fmt,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use tokio::time::Instant;

/// Tells the time, in seconds since 1970.
#[derive(Clone)]
pub struct Clock {
    read: Arc<dyn Fn() -> u64 + Send + Sync>,
    /// What it said when it was first looked at, and when that was.
    began: (u64, Instant),
}

impl Clock {
    /// Returns the system's clock.
    pub fn system() -> Self {
        Self::of(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs()))
    }

    /// Returns a clock that says what this does, in seconds since 1970.
    pub fn of(read: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        let began = (read(), Instant::now());
        Self { read: Arc::new(read), began }
    }

    /// Returns the time, surely not too early.
    pub fn latest(&self) -> u64 {
        (self.read)().max(self.by_what_has_passed())
    }

    /// Returns the time, surely not too late.
    pub fn earliest(&self) -> u64 {
        (self.read)().min(self.by_what_has_passed())
    }

    /// While a laptop sleeps nothing passes here, so that what is over may seem not to be for a while.
    fn by_what_has_passed(&self) -> u64 {
        self.began.0.saturating_add(self.began.1.elapsed().as_secs())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Clock({})", (self.read)())
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicU64, Ordering},
        time::Duration,
    };

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_leap_makes_nothing_over_and_nothing_written_too_early() {
        let said = Arc::new(AtomicU64::new(10_000));
        let shared = said.clone();
        let clock = Clock::of(move || shared.load(Ordering::Relaxed));
        for (says, earliest, latest) in [(10_060, 10_060, 10_060), (13_660, 10_060, 13_660), (6_460, 6_460, 10_060)] {
            said.store(says, Ordering::Relaxed);
            if says == 10_060 {
                tokio::time::sleep(Duration::from_secs(60)).await;
            }
            assert_eq!((clock.earliest(), clock.latest()), (earliest, latest), "it says {says}");
        }
    }
}
