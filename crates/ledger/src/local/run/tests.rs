//! A run that is stopped after each step of its end, and of its beginning, loses nothing.

use std::path::Path;

use lowtide_model::{Place, Type};
use lowtide_state::{OutputValue, Protection, Record, Remembered, Status};

use super::*;
use crate::local::{commit::Step, kept, outputs};

pub fn key() -> StackKey {
    StackKey { project: "p".to_owned(), environment: "default".to_owned(), stack: "s".to_owned() }
}

pub fn put(name: &str) -> Entry {
    let record = Record {
        address: format!("aws_vpc.{name}").parse().unwrap(),
        generation: 0,
        provider: None,
        place: Place::default(),
        id: format!("vpc-{name}"),
        uid: "op".to_owned(),
        inputs: [].into_iter().collect(),
        digests: [].into(),
        seen: Remembered::default(),
        dependencies: vec![],
        status: Status::Ok,
        protection: Protection::default(),
        lingering: Vec::new(),
        unknown: [].into(),
    };
    Entry::Put { record: Box::new(record) }
}

fn open(root: &Path, watch: Watch<'_>) -> Result<Writer, LedgerFault> {
    Writer::open(Folder::made(root, &key()).unwrap(), &key(), &Us::default(), "apply", watch)
}

fn read(root: &Path) -> Option<Loaded> {
    contents::read(&Folder::existing(root, &key()).unwrap().unwrap()).unwrap().loaded()
}

pub fn names(loaded: &Loaded) -> Vec<String> {
    loaded.state.records.values().map(|record| record.address.declared.name.to_string()).collect()
}

fn run(root: &Path, name: &str) -> Loaded {
    let mut writer = open(root, &mut |_| Ok(())).unwrap();
    writer.append(&[put(name)]).unwrap();
    writer.finish(&mut |_| Ok(())).unwrap()
}

fn stop_after(stop: Step) -> impl FnMut(Step) -> Result<(), LedgerFault> {
    move |step| if step == stop { Err(unusable("here", "written", "stopped")) } else { Ok(()) }
}

/// Looks at what is there, goes on with another run, and looks at the files.
fn goes_on(root: &Path, serial: u64, expected: &[&str], stop: Step) {
    let found = read(root).unwrap();
    assert_eq!((found.state.serial, names(&found)), (serial, expected.iter().map(ToString::to_string).collect()), "{stop:?}");
    let mut writer = open(root, &mut |_| Ok(())).unwrap();
    assert_eq!(writer.session.loaded(), found, "{stop:?}");
    writer.append(&[put("z")]).unwrap();
    let ended = writer.finish(&mut |_| Ok(())).unwrap();
    assert_eq!((ended.state.serial, ended.state.lineage.clone()), (serial + 1, found.state.lineage), "{stop:?}");
    drop(writer);
    assert_eq!(read(root), Some(ended));
    let mut files = Folder::existing(root, &key()).unwrap().unwrap().names().unwrap();
    files.sort();
    assert_eq!(files, ["journal", "lock", "snapshots", "state"], "{stop:?}");
    let kept: Vec<_> = kept::names(&Folder::existing(root, &key()).unwrap().unwrap()).unwrap();
    let serials: Vec<_> = kept.iter().skip(1).map(|name| name["snapshots/".len()..][..20].parse::<u64>().unwrap()).collect();
    assert_eq!(serials, (0..=serial).rev().collect::<Vec<_>>(), "{stop:?}: each once, and none is lost");
}

#[test]
fn a_finish_stopped_after_any_step_loses_nothing() {
    for stop in Step::ALL {
        let root = tempfile::tempdir().unwrap();
        run(root.path(), "a");
        let mut writer = open(root.path(), &mut |_| Ok(())).unwrap();
        writer.append(&[put("b")]).unwrap();
        writer.append(&[put("c")]).unwrap();
        writer.finish(&mut stop_after(stop)).unwrap_err();
        writer.append(&[put("d")]).expect_err("a run whose end failed writes nothing more");
        drop(writer);
        goes_on(root.path(), 2, &["a", "b", "c"], stop);
    }
}

#[test]
fn a_checkpoint_stopped_after_any_step_loses_nothing() {
    for stop in Step::ALL {
        let root = tempfile::tempdir().unwrap();
        run(root.path(), "a");
        let mut writer = open(root.path(), &mut |_| Ok(())).unwrap();
        writer.append(&[put("b")]).unwrap();
        let done = writer.checkpoint(&mut stop_after(stop));
        let put_off = matches!(stop, Step::Written | Step::Kept);
        assert_eq!(done.is_ok(), put_off, "{stop:?}");
        assert_eq!(writer.append(&[put("c")]).is_ok(), put_off, "{stop:?}: nobody knows what that would build on");
        drop(writer);
        goes_on(root.path(), 2, if put_off { &["a", "b", "c"] } else { &["a", "b"] }, stop);
    }
}

#[test]
fn a_recovery_stopped_after_any_step_loses_nothing() {
    for stop in Step::ALL {
        let root = tempfile::tempdir().unwrap();
        run(root.path(), "a");
        open(root.path(), &mut |_| Ok(())).unwrap().append(&[put("b")]).unwrap();
        assert!(open(root.path(), &mut stop_after(stop)).is_err(), "{stop:?}");
        goes_on(root.path(), 2, &["a", "b"], stop);
    }
}

#[test]
fn a_first_run_stopped_after_any_step_has_one_lineage() {
    for stop in Step::ALL {
        let root = tempfile::tempdir().unwrap();
        assert!(open(root.path(), &mut stop_after(stop)).is_err(), "{stop:?}");
        let lineage = read(root.path()).map(|loaded| loaded.state.lineage);
        assert_eq!(lineage.is_some(), !matches!(stop, Step::Written | Step::Kept | Step::Withdrawn), "{stop:?}");
        let ended = run(root.path(), "a");
        assert!(lineage.is_none_or(|lineage| lineage == ended.state.lineage), "{stop:?}");
        goes_on(root.path(), 1, &["a"], stop);
    }
}

fn publishes(id: &str) -> Entry {
    let value = OutputValue::Clear { value: id.into(), ty: Type::String };
    Entry::Outputs { outputs: [("id".to_owned(), value)].into() }
}

#[test]
fn what_is_published_is_what_the_state_says_after_any_step() {
    let mut published = 0;
    for stop in Step::ALL {
        for replaces in [false, true] {
            let root = tempfile::tempdir().unwrap();
            let mut writer = open(root.path(), &mut |_| Ok(())).unwrap();
            writer.append(&[publishes("one")]).unwrap();
            writer.finish(&mut |_| Ok(())).unwrap();
            drop(writer);
            let folder = Folder::existing(root.path(), &key()).unwrap().unwrap();
            assert_eq!(outputs::read(&folder).unwrap(), Some(read(root.path()).unwrap().state.outputs));
            let mut writer = open(root.path(), &mut |_| Ok(())).unwrap();
            if replaces {
                // Nothing is in the journal then.
                let mut other = writer.session.loaded().state;
                other.apply(&publishes("two"));
                writer.session.replace(other);
            } else {
                writer.append(&[publishes("two")]).unwrap();
            }
            writer.finish(&mut stop_after(stop)).unwrap_err();
            let found = outputs::read(&folder).unwrap();
            published += usize::from(found.is_some());
            assert!(found.is_none_or(|found| found == read(root.path()).unwrap().state.outputs), "{stop:?}, {replaces}");
        }
    }
    assert!(published > 4, "{published}");
}

#[test]
fn a_journal_of_another_state_is_neither_replayed_nor_forgotten() {
    let root = tempfile::tempdir().unwrap();
    run(root.path(), "a");
    open(root.path(), &mut |_| Ok(())).unwrap().append(&[put("b")]).unwrap();
    let folder = Folder::existing(root.path(), &key()).unwrap().unwrap();
    let journal = std::fs::read(folder.path(JOURNAL)).unwrap();
    run(root.path(), "c");
    run(root.path(), "d");
    std::fs::write(folder.path(JOURNAL), &journal).unwrap();
    let Err(fault) = open(root.path(), &mut |_| Ok(())).map(|_| ()) else { panic!("it should be refused") };
    let LedgerFault::Damaged { place, why } = fault else { panic!("{fault}") };
    assert!(place.ends_with("/journal"), "{place}");
    assert_eq!(why, "the journal builds on serial 1 (which is neither it nor the one before it), but the state beside it is serial 4");
    assert_eq!(std::fs::read(folder.path(JOURNAL)).unwrap(), journal);
}
