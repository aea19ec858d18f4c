//! Schedule and overrides together: what should be now, what comes next, and how many hours of a week that makes.

use jiff::{SignedDuration, Timestamp};

use crate::{Hold, Phase, Schedule};

/// What should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Desired {
    /// The phase.
    pub phase: Phase,
    /// Since when the schedule has it so, where that is known.
    pub since: Option<Timestamp>,
    /// Why.
    pub cause: Cause,
}

/// Why a phase should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The schedule says so.
    Schedule,
    /// It is held, until then.
    Held(Timestamp),
}

/// A change that is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// To which phase.
    pub to: Phase,
}

/// Returns what should be now.
pub fn desired(now: Timestamp, schedule: &Schedule, hold: Option<&Hold>) -> Desired {
    match hold.filter(|hold| hold.until > now) {
        Some(hold) => Desired { phase: hold.phase, since: None, cause: Cause::Held(hold.until) },
        None => {
            let (phase, since) = schedule.phase(now);
            Desired { phase, since, cause: Cause::Schedule }
        }
    }
}

/// Returns the changes to come, nearest first.
pub fn changes<'a>(now: Timestamp, schedule: &'a Schedule, hold: Option<&Hold>) -> impl Iterator<Item = Change> + use<'a> {
    let held = hold.filter(|hold| hold.until > now).copied();
    let mut from = held.map_or(now, |hold| hold.until);
    let released = held.map(|hold| (hold, schedule.phase(hold.until).0));
    let first = released.filter(|(hold, after)| hold.phase != *after).map(|(hold, to)| Change { at: hold.until, to });
    let rest = std::iter::from_fn(move || {
        let (at, to) = schedule.change(from)?;
        from = at;
        Some(Change { at, to })
    });
    first.into_iter().chain(rest)
}

/// Returns how many hours of a week a stack is up by its schedule: the mean of the 52 weeks from now.
pub fn hours_per_week(now: Timestamp, schedule: &Schedule) -> f64 {
    const WEEKS: i64 = 52;
    let end = now.checked_add(SignedDuration::from_hours(WEEKS * 7 * 24)).unwrap_or(now);
    let (mut from, mut phase, mut up) = (now, schedule.phase(now).0, 0);
    for change in changes(now, schedule, None).take_while(|change| change.at < end) {
        if phase == Phase::Up {
            up += change.at.duration_since(from).as_secs();
        }
        (from, phase) = (change.at, change.to);
    }
    if phase == Phase::Up {
        up += end.duration_since(from).as_secs();
    }
    // Tenths of an hour, exactly.
    let tenths = (up * 10 + WEEKS * 1800) / (WEEKS * 3600);
    f64::from(i32::try_from(tenths).unwrap_or(1680)) / 10.0
}
