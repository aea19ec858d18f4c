//! What happens to a resource and why, in words.

use std::collections::BTreeSet;

use lowtide_model::{Address, Key};
use lowtide_plan::{Change, Reason};

use super::{Entry, Sort};
use crate::words;

/// Returns what happens.
pub fn what(entry: &Entry<'_>) -> &'static str {
    match (entry.sort(), &entry.step.reason) {
        (Sort::Replace { .. }, Reason::PerhapsReplaced) => "may have to be replaced",
        (Sort::Replace { .. }, _) => "will be replaced",
        (Sort::Create, Reason::GoneOutside) => "will be created again",
        (Sort::Create, _) => "will be created",
        (Sort::Update, Reason::Protected | Reason::Met) => "stays as it is",
        (Sort::Update, _) => "will be updated in place",
        (Sort::Delete, Reason::Watched(_)) => "is deleted, and will be looked for once more",
        (Sort::Delete, _) => "will be destroyed",
        (Sort::Read, _) => "will be read during apply",
        (Sort::Adopt, _) => "will be taken on",
        (Sort::Forget, _) => "will be forgotten",
    }
}

/// Returns why, where it does not go without saying.
pub fn why(entry: &Entry<'_>) -> Option<String> {
    let (step, sort) = (entry.step, entry.sort());
    let forcing = || forcing(&step.changes);
    Some(match &step.reason {
        Reason::New if sort == Sort::Adopt => "an interrupted run had created it".to_owned(),
        Reason::New if sort == Sort::Read => "what it depends on is not there yet".to_owned(),
        Reason::New | Reason::Changed | Reason::Destroyed => return None,
        Reason::Protected => "what its lifecycle says of its end is written down".to_owned(),
        Reason::Met => "somebody else has made it as it is declared now, which is written down".to_owned(),
        Reason::GoneOutside if sort == Sort::Forget => "it is already gone".to_owned(),
        Reason::GoneOutside => "it was removed outside Lowtide".to_owned(),
        Reason::Replaced => match forcing() {
            (names, _) if names.is_empty() => return None,
            (names, _) => format!("{names} can't be changed in place"),
        },
        Reason::PerhapsReplaced => match forcing() {
            (names, _) if names.is_empty() => "a value that forces it is not known yet".to_owned(),
            (names, true) => format!("{names} can't be changed in place and is not known yet"),
            (names, false) => format!("{names} can't be changed in place and are not known yet"),
        },
        Reason::ReplaceRequested => "you asked for it".to_owned(),
        Reason::Triggered(by) => {
            let by = by.iter().collect();
            format!("{} {}", addresses(&by), if by.len() == 1 { "changes" } else { "change" })
        }
        Reason::ParentReplaced(parent) => format!("it is a part of {parent}, which is replaced"),
        Reason::PlaceChanged(_) => format!("it moves to {}", step.place),
        Reason::Broken(why) => format!("AWS says it is broken ({why})"),
        Reason::NotDeclared => "it is no longer declared".to_owned(),
        Reason::NoInstance => no_instance(&step.address),
        Reason::Watched(until) => format!("a request whose reply was lost may make it anew until {}", words::moment(*until)),
        Reason::Deposed => "a newer one took its place in an earlier run".to_owned(),
    })
}

/// Returns the names of what forces a replacement, and whether it is only one.
fn forcing(changes: &[Change]) -> (String, bool) {
    let mut names: Vec<_> = changes.iter().filter(|change| change.replaces).map(|change| format!("`{}`", change.path)).collect();
    names.sort();
    names.dedup();
    let one = names.len() == 1;
    if names.len() > 3 {
        let more = names.len() - 2;
        names.truncate(2);
        names.push(format!("{more} more"));
    }
    (words::list(&names), one)
}

fn addresses(all: &BTreeSet<&Address>) -> String {
    words::list(&all.iter().map(ToString::to_string).collect::<Vec<_>>())
}

fn no_instance(address: &Address) -> String {
    match &address.key {
        Some(Key::Index(index)) => format!("its `count` no longer reaches {index}"),
        Some(Key::Name(name)) => format!("its `for_each` no longer has the key {name:?}"),
        None => "its declaration now makes other instances or none".to_owned(),
    }
}
