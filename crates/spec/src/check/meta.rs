//! What can be said of meta-arguments without evaluating them.

use lowtide_diagnostic::Diagnostic;

use super::Check;
use crate::{
    configuration::{Ignore, did_you_mean},
    expression::Root,
};

impl Check<'_> {
    pub(super) fn meta(&mut self) {
        for declaration in self.configuration.declarations() {
            if let Some((Some(alias), place)) = &declaration.provider
                && !self.configuration.providers.contains_key(&Some(alias.clone()))
            {
                let wrong = Diagnostic::error("Unknown provider", format!("No provider has the alias `{alias}`.")).at(place.clone());
                let known = self.configuration.providers.keys().filter_map(|alias| alias.as_deref());
                self.found.push(did_you_mean(wrong, alias, known, || {
                    format!("declare it: [[provider.aws]] with alias = \"{alias}\" and a region")
                }));
            }
            let Some(description) = self.schema.of(&declaration.declared) else { continue };
            if let Ignore::Paths(paths) = &declaration.lifecycle.ignore_changes {
                for (path, place) in paths {
                    let Some(name) = path.attribute() else { continue };
                    if description.input(name).is_some() {
                        continue;
                    }
                    let kind = description.kind;
                    let detail = if description.output(name).is_some() {
                        format!("`{name}` of {kind} is decided by AWS, so there is nothing to ignore.")
                    } else {
                        format!("{kind} has no attribute `{name}`.")
                    };
                    let wrong = Diagnostic::error("Unknown attribute", detail).at(place.clone());
                    self.found.push(did_you_mean(wrong, name, description.inputs.iter().map(|row| row.name), String::new));
                }
            }
        }
        self.validations();
    }

    /// What a variable's default and validation may refer to.
    fn validations(&mut self) {
        for variable in self.configuration.variables.values() {
            for reference in variable.default.iter().flat_map(|default| default.references()) {
                let detail = format!("The default of variable `{}` refers to something, and must be a plain value.", variable.name);
                let wrong = Diagnostic::error("Reference not allowed here", detail).at(reference.place);
                self.found.push(wrong.hint("compute it in [locals] instead"));
            }
            let own = Root::Variable(variable.name.clone());
            for validation in &variable.validations {
                let references = validation.condition.references();
                if !references.iter().any(|reference| reference.root == own) && !references.is_empty() {
                    let detail = format!("This condition does not look at var.{}, so it says nothing about it.", variable.name);
                    let wrong = Diagnostic::error("Invalid condition", detail).at(validation.condition.place.clone());
                    self.found.push(wrong.hint(format!("refer to var.{} in it", variable.name)));
                }
            }
        }
    }
}
