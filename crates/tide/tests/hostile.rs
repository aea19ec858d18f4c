//! Notes that somebody else wrote, or that were damaged: refused in words, or read as what they say.

use lowtide_tide::{Notes, Phase, Schedule, Timestamp, changes, desired};
use proptest::prelude::*;

const GOOD: &str = r#"{"version":1,"hold":{"phase":"up","until":"2026-11-28T21:00:00Z"},"reached":"down"}"#;

/// Reads a text; what can be read is told by the schedule as any other, and reads back as the same.
fn digest(text: &str) -> Result<(), TestCaseError> {
    let Ok(notes) = Notes::read(Some(text), None) else { return Ok(()) };
    prop_assert_eq!(Notes::read(notes.written_hold().as_deref(), Some(&notes.written_course())), Ok(notes.clone()));
    let schedule = Schedule::new("Europe/Berlin", "0 8 * * MON-FRI", "0 20 * * *").expect("a schedule");
    for now in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
        desired(now, &schedule, notes.hold.as_ref());
        changes(now, &schedule, notes.hold.as_ref()).take(2).for_each(drop);
    }
    Ok(())
}

#[test]
fn odd_values_are_refused_or_mean_what_they_say() {
    let until = |until: &str| format!(r#"{{"version":1,"hold":{{"phase":"up","until":"{until}"}}}}"#);
    let refused = ["", "[]", "null", "{}", r#"{"version":-1}"#, r#"{"version":2}"#, r#"{"version":1,"reached":"sideways"}"#];
    let no_times = ["", "soon", "2026-13-01T00:00:00Z", "99999999-01-01T00:00:00Z"].map(until);
    for text in refused {
        assert!(Notes::read(Some(text), None).is_err() && Notes::read(None, Some(text)).is_err(), "{text}");
    }
    for text in no_times {
        assert!(Notes::read(Some(&text), None).is_err(), "{text}");
    }
    for text in ["-009999-01-02T01:59:59Z", "9999-12-30T22:00:00.999999999Z"].map(until) {
        let notes = Notes::read(Some(&text), None).expect("a time");
        assert_eq!(notes.hold.map(|hold| hold.phase), Some(Phase::Up));
        digest(&text).expect("no panic");
    }
}

proptest! {
    #[test]
    fn no_damage_breaks_the_reader(at in 0..GOOD.len(), byte in 0..128u8, length in 0..=GOOD.len()) {
        let mut bytes = GOOD.as_bytes().to_vec();
        bytes[at] = byte;
        digest(&String::from_utf8(bytes).expect("ASCII"))?;
        digest(&GOOD[..length])?;
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*") {
        digest(&text)?;
    }
}
