//! What holds for any schedule, at any moment, in any zone.

use jiff::SignedDuration;
use lowtide_tide::{Hold, Phase, Schedule, Timestamp, changes, desired};
use proptest::prelude::*;

fn schedules() -> impl Strategy<Value = Schedule> {
    let zones =
        prop::sample::select(vec!["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"]);
    let days = || prop::sample::select(vec!["*", "MON-FRI", "SAT,SUN", "2"]);
    (zones, 0..60u8, 0..24u8, days(), 0..60u8, 0..24u8, days()).prop_map(|(zone, minute, hour, day, later, end, other)| {
        Schedule::new(zone, &format!("{minute} {hour} * * {day}"), &format!("{later} {end} * * {other}")).expect("a schedule")
    })
}

/// Any second of the years 2024 to 2028.
fn moments() -> impl Strategy<Value = Timestamp> {
    (1_704_067_200i64..1_861_920_000).prop_map(|second| Timestamp::from_second(second).expect("a moment"))
}

proptest! {
    #[test]
    fn next_is_later_last_is_not_and_nothing_lies_between(schedule in schedules(), now in moments()) {
        for phase in [Phase::Up, Phase::Down] {
            let (last, next) = (schedule.last(phase, now).expect("one"), schedule.next(phase, now).expect("one"));
            prop_assert!(last <= now && now < next);
            prop_assert_eq!(schedule.next(phase, last), Some(next));
            prop_assert_eq!(schedule.last(phase, next), Some(next));
            prop_assert_eq!(schedule.last(phase, next.checked_sub(SignedDuration::from_secs(1)).expect("earlier")), Some(last));
        }
    }

    #[test]
    fn between_changes_nothing_changes(schedule in schedules(), now in moments(), part in 0.0..1.0f64) {
        if let Some(change) = changes(now, &schedule, None).next() {
            prop_assert!(change.at > now);
            let before = desired(now, &schedule, None);
            prop_assert_eq!(change.to, before.phase.other());
            prop_assert_eq!(desired(change.at, &schedule, None).phase, change.to);
            let between = now.checked_add(change.at.duration_since(now).mul_f64(part)).expect("between");
            let then = desired(between, &schedule, None);
            prop_assert_eq!((then.phase, then.since), (before.phase, before.since));
            prop_assert!(before.since.is_none_or(|since| since <= now));
        }
    }

    #[test]
    fn a_hold_counts_exactly_until_it_ends(schedule in schedules(), now in moments(), held in 1..200_000i64, up: bool) {
        let until = now.checked_add(SignedDuration::from_secs(held)).expect("later");
        let hold = Hold { phase: if up { Phase::Up } else { Phase::Down }, until };
        prop_assert_eq!(desired(now, &schedule, Some(&hold)).phase, hold.phase);
        prop_assert_eq!(desired(until, &schedule, Some(&hold)), desired(until, &schedule, None));
        let mut phase = hold.phase;
        for change in changes(now, &schedule, Some(&hold)).take(4) {
            prop_assert!(change.at >= until && change.to == phase.other());
            phase = change.to;
        }
    }
}
