//! A history is followed by hashes, and what does not fit into it is told apart.

use lowtide_state::{
    History, Piece, State, Walk,
    format::{Document, Snapshot, write_snapshot},
};

/// Snapshots that follow each other, oldest first.
fn line(lineage: &str, length: u64) -> Vec<Snapshot> {
    let mut line = vec![write_snapshot(&Document::new(State::new(lineage), "t")).unwrap().snapshot];
    for _ in 1..length {
        let last = &line[line.len() - 1];
        line.push(write_snapshot(&last.document.next(&last.hash, last.document.state.clone(), "t")).unwrap().snapshot);
    }
    line
}

/// Another state with the same serial, which the same one comes before.
fn stray(before: &Snapshot) -> Snapshot {
    write_snapshot(&before.document.next(&before.hash, before.document.state.clone(), "another")).unwrap().snapshot
}

/// Walks along these, newest first; none is one that can't be read.
fn walked(all: &[Option<&Snapshot>]) -> History {
    let mut walk = Walk::default();
    for (at, one) in all.iter().enumerate() {
        match one {
            Some(snapshot) => walk.take(&format!("n{at}"), snapshot),
            None => walk.take_unreadable(&format!("n{at}"), "cut".to_owned()),
        }
    }
    walk.finish(false)
}

fn told(history: &History) -> Vec<String> {
    let told = |piece: &Piece| match piece {
        Piece::Kept(kept) => kept.serial.to_string(),
        Piece::Unreadable { name, why } => format!("{name} {why}"),
        Piece::Missing { before } => format!("missing before {before}"),
    };
    history.pieces.iter().map(told).collect()
}

#[test]
fn a_whole_history_is_followed_to_its_beginning() {
    let line = line("a", 4);
    let history = walked(&line.iter().rev().map(Some).collect::<Vec<_>>());
    assert_eq!(told(&history), ["3", "2", "1", "0"]);
    assert!(history.is_whole() && history.strays.is_empty());
    assert_eq!(walked(&[]), History::default());
    assert_eq!(told(&walked(&[Some(&line[3]), Some(&line[2])])), ["3", "2"], "older ones may be gone");
}

#[test]
fn what_a_run_wrote_that_was_shut_out_is_no_part_of_it() {
    let line = line("a", 4);
    let (two, four) = (stray(&line[1]), stray(&line[3]));
    let history = walked(&[Some(&line[3]), Some(&four), Some(&two), Some(&line[2]), Some(&line[1]), Some(&line[0])]);
    assert_eq!((told(&history), history.strays.clone()), (["3", "2", "1", "0"].map(str::to_owned).into(), vec!["n1".into(), "n2".into()]));
    assert!(history.is_whole());
    let before_the_first = walked(&[Some(&line[0]), Some(&two)]);
    assert_eq!((told(&before_the_first), before_the_first.strays), (vec!["0".to_owned()], vec!["n1".to_owned()]));
}

#[test]
fn what_can_not_be_read_is_named_in_its_place() {
    let line = line("a", 4);
    let history = walked(&[Some(&line[3]), None, Some(&line[1]), Some(&line[0])]);
    assert_eq!(told(&history), ["3", "n1 cut", "1", "0"]);
    assert!(!history.is_whole());
    assert_eq!(told(&walked(&[None, Some(&line[2]), None, None])), ["n0 cut", "2", "n2 cut", "n3 cut"]);
    assert_eq!(told(&walked(&[Some(&line[3]), None, Some(&line[2]), Some(&line[1])])), ["3", "n1 cut", "2", "1"]);
}

#[test]
fn a_gap_is_seen_and_passed() {
    let line = line("a", 6);
    let history = walked(&[Some(&line[5]), Some(&line[2]), Some(&line[1]), None, Some(&line[0])]);
    assert_eq!(told(&history), ["5", "missing before 5", "2", "1", "n3 cut", "0"]);
    assert_eq!(history.kept().map(|kept| history.is_bound(kept)).collect::<Vec<_>>(), [true, false, false, false]);
    assert!(!history.is_whole());
}

#[test]
fn another_lineage_is_no_history_of_this_one() {
    let (ours, theirs) = (line("a", 3), line("b", 3));
    let history = walked(&[Some(&ours[2]), Some(&theirs[1]), Some(&ours[1])]);
    assert_eq!((told(&history), history.strays.len()), (["2", "1"].map(str::to_owned).into(), 1));
    assert_eq!(told(&walked(&[Some(&ours[2]), Some(&theirs[1])])), ["2", "n1 it is of another lineage"]);
}
