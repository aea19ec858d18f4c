//! How long something is waited for, and what does not count.

use std::time::Duration;

use tokio::time::Instant;

use super::Trouble;

/// How long a step waits for its resource.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// When the waiting began.
    since: Instant,
    /// How long it may take.
    pub lasts: Duration,
}

impl Patience {
    /// Returns one that begins at a moment.
    pub fn since(since: Instant, lasts: Duration) -> Self {
        Self { since, lasts }
    }

    /// Takes out what was waited for something else: whether a request whose reply was lost has happened.
    pub fn excuse(&mut self, waited: Duration) {
        self.since += waited;
    }

    /// Returns how much time has passed that counts.
    pub fn spent(&self) -> Duration {
        self.since.elapsed()
    }

    /// Says that it is over.
    ///
    /// # Errors
    /// When it is; `doing` is what AWS still says.
    pub fn check(&self, doing: &str) -> Result<(), Trouble> {
        if self.spent() < self.lasts {
            return Ok(());
        }
        Err(Trouble::Impatient { doing: doing.to_owned(), minutes: self.lasts.as_secs() / 60 })
    }
}
