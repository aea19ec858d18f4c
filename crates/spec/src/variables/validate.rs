//! `validation` blocks.

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::Type;

use super::VariableInput;
use crate::{
    configuration::{Condition, Variable},
    expression::Scope,
};

/// Evaluates the validations of a variable; each that fails is reported where the value was given.
pub(super) fn validate(variable: &Variable, input: Option<&VariableInput>, scope: &dyn Scope, found: &mut Diagnostics) {
    for condition in &variable.validations {
        match condition.holds(scope) {
            Ok(None) => {}
            Ok(Some(message)) => {
                let wrong =
                    Diagnostic::error("Invalid value", format!("The variable `{}` has a value it must not have. {message}", variable.name));
                let place = input.map_or_else(|| variable.default.as_ref().map(|default| default.place.clone()), VariableInput::place);
                let wrong = wrong.at(place.unwrap_or_else(|| variable.place.clone()));
                found.push(wrong.with(condition.condition.place.clone(), "this must be true"));
            }
            Err(wrong) => found.extend(wrong),
        }
    }
}

impl Condition {
    /// Returns `None` when it is true or not known yet, and its message when it is false.
    ///
    /// # Errors
    /// When it can't be evaluated, or is neither true nor false.
    pub fn holds(&self, scope: &dyn Scope) -> Result<Option<String>, Diagnostics> {
        let value = self.condition.evaluate_as(&Type::Bool, scope)?;
        if value.is_null() {
            let wrong = Diagnostic::error("Wrong type", "This condition is null, and must be true or false.");
            return Err(wrong.at(self.condition.place.clone()).into());
        }
        if value.as_bool() != Some(false) {
            return Ok(None);
        }
        let message = self.error_message.evaluate_as(&Type::String, scope)?;
        let shown = message.as_str().filter(|_| !message.sensitive);
        Ok(Some(shown.unwrap_or("Its message holds something sensitive or not known yet, and is not shown.").to_owned()))
    }
}
