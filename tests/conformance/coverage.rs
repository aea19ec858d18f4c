//! What the cases cover: every attribute of every kind is changed by a case or left out with a reason, and the attributes
//! of each kind, nested ones too, are held against those of the Terraform provider.

use std::collections::{BTreeMap, BTreeSet};

use lowtide_model::{Attribute, Create, Description, Need};
use serde_json::Value;

use super::case::Case;
use crate::facts::attributes::rows;

/// Attribute names of the `hashicorp/aws` Terraform provider 5.100.0, from `terraform providers schema -json`.
const SCHEMAS: &str = include_str!("../reference/resource-schemas.json");

/// Attributes that need not be given though Terraform asks for them, each with the reason.
const LOOSER: &[(&str, &str, &str)] = &[
    ("aws_lb_listener", "default_action.forward.stickiness.duration", "ELB asks for it only where stickiness is on"),
    ("aws_lb_listener_rule", "action.forward.stickiness.duration", "ELB asks for it only where stickiness is on"),
];

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
    let made_up = |row: &&Attribute| row.identity && row.computed();
    let by_name = matches!(description.create, Create::Key | Create::Put);
    description.inputs.iter().filter(|row| by_name && made_up(row) && !left_to_us(row.name)).map(|row| row.name).collect()
}

/// One kind's attributes beside the Terraform provider's.
pub struct Coverage {
    /// How many of its attributes this kind has, nested ones too.
    pub covered: usize,
    /// How many it has.
    pub all: usize,
    /// Those that are neither there nor left out with a reason.
    pub unexplained: Vec<String>,
}

/// Returns how far a kind covers the Terraform provider's attributes.
pub fn coverage(description: &Description) -> Option<Coverage> {
    let (theirs, ours) = (theirs(description)?, ours(description));
    let left_out: BTreeSet<_> = description.left_out.iter().map(|(path, _)| *path).collect();
    // What is in a block that is left out is left out with it.
    let explained = |path: &str| path.match_indices('.').map(|(at, _)| &path[..at]).chain([path]).any(|path| left_out.contains(path));
    let missing: Vec<_> = theirs.keys().filter(|path| !ours.contains_key(*path)).collect();
    let unexplained = missing.iter().filter(|path| !explained(path)).map(|path| (*path).clone()).collect();
    Some(Coverage { covered: theirs.len() - missing.len(), all: theirs.len(), unexplained })
}

/// Returns attributes that need not be given although Terraform's must, or that Terraform does not have.
pub fn strange(description: &Description) -> Vec<String> {
    let Some(theirs) = theirs(description) else { return Vec::new() };
    let looser = |path: &str| LOOSER.iter().any(|(kind, looser, _)| *kind == description.kind && *looser == path);
    let unlike = |path: &str, row: &Attribute| match theirs.get(path) {
        None => true,
        Some(must) => *must && row.need != Need::Required && description.output(path).is_none() && !looser(path),
    };
    ours(description).iter().filter(|(path, row)| unlike(path, row)).map(|(path, _)| path.clone()).collect()
}

/// Returns the attributes of a kind by their paths: `root_block_device.volume_size`.
fn ours(description: &Description) -> BTreeMap<String, &'static Attribute> {
    [description.inputs, description.outputs].into_iter().flat_map(rows).map(|row| (row.path, row.attribute)).collect()
}

/// Returns the provider's attributes by their paths, and whether each must be given.
fn theirs(description: &Description) -> Option<BTreeMap<String, bool>> {
    let schemas: BTreeMap<String, Value> = serde_json::from_str(SCHEMAS).expect("the reference is JSON");
    let mut all = BTreeMap::new();
    spread(schemas.get("resources")?.get(description.kind)?, "", &mut all);
    let engine_own = ["schema_version", "tags_all", "timeouts", "region"];
    let own = |path: &str| path.split('.').next().is_some_and(|first| engine_own.contains(&first)) && description.attribute(path).is_none();
    all.retain(|path, _| !own(path));
    Some(all)
}

fn spread(block: &Value, within: &str, all: &mut BTreeMap<String, bool>) {
    for (name, what) in block.as_object().into_iter().flatten().filter(|(name, _)| !name.starts_with('_')) {
        let path = format!("{within}{}", name.trim_matches(['[', ']']));
        spread(what, &format!("{path}."), all);
        let words = what.as_str().unwrap_or_default();
        // Old blocks are written as a type: set(object({from_port=number, …})).
        let typed = words.split_once("({").and_then(|(_, rest)| rest.split_once("})")).map_or("", |(members, _)| members);
        all.extend(typed.split(',').filter_map(|member| Some((format!("{path}.{}", member.split_once('=')?.0.trim()), false))));
        all.insert(path, words.contains("required") || what["_min"].as_i64().is_some_and(|least| least > 0));
    }
}
