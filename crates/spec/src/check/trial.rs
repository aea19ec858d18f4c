//! Everything is evaluated once on suppositions, and what is known to be wrong even so is reported.

use std::collections::HashSet;

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::{Declared, Type};

use super::supposed::Supposed;
use crate::{
    body::evaluate_body,
    configuration::{Condition, Configuration, Declaration, Repeat},
    expression::{Files, Scope},
    instances,
    schema::Schema,
    written::Written,
};

pub(super) fn run(configuration: &Configuration, schema: &Schema, files: &dyn Files, loose: HashSet<Declared>) -> Diagnostics {
    let mut scope = Supposed::new(configuration, schema, files, loose);
    let mut found = Diagnostics::default();
    for variable in configuration.variables.values() {
        if let Some(default) = &variable.default {
            typed(default, &variable.ty, &scope, &mut found);
        }
        conditions(&variable.validations, &scope, &mut found);
    }
    for local in configuration.locals.values() {
        found.extend(local.value.evaluate(&scope).err().into_iter().flatten());
    }
    providers(configuration, &scope, &mut found);
    for output in configuration.outputs.values() {
        found.extend(output.value.evaluate(&scope).err().into_iter().flatten());
        conditions(&output.preconditions, &scope, &mut found);
    }
    for declaration in configuration.declarations() {
        scope.within = Some(declaration);
        self::declaration(declaration, schema, &scope, &mut found);
    }
    found
}

fn declaration(declaration: &Declaration, schema: &Schema, scope: &Supposed<'_>, found: &mut Diagnostics) {
    match &declaration.repeat {
        Repeat::None => {}
        Repeat::Count(written) => found.extend(instances::counted(written, scope).err().into_iter().flatten()),
        Repeat::ForEach(written) => found.extend(instances::named(written, scope).err().into_iter().flatten()),
    }
    let life = &declaration.lifecycle;
    for flag in declaration.enabled.iter().chain(&life.create_before_destroy).chain(&life.prevent_destroy) {
        typed(flag, &Type::Bool, scope, found);
    }
    for text in
        declaration.region.iter().chain(declaration.timeouts.iter().flat_map(|table| table.entries.iter().map(|entry| &entry.value)))
    {
        typed(text, &Type::String, scope, found);
    }
    conditions(&life.preconditions, scope, found);
    conditions(&life.postconditions, scope, found);
    match schema.of(&declaration.declared) {
        Some(description) => found.extend(evaluate_body(&declaration.body, description, scope).err().into_iter().flatten()),
        None => found.extend(declaration.body.evaluate(scope).err().into_iter().flatten()),
    }
}

fn providers(configuration: &Configuration, scope: &dyn Scope, found: &mut Diagnostics) {
    let texts = || Box::new(Type::String);
    for provider in configuration.providers.values() {
        provider.region.iter().for_each(|one| typed(one, &Type::String, scope, found));
        provider.default_tags.iter().for_each(|one| typed(one, &Type::Map(texts()), scope, found));
        let ignored = provider.ignore_tags.keys.iter().chain(&provider.ignore_tags.key_prefixes);
        let accounts = provider.allowed_account_ids.iter().chain(&provider.forbidden_account_ids);
        ignored.chain(accounts).for_each(|one| typed(one, &Type::Set(texts()), scope, found));
    }
}

fn conditions(all: &[Condition], scope: &dyn Scope, found: &mut Diagnostics) {
    for one in all {
        typed(&one.condition, &Type::Bool, scope, found);
        typed(&one.error_message, &Type::String, scope, found);
    }
}

fn typed(written: &Written, ty: &Type, scope: &dyn Scope, found: &mut Diagnostics) {
    match written.evaluate_as(ty, scope) {
        Ok(value) if value.is_null() && *ty == Type::Bool => {
            let wrong = Diagnostic::error("Wrong type", "This is null, and must be true or false.");
            found.push(wrong.at(written.place.clone()));
        }
        Ok(_) => {}
        Err(wrong) => found.extend(wrong),
    }
}
