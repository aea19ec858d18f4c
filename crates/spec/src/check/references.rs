//! References to what is not there, or not in this place.

use std::sync::Arc;

use lowtide_diagnostic::Diagnostic;
use lowtide_model::Declared;

use super::{
    Check,
    target::{misplaced_key, unknown_attribute},
};
use crate::{
    configuration::{Condition, Declaration, Repeat, did_you_mean},
    expression::{Reference, Root},
};

/// What the surroundings of a reference give it.
#[derive(Clone, Copy)]
struct Around<'a> {
    /// The declaration it stands in.
    declaration: Option<&'a Declaration>,
    /// Whether the values of one instance are there.
    instance: bool,
    /// Whether `self` is there.
    itself: bool,
    /// Whether only variables are there.
    only_variables: bool,
}

const ELSEWHERE: Around<'static> = Around { declaration: None, instance: false, itself: false, only_variables: false };

impl Check<'_> {
    pub(super) fn references(&mut self) {
        let configuration = self.configuration;
        let stack_wide = Around { only_variables: true, ..ELSEWHERE };
        for variable in configuration.variables.values() {
            variable.validations.iter().flat_map(Condition::references).for_each(|one| self.reference(&one, stack_wide));
        }
        configuration.locals.values().flat_map(|local| local.value.references()).for_each(|one| self.reference(&one, ELSEWHERE));
        configuration.providers.values().flat_map(|one| one.references()).for_each(|one| self.reference(&one, ELSEWHERE));
        for output in configuration.outputs.values() {
            output.value.references().iter().chain(&output.depends_on).for_each(|one| self.reference(one, ELSEWHERE));
            output.preconditions.iter().flat_map(Condition::references).for_each(|one| self.reference(&one, ELSEWHERE));
        }
        for declaration in configuration.declarations() {
            self.declaration(declaration);
        }
    }

    fn declaration(&mut self, declaration: &Declaration) {
        let once = Around { declaration: Some(declaration), ..ELSEWHERE };
        let instance = Around { instance: true, ..once };
        declaration.repeat_references().iter().for_each(|one| self.reference(one, once));
        declaration.depends_on.iter().for_each(|one| self.reference(one, once));
        declaration.body.references().iter().for_each(|one| self.reference(one, instance));
        let life = &declaration.lifecycle;
        let flags = life.create_before_destroy.iter().chain(&life.prevent_destroy).chain(&declaration.region);
        flags.flat_map(|one| one.references()).for_each(|one| self.reference(&one, instance));
        declaration.timeouts.iter().flat_map(|one| one.references()).for_each(|one| self.reference(&one, instance));
        life.replace_triggered_by.iter().for_each(|one| self.reference(one, instance));
        life.preconditions.iter().flat_map(Condition::references).for_each(|one| self.reference(&one, instance));
        let after = Around { itself: true, ..instance };
        life.postconditions.iter().flat_map(Condition::references).for_each(|one| self.reference(&one, after));
    }

    fn reference(&mut self, reference: &Reference, around: Around<'_>) {
        let wrong = match &reference.root {
            Root::Variable(name) => self.variable(name),
            _ if around.only_variables => Some(
                Diagnostic::error("Reference not allowed here", "The validation of a variable may look at variables only.")
                    .hint("use a precondition of a resource or an output instead"),
            ),
            Root::Local(name) => self.local(name),
            Root::Declared(declared) => self.declared(declared, reference, around),
            Root::Stack(stack, _) => self.stack(stack),
            Root::EachKey | Root::EachValue => self.each(around),
            Root::CountIndex => self.count(around),
            Root::Itself => self.itself(reference, around),
            Root::Run(_) | Root::PathRoot | Root::Bound(_) => None,
        };
        self.found.extend(wrong.map(|wrong| wrong.at(reference.place.clone())));
    }

    fn variable(&self, name: &str) -> Option<Diagnostic> {
        let known = &self.configuration.variables;
        (!known.contains_key(name)).then(|| {
            let wrong = Diagnostic::error("Unknown variable", format!("No variable `{name}` is declared in this stack."));
            did_you_mean(wrong, name, known.keys().map(|name| &**name), || format!("declare it: [variable.{name}]"))
        })
    }

    fn local(&self, name: &str) -> Option<Diagnostic> {
        let known = &self.configuration.locals;
        (!known.contains_key(name)).then(|| {
            let wrong = Diagnostic::error("Unknown local", format!("No value `{name}` stands in [locals]."));
            did_you_mean(wrong, name, known.keys().map(|name| &**name), || format!("add it: {name} = … in [locals]"))
        })
    }

    fn stack(&self, stack: &Arc<str>) -> Option<Diagnostic> {
        let required = &self.configuration.stack.requires;
        (!required.iter().any(|(name, _)| name == stack)).then(|| {
            let detail = format!("This stack does not require `{stack}`, so it can't read the outputs of it.");
            let wrong = Diagnostic::error("Stack not required", detail);
            did_you_mean(wrong, stack, required.iter().map(|(name, _)| &**name), || format!("add \"{stack}\" to `requires` in [stack]"))
        })
    }

    fn each(&self, around: Around<'_>) -> Option<Diagnostic> {
        let repeated = around.declaration.is_some_and(|one| matches!(one.repeat, Repeat::ForEach(_)));
        if repeated && around.instance {
            return None;
        }
        let (detail, hint) = match (repeated, around.declaration) {
            (true, _) => {
                ("`each` belongs to one instance, and this decides which instances there are.", "refer to variables, locals or data here")
            }
            (false, Some(Declaration { repeat: Repeat::Count(_), .. })) => {
                ("`each` belongs to for_each, and this is repeated by count.", "write count.index, or use for_each")
            }
            (false, Some(_)) => ("`each` belongs to for_each, and this is not repeated.", "add for_each, or write the value itself"),
            (false, None) => (
                "`each` belongs to the resources and data sources that have for_each.",
                "to go through a collection, write [for key, value in … : …]",
            ),
        };
        Some(Diagnostic::error("Nothing to repeat", detail).hint(hint))
    }

    fn count(&self, around: Around<'_>) -> Option<Diagnostic> {
        let repeated = around.declaration.is_some_and(|one| matches!(one.repeat, Repeat::Count(_)));
        if repeated && around.instance {
            return None;
        }
        let (detail, hint) = match (repeated, around.declaration) {
            (true, _) => {
                ("`count.index` belongs to one instance, and this decides how many there are.", "refer to variables, locals or data here")
            }
            (false, Some(Declaration { repeat: Repeat::ForEach(_), .. })) => {
                ("`count.index` belongs to count, and this is repeated by for_each.", "write each.key or each.value")
            }
            (false, Some(_)) => ("`count.index` belongs to count, and this is not repeated.", "add count, or write the value itself"),
            (false, None) => (
                "`count.index` belongs to the resources and data sources that have count.",
                "to go through a list, write [for index, value in … : …]",
            ),
        };
        Some(Diagnostic::error("Nothing to repeat", detail).hint(hint))
    }

    fn itself(&self, reference: &Reference, around: Around<'_>) -> Option<Diagnostic> {
        if !around.itself {
            let detail = "`self` is the finished thing, so only the postconditions of a resource or data source can look at it.";
            return Some(Diagnostic::error("Reference not allowed here", detail).hint("move the condition to lifecycle.postcondition"));
        }
        let description = self.schema.of(&around.declaration?.declared)?;
        unknown_attribute(description, reference.attribute.as_deref()?)
    }

    fn declared(&mut self, declared: &Declared, reference: &Reference, around: Around<'_>) -> Option<Diagnostic> {
        let Some(target) = self.configuration.declaration(declared) else { return Some(self.undeclared(declared)) };
        if around.declaration.is_some_and(|one| one.declared == *declared) {
            self.loose.insert(declared.clone());
            let hint = if around.itself { "write self instead" } else { "refer to what its value comes from, a local or a variable" };
            let detail = format!("`{declared}` refers to itself, so it would have to be there before it is made.");
            return Some(Diagnostic::error("Refers to itself", detail).hint(hint));
        }
        let wrong = misplaced_key(target, reference).or_else(|| {
            let description = self.schema.of(declared)?;
            unknown_attribute(description, reference.attribute.as_deref()?)
        });
        if wrong.is_some() {
            self.loose.insert(declared.clone());
        }
        wrong
    }
}
