//! `configuration`, as far as a plan tells: the provider's region and what is declared. Expressions are left out.

use std::collections::BTreeMap;

use lowtide_model::{Address, Declared};
use lowtide_plan::{Action, Plan};
use serde_json::{Map, Value as Json, json};

use crate::json::provider;

/// Returns the configuration that a plan was made from, without expressions.
pub fn configuration(plan: &Plan) -> Json {
    let steps = plan.steps.iter().filter(|step| !matches!(step.action, Action::Delete | Action::Forget));
    let stepped = steps.map(|step| (&step.address, step.provider.as_deref()));
    let kept = plan.unchanged.iter().map(|one| (&one.address, None));
    let mut declared: BTreeMap<&Declared, Option<&str>> = BTreeMap::new();
    for (Address { declared: one, .. }, alias) in stepped.chain(kept) {
        if one.module.is_empty() {
            declared.entry(one).or_insert(alias);
        }
    }
    let resources: Vec<_> = declared.iter().map(|(declared, alias)| resource(declared, *alias)).collect();
    json!({ "provider_config": providers(plan), "root_module": { "resources": resources } })
}

fn resource(declared: &Declared, alias: Option<&str>) -> Json {
    json!({
        "address": declared.to_string(),
        "mode": if declared.data { "data" } else { "managed" },
        "type": declared.kind.as_ref(),
        "name": declared.name.as_ref(),
        "provider_config_key": key(&declared.kind, alias),
        "schema_version": 0,
    })
}

fn key(kind: &str, alias: Option<&str>) -> String {
    let name = kind.split('_').next().unwrap_or_default();
    alias.map_or_else(|| name.to_owned(), |alias| format!("{name}.{alias}"))
}

/// Returns the default provider and each alias that a step uses, with their regions.
fn providers(plan: &Plan) -> Json {
    let mut all = Map::new();
    all.insert("aws".to_owned(), configured(None, &plan.place.region));
    for step in &plan.steps {
        if let Some(alias) = &step.provider {
            all.entry(key("aws", Some(alias))).or_insert_with(|| configured(Some(alias), &step.place.region));
        }
    }
    all.into()
}

fn configured(alias: Option<&str>, region: &str) -> Json {
    let mut fields = json!({
        "name": "aws",
        "full_name": provider("aws"),
        "expressions": { "region": { "constant_value": region } },
    });
    if let Some(alias) = alias {
        fields["alias"] = alias.into();
    }
    fields
}
