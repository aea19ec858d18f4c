//! A state in the shape of `terraform show -json`.

use lowtide_spec::Schema;
use lowtide_state::{Record, State, Status};
use serde_json::{Value as Json, json};

use crate::{
    json::{VERSION, modules, record_values},
    outputs::outputs_json,
    plan_json::resource,
};

/// The version of the format; Terraform's.
const FORMAT: &str = "1.0";

/// Returns a state with all resources and outputs; sensitive values are null and marked.
pub fn state_json(state: &State, schema: &Schema) -> Json {
    let resources = state.records.values().map(|record| (record.address.clone(), record_json(record, schema))).collect();
    json!({
        "format_version": FORMAT,
        "lowtide_version": VERSION,
        "values": { "outputs": outputs_json(&state.outputs, &Default::default()), "root_module": modules(resources) },
    })
}

fn record_json(record: &Record, schema: &Schema) -> Json {
    let mut fields = resource(&record.address, &record_values(record, schema.of(&record.address.declared)));
    if !record.dependencies.is_empty() {
        fields["depends_on"] = record.dependencies.iter().map(ToString::to_string).collect();
    }
    match record.status {
        Status::Deposed => fields["deposed_key"] = format!("{:08x}", record.generation).into(),
        Status::Ok | Status::Partial | Status::Deleting => {}
    }
    fields
}
