//! Files of every format there ever was are kept, and today's code reads them.

use lowtide_state::{
    Author, Entry,
    format::{FORMAT, Head, Outputs, Replay, Slot, read_journal, read_snapshot, replay},
};

use crate::samples::{author, deposed, document, entries, head, journal, kept, moved, outputs, slot, snapshot, state, vpc};

fn author_in(format: u32) -> Option<Author> {
    match format {
        1 | 2 => None,
        3 => Some(Author { plan: None, run: None, ..author() }),
        4 | 5 => Some(Author { run: None, ..author() }),
        _ => Some(author()),
    }
}

fn without_until(entry: &mut Entry) {
    if let Entry::Intent { intent } = entry {
        intent.until = None;
    }
}

#[test]
fn every_format_has_its_files_and_they_are_read() {
    for format in 1..=FORMAT {
        let state_file = std::fs::read(kept(&format!("{format}/state"))).unwrap();
        let read = read_snapshot(&state_file).unwrap();
        let mut expected = document();
        let mut written = entries();
        expected.author = author_in(format);
        if format < 4 {
            expected.state.records.values_mut().for_each(|record| record.lingering.clear());
        }
        if format < 5 {
            expected.state.pending.values_mut().for_each(|intent| intent.until = None);
            written.iter_mut().for_each(without_until);
        }
        if format < 6 {
            written.retain(|entry| !matches!(entry, Entry::Moved { .. }));
        }
        if format == 1 {
            expected.state.pending.clear();
            written.retain(|entry| !matches!(entry, Entry::Intent { .. } | Entry::Resolved { .. }));
        }
        assert_eq!(read.document, expected, "format {format}");
        let journal_file = std::fs::read(kept(&format!("{format}/journal"))).unwrap();
        let journal = read_journal(&journal_file).unwrap().unwrap();
        assert_eq!((journal.entries.clone(), journal.torn), (written, false), "format {format}");
        let Replay::Results(next) = replay(&read, Some(&journal), "lowtide 9").unwrap() else { panic!("it has results") };
        assert_eq!((next.state.serial, next.parent.as_ref()), (8, Some(&read.hash)));
        let address = if format < 6 { vpc().address } else { moved() };
        assert_eq!(next.state.current(&address).map(|record| record.id.as_str()), Some("vpc-0c2d"));
        assert_eq!(next.state.generations(&deposed().address).count(), 0);
        assert_eq!(next.state.outputs, state().outputs);
        assert_eq!(next.author, author_in(format));
        assert_eq!(next.unknown, document().unknown);
    }
}

#[test]
fn heads_and_slots_of_every_format_are_read() {
    let mut first = head();
    first.snapshot.iter_mut().for_each(|pointer| pointer.outputs = None);
    assert_eq!(Head::read(&std::fs::read(kept("shared/head.1")).unwrap()), Ok(first));
    assert_eq!(Head::read(&std::fs::read(kept("shared/head.2")).unwrap()), Ok(head()));
    let read = Slot::read(&std::fs::read(kept("shared/slot.1")).unwrap()).unwrap();
    assert_eq!((read.slot, read.hash), (slot(), slot().write().1));
    assert_eq!(Outputs::read(&std::fs::read(kept("shared/outputs.1")).unwrap()), Ok(outputs()));
}

/// To make the files of a new format: run with `LOWTIDE_WRITE_GOLDEN=1`, once, before it is ever released.
#[test]
fn what_is_written_today_is_what_was_kept() {
    let alone = [(format!("{FORMAT}/state"), snapshot().0), (format!("{FORMAT}/journal"), journal())];
    let shared = [
        ("shared/head.2".to_owned(), head().write()),
        ("shared/slot.1".to_owned(), slot().write().0),
        ("shared/outputs.1".to_owned(), outputs().write()),
    ];
    for (name, text) in alone.into_iter().chain(shared) {
        let path = kept(&name);
        if std::env::var_os("LOWTIDE_WRITE_GOLDEN").is_some() && !path.exists() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "the format changed: count FORMAT up, keep the old files");
    }
}
