//! Conditions that must be true.

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::Type;
use lowtide_spec::{Condition, expression::Scope};

/// Checks a condition; one that is not known yet counts as met.
///
/// # Errors
/// Returns its message when it is not met, or what is wrong with it.
pub fn failed(summary: &str, condition: &Condition, scope: &dyn Scope) -> Result<(), Diagnostics> {
    let met = condition.condition.evaluate_as(&Type::Bool, scope)?;
    if met.is_unknown() || met.as_bool() == Some(true) {
        return Ok(());
    }
    let message = condition.error_message.evaluate_as(&Type::String, scope)?;
    let words =
        if message.sensitive { "The message holds a sensitive value." } else { message.as_str().unwrap_or("The condition is not met.") };
    Err(Diagnostic::error(summary, words).at(condition.condition.place.clone()).into())
}
