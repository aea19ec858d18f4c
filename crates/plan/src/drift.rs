//! What somebody else changed since the last run: what is remembered of the last look, held against this one.

use lowtide_model::{
    Address, Description, Observation, Path, Value,
    equality::{Verdict, satisfied_as_far},
};
use lowtide_state::{Record, Status};

use crate::{Change, Drift, IgnoredTags, Moving, difference::OWN_TAGS};

/// Returns that something is gone.
pub fn gone(address: &Address) -> Drift {
    Drift { address: address.clone(), changes: Vec::new(), gone: true }
}

/// Returns what is another now, if anything is, but for what is moving by itself.
pub fn of(description: &Description, record: &Record, seen: &Observation, ignored: &IgnoredTags, moving: &Moving<'_>) -> Option<Drift> {
    if record.status != Status::Ok {
        return None;
    }
    let compared =
        description.inputs.iter().filter(|row| !row.option && !row.unread && !row.secret && !record.digests.contains_key(row.name));
    let compared = compared.filter(|row| !moving.attributes().any(|name| name == row.name));
    let seen_inputs = compared.filter(|row| !seen.unseen.iter().any(|name| name == row.name));
    let changes: Vec<_> = seen_inputs
        // What AWS decides, or another resource of ours owns, may change by itself.
        .filter(|row| (row.owned_elsewhere.is_none() && !row.computed()) || record.manages(row.name))
        .filter_map(|row| {
            let clean = |value: Option<&Value>| without_own_tags(row.name, value.cloned().unwrap_or_default(), ignored);
            // What AWS has yet to apply counts as there: somebody asked for it.
            let now = seen.pending.get(row.name).or_else(|| seen.inputs.get(row.name));
            let (before, now) = (clean(record.seen.inputs.get(row.name)), clean(now));
            let before = moving.as_now(row.name, before, &now);
            let sibling = |name: &str| seen.inputs.get(name).cloned().unwrap_or_default();
            let met = |asked: &Value, by: &Value| satisfied_as_far(row, &asked.clone().into(), by, sibling) == Verdict::Same;
            // What we asked for may have come only after the last look.
            let come = || record.inputs.get(row.name).is_some_and(|asked| !met(asked, &before) && met(asked, &now));
            let same = (before.is_empty() && now.is_empty()) || met(&before, &now) || come();
            (!same).then(|| Change { path: Path::of(row.name), before: before.into(), after: now.into(), replaces: false })
        })
        .collect();
    (!changes.is_empty()).then(|| Drift { address: record.address.clone(), changes, gone: false })
}

fn without_own_tags(name: &str, value: Value, ignored: &IgnoredTags) -> Value {
    match value {
        Value::Map(tags) | Value::Object(tags) if name == "tags" => {
            Value::Map(tags.into_iter().filter(|(key, _)| !key.starts_with(OWN_TAGS) && !ignored.has(key)).collect())
        }
        other => other,
    }
}
