//! A time as people type it.

use jiff::{
    SignedDuration, Timestamp,
    civil::{DateTime, Time},
};

use crate::Schedule;

/// Reads a time after now: `22:00` (today, or else tomorrow), `2026-11-27 22:00`, both on the schedule's clock, `2026-11-27T22:00:00Z`,
/// or how long from now: `90m`, `4h`, `2d`. Returns nothing where it is none of these.
pub fn moment(text: &str, now: Timestamp, schedule: &Schedule) -> Option<Timestamp> {
    let text = text.trim();
    if let Some(span) = span(text) {
        return now.checked_add(span).ok();
    }
    if let Ok(moment) = text.parse() {
        return Some(moment);
    }
    if let Ok(civil) = text.parse::<DateTime>() {
        return schedule.moment(civil);
    }
    let time: Time = text.parse().ok().filter(|_| text.contains(':'))?;
    let today = schedule.zone().to_datetime(now).date();
    let at = |date: jiff::civil::Date| schedule.moment(date.to_datetime(time));
    at(today).filter(|moment| *moment > now).or_else(|| at(today.tomorrow().ok()?))
}

fn span(text: &str) -> Option<SignedDuration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: i64 = number.parse().ok().filter(|number| (1..=100_000).contains(number))?;
    match unit {
        "m" => Some(SignedDuration::from_mins(number)),
        "h" => Some(SignedDuration::from_hours(number)),
        "d" => Some(SignedDuration::from_hours(number * 24)),
        _ => None,
    }
}
