//! Written values become planned values: free of any shape, arrays as lists and tables as objects.

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::{Content, Mismatch, Planned, Type};

use super::{Form, Table, Written};
use crate::expression::Scope;

impl Written {
    /// Evaluates it: arrays become lists, tables objects.
    ///
    /// # Errors
    /// Returns everything that went wrong, each with its place.
    pub fn evaluate(&self, scope: &dyn Scope) -> Result<Planned, Diagnostics> {
        let mut found = Diagnostics::default();
        let value = self.value(scope, &mut found);
        found.or(value).map(|(value, _)| value)
    }

    /// Evaluates it and converts the value to a type.
    ///
    /// # Errors
    /// Returns everything that went wrong, each with its place.
    pub fn evaluate_as(&self, ty: &Type, scope: &dyn Scope) -> Result<Planned, Diagnostics> {
        let value = self.evaluate(scope)?;
        let sensitive = value.holds_sensitive();
        ty.convert(value).map_err(|Mismatch { path, wanted, found }| {
            let within = if path.0.is_empty() { String::new() } else { format!(" at {path}") };
            let found = if sensitive { "a sensitive value of another type" } else { &found };
            let detail = format!("Wanted{within} is {wanted}; this is {found}.");
            Diagnostic::error("Wrong type", detail).at(self.place_below(&path)).into()
        })
    }

    /// Evaluates it; what goes wrong is reported and counts as unknown.
    pub(crate) fn value(&self, scope: &dyn Scope, found: &mut Diagnostics) -> Planned {
        match &self.form {
            Form::Text(text) => text.template.evaluate(scope).unwrap_or_else(|wrong| {
                found.push(wrong);
                Planned::unknown(Type::Any)
            }),
            Form::Bool(value) => Content::Bool(*value).into(),
            Form::Number(value) => Content::Number(*value).into(),
            Form::Array(all) => Planned::list(all.iter().map(|one| one.value(scope, found)).collect::<Vec<_>>()),
            Form::Table(table) => table.value(scope, found),
            Form::Unreadable => Planned::unknown(Type::Any),
        }
    }
}

impl Table {
    /// Evaluates it as an object.
    ///
    /// # Errors
    /// Returns everything that went wrong, each with its place.
    pub fn evaluate(&self, scope: &dyn Scope) -> Result<Planned, Diagnostics> {
        let mut found = Diagnostics::default();
        let value = self.value(scope, &mut found);
        found.or(value).map(|(value, _)| value)
    }

    fn value(&self, scope: &dyn Scope, found: &mut Diagnostics) -> Planned {
        let members = self.entries.iter().map(|entry| (entry.name.to_string(), entry.value.value(scope, found)));
        Planned::object(members.collect::<Vec<_>>())
    }
}
