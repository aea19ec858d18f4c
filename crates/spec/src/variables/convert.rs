//! A given value or a default becomes a value of the declared type.

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::{Planned, Type};

use super::{Given, VariableInput};
use crate::{
    configuration::Variable,
    expression::{Scope, Template, convert},
    written::Written,
};

/// Converts what was given from outside.
pub(super) fn given(variable: &Variable, input: &VariableInput, scope: &dyn Scope, found: &mut Diagnostics) -> Option<Planned> {
    let value = match &input.value {
        Given::Toml(written) => plain(written, scope, found)?,
        Given::Text(text) => parse(variable, text, scope).or_else(|| {
            found.push(unfit(variable, input, "this text is none"));
            None
        })?,
    };
    let value = match convert(value, &variable.ty, scope.budget(), &variable.place) {
        Ok(Ok(value)) => value,
        Err(large) => {
            found.push(large);
            return None;
        }
        Ok(Err(mismatch)) => {
            let found_instead = if variable.sensitive { "the given value is none".to_owned() } else { mismatch.to_string() };
            found.push(unfit(variable, input, &found_instead));
            return None;
        }
    };
    if value.is_null() && !variable.nullable {
        // As in Terraform: null for a variable that can't be null means "take the default".
        let Some(written) = &variable.default else {
            found.push(unfit(variable, input, "this is null, which it can't be"));
            return None;
        };
        return default(variable, written, scope, found);
    }
    Some(value)
}

/// Converts the default.
pub(super) fn default(variable: &Variable, written: &Written, scope: &dyn Scope, found: &mut Diagnostics) -> Option<Planned> {
    match written.evaluate_as(&variable.ty, scope) {
        Ok(value) if value.is_null() && !variable.nullable => {
            let detail = format!("The default of variable `{}` is null, and it is declared with nullable = false.", variable.name);
            found.push(Diagnostic::error("Wrong type", detail).at(written.place.clone()));
            None
        }
        Ok(value) => Some(value),
        Err(wrong) => {
            found.extend(wrong);
            None
        }
    }
}

/// Evaluates a value from a file, which can't refer to anything.
fn plain(written: &Written, scope: &dyn Scope, found: &mut Diagnostics) -> Option<Planned> {
    let references = written.references();
    if let Some(reference) = references.first() {
        let wrong =
            Diagnostic::error("Reference not allowed here", "A file of variables gives plain values; it is read before anything else.");
        found.push(wrong.at(reference.place.clone()).hint("compute it in [locals] of the spec instead"));
        return None;
    }
    written.evaluate(scope).map_err(|wrong| found.extend(wrong.into_iter().map(told_without_value))).ok()
}

/// Says where a value is wrong, and nothing of what stands there.
fn told_without_value(wrong: Diagnostic) -> Diagnostic {
    let detail = "What this text holds between `${` or `%{` and `}` can't be evaluated.";
    let told = Diagnostic::error(wrong.summary, detail).at(wrong.place);
    told.hint("a file of variables gives plain values: to be taken as they are, these signs are written $${ and %%{")
}

/// Reads text by the declared type: strings as they are, numbers and truth values by conversion, the rest as TOML or as an expression.
fn parse(variable: &Variable, text: &str, scope: &dyn Scope) -> Option<Planned> {
    match &variable.ty {
        Type::String | Type::Any | Type::Bool | Type::Number => Some(Planned::text(text)),
        Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Object(_) | Type::Tuple(_) => {
            let mut ignored = Diagnostics::default();
            let toml = Written::read(text, usize::MAX, &mut ignored).filter(|_| ignored.is_empty());
            if let Some(written) = toml
                && written.references().is_empty()
            {
                return written.evaluate(scope).ok();
            }
            let place = lowtide_diagnostic::Place::new(usize::MAX, 0..0);
            let expression = Template::parse_expression(text, &place, false).ok()?;
            if expression.references().is_empty() { expression.evaluate(scope).ok() } else { None }
        }
    }
}

fn unfit(variable: &Variable, input: &VariableInput, instead: &str) -> Diagnostic {
    let detail = format!("The variable `{}` takes {}: {instead}. It is given as {}.", variable.name, variable.ty.article(), input.shown());
    let wrong = Diagnostic::error("Wrong type", detail);
    let wrong = match input.place() {
        Some(place) => wrong.at(place).with(variable.place.clone(), "declared here"),
        None => wrong.at(variable.place.clone()),
    };
    match (&variable.ty, &input.value) {
        (Type::List(_) | Type::Set(_) | Type::Tuple(_), Given::Text(_)) => {
            wrong.hint(format!("write '{}=[\"a\", \"b\"]', with its quotes", variable.name))
        }
        (Type::Map(_) | Type::Object(_), Given::Text(_)) => {
            wrong.hint(format!("write '{}={{ a = \"b\" }}', with its quotes", variable.name))
        }
        (Type::Any | Type::Bool | Type::Number | Type::String, _) | (_, Given::Toml(_)) => wrong,
    }
}
