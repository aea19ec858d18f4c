//! Written values become planned values: free of any shape, arrays as lists and tables as objects.

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place};
use lowtide_model::{Content, Mismatch, Planned, Type};

use super::{Form, Table, Written};
use crate::expression::{Scope, Size, convert, shallow};

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
        convert(value, ty, scope.budget(), &self.place)?.map_err(|Mismatch { path, wanted, found }| {
            let within = if path.0.is_empty() { String::new() } else { format!(" at {path}") };
            let found = if sensitive { "a sensitive value of another type" } else { &found };
            let detail = format!("Wanted{within} is {wanted}; this is {found}.");
            Diagnostic::error("Wrong type", detail).at(self.place_below(&path)).into()
        })
    }

    /// Evaluates it; what goes wrong is reported and counts as unknown.
    pub(crate) fn value(&self, scope: &dyn Scope, found: &mut Diagnostics) -> Planned {
        let value = self.part(scope, found);
        not_too_deep(value, &self.place, found)
    }

    fn part(&self, scope: &dyn Scope, found: &mut Diagnostics) -> Planned {
        if !matches!(self.form, Form::Text(_))
            && let Err(large) = scope.budget().weigh(1, &self.place)
        {
            found.push(large);
            return Planned::unknown(Type::Any);
        }
        match &self.form {
            Form::Text(text) => text.template.evaluate(scope).unwrap_or_else(|wrong| {
                found.push(wrong);
                Planned::unknown(Type::Any)
            }),
            Form::Bool(value) => Content::Bool(*value).into(),
            Form::Number(value) => Content::Number(*value).into(),
            Form::Array(all) => Planned::list(all.iter().map(|one| one.part(scope, found)).collect::<Vec<_>>()),
            Form::Table(table) => table.parts(scope, found),
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
        let value = self.parts(scope, &mut found);
        let value = not_too_deep(value, &self.place, &mut found);
        found.or(value).map(|(value, _)| value)
    }

    fn parts(&self, scope: &dyn Scope, found: &mut Diagnostics) -> Planned {
        let members = self.entries.iter().map(|entry| (entry.name.to_string(), entry.value.part(scope, found)));
        Planned::object(members.collect::<Vec<_>>())
    }
}

/// Puts something unknown in the place of a value that is nested too deeply.
fn not_too_deep(value: Planned, place: &Place, found: &mut Diagnostics) -> Planned {
    match shallow(Size::of(&value).depth, place) {
        Ok(()) => value,
        Err(deep) => {
            found.push(deep);
            Planned::unknown(Type::Any)
        }
    }
}
