//! What somebody else changed since the last run: what is remembered of the last look, held against this one.

use lowtide_model::{
    Address, Description, Observation, Path, Value,
    equality::{Verdict, satisfied},
};
use lowtide_state::{Record, Status};

use crate::{Change, Drift, IgnoredTags, difference::OWN_TAGS};

/// Returns that something is gone.
pub fn gone(address: &Address) -> Drift {
    Drift { address: address.clone(), changes: Vec::new(), gone: true }
}

/// Returns what is another now, if anything is.
pub fn of(description: &Description, record: &Record, seen: &Observation, ignored: &IgnoredTags) -> Option<Drift> {
    if record.status != Status::Ok {
        return None;
    }
    let compared =
        description.inputs.iter().filter(|row| !row.option && !row.unread && !row.secret && !record.digests.contains_key(row.name));
    let seen_inputs = compared.filter(|row| !seen.unseen.iter().any(|name| name == row.name));
    let changes: Vec<_> = seen_inputs
        // What AWS decides, or another resource of ours owns, may change by itself.
        .filter(|row| (row.owned_elsewhere.is_none() && !row.computed()) || record.manages(row.name))
        .filter_map(|row| {
            let clean = |value: Option<&Value>| without_own_tags(row.name, value.cloned().unwrap_or_default(), ignored);
            let (before, now) = (clean(record.seen.inputs.get(row.name)), clean(seen.inputs.get(row.name)));
            let same = (before.is_empty() && now.is_empty()) || satisfied(&row.shape, &before.clone().into(), &now) == Verdict::Same;
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
