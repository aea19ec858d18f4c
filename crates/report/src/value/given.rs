//! One value, over as many lines as it needs.

use std::collections::BTreeMap;

use lowtide_model::{Content, Planned, Value};

use super::{
    Branch, Mark, inline,
    inline::is_scalar,
    lines::{text_lines, whole},
};
use crate::{clean, style};

/// Members by which people tell elements apart: they come first, and are shown even when they are the same.
pub const TELLING: [&str; 8] = ["name", "Name", "Sid", "sid", "key", "Key", "id", "Id"];
/// Lists of plain values up to this long stay on one line.
const SHORT_LIST: usize = 64;

/// Returns a named value as a branch, every line of it with this mark.
pub fn given(mark: Mark, name: &str, value: &Planned, room: usize) -> Branch {
    // JSON text reads better as what it says.
    if let Some(inside) = value.as_str().filter(|_| !value.sensitive).and_then(|_| structure(value)).filter(|inside| !is_scalar(inside)) {
        return given(mark, name, &inside, room);
    }
    if is_scalar(value) {
        return Branch::leaf(mark, name, inline(value, room));
    }
    match &value.content {
        Content::String(text) => Branch::node(mark, name, whole(mark, text_lines(text))),
        Content::List(all) | Content::Set(all) if all.iter().all(is_scalar) => {
            let line = inline(value, SHORT_LIST.min(room));
            if line.contains('[') && style::width(&line) <= SHORT_LIST + 2 {
                return Branch::leaf(mark, name, line);
            }
            Branch::node(mark, name, all.iter().map(|one| element(mark, one, room)).collect())
        }
        Content::List(all) | Content::Set(all) => match all.as_slice() {
            [Planned { content: Content::Object(only), sensitive: false }] => Branch::node(mark, name, members(mark, only, room)),
            _ => Branch::node(mark, name, all.iter().map(|one| element(mark, one, room)).collect()),
        },
        Content::Map(all) | Content::Object(all) => Branch::node(mark, name, members(mark, all, room)),
        Content::Null | Content::Unknown(_) | Content::Bool(_) | Content::Number(_) => Branch::leaf(mark, name, inline(value, room)),
    }
}

/// Returns a value's structure: its own, or that of the JSON text it is.
pub fn structure(value: &Planned) -> Option<Planned> {
    match &value.content {
        Content::String(text) if text.trim_start().starts_with(['{', '[']) => {
            Value::from_json(&serde_json::from_str(text).ok()?).map(Planned::from)
        }
        Content::List(_) | Content::Set(_) | Content::Map(_) | Content::Object(_) => Some(value.clone()),
        Content::String(_) | Content::Null | Content::Unknown(_) | Content::Bool(_) | Content::Number(_) => None,
    }
}

/// Returns an element of a list or set as a branch.
pub fn element(mark: Mark, value: &Planned, room: usize) -> Branch {
    match &value.content {
        _ if is_scalar(value) => Branch::leaf(mark, "", inline(value, room)),
        Content::Map(all) | Content::Object(all) => {
            let mut all = members(mark, all, room);
            all.sort_by_key(|member| !TELLING.contains(&member.name.as_str()));
            Branch::bullet(all)
        }
        Content::List(all) | Content::Set(all) => Branch::bullet(all.iter().map(|one| element(mark, one, room)).collect()),
        Content::String(text) => Branch::bullet(whole(mark, text_lines(text))),
        Content::Null | Content::Unknown(_) | Content::Bool(_) | Content::Number(_) => Branch::leaf(mark, "", inline(value, room)),
    }
}

/// Returns the members that are there as branches.
pub fn members(mark: Mark, all: &BTreeMap<String, Planned>, room: usize) -> Vec<Branch> {
    all.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| given(mark, &clean::name(name), value, room)).collect()
}
