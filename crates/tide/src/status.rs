//! How one stack's tide stands, all together.

use jiff::Timestamp;

use crate::{Change, Desired, Notes, Phase, Schedule, changes, desired, hours_per_week};

/// How one stack's tide stands.
#[derive(Clone, Debug)]
pub struct TideStatus {
    /// The stack's name.
    pub stack: String,
    /// Its schedule.
    pub schedule: Schedule,
    /// What is written down.
    pub notes: Notes,
    /// How many resources it has.
    pub resources: usize,
    /// How many operations may still bring something about: deleted and watched, or in doubt.
    pub open: usize,
    /// The moment that counts as now.
    pub now: Timestamp,
}

impl TideStatus {
    /// Returns the phase that it is in.
    pub fn actual(&self) -> Phase {
        if self.resources > 0 { Phase::Up } else { Phase::Down }
    }

    /// Returns the phase that it should be in.
    pub fn desired(&self) -> Desired {
        desired(self.now, &self.schedule, self.notes.hold.as_ref())
    }

    /// Returns the changes to come.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        changes(self.now, &self.schedule, self.notes.hold.as_ref())
    }

    /// Returns how many hours of a week it is up by its schedule.
    pub fn hours(&self) -> f64 {
        hours_per_week(self.now, &self.schedule)
    }

    /// Returns a moment on the clock of its time zone: `Fri 2026-11-27 20:00 EST`.
    pub fn clock(&self, moment: Timestamp) -> String {
        moment.to_zoned(self.schedule.zone().clone()).strftime("%a %F %H:%M %Z").to_string()
    }
}
