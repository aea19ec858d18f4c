//! Things that get other addresses keep what is remembered of them, and what stands on them knows it.

use lowtide_state::{Attempt, Entry, Intent, Moved, Record, State};

use crate::samples::{intent, vpc};

fn moved(from: &str, to: &str) -> Moved {
    Moved { from: from.parse().unwrap(), to: to.parse().unwrap(), generation: 0 }
}

fn known(state: &State) -> Vec<(String, &str, Vec<String>)> {
    let dependencies = |record: &Record| record.dependencies.iter().map(ToString::to_string).collect();
    state.records.iter().map(|((address, _), record)| (address.to_string(), record.id.as_str(), dependencies(record))).collect()
}

/// Returns a state of two networks, and of one in doubt that stands on both.
fn two() -> State {
    let mut state = State::new("it");
    for name in ["a", "b"] {
        let address = format!("aws_vpc.{name}").parse().unwrap();
        let dependencies = if name == "b" { vec!["aws_vpc.a".parse().unwrap()] } else { vec![] };
        state.apply(&Entry::Put { record: Box::new(Record { address, id: format!("vpc-{name}"), dependencies, ..vpc() }) });
    }
    let record = Record { dependencies: vec!["aws_vpc.a".parse().unwrap(), "aws_vpc.b".parse().unwrap()], ..*intent().record.unwrap() };
    state.apply(&Entry::Intent { intent: Box::new(Intent { record: Some(Box::new(record)), ..intent() }) });
    state
}

#[test]
fn what_changes_places_does_so_at_once() {
    let mut state = two();
    state.apply(&Entry::Moved { moves: vec![moved("aws_vpc.a", "aws_vpc.b"), moved("aws_vpc.b", "aws_vpc.a")] });
    let expected = [("aws_vpc.a".to_owned(), "vpc-b", vec!["aws_vpc.b".to_owned()]), ("aws_vpc.b".to_owned(), "vpc-a", vec![])];
    assert_eq!(known(&state), expected);
    assert!(state.records.iter().all(|(key, record)| *key == record.key()));
}

#[test]
fn what_is_in_doubt_moves_as_well_and_knows_what_it_stands_on() {
    let mut state = two();
    state.apply(&Entry::Moved { moves: vec![moved("aws_eip.next", "aws_eip.next[0]"), moved("aws_vpc.a", "aws_vpc.a[\"x\"]")] });
    let [(key, intent)] = state.pending.iter().collect::<Vec<_>>()[..] else { panic!("one is in doubt: {:?}", state.pending) };
    assert_eq!((key, key.0.to_string(), intent.attempt), (&intent.key(), "aws_eip.next[0]".to_owned(), Attempt::Create));
    let record = intent.record.as_ref().unwrap();
    assert_eq!(record.key(), *key);
    assert_eq!(record.dependencies.iter().map(ToString::to_string).collect::<Vec<_>>(), ["aws_vpc.a[\"x\"]", "aws_vpc.b"]);
}

/// Of what has several generations, one may stay where it is.
#[test]
fn only_the_generation_moves_that_is_named() {
    let mut state = two();
    state.apply(&Entry::Put { record: Box::new(Record { id: "vpc-old".to_owned(), generation: 1, ..vpc() }) });
    state.apply(&Entry::Put { record: Box::new(Record { id: "vpc-new".to_owned(), generation: 2, ..vpc() }) });
    state.apply(&Entry::Moved { moves: vec![Moved { generation: 2, ..moved("aws_vpc.main", "aws_vpc.main[0]") }] });
    let ids: Vec<_> = known(&state).into_iter().map(|(address, id, _)| (address, id)).collect();
    assert!(ids.contains(&("aws_vpc.main".to_owned(), "vpc-old")) && ids.contains(&("aws_vpc.main[0]".to_owned(), "vpc-new")), "{ids:?}");
}
