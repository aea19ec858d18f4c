//! A whole stack held against what was remembered of it, for `lowtide drift`: nothing is planned, nothing is evaluated.

use std::{collections::BTreeMap, sync::Arc};

use lowtide_model::{Address, Attribute, Path, Planned, Shape, Step, Value};
use lowtide_spec::{Configuration, Schema};
use lowtide_state::{Record, RecordKey, StackKey, State, Status};

use crate::{Blocked, Change, Drift, Governors, IgnoredTags, Providers, Sight, drift, ownership, without_ignored};

/// What somebody else did to a stack since the last run.
#[derive(Clone, Debug, PartialEq)]
pub struct StackDrift {
    /// Which stack.
    pub stack: StackKey,
    /// How many resources were looked at.
    pub looked: usize,
    /// What the spec declares and is another now.
    pub changed: Vec<Drift>,
    /// What is gone.
    pub missing: Vec<Address>,
    /// What was set outside the spec: attributes that it does not declare, and elements and tags beside those that it does.
    pub undeclared: Vec<Drift>,
    /// What could not be seen, and why.
    pub unseen: Vec<Blocked>,
}

impl StackDrift {
    /// Returns the drift of a stack of which nothing is remembered.
    pub fn none(stack: StackKey) -> Self {
        Self { stack, looked: 0, changed: Vec::new(), missing: Vec::new(), undeclared: Vec::new(), unseen: Vec::new() }
    }

    /// Returns whether there is any.
    pub fn is_any(&self) -> bool {
        !(self.changed.is_empty() && self.missing.is_empty() && self.undeclared.is_empty())
    }
}

/// Holds what was seen of a stack against what was remembered of it.
pub fn stack_drift(
    stack: &StackKey,
    configuration: &Configuration,
    schema: &Schema,
    providers: &Providers,
    state: &State,
    sights: &BTreeMap<RecordKey, Sight>,
) -> StackDrift {
    let mut found = StackDrift::none(stack.clone());
    let governors = Governors::of(schema, configuration, state, sights);
    // What is on its way out may be gone, and may be another.
    let staying = state.records.values().filter(|record| matches!(record.status, Status::Ok | Status::Partial));
    for record in staying {
        let Some(description) = schema.kind(record.address.kind()) else {
            found.unseen.push(Blocked { address: record.address.clone(), why: "this Lowtide has no such kind".to_owned() });
            continue;
        };
        // What asks nothing of AWS is as it is remembered.
        let Some(sight) = sights.get(&record.key()) else { continue };
        found.looked += 1;
        let seen = match sight {
            Sight::Gone => {
                found.missing.push(record.address.clone());
                continue;
            }
            Sight::Unseen(why) => {
                found.unseen.push(Blocked { address: record.address.clone(), why: why.clone() });
                continue;
            }
            Sight::Here(seen) => seen,
        };
        if let Some(why) = ownership::foreign(description, record, seen, &state.lineage) {
            found.unseen.push(Blocked { address: record.address.clone(), why });
            continue;
        }
        let alias: Option<Arc<str>> = record.provider.as_deref().map(Arc::from);
        let ignored = providers.get(&alias).map(|settings| settings.ignored.clone()).unwrap_or_default();
        let Some(drift) = drift::of(description, record, seen, &ignored, &governors.moving(description.kind, &record.place, seen)) else {
            continue;
        };
        let changes: Vec<_> = drift.changes.into_iter().flat_map(|change| apart(description.inputs, change, &ignored)).collect();
        let changes = match configuration.declaration(&record.address.declared) {
            Some(declaration) => without_ignored(description, &declaration.lifecycle.ignore_changes, seen, changes),
            None => changes,
        };
        let (declared, undeclared): (Vec<_>, Vec<_>) =
            changes.into_iter().partition(|change| is_declared(record, description.inputs, change));
        let about = |changes: Vec<Change>| {
            Some(Drift { address: record.address.clone(), changes, gone: false }).filter(|one| !one.changes.is_empty())
        };
        found.changed.extend(about(declared));
        found.undeclared.extend(about(undeclared));
    }
    found
}

/// Returns the change of something open, such as tags, entry by entry.
fn apart(rows: &[Attribute], change: Change, ignored: &IgnoredTags) -> Vec<Change> {
    let open = change.path.attribute().and_then(|name| rows.iter().find(|row| row.name == name)).is_some_and(|row| row.open);
    let (Some(before), Some(after)) = (members(&change.before), members(&change.after)) else { return vec![change] };
    if !open {
        return vec![change];
    }
    let keys: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).filter(|key| !ignored.has(key)).collect();
    let one = |key: &String| {
        let side = |all: &BTreeMap<String, Planned>| all.get(key).cloned().unwrap_or(Planned::NULL);
        let (before, after) = (side(&before), side(&after));
        let path = Path(change.path.0.iter().cloned().chain([Step::Name(key.clone())]).collect());
        (before != after).then_some(Change { path, before, after, replaces: false })
    };
    keys.into_iter().filter_map(one).collect()
}

fn members(value: &Planned) -> Option<BTreeMap<String, Planned>> {
    if value.is_null() { Some(BTreeMap::new()) } else { value.as_members().cloned() }
}

/// Returns whether a change is of what the spec declared: another value, or one taken away. Elements that were only added to a
/// set are not.
fn is_declared(record: &Record, rows: &[Attribute], change: &Change) -> bool {
    let Some(name) = change.path.attribute() else { return true };
    if !record.manages(name) {
        return false;
    }
    if let [_, Step::Name(key)] = change.path.0.as_slice() {
        return record.inputs.get(name).and_then(Value::as_members).is_none_or(|all| all.contains_key(key));
    }
    let set = rows.iter().any(|row| row.name == name && matches!(row.shape, Shape::Set(_)));
    let (before, after) = (change.before.as_elements().unwrap_or_default(), change.after.as_elements().unwrap_or_default());
    !(set && after.len() > before.len() && before.iter().all(|one| after.contains(one)))
}
