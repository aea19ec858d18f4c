//! Two values compared: only what differs, each part by its name.

use std::collections::BTreeMap;

use lowtide_model::{Content, Planned};

use super::{
    Branch, Mark, elements, given,
    given::structure,
    inline::{is_scalar, pair},
    lines::differing,
};
use crate::{clean, style};

/// Returns what differs between two values as a branch, or nothing when they are the same.
pub fn difference(name: &str, before: &Planned, after: &Planned, room: usize) -> Option<Branch> {
    if before == after {
        return None;
    }
    if before.is_null() {
        return Some(given(Mark::Added, name, after, room));
    }
    if after.is_null() {
        return Some(given(Mark::Removed, name, before, room));
    }
    if before.sensitive || after.sensitive {
        // A value that was or becomes sensitive is masked on both sides: the other may be the same.
        return Some(arrow(name, &before.clone().marked(true), &after.clone().marked(true), room));
    }
    inside(name, before, after, room)
}

/// Compares two values that are there and may be seen.
fn inside(name: &str, before: &Planned, after: &Planned, room: usize) -> Option<Branch> {
    if let Some((before, after)) = both_json(before, after) {
        return difference(name, &before, &after, room);
    }
    match (&before.content, &after.content) {
        (Content::String(a), Content::String(b)) if !is_scalar(before) || !is_scalar(after) => {
            Some(Branch::node(Mark::Changed, name, differing(a, b))).filter(|node| !node.below.is_empty())
        }
        (Content::Map(a) | Content::Object(a), Content::Map(b) | Content::Object(b)) => node(name, by_name(a, b, room)),
        (Content::List(a) | Content::Set(a), Content::List(b) | Content::Set(b)) => {
            if a.len() == 1 && b.len() == 1 && a.iter().chain(b).all(is_scalar) {
                return difference("", &a[0], &b[0], room).map(|_| arrow(name, before, after, room));
            }
            let ordered = matches!((&before.content, &after.content), (Content::List(_), Content::List(_)));
            node(name, elements::compared(a, b, ordered, room))
        }
        _ => Some(arrow(name, before, after, room)),
    }
}

fn node(name: &str, below: Vec<Branch>) -> Option<Branch> {
    Some(Branch::node(Mark::None, name, below)).filter(|node| !node.below.is_empty())
}

/// Returns the members that differ; null and absent are the same.
pub fn by_name(before: &BTreeMap<String, Planned>, after: &BTreeMap<String, Planned>, room: usize) -> Vec<Branch> {
    let mut names: Vec<_> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    let of = |all: &BTreeMap<String, Planned>, name: &str| all.get(name).cloned().unwrap_or_default();
    names.into_iter().filter_map(|name| difference(&clean::name(name), &of(before, name), &of(after, name), room)).collect()
}

/// Returns `before → after`, or both below the name when they are too long for one line.
fn arrow(name: &str, before: &Planned, after: &Planned, room: usize) -> Branch {
    let (old, new) = pair(before, after, room);
    if style::width(&old) + style::width(&new) <= room {
        return Branch::leaf(Mark::Changed, name, format!("{old} → {new}"));
    }
    Branch::node(Mark::Changed, name, vec![Branch::leaf(Mark::Removed, "", old), Branch::leaf(Mark::Added, "", new)])
}

/// Returns both as structure when at least one is JSON text and the other is the like, and they differ as structure.
fn both_json(before: &Planned, after: &Planned) -> Option<(Planned, Planned)> {
    if before.as_str().is_none() && after.as_str().is_none() {
        return None;
    }
    Some((structure(before)?, structure(after)?)).filter(|(a, b)| difference("", a, b, 80).is_some())
}
