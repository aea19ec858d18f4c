//! How time is told: only ever as spans, on one machine, by a clock that also runs while the machine sleeps.

use std::time::Duration;

/// Tells how much time has passed since a moment of its own.
pub trait Clock: Send + Sync {
    /// Returns the time since that moment.
    fn now(&self) -> Duration;
}

/// The time since the machine was started, sleep included. `Instant` stops on Linux while a laptop sleeps, which is just when
/// somebody else may have taken over.
#[derive(Clone, Copy, Debug)]
pub struct BootClock;

impl Clock for BootClock {
    fn now(&self) -> Duration {
        since_boot()
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn since_boot() -> Duration {
    duration(rustix::time::clock_gettime(rustix::time::ClockId::Boottime))
}

// macOS, clock_gettime(3): this clock goes on while the system sleeps.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
fn since_boot() -> Duration {
    duration(rustix::time::clock_gettime(rustix::time::ClockId::Monotonic))
}

#[cfg(unix)]
fn duration(time: rustix::time::Timespec) -> Duration {
    Duration::new(u64::try_from(time.tv_sec).unwrap_or_default(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
