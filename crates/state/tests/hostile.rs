//! Texts with a right checksum and anything inside: whoever can write where state is kept can make those. They are refused in words or
//! read as what they say, and no reader falls over.

use std::fmt::Write as _;

use lowtide_state::format::{
    Base, FORMAT, Head, Outputs, Slot, export_snapshot, import_snapshot, read_journal, read_snapshot, replay, write_snapshot,
};
use proptest::{prelude::*, sample::Index};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::samples::{document, entries, head, journal, outputs, slot, snapshot};

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// Puts a right frame around anything.
fn framed(magic: &str, format: u32, body: &[u8]) -> Vec<u8> {
    [format!("{magic} {format} {} {}\n", sha256(body), body.len()).as_bytes(), body].concat()
}

/// Returns a journal whose lines are bound to each other as they should be.
fn chained(format: u32, base: &[u8], lines: &[Vec<u8>]) -> Vec<u8> {
    let mut sum = sha256(base);
    let mut text = [format!("lowtide-journal {format} {sum} ").as_bytes(), base, b"\n"].concat();
    for line in lines {
        sum = sha256(&[sum.as_bytes(), b" ", line].concat());
        text.extend([sum.as_bytes(), b" ", line, b"\n"].concat());
    }
    text
}

/// Hands a body to every reader, in every format. What reads as a state can be written and led through a journal.
fn digest(body: &[u8]) {
    for format in 1..=FORMAT {
        let text = framed("lowtide-state", format, body);
        if let Ok(read) = read_snapshot(&text) {
            let _ = write_snapshot(&read.document);
            let _ = export_snapshot(&text);
        }
        let base = serde_json::to_vec(&Base { format, lineage: String::new(), serial: 7, hash: String::new(), author: None }).unwrap();
        let _ = read_journal(&chained(format, &base, &[body.to_vec()]));
        let _ = read_journal(&chained(format, body, &[]));
    }
    for (magic, format) in [("lowtide-head", 1), ("lowtide-head", 2), ("lowtide-slot", 1), ("lowtide-outputs", 1)] {
        let text = framed(magic, format, body);
        let _ = (Head::read(&text).map(|head| head.write()), Slot::read(&text).map(|slot| slot.slot.write()), Outputs::read(&text));
    }
    let _ = import_snapshot(body);
}

/// Returns the JSON inside of every text there is.
fn bodies() -> Vec<Json> {
    let body = |text: &str| serde_json::from_str(text.split_once('\n').unwrap().1).ok();
    let lines = journal();
    let lines = lines.lines().skip(1).map(|line| serde_json::from_str(&line[65..]).unwrap());
    let label = slot().write().0;
    let label = serde_json::from_str(label.lines().nth(1).unwrap()).unwrap();
    let exported = serde_json::from_str(&export_snapshot(snapshot().0.as_bytes()).unwrap()).unwrap();
    [body(&snapshot().0), body(&head().write()), body(&outputs().write())]
        .into_iter()
        .flatten()
        .chain(lines)
        .chain([label, exported])
        .collect()
}

/// Values that are seldom meant.
fn odd() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        Just(json!([])),
        Just(json!({})),
        Just(json!(u64::MAX)),
        Just(json!(i64::MIN)),
        Just(json!(-1)),
        Just(json!(1.5e300)),
        Just(json!("../../etc/passwd")),
        Just(json!("a\u{0}b\u{1b}[2J\u{202e}")),
        Just(json!("aws_vpc.main[18446744073709551616]")),
        Just(json!({"a": {"a": {"a": []}}})),
        any::<String>().prop_map(Json::String),
        any::<i64>().prop_map(|number| json!(number)),
    ]
}

/// What is done to one place of a JSON text.
#[derive(Clone, Debug)]
enum Mutation {
    Becomes(Json),
    Goes,
    Gains(String, Json),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        4 => odd().prop_map(Mutation::Becomes),
        1 => Just(Mutation::Goes),
        1 => (any::<String>(), odd()).prop_map(|(name, value)| Mutation::Gains(name, value)),
    ]
}

/// Counts the places of a JSON text, itself included.
fn places(json: &Json) -> usize {
    1 + match json {
        Json::Array(all) => all.iter().map(places).sum(),
        Json::Object(all) => all.values().map(places).sum(),
        _ => 0,
    }
}

/// Changes the place with this number, counted from the outside in; `true` where it was found.
fn mutate(json: &mut Json, number: &mut usize, how: &Mutation) -> bool {
    if *number == 0 {
        match (how, json) {
            (Mutation::Becomes(value), json) => *json = value.clone(),
            (Mutation::Goes, Json::Object(all)) => {
                let first = all.keys().next().cloned();
                first.map(|name| all.remove(&name));
            }
            (Mutation::Gains(name, value), Json::Object(all)) => drop(all.insert(name.clone(), value.clone())),
            (Mutation::Goes | Mutation::Gains(..), json) => *json = Json::Null,
        }
        return true;
    }
    *number -= 1;
    match json {
        Json::Array(all) => all.iter_mut().any(|one| mutate(one, number, how)),
        Json::Object(all) => all.values_mut().any(|one| mutate(one, number, how)),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn no_change_inside_a_right_frame_breaks_a_reader(which in any::<Index>(), changes in prop::collection::vec((any::<Index>(), mutation()), 1..4)) {
        let bodies = bodies();
        let mut body = which.get(&bodies).clone();
        for (place, how) in &changes {
            let mut place = place.index(places(&body));
            mutate(&mut body, &mut place, how);
        }
        digest(body.to_string().as_bytes());
    }

    #[test]
    fn no_bytes_inside_a_right_frame_break_a_reader(which in any::<Index>(), at in any::<Index>(), bytes in prop::collection::vec(any::<u8>(), 0..8), gone in 0usize..8) {
        let bodies = bodies();
        let mut body = which.get(&bodies).to_string().into_bytes();
        let at = at.index(body.len());
        let end = (at + gone).min(body.len());
        body.splice(at..end, bytes);
        digest(&body);
    }

    #[test]
    fn journals_of_odd_entries_replay_or_are_refused(which in any::<Index>(), place in any::<Index>(), how in mutation()) {
        let mut entry = serde_json::to_value(which.get(&entries())).unwrap();
        let mut place = place.index(places(&entry));
        mutate(&mut entry, &mut place, &how);
        let base = Base { format: FORMAT, lineage: document().state.lineage, serial: 7, hash: snapshot().1.hash, author: None };
        let text = chained(FORMAT, &serde_json::to_vec(&base).unwrap(), &[entry.to_string().into_bytes()]);
        if let Ok(Some(read)) = read_journal(&text) {
            let _ = replay(&snapshot().1, Some(&read), "lowtide");
        }
    }
}

#[test]
fn what_is_never_meant_is_refused() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    let state = snapshot().0.split_once('\n').unwrap().1.to_owned();
    let with = |from: &str, to: &str| {
        assert!(state.contains(from), "{from}");
        state.replacen(from, to, 1)
    };
    for (what, body) in [
        ("nested lists", deep("[", "]")),
        ("nested objects", deep("{\"a\":", "}")),
        ("a serial below zero", with("\"serial\":7", "\"serial\":-7")),
        ("a serial beyond all", with("\"serial\":7", "\"serial\":18446744073709551616")),
        ("a serial with a fraction", with("\"serial\":7", "\"serial\":7.5")),
        ("a number of a million digits", with("0.25", &"9".repeat(1_000_000))),
        ("a number beyond all", with("0.25", "1e400")),
        ("an address that leads up", with("\"aws_vpc.main\"", "\"../aws_vpc.main\"")),
        ("a zero byte in an address", with("\"aws_vpc.main\"", "\"aws_vpc.ma\\u0000in\"")),
        ("half a character", with("vpc-0a1b", "\\ud800")),
    ] {
        let read = read_snapshot(&framed("lowtide-state", FORMAT, body.as_bytes()));
        assert!(read.is_err(), "{what}");
        digest(body.as_bytes());
    }
    let invalid = state.into_bytes().into_iter().map(|byte| if byte == b'v' { 0xff } else { byte }).collect::<Vec<_>>();
    assert!(read_snapshot(&framed("lowtide-state", FORMAT, &invalid)).is_err());
}
