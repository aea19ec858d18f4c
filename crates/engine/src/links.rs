//! What stacks read of each other: `stack.NAME.OUTPUT`.

use std::{collections::BTreeMap, sync::Arc};

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::Planned;
use lowtide_plan::{Imagined, Outsider, Plan};
use lowtide_spec::{Configuration, Values};
use lowtide_state::OutputValue;

use crate::{Engine, Loaded, Trouble};

/// What stacks have of each other.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// Outputs by stack, planned or published.
    outputs: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Planned>>,
    /// The resources of stacks that were planned, by stack.
    resources: BTreeMap<Arc<str>, Arc<[Outsider]>>,
}

impl Links {
    /// Takes in what a plan says a stack will publish.
    pub fn planned(&mut self, plan: &Plan, configuration: &Configuration) {
        let stack: Arc<str> = plan.stack.stack.as_str().into();
        let outputs = plan.outputs.iter().filter(|output| !output.after.is_null());
        let outputs = outputs.map(|output| (output.name.as_str().into(), output.after.clone())).collect();
        self.outputs.insert(stack.clone(), outputs);
        self.resources.insert(stack, Outsider::all_of(plan, configuration).into());
    }

    /// Takes in what a spec alone says of a stack.
    pub fn imagined(&mut self, stack: &str, imagined: &Imagined) {
        let outputs = imagined.outputs.iter().map(|(name, value)| (name.as_str().into(), value.clone())).collect();
        self.outputs.insert(stack.into(), outputs);
        self.resources.insert(stack.into(), imagined.resources.clone().into());
    }

    /// Returns an output of a stack, if it is known of.
    pub fn output(&self, stack: &str, output: &str) -> Option<&Planned> {
        self.outputs.get(stack)?.get(output)
    }

    /// Returns the resources of the stacks that a stack requires, as far as they were planned.
    pub fn beside(&self, configuration: &Configuration) -> Vec<Outsider> {
        let required = configuration.stack.requires.iter().filter_map(|(name, _)| self.resources.get(name));
        required.flat_map(|all| all.iter().cloned()).collect()
    }

    /// Takes the stacks that a stack requires and that were never applied for stacks without outputs: to destroy it, they
    /// are not needed.
    pub fn do_without(&mut self, configuration: &Configuration) {
        for (name, _) in &configuration.stack.requires {
            self.outputs.entry(name.clone()).or_default();
        }
    }

    /// Adds the outputs of the stacks that a stack requires.
    ///
    /// # Errors
    /// When one of them has not been applied, or lacks an output that is referred to.
    pub fn add_to(&self, values: &mut Values, configuration: &Configuration, engine: &Engine) -> Result<(), Diagnostics> {
        let mut found = Diagnostics::default();
        for (name, place) in &configuration.stack.requires {
            match self.outputs.get(name) {
                Some(outputs) => {
                    outputs.iter().for_each(|(output, value)| values.set_stack_output(name.clone(), output.clone(), value.clone()))
                }
                None => {
                    let detail =
                        format!("Stack `{}` requires `{name}`, which has not been applied in this environment.", configuration.stack.name);
                    let (first, both) = (format!("apply {name}"), format!("apply {name} {}", configuration.stack.name));
                    found.push(Diagnostic::error("Required stack not applied", detail).at(place.clone()).hint(format!(
                        "apply it first: {}; or both in one run: {}",
                        engine.command(&first),
                        engine.command(&both)
                    )));
                }
            }
        }
        if found.has_errors() { Err(found.sorted()) } else { Ok(()) }
    }
}

impl Engine {
    /// Adds what the stacks that `loaded` requires have published, for those not in `links` yet.
    ///
    /// # Errors
    /// When their state can't be read.
    pub(crate) async fn published(&self, loaded: &Loaded, links: &mut Links) -> Result<(), Trouble> {
        for (name, _) in &loaded.configuration.stack.requires {
            if links.outputs.contains_key(name) {
                continue;
            }
            let Some(published) = self.ledger.outputs(&self.key(name)).await? else { continue };
            let outputs = published.into_iter().map(|(output, value)| {
                let value = match value {
                    OutputValue::Clear { value, ty } => value.shaped(&ty).into(),
                    // Only the run that makes a sensitive value has it in clear.
                    OutputValue::Sensitive { ty, .. } => Planned::unknown(ty).marked(true),
                };
                (output.as_str().into(), value)
            });
            links.outputs.insert(name.clone(), outputs.collect());
        }
        Ok(())
    }
}
