//! How tides stand and what comes next: as text and JSON.

use lowtide_tide::{Cause, Change, TideStatus};
use serde_json::{Value as Json, json};

use crate::{
    clean,
    style::{ADDED, BOLD, MUTED, WARNING, paint},
    words,
};

/// The version of the JSON.
const FORMAT: &str = "1.0";
/// The hours of a week.
const WEEK: f64 = 168.0;

/// Returns how tides stand.
pub fn tide_text(all: &[TideStatus]) -> String {
    all.iter().map(status).collect::<Vec<_>>().join("\n")
}

fn status(one: &TideStatus) -> String {
    let (actual, desired) = (one.actual(), one.desired());
    let fits = if actual == desired.phase {
        paint(ADDED, "as it should be")
    } else {
        paint(WARNING, format!("should be {}", desired.phase.word()))
    };
    let mut out =
        format!("{}  {}, {fits}, {}\n", paint(BOLD, clean::line(&one.stack)), actual.word(), words::count(one.resources, "resource"));
    let open =
        (one.open > 0).then(|| format!("{} may still bring something about; the next run sees to that", words::count(one.open, "request")));
    let mut line = |name: &str, text: String| out.push_str(&format!("  {}{text}\n", paint(MUTED, format!("{name:<9}"))));
    open.into_iter().for_each(|open| line("open", open));
    match (desired.cause, desired.since) {
        (Cause::Held(until), _) => line("held", format!("{} until {}", desired.phase.word(), one.clock(until))),
        (Cause::Schedule, Some(since)) => line("schedule", format!("{} since {}", desired.phase.word(), one.clock(since))),
        (Cause::Schedule, None) => line("schedule", desired.phase.word().to_owned()),
    }
    match one.changes().next() {
        Some(next) => line("next", format!("{} at {}", next.to.word(), one.clock(next.at))),
        None => line("next", "nothing".to_owned()),
    }
    let hours = one.hours();
    line("hours", format!("{hours:.1} of 168 in a week up by the schedule, {:.1} % of them down", (WEEK - hours) / WEEK * 100.0));
    out
}

/// Returns how tides stand as a document with a version.
pub fn tide_json(all: &[TideStatus]) -> Json {
    let stack = |one: &TideStatus| {
        let desired = one.desired();
        let held = match desired.cause {
            Cause::Held(until) => Some(until.to_string()),
            Cause::Schedule => None,
        };
        json!({
            "stack": one.stack,
            "actual": one.actual().word(),
            "desired": desired.phase.word(),
            "since": desired.since.map(|since| since.to_string()),
            "held_until": held,
            "next": one.changes().next().map(change),
            "resources": one.resources,
            "open": one.open,
            "hours_up_per_week": one.hours(),
        })
    };
    json!({ "version": FORMAT, "stacks": all.iter().map(stack).collect::<Vec<_>>() })
}

/// Returns the changes to come, nearest first.
pub fn next_text(all: &[TideStatus], n: usize) -> String {
    let rows = nearest(all, n);
    let width = rows.iter().map(|(one, _)| clean::line(&one.stack).chars().count()).max().unwrap_or_default();
    rows.iter()
        .map(|(one, change)| format!("{}  {:<width$}  {}\n", one.clock(change.at), clean::line(&one.stack), change.to.word()))
        .collect()
}

/// Returns the changes to come as a document with a version.
pub fn next_json(all: &[TideStatus], n: usize) -> Json {
    let row = |(one, next): &(&TideStatus, Change)| {
        let mut row = change(*next);
        row["stack"] = one.stack.as_str().into();
        row
    };
    json!({ "version": FORMAT, "changes": nearest(all, n).iter().map(row).collect::<Vec<_>>() })
}

fn change(next: Change) -> Json {
    json!({ "at": next.at.to_string(), "to": next.to.word() })
}

fn nearest(all: &[TideStatus], n: usize) -> Vec<(&TideStatus, Change)> {
    let mut rows: Vec<_> = all.iter().flat_map(|one| one.changes().take(n).map(move |change| (one, change))).collect();
    rows.sort_by_key(|(_, change)| change.at);
    rows.truncate(n);
    rows
}
