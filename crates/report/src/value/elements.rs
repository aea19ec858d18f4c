//! Lists and sets compared: what comes, what goes, and what is the same element with something else in it.

use lowtide_model::{Content, Planned};
use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::{
    Branch, Mark,
    difference::{by_name, difference},
    given,
    given::{TELLING, element},
    inline::is_scalar,
};
use crate::clean;

/// Members that are the same and still shown, where nothing else tells an element apart.
const CONTEXT: usize = 4;
/// More pairs than this are not tried.
const MOST_PAIRS: usize = 10_000;

/// Returns the elements that differ.
pub fn compared(before: &[Planned], after: &[Planned], ordered: bool, room: usize) -> Vec<Branch> {
    let (before, after): (Vec<_>, Vec<_>) = (before.iter().map(plain).collect(), after.iter().map(plain).collect());
    if let ([one], [other]) = (before.as_slice(), after.as_slice())
        && let (Some(one), Some(other)) = (open_members(one), open_members(other))
    {
        return by_name(one, other, room);
    }
    if !ordered {
        let gone = before.iter().filter(|one| !after.contains(one)).collect();
        let new = after.iter().filter(|one| !before.contains(one)).collect();
        return paired(gone, new, None, room);
    }
    let mut all = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &before, &after) {
        let (tag, old, new) = op.as_tag_tuple();
        if tag != DiffTag::Equal {
            let start = new.start;
            all.extend(paired(before[old].iter().collect(), after[new].iter().collect(), Some(start), room));
        }
    }
    all
}

/// Returns elements that went and came, those that are alike compared inside.
fn paired(mut gone: Vec<&Planned>, new: Vec<&Planned>, start: Option<usize>, room: usize) -> Vec<Branch> {
    let few = gone.len() * new.len() <= MOST_PAIRS;
    let only = gone.len() == 1 && new.len() == 1 && start.is_some();
    let mut changed = Vec::new();
    let mut added = Vec::new();
    for (at, one) in new.into_iter().enumerate() {
        let tried = gone.iter().enumerate().take(if few { gone.len() } else { 0 });
        let best = tried.map(|(at, other)| (at, likeness(other, one))).max_by_key(|(_, likeness)| *likeness);
        match best.filter(|(_, likeness)| *likeness >= 50 || (only && *likeness > 0)) {
            Some((partner, _)) => changed.push(alike(gone.remove(partner), one, start.map(|start| start + at), room)),
            None => added.push(element(Mark::Added, one, room)),
        }
    }
    let removed = gone.into_iter().map(|one| element(Mark::Removed, one, room));
    changed.into_iter().flatten().chain(removed).chain(added).collect()
}

/// Returns one element compared with what it was, under what tells it apart.
fn alike(before: &Planned, after: &Planned, index: Option<usize>, room: usize) -> Option<Branch> {
    let (Some(old), Some(new)) = (open_members(before), open_members(after)) else {
        return difference(&index.map_or_else(|| "[*]".to_owned(), |at| format!("[{at}]")), before, after, room);
    };
    let differing = by_name(old, new, room);
    let telling = TELLING.iter().find_map(|name| Some((name, new.get(*name).filter(|value| old.get(*name) == Some(value))?)));
    Some(match (telling, index) {
        (Some((name, value)), _) => {
            let first = given(Mark::None, &clean::name(name), value, room);
            Branch::bullet(std::iter::once(first).chain(differing).collect())
        }
        (None, Some(at)) => Branch::node(Mark::None, format!("[{at}]"), differing),
        (None, None) => {
            let same =
                new.iter().filter(|(name, value)| !value.is_null() && is_scalar(value) && old.get(*name) == Some(value)).take(CONTEXT);
            Branch::bullet(same.map(|(name, value)| given(Mark::None, &clean::name(name), value, room)).chain(differing).collect())
        }
    })
}

/// Returns how alike two elements are, of a hundred: by what tells them apart, else by the members that are the same.
fn likeness(one: &Planned, other: &Planned) -> usize {
    let (Some(a), Some(b)) = (open_members(one), open_members(other)) else { return 0 };
    if let Some(name) = TELLING.iter().find(|name| a.contains_key(**name) && b.contains_key(**name)) {
        return if a.get(*name) == b.get(*name) { 100 } else { 1 };
    }
    let same = a.iter().filter(|(name, value)| b.get(*name) == Some(value)).count();
    1 + 98 * same / a.len().max(b.len()).max(1)
}

fn open_members(value: &Planned) -> Option<&std::collections::BTreeMap<String, Planned>> {
    if value.sensitive { None } else { value.as_members() }
}

/// Returns a value in which maps are objects and null members are left out, so that the like compares as the same.
fn plain(value: &Planned) -> Planned {
    let content = match &value.content {
        Content::List(all) => Content::List(all.iter().map(plain).collect()),
        Content::Set(all) => Planned::set(all.iter().map(plain)).content,
        Content::Map(all) | Content::Object(all) => Content::Object(
            all.iter().filter(|(_, value)| !value.is_null() || value.sensitive).map(|(name, value)| (name.clone(), plain(value))).collect(),
        ),
        Content::Null | Content::Unknown(_) | Content::Bool(_) | Content::Number(_) | Content::String(_) => value.content.clone(),
    };
    Planned { content, sensitive: value.sensitive }
}
