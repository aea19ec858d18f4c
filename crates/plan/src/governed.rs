//! Attributes that another resource moves within a range: what is asked for is where they begin.

use std::collections::BTreeMap;

use lowtide_model::{Governed, Object, Observation, Path, Place, Value};
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

    /// Returns the attributes of a resource that are governed and inside their range.
    pub fn attributes(&self, kind: &str, place: &Place, seen: &Observation) -> Vec<&'static str> {
        let all = self.0.iter().filter(|(of, governed)| of == place && governed.kind == kind && is(&governed.resource, seen));
        let inside = all.filter(|(_, governed)| {
            seen.inputs.get(governed.attribute).and_then(Value::as_i64).is_some_and(|value| governed.range.contains(&value))
        });
        inside.map(|(_, governed)| governed.attribute).collect()
    }

    /// Returns which changes of a resource are left alone: those that its spec ignores, and those of governed attributes.
    pub fn ignoring(&self, declaration: &Declaration, place: &Place, seen: &Observation) -> Ignore {
        let governed = self.attributes(&declaration.declared.kind, place, seen);
        let governed = governed.into_iter().map(|attribute| (Path::of(attribute), declaration.place.clone()));
        match &declaration.lifecycle.ignore_changes {
            Ignore::All => Ignore::All,
            Ignore::Nothing => Ignore::Paths(governed.collect()),
            Ignore::Paths(paths) => Ignore::Paths(paths.iter().cloned().chain(governed).collect()),
        }
    }
}

/// Returns whether a resource is meant by the last part of its ARN: `table/it`.
fn is(resource: &str, seen: &Observation) -> bool {
    let arn = seen.outputs.text("arn").or_else(|| seen.outputs.text("id"));
    arn.and_then(|arn| arn.splitn(6, ':').nth(5)) == Some(resource)
}
