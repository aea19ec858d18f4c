//! What providers say: regions, tags for everything, tags that belong to others.

use std::{collections::BTreeMap, sync::Arc};

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::{Planned, Type};
use lowtide_spec::{Configuration, Provider, Written, expression::Scope};

/// The settings of each provider, by alias; the one without alias is always there.
pub type Providers = BTreeMap<Option<Arc<str>>, ProviderSettings>;

/// What one provider says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProviderSettings {
    /// Its region, where it names one.
    pub region: Option<String>,
    /// Tags for everything that can carry some.
    pub default_tags: BTreeMap<String, Planned>,
    /// Tags that belong to others.
    pub ignored: IgnoredTags,
    /// The only accounts it may be used with; empty for any.
    pub allowed_accounts: Vec<String>,
    /// Accounts it must not be used with.
    pub forbidden_accounts: Vec<String>,
}

/// Tags that belong to others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IgnoredTags {
    keys: Vec<String>,
    prefixes: Vec<String>,
}

impl IgnoredTags {
    /// Returns whether a tag belongs to others. AWS's own always do.
    pub fn has(&self, key: &str) -> bool {
        key.starts_with("aws:") || self.keys.iter().any(|name| name == key) || self.prefixes.iter().any(|start| key.starts_with(start))
    }
}

/// Evaluates the providers of a configuration. They may use variables and locals that follow from variables.
///
/// # Errors
/// Returns what is wrong with their values, each with its place.
pub fn providers(configuration: &Configuration, scope: &dyn Scope) -> Result<Providers, Diagnostics> {
    let mut found = Diagnostics::default();
    let mut all = Providers::from([(None, ProviderSettings::default())]);
    for (alias, provider) in &configuration.providers {
        all.insert(alias.clone(), settings(provider, scope, &mut found));
    }
    found.or(all).map(|(all, _)| all)
}

fn settings(provider: &Provider, scope: &dyn Scope, found: &mut Diagnostics) -> ProviderSettings {
    let strings = || Type::List(Box::new(Type::String));
    let region = value(provider.region.as_ref(), &Type::String, scope, found).and_then(|region| region.as_str().map(str::to_owned));
    let tags = value(provider.default_tags.as_ref(), &Type::Map(Box::new(Type::String)), scope, found);
    ProviderSettings {
        region,
        default_tags: tags.and_then(|tags| tags.as_members().cloned()).unwrap_or_default(),
        ignored: IgnoredTags {
            keys: texts(value(provider.ignore_tags.keys.as_ref(), &strings(), scope, found)),
            prefixes: texts(value(provider.ignore_tags.key_prefixes.as_ref(), &strings(), scope, found)),
        },
        allowed_accounts: texts(value(provider.allowed_account_ids.as_ref(), &strings(), scope, found)),
        forbidden_accounts: texts(value(provider.forbidden_account_ids.as_ref(), &strings(), scope, found)),
    }
}

fn value(written: Option<&Written>, ty: &Type, scope: &dyn Scope, found: &mut Diagnostics) -> Option<Planned> {
    let written = written?;
    match written.evaluate_as(ty, scope) {
        Ok(value) if value.is_wholly_known() => Some(value),
        Ok(_) => {
            let detail = "A provider is set up before anything is planned, so what it says can't depend on resources.";
            found.push(
                Diagnostic::error("Value not known yet", detail)
                    .at(written.place.clone())
                    .hint("use variables, or locals made of variables"),
            );
            None
        }
        Err(wrong) => {
            found.extend(wrong);
            None
        }
    }
}

fn texts(list: Option<Planned>) -> Vec<String> {
    list.iter().flat_map(|list| list.as_elements().unwrap_or_default()).filter_map(|one| one.as_str().map(str::to_owned)).collect()
}
