//! The JSON Schema says what is written: everything written is described, and everything described is written.

use std::collections::BTreeSet;

use lowtide_state::format::FORMAT;
use serde_json::Value as Json;

use crate::samples::{kept, snapshot};

fn schema() -> Json {
    serde_json::from_slice(&std::fs::read(kept("state.schema.json")).unwrap()).unwrap()
}

/// Walks a value along its schema. Knows the words that our schema uses, and no others.
struct Walk<'a> {
    schema: &'a Json,
    /// The schemas of properties that were met.
    met: BTreeSet<String>,
    mistakes: Vec<String>,
}

impl Walk<'_> {
    fn check(&mut self, value: &Json, at: &str, rules: &Json) {
        let rules = rules.get("$ref").map_or(rules, |to| &self.schema["$defs"][to.as_str().unwrap().trim_start_matches("#/$defs/")]);
        for (word, rule) in rules.as_object().unwrap() {
            let holds = match word.as_str() {
                "$schema" | "$id" | "$defs" | "title" | "description" | "properties" | "additionalProperties" | "items" => true,
                "type" => rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]).iter().any(|name| is(value, name)),
                "const" => value == rule,
                "enum" => rule.as_array().unwrap().contains(value),
                "minimum" => value.as_f64().is_none_or(|number| rule.as_f64().is_some_and(|least| number >= least)),
                "required" => rule.as_array().unwrap().iter().all(|name| value.get(name.as_str().unwrap()).is_some()),
                other => panic!("the schema uses `{other}`, which this test does not know"),
            };
            if !holds {
                self.mistakes.push(format!("{at}: {word} {rule}"));
            }
        }
        for (name, member) in value.as_object().into_iter().flatten() {
            let at = format!("{at}.{name}");
            if let Some(property) = rules.get("properties").and_then(|all| all.get(name)) {
                self.met.insert(property["description"].as_str().unwrap().to_owned());
                self.check(member, &at, property);
            } else if let Some(any) = rules.get("additionalProperties") {
                self.check(member, &at, any);
            } else if rules.get("properties").is_some() {
                self.mistakes.push(format!("{at}: not described"));
            }
        }
        for (index, element) in value.as_array().into_iter().flatten().enumerate() {
            if let Some(items) = rules.get("items") {
                self.check(element, &format!("{at}[{index}]"), items);
            }
        }
    }
}

fn is(value: &Json, name: &Json) -> bool {
    match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "null" => value.is_null(),
        other => panic!("{other}"),
    }
}

/// Returns the descriptions of all properties anywhere in the schema.
fn described(rules: &Json) -> BTreeSet<String> {
    let properties = rules["properties"].as_object().into_iter().flatten().map(|(_, all)| all["description"].as_str().unwrap().to_owned());
    let inner = rules["$defs"].as_object().into_iter().flatten().flat_map(|(_, inner)| described(inner));
    properties.chain(inner).collect()
}

#[test]
fn the_schema_describes_what_is_written_and_nothing_else() {
    let schema = schema();
    let json: Json = serde_json::from_str(snapshot().0.split_once('\n').unwrap().1).unwrap();
    let mut walk = Walk { schema: &schema, met: BTreeSet::new(), mistakes: Vec::new() };
    walk.check(&json, "state", &schema);
    // Both are what a newer version might have written.
    assert_eq!(walk.mistakes, ["state.later: not described", "state.records[1].future: not described"]);
    assert_eq!(walk.met, described(&schema));
    assert_eq!(schema["properties"]["format"]["const"], FORMAT);
    assert_eq!(schema["title"], format!("Lowtide state, format {FORMAT}"));
}

#[test]
fn the_schema_refuses_what_is_none() {
    let schema = schema();
    let mut walk = Walk { schema: &schema, met: BTreeSet::new(), mistakes: Vec::new() };
    walk.check(&serde_json::json!({"format": 99, "serial": "7", "records": [{"status": "well"}]}), "state", &schema);
    assert_eq!(walk.mistakes.len(), 5, "{:?}", walk.mistakes);
}
