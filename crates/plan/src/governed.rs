//! Attributes that another resource moves within a range: what is asked for is where they begin.

use std::collections::{BTreeMap, BTreeSet};

use lowtide_model::{Governed, Object, Observation, Path, Place, Planned, PlannedObject, Value};
use lowtide_spec::{Configuration, Declaration, Ignore, Schema};
use lowtide_state::{RecordKey, State};

use crate::Sight;

/// What the resources of a stack govern.
#[derive(Clone, Debug, Default)]
pub struct Governors(Vec<(Place, Governed)>);

impl Governors {
    /// Returns what is governed by the resources that are declared and there. One that is only about to be made governs nothing yet.
    pub fn of(schema: &Schema, configuration: &Configuration, state: &State, sights: &BTreeMap<RecordKey, Sight>) -> Self {
        let declared = state.records.values().filter(|record| configuration.declaration(&record.address.declared).is_some());
        let govern = declared.filter_map(|record| {
            let governs = schema.kind(record.address.kind())?.governs?;
            let inputs: &Object = match sights.get(&record.key()) {
                Some(Sight::Here(seen)) => &seen.inputs,
                Some(Sight::Gone) => return None,
                Some(Sight::Unseen(_)) | None => &record.seen.inputs,
            };
            Some((record.place.clone(), governs(inputs)?))
        });
        Self(govern.collect())
    }

    /// Returns what of a resource is governed and inside its range.
    pub fn moving(&self, kind: &str, place: &Place, seen: &Observation) -> Moving<'_> {
        let all = self.0.iter().filter(|(of, governed)| of == place && governed.kind == kind && is(&governed.resource, seen));
        Moving(all.map(|(_, governed)| governed).filter(|governed| inside(governed, seen)).collect())
    }

    /// Returns which changes of a resource are left alone: those that its spec ignores, and those of governed attributes.
    pub fn ignoring(&self, declaration: &Declaration, place: &Place, seen: &Observation) -> Ignore {
        let moving = self.moving(&declaration.declared.kind, place, seen);
        let governed = moving.attributes().map(|attribute| (Path::of(attribute), declaration.place.clone()));
        match &declaration.lifecycle.ignore_changes {
            Ignore::All => Ignore::All,
            Ignore::Nothing => Ignore::Paths(governed.collect()),
            Ignore::Paths(paths) => Ignore::Paths(paths.iter().cloned().chain(governed).collect()),
        }
    }
}

/// What of one resource moves by itself.
#[derive(Clone, Debug)]
pub struct Moving<'g>(Vec<&'g Governed>);

impl Moving<'_> {
    /// Returns the attributes of the resource itself.
    pub fn attributes(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().filter(|governed| governed.block.is_none()).map(|governed| governed.attribute)
    }

    /// Makes a wish leave alone what moves inside blocks.
    pub fn leave_in_blocks(&self, wish: &mut PlannedObject, seen: &Observation) {
        for name in self.blocks() {
            let (Some(asked), Some(now)) = (wish.get(name), seen.inputs.get(name)) else { continue };
            if let Some(known) = asked.known() {
                let left = Planned::from(self.as_now(name, known, now)).marked(asked.sensitive);
                wish.set(name, left);
            }
        }
    }

    /// Returns the value of an attribute with what moves inside its blocks as it is now.
    pub fn as_now(&self, name: &str, value: Value, now: &Value) -> Value {
        self.changed(name, value, |members, governed| {
            if let Some(moved) = in_block(now, governed) {
                members.insert(governed.attribute.to_owned(), moved.clone());
            }
        })
    }

    /// Takes out of a wish what moves: it need not stay as it is.
    pub fn take_out(&self, wish: &mut Object) {
        self.attributes().for_each(|name| drop(wish.0.remove(name)));
        for name in self.blocks() {
            if let Some(value) = wish.0.remove(name) {
                wish.set(name, self.changed(name, value, |members, governed| drop(members.remove(governed.attribute))));
            }
        }
    }

    fn blocks(&self) -> BTreeSet<&'static str> {
        self.0.iter().filter_map(|governed| Some(governed.block.as_ref()?.of)).collect()
    }

    /// Returns the value of an attribute with each of its governed blocks changed.
    fn changed(&self, name: &str, value: Value, change: impl Fn(&mut BTreeMap<String, Value>, &Governed)) -> Value {
        let governed: Vec<_> = self.0.iter().filter(|governed| governed.block.as_ref().is_some_and(|block| block.of == name)).collect();
        let one = |mut element: Value| {
            for governed in &governed {
                match &mut element {
                    Value::Map(members) | Value::Object(members) if is_block(members, governed) => change(members, governed),
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::List(_) | Value::Set(_) => {}
                    Value::Map(_) | Value::Object(_) => {}
                }
            }
            element
        };
        match value {
            Value::List(all) => Value::List(all.into_iter().map(one).collect()),
            Value::Set(all) => Value::Set(all.into_iter().map(one).collect()),
            other => other,
        }
    }
}

/// Returns whether what is governed is inside its range.
fn inside(governed: &Governed, seen: &Observation) -> bool {
    let now = match &governed.block {
        None => seen.inputs.get(governed.attribute),
        Some(block) => seen.inputs.get(block.of).and_then(|all| in_block(all, governed)),
    };
    now.and_then(Value::as_i64).is_some_and(|value| governed.range.contains(&value))
}

/// Returns what the governed attribute is in its block.
fn in_block<'v>(all: &'v Value, governed: &Governed) -> Option<&'v Value> {
    let blocks = all.elements()?.into_iter().filter_map(Value::as_members);
    blocks.filter(|members| is_block(members, governed)).find_map(|members| members.get(governed.attribute))
}

fn is_block(members: &BTreeMap<String, Value>, governed: &Governed) -> bool {
    governed.block.as_ref().is_some_and(|block| members.get(block.key).and_then(Value::as_str) == Some(&block.is))
}

/// Returns whether a resource is meant by the last part of its ARN: `table/it`.
fn is(resource: &str, seen: &Observation) -> bool {
    let arn = seen.outputs.text("arn").or_else(|| seen.outputs.text("id"));
    arn.and_then(|arn| arn.splitn(6, ':').nth(5)) == Some(resource)
}
