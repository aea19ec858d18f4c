//! A state as it was before it became JSON: sets are sets again, maps are maps.

use lowtide_model::{Attribute, Object};
use lowtide_spec::Schema;
use lowtide_state::State;

/// Returns a state with the values of its records in the shapes of their kinds.
pub fn shaped(mut state: State, schema: &Schema) -> State {
    for record in state.records.values_mut() {
        let Some(description) = schema.kind(record.address.kind()) else { continue };
        restore(&mut record.inputs, description.inputs);
        restore(&mut record.seen.inputs, description.inputs);
        restore(&mut record.seen.outputs, description.outputs);
    }
    state
}

fn restore(object: &mut Object, rows: &[Attribute]) {
    for row in rows {
        if let Some(value) = object.0.remove(row.name) {
            let value = if row.shape.is_json() { value } else { value.shaped(&row.shape.written()) };
            object.0.insert(row.name.to_owned(), value);
        }
    }
}
