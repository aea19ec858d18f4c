//! `resource_changes`: what happens to each resource, with all its attributes before and after.

use std::collections::BTreeMap;

use lowtide_model::{Address, Key, Path, Planned, Step as Into};
use lowtide_plan::{Change, Reason};
use serde_json::{Value as Json, json};

use super::PlanDocument;
use crate::{
    json::{identified, record_values, sensitives, unknowns, values},
    plan_text::{Entry, Sort, entries},
};

/// Returns all changes, those of resources that stay as they are included, sorted by address.
pub fn resource_changes(input: &PlanDocument<'_>) -> Json {
    let plan = input.plan;
    let moved: BTreeMap<_, _> = plan.moves.iter().map(|one| (&one.to, &one.from)).collect();
    let mut all: Vec<_> = entries(plan).iter().map(|entry| (entry.step.address.clone(), entry_change(entry))).collect();
    let stays = |address: &Address, values: &Planned| (address.clone(), change(address, sides(&["no-op"], values, values, false)));
    all.extend(plan.unchanged.iter().map(|one| stays(&one.address, &one.values)));
    all.extend(plan.kept.iter().filter_map(|kept| {
        let record = input.state?.current(&kept.address)?;
        Some(stays(&kept.address, &record_values(record, input.schema.of(&kept.address.declared))))
    }));
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    let named = all.into_iter().map(|(address, mut change)| {
        if let Some(from) = moved.get(&address) {
            change["previous_address"] = from.to_string().into();
        }
        change
    });
    named.collect()
}

/// Returns a change with the fields that say of what.
pub fn change(address: &Address, change: Json) -> Json {
    let mut fields = identified(address);
    fields.insert("change".to_owned(), change);
    fields.into()
}

/// Returns the two sides of a change.
///
/// Of an output `after_unknown` is `false` where everything is known, of a resource an empty object.
pub fn sides(actions: &[&str], before: &Planned, after: &Planned, output: bool) -> Json {
    let known = if output { json!(false) } else { json!({}) };
    json!({
        "actions": actions,
        "before": values(before).unwrap_or_default(),
        "after": values(after).unwrap_or_default(),
        "after_unknown": if after.is_wholly_known() { known } else { unknowns(after) },
        "before_sensitive": sensitives(before),
        "after_sensitive": sensitives(after),
    })
}

fn entry_change(entry: &Entry<'_>) -> Json {
    let step = entry.step;
    let before = entry.old.map_or(&step.before, |old| &old.before);
    let mut body = sides(actions(entry), before, &step.after, false);
    let forcing = replace_paths(&step.changes);
    if !forcing.is_empty() && matches!(entry.sort(), Sort::Replace { .. }) {
        body["replace_paths"] = forcing.into();
    }
    if entry.sort() == Sort::Adopt {
        body["importing"] = json!({ "id": step.physical_id });
    }
    let mut all = change(&step.address, body);
    if let Some(reason) = reason(&step.reason, &step.address, entry.sort()) {
        all["action_reason"] = reason.into();
    }
    if step.reason == Reason::Deposed {
        all["deposed"] = format!("{:08x}", step.generation).into();
    }
    all
}

fn actions(entry: &Entry<'_>) -> &'static [&'static str] {
    match entry.sort() {
        Sort::Create => &["create"],
        Sort::Update => &["update"],
        Sort::Replace { create_first: true } => &["create", "delete"],
        Sort::Replace { create_first: false } => &["delete", "create"],
        Sort::Delete => &["delete"],
        Sort::Read => &["read"],
        Sort::Adopt if entry.step.changes.is_empty() => &["no-op"],
        Sort::Adopt => &["update"],
        Sort::Forget => &["forget"],
    }
}

fn replace_paths(changes: &[Change]) -> Vec<Json> {
    changes.iter().filter(|change| change.replaces).map(|change| path(&change.path)).collect()
}

/// Returns a path as far as it can be told: an element of a set has no place.
fn path(path: &Path) -> Json {
    let step = |step: &Into| match step {
        Into::Name(name) => Some(json!(name)),
        Into::Index(index) => Some(json!(index)),
        Into::Element => None,
    };
    path.0.iter().map_while(step).collect()
}

/// Returns Terraform's word for a reason, where it has one.
fn reason(reason: &Reason, address: &Address, sort: Sort) -> Option<&'static str> {
    Some(match reason {
        Reason::New if sort == Sort::Read => "read_because_dependency_pending",
        Reason::New
        | Reason::Changed
        | Reason::Protected
        | Reason::Met
        | Reason::GoneOutside
        | Reason::Deposed
        | Reason::Destroyed
        | Reason::Watched(_) => return None,
        Reason::Replaced | Reason::PerhapsReplaced | Reason::ParentReplaced(_) | Reason::PlaceChanged(_) => "replace_because_cannot_update",
        Reason::ReplaceRequested => "replace_by_request",
        Reason::Triggered(_) => "replace_by_triggers",
        Reason::Broken(_) => "replace_because_tainted",
        Reason::NotDeclared => "delete_because_no_resource_config",
        Reason::NoInstance => match address.key {
            Some(Key::Index(_)) => "delete_because_count_index",
            Some(Key::Name(_)) => "delete_because_each_key",
            None => "delete_because_wrong_repetition",
        },
    })
}
