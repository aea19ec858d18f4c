//! A state as it was before it became JSON: sets are sets again, maps are maps.

use lowtide_spec::Schema;
use lowtide_state::State;

/// Returns a state with the values of its records in the shapes of their kinds.
pub fn shaped(mut state: State, schema: &Schema) -> State {
    for record in state.records.values_mut() {
        let Some(description) = schema.kind(record.address.kind()) else { continue };
        record.inputs = std::mem::take(&mut record.inputs).shaped(description.inputs);
        record.seen.inputs = std::mem::take(&mut record.seen.inputs).shaped(description.inputs);
        record.seen.outputs = std::mem::take(&mut record.seen.outputs).shaped(description.outputs);
    }
    state
}
