use lowtide_tide::{Cause, Hold, Notes, Phase, Schedule, Timestamp, changes, desired, hours_per_week, moment};

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn office() -> Schedule {
    Schedule::new("America/New_York", "0 8 * * MON-FRI", "0 20 * * MON-FRI").expect("a schedule")
}

fn shown(now: &str, schedule: &Schedule, hold: Option<&Hold>, n: usize) -> Vec<String> {
    changes(at(now), schedule, hold).take(n).map(|change| format!("{} {}", change.at, change.to.word())).collect()
}

#[test]
fn a_schedule_says_what_should_be_and_what_comes() {
    // Friday evening in New York.
    let now = at("2026-11-28T00:30:00Z");
    let now_up = desired(now, &office(), None);
    assert_eq!((now_up.phase, now_up.since, now_up.cause), (Phase::Up, Some(at("2026-11-27T13:00:00Z")), Cause::Schedule));
    let expected = ["2026-11-28T01:00:00Z down", "2026-11-30T13:00:00Z up", "2026-12-01T01:00:00Z down"];
    assert_eq!(shown("2026-11-28T00:30:00Z", &office(), None, 3), expected);
    // At the very moment it is so.
    assert_eq!(desired(at("2026-11-28T01:00:00Z"), &office(), None).phase, Phase::Down);
}

#[test]
fn a_missed_tick_is_caught_up_however_late() {
    for late in ["2026-11-28T01:00:01Z", "2026-11-28T09:00:00Z", "2026-11-29T23:00:00Z"] {
        let then = desired(at(late), &office(), None);
        assert_eq!((then.phase, then.since), (Phase::Down, Some(at("2026-11-28T01:00:00Z"))), "{late}");
    }
}

#[test]
fn the_clock_on_the_wall_counts_on_both_sides_of_the_change() {
    // The clocks go forward on 2026-03-08 and back on 2026-11-01: eight o'clock is 13:00, 12:00 and 13:00 again.
    assert_eq!(shown("2026-03-06T14:00:00Z", &office(), None, 2), ["2026-03-07T01:00:00Z down", "2026-03-09T12:00:00Z up"]);
    assert_eq!(shown("2026-10-30T14:00:00Z", &office(), None, 2), ["2026-10-31T00:00:00Z down", "2026-11-02T13:00:00Z up"]);
}

#[test]
fn what_the_clock_leaps_over_in_spring_happens_when_it_leaps() {
    // Half past two does not exist on 2026-03-08; at 07:00Z the clock goes from 2:00 to 3:00.
    let schedule = Schedule::new("America/New_York", "30 2 * * *", "0 20 * * *").expect("a schedule");
    let expected = [
        "2026-03-07T07:30:00Z up",
        "2026-03-08T01:00:00Z down",
        "2026-03-08T07:00:00Z up",
        "2026-03-09T00:00:00Z down",
        "2026-03-09T06:30:00Z up",
    ];
    assert_eq!(shown("2026-03-07T06:00:00Z", &schedule, None, 5), expected);
    assert_eq!(desired(at("2026-03-08T06:59:59Z"), &schedule, None).phase, Phase::Down);
    assert_eq!(desired(at("2026-03-08T07:00:00Z"), &schedule, None).phase, Phase::Up);
}

#[test]
fn what_the_clock_shows_twice_in_autumn_happens_the_first_time() {
    // Half past one is at 05:30Z and again at 06:30Z on 2026-11-01.
    let schedule = Schedule::new("America/New_York", "0 8 * * *", "30 1 * * *").expect("a schedule");
    let expected = ["2026-11-01T05:30:00Z down", "2026-11-01T13:00:00Z up", "2026-11-02T06:30:00Z down"];
    assert_eq!(shown("2026-11-01T05:00:00Z", &schedule, None, 3), expected);
    assert_eq!(shown("2026-11-01T06:10:00Z", &schedule, None, 1), ["2026-11-01T13:00:00Z up"]);
    assert_eq!(desired(at("2026-11-01T06:10:00Z"), &schedule, None).phase, Phase::Down);
}

#[test]
fn a_hold_counts_until_it_ends_and_then_the_schedule_again() {
    let hold = Hold { phase: Phase::Up, until: at("2026-11-28T04:00:00Z") };
    let evening = "2026-11-28T02:00:00Z";
    assert_eq!(desired(at(evening), &office(), Some(&hold)).cause, Cause::Held(hold.until));
    assert_eq!(shown(evening, &office(), Some(&hold), 2), ["2026-11-28T04:00:00Z down", "2026-11-30T13:00:00Z up"]);
    assert_eq!(desired(at("2026-11-28T04:00:00Z"), &office(), Some(&hold)).phase, Phase::Down);
    // A hold that ends where the schedule has it so anyway changes nothing.
    let short = Hold { phase: Phase::Down, until: at("2026-11-28T03:00:00Z") };
    assert_eq!(shown(evening, &office(), Some(&short), 1), ["2026-11-30T13:00:00Z up"]);
}

#[test]
fn hours_are_counted() {
    let now = at("2026-11-27T12:00:00Z");
    assert!((hours_per_week(now, &office()) - 60.0).abs() < 0.01);
    let nights_off = Schedule::new("UTC", "0 6 * * *", "0 0 * * *").expect("a schedule");
    assert!((hours_per_week(now, &nights_off) - 126.0).abs() < 0.01);
}

#[test]
fn times_are_read_as_people_type_them() {
    let now = at("2026-11-28T02:00:00Z");
    let rows = [
        ("23:00", Some("2026-11-28T04:00:00Z")),
        ("08:30", Some("2026-11-28T13:30:00Z")),
        ("2026-12-24 12:00", Some("2026-12-24T17:00:00Z")),
        ("2026-12-24T12:00:00Z", Some("2026-12-24T12:00:00Z")),
        ("90m", Some("2026-11-28T03:30:00Z")),
        ("2d", Some("2026-11-30T02:00:00Z")),
        ("soon", None),
        ("", None),
        ("0h", None),
    ];
    for (text, expected) in rows {
        assert_eq!(moment(text, now, &office()), expected.map(at), "{text}");
    }
}

#[test]
fn what_is_no_schedule_says_why() {
    let why = |zone, up, down| Schedule::new(zone, up, down).expect_err("no schedule").to_string();
    assert_eq!(why("Mars/Olympus", "0 8 * * *", "0 20 * * *"), "there is no time zone `Mars/Olympus`");
    assert_eq!(why("UTC", "0 8 * * *", "0 20 30 2 *"), "`0 20 30 2 *` never happens");
    assert_eq!(why("UTC", "0 25 * * *", "0 20 * * *"), "`0 25 * * *` does not say when: `25` is no hour: it goes from 0 to 23");
}

#[test]
fn notes_are_read_as_they_were_written() {
    let hold = Some(Hold { phase: Phase::Up, until: at("2026-11-28T04:00:00Z") });
    for reached in [None, Some(Phase::Up), Some(Phase::Down)] {
        for hold in [None, hold] {
            let notes = Notes { hold, reached };
            assert_eq!(Notes::read(notes.written_hold().as_deref(), Some(&notes.written_course())), Ok(notes));
        }
    }
    assert_eq!(Notes::default().written_hold(), None);
    assert_eq!(Notes::read(None, None), Ok(Notes::default()));
    assert!(Notes::read(Some("{\"version\":2}"), None).is_err());
    assert!(Notes::read(Some("{\"version\":1,\"hold\":{\"phase\":\"up\",\"until\":\"soon\"}}"), None).is_err());
}

#[test]
fn notes_in_one_text_are_read_until_the_tide_writes_its_own() {
    let old = Some(r#"{"version":1,"hold":{"phase":"up","until":"2026-11-28T04:00:00Z"},"reached":"up"}"#);
    let hold = Some(Hold { phase: Phase::Up, until: at("2026-11-28T04:00:00Z") });
    assert_eq!(Notes::read(old, None), Ok(Notes { hold, reached: Some(Phase::Up) }));
    assert_eq!(Notes::read(old, Some(r#"{"version":1}"#)), Ok(Notes { hold, reached: None }));
}
