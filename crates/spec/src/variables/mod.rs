//! Values of variables: from flags, files and the environment, converted, defaulted and validated.

mod convert;
mod validate;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place};
use lowtide_model::Planned;

use crate::{
    configuration::{Configuration, Variable, did_you_mean},
    values::{SharedFiles, Values},
    written::{Table, Written},
};

/// How names of environment variables that hold values start: `LOWTIDE_VAR_region`.
pub const ENVIRONMENT_PREFIX: &str = "LOWTIDE_VAR_";

/// A value for a variable, from outside the spec.
#[derive(Clone, Debug, PartialEq)]
pub struct VariableInput {
    /// The variable's name.
    pub name: String,
    /// The value as it was given.
    pub value: Given,
    /// Where it comes from.
    pub from: Origin,
}

/// A value as it was given.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// Text from a flag or an environment variable; what it means follows from the declared type.
    Text(String),
    /// TOML from a file.
    Toml(Written),
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `--var NAME=VALUE`
    Flag,
    /// A `--var-file`, or the environment's file; the place of the key.
    File(Place),
    /// `LOWTIDE_VAR_NAME`
    Environment,
}

impl VariableInput {
    /// Returns the values that a file of variables gives.
    pub fn of_file(table: Table) -> Vec<Self> {
        let input = |entry: crate::written::Entry| Self {
            name: entry.name.to_string(),
            value: Given::Toml(entry.value),
            from: Origin::File(entry.place),
        };
        table.entries.into_iter().map(input).collect()
    }

    /// Returns every place in a text that is part of its value.
    pub(crate) fn places(&self) -> Vec<Place> {
        match &self.value {
            Given::Toml(written) => written.places(),
            Given::Text(_) => Vec::new(),
        }
    }

    /// Returns where its value stands, if it stands in a text.
    pub(crate) fn place(&self) -> Option<Place> {
        match (&self.from, &self.value) {
            (_, Given::Toml(written)) => Some(written.place.clone()),
            (Origin::File(place), Given::Text(_)) => Some(place.clone()),
            (Origin::Flag | Origin::Environment, Given::Text(_)) => None,
        }
    }

    /// Returns how a message may name it.
    fn shown(&self) -> String {
        match self.from {
            Origin::Flag => format!("--var {}=…", self.name),
            Origin::File(_) => format!("`{}` in a file of variables", self.name),
            Origin::Environment => format!("{ENVIRONMENT_PREFIX}{}", self.name),
        }
    }
}

/// Returns the value of each declared variable. Of several inputs for one variable the last counts, so hand them in from
/// weakest to strongest: environment, environment's file, `--var-file`, `--var`. Inputs for other stacks' variables are
/// left alone; [`unknown_variables`] looks at those.
///
/// # Errors
/// Returns every value that does not fit, all that are missing, and every validation that fails.
pub fn resolve_variables(
    configuration: &Configuration,
    inputs: &[VariableInput],
    files: SharedFiles,
) -> Result<BTreeMap<Arc<str>, Planned>, Diagnostics> {
    let by_name = by_name(inputs);
    let mut found = Diagnostics::default();
    let mut scope = Values::new(files);
    let mut missing = Vec::new();
    let mut values = BTreeMap::new();
    for variable in configuration.variables.values() {
        match given_or_default(variable, &by_name, &scope, &mut found) {
            Some(value) => values.extend(value.map(|value| (Arc::clone(&variable.name), value))),
            None => missing.push(variable),
        }
    }
    found.extend(missing_values(&missing));
    scope.set_variables(values.iter().map(|(name, value)| (Arc::clone(name), value.clone())));
    for variable in configuration.variables.values().filter(|one| values.contains_key(&one.name)) {
        let input = by_name.get(&*variable.name).copied();
        validate::validate(variable, input, &scope, &mut found);
    }
    found.or(values).map(|(values, _)| values)
}

/// Returns the value of each declared variable as far as it can be told: what is missing, or does not fit, is not known.
pub fn suppose_variables(configuration: &Configuration, inputs: &[VariableInput], files: SharedFiles) -> BTreeMap<Arc<str>, Planned> {
    let (by_name, scope) = (by_name(inputs), Values::new(files));
    let supposed = |variable: &Variable| {
        let value = given_or_default(variable, &by_name, &scope, &mut Diagnostics::default()).flatten();
        value.unwrap_or_else(|| Planned::unknown(variable.ty.clone()).marked(variable.sensitive))
    };
    configuration.variables.values().map(|variable| (Arc::clone(&variable.name), supposed(variable))).collect()
}

fn by_name(inputs: &[VariableInput]) -> HashMap<&str, &VariableInput> {
    inputs.iter().map(|input| (input.name.as_str(), input)).collect()
}

/// Returns the value that a variable has, if it has one; inside, nothing where that does not fit, which is then reported.
fn given_or_default(
    variable: &Variable,
    by_name: &HashMap<&str, &VariableInput>,
    scope: &Values,
    found: &mut Diagnostics,
) -> Option<Option<Planned>> {
    let value = match (by_name.get(&*variable.name), &variable.default) {
        (Some(input), _) => convert::given(variable, input, scope, found),
        (None, Some(default)) => convert::default(variable, default, scope, found),
        (None, None) => return None,
    };
    Some(value.map(|value| value.marked(variable.sensitive)))
}

/// Lists what is missing in one diagnostic, so that one command line can give it all.
fn missing_values(missing: &[&Variable]) -> Option<Diagnostic> {
    let (first, rest) = missing.split_first()?;
    let names: Vec<_> = missing.iter().map(|one| format!("`{}`", one.name)).collect();
    let plural = if rest.is_empty() { "" } else { "s" };
    let detail = format!("No value is given for the variable{plural} {}, and there is no default.", names.join(", "));
    let mut wrong = Diagnostic::error("Missing variable", detail).at(first.place.clone());
    for one in rest {
        wrong = wrong.with(one.place.clone(), "declared here");
    }
    let flags: Vec<_> = missing.iter().map(|one| format!("--var {}=…", one.name)).collect();
    Some(wrong.hint(format!("give {}, or choose an environment with -e", flags.join(" "))))
}

/// Checks the inputs against the variables of all stacks of a project: flags and files that name no variable.
///
/// Environment variables are left alone, since they may be meant for another project.
pub fn unknown_variables<'a>(stacks: impl IntoIterator<Item = &'a Configuration>, inputs: &[VariableInput]) -> Diagnostics {
    let known: std::collections::BTreeSet<&str> = stacks.into_iter().flat_map(|stack| stack.variables.keys().map(|name| &**name)).collect();
    let mut found = Diagnostics::default();
    for input in inputs.iter().filter(|input| input.from != Origin::Environment && !known.contains(&*input.name)) {
        let wrong = Diagnostic::error(
            "Unknown variable",
            format!("{} is given, and no stack declares the variable `{}`.", input.shown(), input.name),
        );
        let place = if let Origin::File(place) = &input.from { Some(place.clone()) } else { None };
        let names = known.iter().copied();
        found.push(did_you_mean(wrong.at(place), &input.name, names, || format!("declare it in a spec: [variable.{}]", input.name)));
    }
    found.sorted()
}
