//! `resource_drift`: what somebody else changed since the last run.

use lowtide_model::{Content, Planned, Shape, Step as Into};
use lowtide_plan::{Change, Drift};
use serde_json::Value as Json;

use super::{
    PlanDocument,
    change::{change, sides},
};
use crate::json::record_values;

/// Returns what drifted, with all attributes where the state is at hand and else with those that drifted.
pub fn resource_drift(input: &PlanDocument<'_>) -> Json {
    input.plan.drift.iter().map(|drift| drifted(drift, input)).collect()
}

fn drifted(drift: &Drift, input: &PlanDocument<'_>) -> Json {
    let description = input.schema.of(&drift.address.declared);
    let record = input.state.and_then(|state| state.current(&drift.address));
    let mut before = record.map_or_else(|| Planned::object([]), |record| record_values(record, description));
    if drift.gone {
        return change(&drift.address, sides(&["delete"], &before, &Planned::NULL, false));
    }
    let text = |change: &Change| {
        let shape = change.path.attribute().and_then(|name| description?.attribute(name)).map(|row| row.shape);
        shape.as_ref().is_some_and(Shape::is_json) && change.path.0.len() == 1
    };
    for one in &drift.changes {
        put(&mut before, &one.path.0, side(&one.before, text(one)));
    }
    let mut after = before.clone();
    for one in &drift.changes {
        put(&mut after, &one.path.0, side(&one.after, text(one)));
    }
    change(&drift.address, sides(&["update"], &before, &after, false))
}

/// Returns one side of a change: JSON as the text it is to expressions.
fn side(value: &Planned, text: bool) -> Planned {
    if text && !value.is_null() && value.as_str().is_none() { value.to_json_text() } else { value.clone() }
}

/// Puts a value at a path, as far as there is such a place; a block is a list of one.
fn put(whole: &mut Planned, path: &[Into], value: Planned) {
    let Some((first, rest)) = path.split_first() else {
        *whole = value;
        return;
    };
    match (&mut whole.content, first) {
        (Content::Map(all) | Content::Object(all), Into::Name(name)) if rest.is_empty() => drop(all.insert(name.clone(), value)),
        (Content::Map(all) | Content::Object(all), Into::Name(name)) => {
            let inner = all.entry(name.clone()).or_insert_with(|| Planned::object([]));
            if inner.is_null() {
                *inner = Planned::object([]);
            }
            put(inner, rest, value);
        }
        (Content::List(all), Into::Index(index)) => {
            if let Some(inner) = all.get_mut(*index) {
                put(inner, rest, value);
            }
        }
        (Content::List(all), Into::Name(_)) => {
            if let [only] = all.as_mut_slice() {
                put(only, path, value);
            }
        }
        (Content::List(_) | Content::Set(_) | Content::Map(_) | Content::Object(_), _)
        | (Content::Null | Content::Unknown(_) | Content::Bool(_) | Content::Number(_) | Content::String(_), _) => {}
    }
}
