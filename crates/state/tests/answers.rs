//! How operations went that could not be written down where it should be.

use lowtide_state::{Answer, Entry, Record, State, Status};

use crate::samples::{intent, vpc};

/// Returns a state with one thing, and its successor in doubt.
fn in_doubt() -> State {
    let mut state = State::new("it");
    let address = intent().address;
    state.apply(&Entry::Put { record: Box::new(Record { address, id: "eip-1".to_owned(), generation: 0, ..vpc() }) });
    let mut about = intent();
    about.generation = 1;
    about.record.iter_mut().for_each(|record| record.generation = 1);
    state.apply(&Entry::Intent { intent: Box::new(about) });
    state
}

fn made() -> Entry {
    let record = *intent().record.unwrap();
    Entry::Put { record: Box::new(Record { id: "eip-2".to_owned(), generation: 1, ..record }) }
}

#[test]
fn an_answer_settles_what_is_in_doubt_and_deposes_what_was_there_before() {
    let mut state = in_doubt();
    let answer = state.answer(&made()).unwrap();
    assert_eq!(answer.op, intent().op);
    assert_eq!(state.take_in(&[answer]), 1);
    let all: Vec<_> = state.generations(&intent().address).map(|record| (record.id.as_str(), record.status)).collect();
    assert_eq!(all, [("eip-1", Status::Deposed), ("eip-2", Status::Ok)]);
    assert!(state.pending.is_empty());
}

/// Its record becomes whole in several answers; the last one counts.
#[test]
fn answers_to_one_operation_count_in_their_order() {
    let mut state = in_doubt();
    let Entry::Put { record } = made() else { panic!("it is put") };
    let first = Entry::Put { record: Box::new(Record { status: Status::Partial, ..*record }) };
    let answers: Vec<_> = [first, made()].iter().map(|entry| state.answer(entry).unwrap()).collect();
    assert_eq!(state.take_in(&answers), 1);
    assert_eq!(state.current(&intent().address).map(|record| record.status), Some(Status::Ok));
}

#[test]
fn an_answer_to_what_is_not_in_doubt_counts_for_nothing() {
    let mut state = in_doubt();
    let answer = state.answer(&made()).unwrap();
    assert_eq!(state.answer(&Entry::Put { record: Box::new(vpc()) }), None);
    assert_eq!(state.answer(&Entry::Forget { address: intent().address, generation: 0 }), None);
    // Another run has found out what became of it, and it has gone since.
    state.apply(&Entry::Resolved { address: intent().address, generation: 1, op: intent().op, how: "nothing was made".to_owned() });
    let before = state.clone();
    assert_eq!(
        state.take_in(&[answer, Answer { op: "another".to_owned(), entry: Entry::Forget { address: intent().address, generation: 0 } }]),
        0
    );
    assert_eq!(state, before);
}
