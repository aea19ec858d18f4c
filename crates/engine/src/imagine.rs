//! Stacks as their specs alone tell them: neither AWS nor the state is asked.

use std::sync::Arc;

use lowtide_model::{Planned, Type};
use lowtide_plan::{Imagined, Spec, imagine};
use lowtide_spec::{Values, expression::Root, suppose_variables};

use crate::{Engine, Loaded, links::Links};

impl Engine {
    /// Returns what follows from the specs of stacks alone, in the order in which they are handed in: those that others require
    /// first. Variables without a value, and outputs of stacks that are not among them, are not known.
    pub fn imagine(&self, stacks: &[Loaded]) -> Vec<Imagined> {
        let mut links = Links::default();
        let mut all = Vec::with_capacity(stacks.len());
        for loaded in stacks {
            let imagined = self.imagine_one(loaded, &links);
            links.imagined(&loaded.key.stack, &imagined);
            all.push(imagined);
        }
        all
    }

    fn imagine_one(&self, loaded: &Loaded, links: &Links) -> Imagined {
        let files: lowtide_spec::SharedFiles = Arc::new(self.loader.files());
        let mut values = Values::new(files.clone());
        values.set_variables(suppose_variables(&loaded.configuration, &self.inputs, files));
        self.name_run(&mut values, &loaded.key.stack);
        for reference in loaded.configuration.references() {
            if let Root::Stack(stack, output) = reference.root {
                // The same output is the same value, whatever that will be.
                let value = links.output(&stack, &output).cloned();
                let value = value.unwrap_or_else(|| Planned::unknown(Type::Any).from_origin(|| format!("stack.{stack}.{output}").into()));
                values.set_stack_output(stack, output, value);
            }
        }
        // What is wrong with a provider is told where the spec is checked.
        let Ok(providers) = self.providers(loaded, &values) else { return Imagined::default() };
        imagine(&Spec {
            stack: &loaded.key,
            configuration: &loaded.configuration,
            graph: &loaded.graph,
            schema: &self.schema,
            values: &values,
            providers: &providers,
            beside: &links.beside(&loaded.configuration),
        })
    }
}
