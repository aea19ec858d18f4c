//! What the cases cover: every attribute of every kind is changed by a case or left out with a reason, and the attributes
//! of each kind are held against those of the Terraform provider.

use std::collections::{BTreeMap, BTreeSet};

use lowtide_model::{Create, Description, Need};
use serde_json::Value;

use super::case::Case;

/// Attribute names of the `hashicorp/aws` Terraform provider 5.100.0, from `terraform providers schema -json`.
const SCHEMAS: &str = include_str!("../reference/resource-schemas.json");

/// Returns what a case forgets: attributes that can change and are neither changed nor left out.
pub fn forgotten(description: &Description, case: &Case) -> Vec<String> {
    let changed: BTreeSet<_> =
        case.updates.iter().chain(&case.replaces).flat_map(|edit| edit.set.keys().chain(&edit.unset)).map(String::as_str).collect();
    let must = description.inputs.iter().filter(|row| row.name != "tags" && !row.option);
    must.filter(|row| !changed.contains(row.name) && !case.left_out.contains_key(row.name)).map(|row| row.name.to_owned()).collect()
}

/// Returns names that may be left to us and that no case leaves so: whether such a thing is found again is then not shown.
pub fn always_named(description: &Description, case: &Case) -> Vec<&'static str> {
    let left_to_us = |name: &str| case.replaces.iter().any(|edit| edit.unset.iter().any(|unset| unset == name));
    let made_up = |row: &&lowtide_model::Attribute| row.identity && row.computed();
    let by_name = matches!(description.create, Create::Key | Create::Put);
    description.inputs.iter().filter(|row| by_name && made_up(row) && !left_to_us(row.name)).map(|row| row.name).collect()
}

/// One kind's attributes beside the Terraform provider's.
pub struct Coverage {
    /// How many of its attributes this kind has.
    pub covered: usize,
    /// How many it has.
    pub all: usize,
    /// Those that are neither there nor left out with a reason.
    pub unexplained: Vec<String>,
}

/// Returns how far a kind covers the Terraform provider's attributes.
pub fn coverage(description: &Description) -> Option<Coverage> {
    let schemas: BTreeMap<String, Value> = serde_json::from_str(SCHEMAS).expect("the reference is JSON");
    let theirs = schemas.get("resources")?.get(description.kind)?.as_object()?;
    let engine_own = ["schema_version", "tags_all", "timeouts", "region"];
    let names = theirs.keys().map(|name| name.trim_matches(['[', ']'])).filter(|name| !engine_own.contains(name) && !name.starts_with('_'));
    let (mut covered, mut all, mut unexplained) = (0, 0, Vec::new());
    for name in names {
        all += 1;
        let here = description.attribute(name).is_some();
        let explained = description.left_out.iter().any(|(left_out, _)| *left_out == name);
        covered += usize::from(here);
        if !here && !explained {
            unexplained.push(name.to_owned());
        }
    }
    Some(Coverage { covered, all, unexplained })
}

/// Returns attributes that must be given although Terraform's need not, or that Terraform does not have.
pub fn strange(description: &Description) -> Vec<String> {
    let schemas: BTreeMap<String, Value> = serde_json::from_str(SCHEMAS).expect("the reference is JSON");
    let Some(theirs) = schemas.get("resources").and_then(|all| all.get(description.kind)).and_then(Value::as_object) else {
        return Vec::new();
    };
    let known = |name: &str| theirs.contains_key(name) || theirs.contains_key(&format!("[{name}]"));
    let required = |name: &str| theirs.get(name).and_then(Value::as_str).is_some_and(|words| words.contains("required"));
    let inputs = description.inputs.iter().filter(|row| !known(row.name) || (row.need != Need::Required && required(row.name)));
    let outputs = description.outputs.iter().filter(|row| !known(row.name));
    inputs.chain(outputs).map(|row| row.name.to_owned()).collect()
}
