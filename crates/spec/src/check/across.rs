//! What one stack takes from another.

use std::{collections::BTreeMap, sync::Arc};

use lowtide_diagnostic::{Diagnostic, Diagnostics};

use crate::{
    configuration::{Configuration, did_you_mean},
    expression::Root,
};

/// Checks the references between stacks: required stacks and outputs that are not there.
pub fn across(stacks: &BTreeMap<Arc<str>, Configuration>) -> Diagnostics {
    let mut found = Diagnostics::default();
    for stack in stacks.values() {
        for (required, place) in &stack.stack.requires {
            if !stacks.contains_key(required) {
                let wrong =
                    Diagnostic::error("Unknown stack", format!("There is no stack `{required}` in this project.")).at(place.clone());
                found.push(did_you_mean(wrong, required, stacks.keys().map(|name| &**name), || {
                    format!("add [stacks.{required}] to lowtide.toml")
                }));
            }
        }
        for reference in stack.references() {
            let Root::Stack(other, output) = &reference.root else { continue };
            let Some(other) = stacks.get(other) else { continue };
            if !other.outputs.contains_key(output) {
                let name = &other.stack.name;
                let wrong =
                    Diagnostic::error("Unknown output", format!("The stack `{name}` has no output `{output}`.")).at(reference.place);
                found.push(did_you_mean(wrong, output, other.outputs.keys().map(|name| &**name), || {
                    format!("declare it in that stack: [output.{output}]")
                }));
            }
        }
    }
    found.sorted()
}
