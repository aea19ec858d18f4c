//! What changes about one resource, by attribute.

use lowtide_model::{Path, Planned, Step as Into};
use lowtide_plan::{Change, Step};

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
    let mut branches: Vec<_> = match entry.sort() {
        Sort::Create | Sort::Read | Sort::Adopt => step.changes.iter().map(|change| asked(change, room)).collect(),
        Sort::Update => step.changes.iter().map(|change| changed(change, room)).collect(),
        Sort::Replace { .. } => step.changes.iter().filter_map(|change| replaced(change, entry.old, room)).collect(),
        Sort::Delete | Sort::Forget => Vec::new(),
    };
    branches.extend(decided(step, entry.sort()).map(|line| Branch::leaf(Mark::None, "", paint(MUTED, line))));
    printed(&branches, MARGIN)
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
    if change.replaces { forcing(branch) } else { branch }
}

/// Returns an attribute of a replacement, compared with what the old one has; nothing where it is the same.
fn replaced(change: &Change, old: Option<&Step>, room: usize) -> Option<Branch> {
    let before = old.filter(|_| change.before.is_null()).and_then(|old| at(&old.before, &change.path)).unwrap_or(&change.before);
    let whole = Change { before: before.clone(), ..change.clone() };
    if change.replaces {
        return Some(changed(&whole, room));
    }
    difference(&label(&change.path), &whole.before, &whole.after, room)
}

/// Marks a branch as what forces the replacement.
fn forcing(mut branch: Branch) -> Branch {
    let note = paint(REPLACED, "forces replacement");
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
        (_, 0) | (Sort::Delete | Sort::Forget, _) => None,
        (Sort::Update | Sort::Replace { .. }, 1..=3) => Some(format!("and {}, known after apply", words::list(&names))),
        (_, number) => Some(format!("and {number} more, known after apply")),
    }
}

/// Returns a value that only one side has, for lines such as those of outputs.
pub fn alone(mark: Mark, name: &str, value: &Planned, sensitive: bool, room: usize) -> Branch {
    if sensitive { Branch::leaf(mark, name, inline(&value.clone().marked(true), room)) } else { given(mark, name, value, room) }
}
