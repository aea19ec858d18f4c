//! How long the right to write lasts, and what follows from that.

use std::time::Duration;

/// The times of a lease. They are made from one, so that they always fit each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    lease: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self::of(Duration::from_secs(30))
    }
}

impl Timing {
    /// Returns the times of a lease of this length.
    pub fn of(lease: Duration) -> Self {
        Self { lease }
    }

    /// How long a holder may be silent before others stop believing in it.
    pub fn lease(self) -> Duration {
        self.lease
    }

    /// How often a holder gives a sign of life.
    pub fn beat(self) -> Duration {
        self.lease / 6
    }

    /// How long a holder goes on without having given a sign of life. Others wait 1.75 times as long ([`takeover`]), so clocks
    /// may run that much apart.
    ///
    /// [`takeover`]: Self::takeover
    pub fn self_fence(self) -> Duration {
        self.lease * 2 / 3
    }

    /// How long another must have seen the same sign of life of a holder with this lease before it takes over.
    pub fn takeover(lease: Duration) -> Duration {
        lease + lease / 6
    }

    /// How often somebody who waits looks for a sign of life.
    pub fn look(self) -> Duration {
        self.beat() / 5
    }
}
