//! No damage goes unseen, and none is read as if there were no state.

use lowtide_state::format::{FORMAT, Journal, Replay, Unreadable, read_journal, read_snapshot, replay};

use crate::samples::{entries, journal, snapshot};

/// All other bytes would take long; these are each single flipped bit and what text files suffer.
fn changes(byte: u8) -> impl Iterator<Item = u8> {
    (0..8).map(move |bit| byte ^ (1 << bit)).chain([0, b'\n', b' ', b'0', b'f', 0xff]).filter(move |changed| *changed != byte)
}

#[test]
fn every_truncation_of_a_snapshot_is_seen() {
    let text = snapshot().0;
    for length in 0..text.len() {
        read_snapshot(&text.as_bytes()[..length]).expect_err("cut short");
    }
    assert_eq!(read_snapshot(b""), Err(Unreadable::Empty));
    assert_eq!(read_snapshot((text.clone() + "\n").as_bytes()).unwrap_err().to_string(), {
        let body = text.split_once('\n').unwrap().1.len();
        format!("it is too long: {} bytes where {body} should be", body + 1)
    });
}

#[test]
fn every_change_of_a_byte_of_a_snapshot_is_seen() {
    let text = snapshot().0.into_bytes();
    for at in 0..text.len() {
        let mut changed = text.clone();
        for byte in changes(text[at]) {
            changed[at] = byte;
            read_snapshot(&changed).expect_err("changed");
        }
    }
}

#[test]
fn every_change_of_a_byte_of_a_journal_is_seen() {
    let text = journal().into_bytes();
    for at in 0..text.len() {
        let mut changed = text.clone();
        for byte in changes(text[at]) {
            changed[at] = byte;
            assert!(read_journal(&changed).is_err(), "byte {at} as {byte}");
        }
    }
}

#[test]
fn a_journal_cut_short_gives_the_results_before_the_cut_and_nothing_else() {
    let text = journal();
    let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    for length in 0..text.len() {
        let read = read_journal(&text.as_bytes()[..length]).unwrap();
        // A line without its end is whole all the same. The first line is no entry, and before its end there is no journal.
        let whole = ends.iter().filter(|end| **end <= length).count();
        match read {
            None => assert!(length <= ends[0], "{length}"),
            Some(Journal { entries: found, torn, .. }) => {
                assert_eq!(found, entries()[..whole - 1], "{length}");
                assert_eq!(torn, !ends.iter().any(|end| length == *end || length == end + 1), "{length}");
            }
        }
    }
}

#[test]
fn what_a_crash_leaves_at_the_end_of_a_journal_is_dropped() {
    assert_eq!(read_journal(b""), Ok(None));
    assert_eq!(read_journal(&[0; 4096]), Ok(None));
    let mut text = journal().into_bytes();
    text.extend([0; 4096]);
    let read = read_journal(&text).unwrap().unwrap();
    assert_eq!((read.entries, read.torn), (entries(), true));
}

#[test]
fn foreign_files_are_said_to_be_foreign() {
    for text in ["{\"version\": 4}", "\u{feff}lowtide-state 1", "LOWTIDE-STATE 1 0 0\n", "\0\0\0\0"] {
        assert_eq!(read_snapshot(text.as_bytes()), Err(Unreadable::Foreign { expected: "lowtide-state" }), "{text}");
    }
    for text in ["{}", "{}\n", "lowtide-state 1 0 0\n{}"] {
        assert_eq!(read_journal(text.as_bytes()), Err(Unreadable::Foreign { expected: "lowtide-journal" }), "{text}");
    }
}

#[test]
fn lines_can_not_be_removed_doubled_or_moved() {
    let text = journal();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for order in [&[0, 2, 3][..], &[0, 1, 3], &[0, 1, 1, 2, 3], &[0, 2, 1, 3], &[1, 2, 3], &[0, 0, 1]] {
        let changed: String = order.iter().map(|at| lines[*at]).collect();
        assert!(read_journal(changed.as_bytes()).is_err(), "{order:?}");
    }
    let fault = read_journal([lines[0], lines[1], lines[3]].concat().as_bytes()).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "line 3 does not match its checksum; the 1 results before it are good, and so is serial 7, which they build on"
    );
}

#[test]
fn newer_formats_are_told_apart_from_damage() {
    let newer = Unreadable::Newer { found: FORMAT + 1, known: FORMAT };
    let later = |text: String| text.replacen(&format!(" {FORMAT} "), &format!(" {} ", FORMAT + 1), 1);
    assert_eq!(read_snapshot(later(snapshot().0).as_bytes()), Err(newer.clone()));
    assert_eq!(read_journal(later(journal()).as_bytes()), Err(newer));
}

#[test]
fn a_journal_belongs_to_one_state() {
    let (_, snapshot) = snapshot();
    let journal = read_journal(journal().as_bytes()).unwrap().unwrap();
    assert_eq!(replay(&snapshot, None, "t"), Ok(Replay::Nothing));
    let empty = Journal { entries: vec![], ..journal.clone() };
    assert_eq!(replay(&snapshot, Some(&empty), "t"), Ok(Replay::Nothing));
    let Ok(Replay::Results(next)) = replay(&snapshot, Some(&journal), "t") else { panic!("it has results") };
    let next = lowtide_state::format::write_snapshot(&next).unwrap().snapshot;
    assert_eq!(replay(&next, Some(&journal), "t"), Ok(Replay::Covered));

    let change = |change: fn(&mut Journal)| {
        let mut changed = journal.clone();
        change(&mut changed);
        replay(&snapshot, Some(&changed), "t").unwrap_err().to_string()
    };
    assert_eq!(
        change(|journal| journal.base.lineage.push('x')),
        "the journal builds on serial 7 (of another lineage), but the state beside it is serial 7"
    );
    assert_eq!(
        change(|journal| journal.base.hash.push('x')),
        "the journal builds on serial 7 (with another content), but the state beside it is serial 7"
    );
    for serial in [0, 5, 6, 8, u64::MAX] {
        let mut changed = journal.clone();
        changed.base.serial = serial;
        replay(&snapshot, Some(&changed), "t").expect_err("another serial");
    }
}
