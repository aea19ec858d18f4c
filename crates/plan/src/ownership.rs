//! Whose something is, told by its tags.
//!
//! `lowtide:stack` holds the lineage of the owning state, `lowtide:id` the operation that created it. Parts that carry no
//! tags belong to whom the whole belongs.

use lowtide_model::{Description, Observation, Path, Planned, Step, Value};
use lowtide_state::Record;

use crate::Change;

/// The tag that names the owning state's lineage.
pub const STACK: &str = "lowtide:stack";
/// The tag that names the creating operation.
pub const ID: &str = "lowtide:id";

/// Whose something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// This stack's.
    Us,
    /// Another stack's, or nobody's.
    Other,
    /// It carries no tags.
    Untellable,
}

/// Returns whose something is.
pub fn of(description: &Description, seen: &Observation, lineage: &str) -> Owner {
    match (description.tagged(), tag(seen, STACK)) {
        (false, _) => Owner::Untellable,
        (true, Some(stack)) if stack == lineage => Owner::Us,
        (true, _) => Owner::Other,
    }
}

/// Returns why something remembered is not ours, if its tags name another owner.
pub fn foreign(description: &Description, record: &Record, seen: &Observation, lineage: &str) -> Option<String> {
    if !description.tagged() {
        return None;
    }
    let stack = tag(seen, STACK).filter(|stack| *stack != lineage);
    let other = tag(seen, ID).filter(|id| *id != record.uid && !record.uid.is_empty() && !is_late(record, id));
    match (stack, other) {
        (Some(stack), _) => Some(format!("{} is tagged as belonging to another stack (`{STACK}` = {stack}), so it is left alone", seen.id)),
        (None, Some(id)) => {
            Some(format!("{} is tagged as another thing than the one remembered (`{ID}` = {id}), so it is left alone", seen.id))
        }
        (None, None) => None,
    }
}

/// Returns why something remembered may not be deleted: all that a stack makes carries its tag, and this carries none.
pub fn unproven(description: &Description, seen: &Observation) -> Option<String> {
    seen.lacks_tag(description, STACK).then(|| {
        format!(
            "{} would be deleted, and carries no tag `{STACK}`: nothing shows that it belongs to this stack. An apply that keeps it sets the tag; \
             `lowtide state rm` leaves it to others",
            seen.id
        )
    })
}

/// Returns whether an operation is one of ours for the same thing whose request may have come late, and set all of it.
fn is_late(record: &Record, id: &str) -> bool {
    record.lingering.iter().any(|one| one.uid == id)
}

/// Returns the ownership tags that are missing or set back, as changes.
pub fn missing(description: &Description, record: &Record, seen: &Observation, lineage: &str) -> Vec<Change> {
    let wanted = [(STACK, lineage), (ID, record.uid.as_str())];
    let set_back = |value: &str, now: &str| now != value && is_late(record, now);
    let other = |key: &str, value: &str| seen.lacks_tag(description, key) || tag(seen, key).is_some_and(|now| set_back(value, now));
    wanted
        .into_iter()
        .filter(|(key, value)| !value.is_empty() && other(key, value))
        .map(|(key, value)| Change {
            path: Path::of("tags").then(Step::Name(key.to_owned())),
            before: tag(seen, key).map_or(Planned::NULL, Planned::text),
            after: Planned::text(value),
            replaces: false,
        })
        .collect()
}

/// Returns the operation that created something, as its tags have it.
pub fn uid(seen: &Observation) -> Option<String> {
    tag(seen, ID).map(str::to_owned)
}

fn tag<'a>(seen: &'a Observation, key: &str) -> Option<&'a str> {
    seen.inputs.get("tags").and_then(Value::as_members)?.get(key)?.as_str()
}
