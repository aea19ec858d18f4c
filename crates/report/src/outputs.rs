//! Outputs: as text, in the shape of `terraform output -json`, and one alone as it is.
//!
//! Sensitive outputs are masked; who asks for one by name hands in its value in clear.

use std::collections::BTreeMap;

use lowtide_model::{Planned, Value};
use lowtide_state::OutputValue;
use serde_json::{Value as Json, json};

use crate::{
    clean,
    value::{Branch, Mark, SENSITIVE, given, printed},
};

/// Returns all outputs as text, one below the other.
pub fn outputs_text(all: &BTreeMap<String, OutputValue>, width: usize) -> String {
    let branch = |(name, output): (&String, &OutputValue)| match output {
        OutputValue::Clear { value, .. } => {
            given(Mark::None, &clean::line(name), &Planned::from(value.clone()), width.saturating_sub(30).max(40))
        }
        OutputValue::Sensitive { .. } => Branch::leaf(Mark::None, clean::line(name), SENSITIVE),
    };
    let lines = printed(&all.iter().map(branch).collect::<Vec<_>>(), 0);
    lines.lines().map(|line| line.strip_prefix("  ").unwrap_or(line).to_owned() + "\n").collect()
}

/// Returns outputs as `{name: {sensitive, type, value}}`. A sensitive one is null unless `clear` holds it.
pub fn outputs_json(all: &BTreeMap<String, OutputValue>, clear: &BTreeMap<String, Value>) -> Json {
    let shown = |(name, output): (&String, &OutputValue)| {
        let fields = match output {
            OutputValue::Clear { value, ty } => json!({ "sensitive": false, "type": ty.to_json(), "value": value.to_json() }),
            OutputValue::Sensitive { ty, .. } => {
                json!({ "sensitive": true, "type": ty.to_json(), "value": clear.get(name).map(Value::to_json) })
            }
        };
        (name.clone(), fields)
    };
    all.iter().map(shown).collect()
}

/// Returns one output alone, for other programs: text as it is, anything else as JSON.
pub fn output_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) => value.to_json().to_string(),
        Value::List(_) | Value::Set(_) | Value::Map(_) | Value::Object(_) => format!("{:#}", value.to_json()),
    }
}
