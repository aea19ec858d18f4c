//! The disk fills before each write in turn, and stays full, or has room again at once: nothing that was acknowledged is lost, what is
//! said is that it is full, and when there is room everything goes on.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use lowtide_model::Type;
use lowtide_state::{Entry, Loaded, OutputValue};

use super::*;
use crate::{
    Archive, LocalLedger,
    local::{
        archive::{self},
        contents,
        folder::Folder,
        key, note, outputs,
        run::{
            Writer,
            tests::{key as stack, names, put},
        },
    },
    who::Us,
};

/// When there is no room.
#[derive(Default)]
pub(in crate::local) struct Filling {
    asked: AtomicUsize,
    /// From which request on; none where it is zero.
    from: AtomicUsize,
    /// For how many.
    times: AtomicUsize,
}

impl Disk {
    pub(in crate::local) fn room(&self) -> io::Result<()> {
        let (asked, from) = (self.0.asked.fetch_add(1, Relaxed) + 1, self.0.from.load(Relaxed));
        let full = from > 0 && asked >= from && asked - from < self.0.times.load(Relaxed);
        if full { Err(ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn filled(from: usize, times: usize) -> Self {
        Self(Arc::new(Filling { asked: 0.into(), from: from.into(), times: times.into() }))
    }

    fn was_full(&self) -> bool {
        self.0.asked.load(Relaxed) >= self.0.from.load(Relaxed)
    }
}

/// Everything that writes, one after the other; tells which entries were acknowledged, and how it ended.
fn go(root: &Path, disk: &Disk) -> (Vec<&'static str>, Result<Loaded, LedgerFault>) {
    let mut told = Vec::new();
    let mut work = || {
        let folder = Folder::made_on(root, &stack(), disk.clone())?;
        key::load_or_make(&folder)?;
        note::write(&folder, "tide", Some("held"))?;
        let mut writer = Writer::open(folder.clone(), &stack(), &Us::default(), "apply", &mut |_| Ok(()))?;
        for name in ["b", "c"] {
            writer.append(&[put(name)])?;
            told.push(name);
        }
        writer.checkpoint(&mut |_| Ok(()))?;
        writer.append(&[put("d"), Entry::Outputs { outputs: published() }])?;
        told.push("d");
        writer.finish(&mut |_| Ok(()))
    };
    let ended = work();
    (told, ended)
}

fn published() -> BTreeMap<String, OutputValue> {
    [("id".to_owned(), OutputValue::Clear { value: "vpc-1".into(), ty: Type::String })].into()
}

/// With room again, what was acknowledged is there, and at most one more; and a run comes to its end.
fn goes_on(root: &Path, told: &[&str], when: &str) {
    let found = Folder::existing(root, &stack()).unwrap().and_then(|folder| contents::read(&folder).unwrap().loaded());
    let there = found.map_or_else(Vec::new, |found| names(&found));
    let expected: Vec<_> = ["a", "b", "c", "d"].into_iter().filter(|name| *name != "a" || there.contains(&"a".to_owned())).collect();
    assert!(expected.starts_with(&there.iter().map(String::as_str).collect::<Vec<_>>()), "{when}: {there:?}");
    let acknowledged = there.iter().filter(|name| *name != "a").count();
    assert!((told.len()..=told.len() + 1).contains(&acknowledged), "{when}: {told:?} were acknowledged, {there:?} are there");
    let (_, ended) = go(root, &Disk::default());
    assert!(names(&ended.unwrap()).ends_with(&["b", "c", "d"].map(str::to_owned)), "{when}");
    let folder = Folder::existing(root, &stack()).unwrap().unwrap();
    assert_eq!(note::read(&folder, "tide").unwrap().as_deref(), Some("held"), "{when}");
    assert_eq!(outputs::read(&folder).unwrap(), Some(published()), "{when}");
    let mut files = folder.names().unwrap();
    files.sort();
    assert_eq!(files, ["journal", "key", "lock", "note.tide", "outputs", "snapshots", "state"], "{when}: nothing is left lying about");
}

fn sweep(begin: fn(&Path), times: usize) -> (usize, usize) {
    let (mut refused, mut passed) = (0, 0);
    for from in 1.. {
        let root = tempfile::tempdir().unwrap();
        begin(root.path());
        let disk = Disk::filled(from, times);
        let (told, ended) = go(root.path(), &disk);
        if !disk.was_full() {
            break;
        }
        let when = format!("full from request {from}, {times} times");
        match ended {
            Ok(_) => passed += 1,
            Err(LedgerFault::Full { .. }) => refused += 1,
            Err(other) => panic!("{when}: {other}"),
        }
        goes_on(root.path(), &told, &when);
    }
    (refused, passed)
}

fn with_a_state(root: &Path) {
    let mut writer = Writer::open(Folder::made(root, &stack()).unwrap(), &stack(), &Us::default(), "apply", &mut |_| Ok(())).unwrap();
    writer.append(&[put("a")]).unwrap();
    writer.finish(&mut |_| Ok(())).unwrap();
}

fn with_results(root: &Path) {
    let mut writer = Writer::open(Folder::made(root, &stack()).unwrap(), &stack(), &Us::default(), "apply", &mut |_| Ok(())).unwrap();
    writer.append(&[put("a")]).unwrap();
}

#[test]
fn a_disk_that_fills_before_any_write_loses_nothing() {
    for begin in [|_: &Path| {}, with_a_state, with_results] {
        let (refused, passed) = sweep(begin, usize::MAX);
        assert!(refused > 20 && passed == 0, "{refused} {passed}");
    }
    let (refused, passed) = sweep(with_results, 1);
    assert!(refused > 15 && passed > 2, "a checkpoint that finds no room is put off: {refused} {passed}");
}

/// Where the file system keeps no room for files, there is nothing to see here.
#[test]
fn what_is_under_way_when_the_disk_fills_is_written_down_and_nothing_more_begins() {
    let root = tempfile::tempdir().unwrap();
    with_a_state(root.path());
    let disk = Disk::filled(0, usize::MAX);
    let folder = Folder::made_on(root.path(), &stack(), disk.clone()).unwrap();
    let mut writer = Writer::open(folder, &stack(), &Us::default(), "apply", &mut |_| Ok(())).unwrap();
    if !writer.keeps_room() {
        return;
    }
    disk.0.from.store(1, Relaxed);
    writer.append(&[put("b")]).unwrap();
    assert_eq!(writer.room(), Ok(()), "there is room for much more");
    writer.append(&[large("c")]).expect("into the room that was kept");
    assert!(matches!(writer.room(), Err(LedgerFault::Full { place }) if place.ends_with("/journal")));
    writer.append(&[put("d")]).expect("what is under way is written down");
    assert!(matches!(writer.append(&[large("e")]), Err(LedgerFault::Full { .. })), "until all of it is used");
    drop(writer);
    let found = contents::read(&Folder::existing(root.path(), &stack()).unwrap().unwrap()).unwrap().loaded().unwrap();
    assert_eq!(names(&found), ["a", "b", "c", "d"]);
    goes_on(root.path(), &["b", "c", "d"], "at the end of all room");
}

fn large(name: &str) -> Entry {
    let Entry::Put { mut record } = put(name) else { unreachable!("it puts a record") };
    record.inputs.set("user_data", "x".repeat(600_000).as_str().into());
    Entry::Put { record }
}

#[tokio::test]
async fn a_state_that_comes_is_there_whole_or_not_at_all() {
    let (elsewhere, stack) = (tempfile::tempdir().unwrap(), stack());
    go(elsewhere.path(), &Disk::default()).1.unwrap();
    let parcel = LocalLedger::new(elsewhere.path().to_owned()).pack(&stack).await.unwrap();
    let mut refused = 0;
    for from in 1.. {
        let (root, disk) = (tempfile::tempdir().unwrap(), Disk::filled(from, usize::MAX));
        let come = |disk| {
            let folder = Folder::made_on(root.path(), &stack, disk)?;
            archive::take_in(&folder, &stack, &Us::default(), parcel.clone())
        };
        let came = come(disk.clone());
        if !disk.was_full() {
            break;
        }
        assert!(matches!(came, Err(LedgerFault::Full { .. })), "full from request {from}: {came:?}");
        refused += 1;
        let there = Folder::existing(root.path(), &stack).unwrap().and_then(|folder| contents::read(&folder).unwrap().loaded());
        assert!(there.is_none_or(|found| names(&found) == ["b", "c", "d"]), "full from request {from}");
        come(Disk::default()).unwrap();
        let folder = Folder::existing(root.path(), &stack).unwrap().unwrap();
        assert_eq!(names(&contents::read(&folder).unwrap().loaded().unwrap()), ["b", "c", "d"]);
        assert_eq!(key::load(&folder).unwrap(), parcel.key);
        assert_eq!(note::read(&folder, "tide").unwrap().as_deref(), Some("held"));
        let known = ["journal", "key", "lock", "note.tide", "outputs", "snapshots", "state"];
        let strange: Vec<_> = folder.names().unwrap().into_iter().filter(|name| !known.contains(&name.as_str())).collect();
        assert!(strange.is_empty(), "full from request {from}: {strange:?} are left lying about");
    }
    assert!(refused > 5, "{refused}");
}

#[tokio::test]
async fn a_state_that_moves_away_says_where_to_or_stays() {
    let (root, stack) = (tempfile::tempdir().unwrap(), stack());
    with_a_state(root.path());
    let hash = lowtide_state::Ledger::read(&LocalLedger::new(root.path().to_owned()), &stack).await.unwrap().unwrap().hash;
    for from in 1..=3 {
        let folder = Folder::made_on(root.path(), &stack, Disk::filled(from, usize::MAX)).unwrap();
        let fault = archive::leave(&folder, &stack, &hash, "elsewhere").unwrap_err();
        assert!(matches!(fault, LedgerFault::Full { .. }), "{fault}");
        archive::come_back(&Folder::made(root.path(), &stack).unwrap()).unwrap();
    }
    let ledger = LocalLedger::new(root.path().to_owned());
    assert!(lowtide_state::Ledger::read(&ledger, &stack).await.unwrap().is_some());
}
