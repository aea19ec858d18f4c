//! When a stack comes and goes, by its schedule alone.

use jiff::{
    SignedDuration, Timestamp,
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone},
};

use crate::{Cron, NoCron};

/// Clocks are never put forward or back by more.
const SHIFT: SignedDuration = SignedDuration::from_hours(25);

/// Whether a stack is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// It is there.
    Up,
    /// It is not.
    Down,
}

impl Phase {
    /// Returns the other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }

    /// Returns `up` or `down`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// When a stack comes and goes.
#[derive(Clone, Debug)]
pub struct Schedule {
    zone: TimeZone,
    up: Cron,
    down: Cron,
}

/// A part of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The time zone.
    Timezone,
    /// When it comes.
    Up,
    /// When it goes.
    Down,
}

/// Why there is no such schedule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// The time zone database has no such name.
    #[error("there is no time zone `{0}`")]
    Timezone(String),
    /// It can't be read.
    #[error("`{text}` does not say when: {why}")]
    Cron {
        /// Which part.
        part: Part,
        /// What stands there.
        text: String,
        /// What is wrong with it.
        why: NoCron,
    },
    /// There is no such day.
    #[error("`{text}` never happens")]
    Never {
        /// Which part.
        part: Part,
        /// What stands there.
        text: String,
    },
}

impl Schedule {
    /// Reads a schedule.
    ///
    /// # Errors
    /// Says what is wrong with the first part that can't be used.
    pub fn new(timezone: &str, up: &str, down: &str) -> Result<Self, Unusable> {
        let zone = TimeZone::get(timezone).map_err(|_| Unusable::Timezone(timezone.to_owned()))?;
        Ok(Self { zone, up: cron(Part::Up, up)?, down: cron(Part::Down, down)? })
    }

    /// Returns its time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Returns the phase at a moment, and since when it has been so, where that is known. At a moment that is both, it is up.
    pub fn phase(&self, now: Timestamp) -> (Phase, Option<Timestamp>) {
        let (up, down) = (self.last(Phase::Up, now), self.last(Phase::Down, now));
        let phase = match (up, down) {
            (Some(up), Some(down)) if up < down => Phase::Down,
            (Some(_), _) => Phase::Up,
            (None, Some(_)) => Phase::Down,
            // It begins some day: until then it is what it will not be.
            (None, None) => match (self.next(Phase::Up, now), self.next(Phase::Down, now)) {
                (Some(up), Some(down)) if down < up => Phase::Up,
                (None, Some(_)) => Phase::Up,
                (Some(_), _) | (None, None) => Phase::Down,
            },
        };
        let before = if phase == Phase::Up { down.filter(|down| Some(*down) != up) } else { up };
        let since = match before {
            Some(before) => self.next(phase, before).filter(|since| *since <= now),
            None => None,
        };
        (phase, since.or(if phase == Phase::Up { up } else { down }))
    }

    /// Returns when the phase is another one next.
    pub fn change(&self, now: Timestamp) -> Option<(Timestamp, Phase)> {
        let to = self.phase(now).0.other();
        let mut from = now;
        loop {
            let at = self.next(to, from)?;
            if self.phase(at).0 == to {
                return Some((at, to));
            }
            from = at;
        }
    }

    /// Returns the first moment after this one at which it comes or goes.
    pub fn next(&self, to: Phase, now: Timestamp) -> Option<Timestamp> {
        let cron = self.cron(to);
        let mut civil = self.zone.to_datetime(now.checked_sub(SHIFT).ok()?);
        loop {
            civil = cron.after(civil)?;
            let moment = self.moment(civil)?;
            if moment > now {
                return Some(moment);
            }
        }
    }

    /// Returns the last moment, not after this one, at which it came or went.
    pub fn last(&self, to: Phase, now: Timestamp) -> Option<Timestamp> {
        let cron = self.cron(to);
        let mut civil = self.zone.to_datetime(now.checked_add(SHIFT).ok()?);
        loop {
            civil = cron.until(civil)?;
            let moment = self.moment(civil)?;
            if moment <= now {
                return Some(moment);
            }
            civil = civil.checked_sub(SignedDuration::from_secs(1)).ok()?;
        }
    }

    /// Returns when the clock shows this time. What it shows twice counts the first time; what it leaps over counts when it leaps,
    /// so that nothing on the schedule is ever left out. Later times never come out earlier.
    pub fn moment(&self, civil: DateTime) -> Option<Timestamp> {
        let ambiguous = self.zone.to_ambiguous_timestamp(civil);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => ambiguous.earlier().ok(),
            AmbiguousOffset::Gap { .. } => {
                let before = ambiguous.earlier().ok()?;
                self.zone.following(before).next().map(|leap| leap.timestamp())
            }
        }
    }

    fn cron(&self, to: Phase) -> &Cron {
        match to {
            Phase::Up => &self.up,
            Phase::Down => &self.down,
        }
    }
}

fn cron(part: Part, text: &str) -> Result<Cron, Unusable> {
    let cron: Cron = text.parse().map_err(|why| Unusable::Cron { part, text: text.to_owned(), why })?;
    if cron.ever() { Ok(cron) } else { Err(Unusable::Never { part, text: text.to_owned() }) }
}
