//! What changes about one resource, by attribute.

use lowtide_model::{Path, Planned, Step as Into};
use lowtide_plan::{Change, Reason, Step, is_own_tag};

use super::{Entry, MARGIN, Sort};
use crate::{
    clean,
    style::{MUTED, REPLACED, paint},
    value::{Branch, Mark, difference, given, inline, pair, printed},
    words,
};

/// Returns the lines below the headline of an entry.
pub fn changes(entry: &Entry<'_>, room: usize) -> String {
    let step = entry.step;
    let (own, changes): (Vec<_>, Vec<_>) = step.changes.iter().partition(|change| names_own_tag(&change.path));
    let mut branches: Vec<_> = match entry.sort() {
        Sort::Create => changes.into_iter().map(|change| asked(change, room)).collect(),
        Sort::Read => step.wish.iter().map(|(name, value)| given(Mark::None, &clean::name(name), value, room)).collect(),
        Sort::Update | Sort::Adopt => changes.into_iter().map(|change| changed(change, room)).collect(),
        Sort::Replace { .. } => changes.into_iter().filter_map(|change| replaced(change, entry, room)).collect(),
        Sort::Delete | Sort::Forget => Vec::new(),
    };
    let stamped = Some("Lowtide's own tags are set, which mark it as this stack's".to_owned()).filter(|_| !own.is_empty());
    let remarks = stamped.into_iter().chain(decided(step, entry.sort()));
    branches.extend(remarks.map(|line| Branch::leaf(Mark::None, "", paint(MUTED, line))));
    printed(&branches, MARGIN)
}

/// Returns whether a path is one of the tags by which Lowtide knows its own: they are never shown one by one.
fn names_own_tag(path: &Path) -> bool {
    matches!(path.0.as_slice(), [Into::Name(tags), Into::Name(key)] if tags == "tags" && is_own_tag(key))
}

/// Returns an attribute of something new.
fn asked(change: &Change, room: usize) -> Branch {
    if change.before.is_null() { given(Mark::None, &label(&change.path), &change.after, room) } else { changed(change, room) }
}

/// Returns an attribute that changes, always something: the planner says that it differs.
pub fn changed(change: &Change, room: usize) -> Branch {
    let name = label(&change.path);
    let branch = difference(&name, &change.before, &change.after, room).unwrap_or_else(|| {
        let (_, shown) = pair(&change.before, &change.after, room);
        Branch::leaf(Mark::Changed, name, format!("{shown} {}", paint(MUTED, "(set again)")))
    });
    let mark = if branch.mark == Mark::None { Mark::Changed } else { branch.mark };
    Branch { mark, ..branch }
}

/// Returns an attribute of a replacement, compared with what the old one has; nothing where it is the same.
fn replaced(change: &Change, entry: &Entry<'_>, room: usize) -> Option<Branch> {
    let perhaps = entry.step.reason == Reason::PerhapsReplaced && !change.after.is_wholly_known();
    let before = entry.old.filter(|_| change.before.is_null()).and_then(|old| at(&old.before, &change.path)).unwrap_or(&change.before);
    let whole = Change { before: before.clone(), ..change.clone() };
    if change.replaces {
        return Some(forcing(changed(&whole, room), perhaps));
    }
    difference(&label(&change.path), &whole.before, &whole.after, room).map(|_| changed(&whole, room))
}

/// Marks a branch as what forces the replacement.
fn forcing(mut branch: Branch, perhaps: bool) -> Branch {
    let note = paint(REPLACED, if perhaps { "may force replacement" } else { "forces replacement" });
    branch.text = if branch.text.is_empty() { note } else { format!("{}  {note}", branch.text) };
    branch
}

/// Returns a path as a label.
fn label(path: &Path) -> String {
    clean::line(&path.to_string())
}

/// Returns what stands at a path.
fn at<'a>(value: &'a Planned, path: &Path) -> Option<&'a Planned> {
    path.0.iter().try_fold(value, |value, step| match step {
        Into::Name(name) => value.as_members()?.get(name),
        Into::Index(index) => value.as_elements()?.get(*index),
        Into::Element => None,
    })
}

/// Returns which attributes AWS decides, beside those that are shown: their number for something new, else their names.
fn decided(step: &Step, sort: Sort) -> Option<String> {
    let shown = |name: &str| step.changes.iter().any(|change| change.path.attribute() == Some(name));
    let open = step.after.as_members()?.iter().filter(|(name, value)| value.is_unknown() && !shown(name));
    let names: Vec<_> = open.map(|(name, _)| clean::line(name)).collect();
    match (sort, names.len()) {
        (_, 0) | (Sort::Delete | Sort::Forget | Sort::Read, _) => None,
        (Sort::Update | Sort::Replace { .. }, 1..=3) => Some(format!("and {}, known after apply", words::list(&names))),
        (_, number) => Some(format!("and {number} more, known after apply")),
    }
}

/// Returns a value that only one side has, for lines such as those of outputs.
pub fn alone(mark: Mark, name: &str, value: &Planned, sensitive: bool, room: usize) -> Branch {
    if sensitive { Branch::leaf(mark, name, inline(&value.clone().marked(true), room)) } else { given(mark, name, value, room) }
}
