//! Addresses in JSON, and resources gathered by the modules they lie in.

use lowtide_model::{Address, Key};
use serde_json::{Map, Value as Json, json};

/// Returns the fields that say which resource it is.
pub fn identified(address: &Address) -> Map<String, Json> {
    let declared = &address.declared;
    let mut fields = Map::new();
    fields.insert("address".to_owned(), address.to_string().into());
    if !declared.module.is_empty() {
        fields.insert("module_address".to_owned(), module_address(address, declared.module.len()).into());
    }
    fields.insert("mode".to_owned(), if declared.data { "data" } else { "managed" }.into());
    fields.insert("type".to_owned(), declared.kind.as_ref().into());
    fields.insert("name".to_owned(), declared.name.as_ref().into());
    match &address.key {
        Some(Key::Index(index)) => drop(fields.insert("index".to_owned(), (*index).into())),
        Some(Key::Name(name)) => drop(fields.insert("index".to_owned(), name.as_ref().into())),
        None => {}
    }
    fields.insert("provider_name".to_owned(), provider(address.kind()).into());
    fields
}

/// Returns the Terraform provider of a kind.
pub fn provider(kind: &str) -> String {
    match kind.split('_').next().unwrap_or_default() {
        "terraform" => "terraform.io/builtin/terraform".to_owned(),
        prefix => format!("registry.terraform.io/hashicorp/{prefix}"),
    }
}

/// Returns the address of the outermost `depth` modules.
fn module_address(address: &Address, depth: usize) -> String {
    let segment = |(name, key): &(std::sync::Arc<str>, Option<Key>)| {
        format!("module.{name}{}", key.as_ref().map(ToString::to_string).unwrap_or_default())
    };
    address.declared.module.iter().take(depth).map(segment).collect::<Vec<_>>().join(".")
}

/// Returns resources as a module: its own, sorted by address, and those of the modules in it.
pub fn modules(mut all: Vec<(Address, Json)>) -> Json {
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    module(&all, 0)
}

fn module(all: &[(Address, Json)], depth: usize) -> Json {
    let mut object = Map::new();
    let own: Vec<_> = all.iter().filter(|(address, _)| address.declared.module.len() == depth).map(|(_, json)| json.clone()).collect();
    if !own.is_empty() {
        object.insert("resources".to_owned(), own.into());
    }
    let deeper: Vec<_> = all.iter().filter(|(address, _)| address.declared.module.len() > depth).cloned().collect();
    let children = deeper.chunk_by(|(a, _), (b, _)| a.declared.module[depth] == b.declared.module[depth]);
    let children: Vec<_> = children
        .map(|chunk| {
            let mut child = module(chunk, depth + 1);
            child["address"] = chunk.first().map(|(address, _)| module_address(address, depth + 1)).into();
            child
        })
        .collect();
    if !children.is_empty() {
        object.insert("child_modules".to_owned(), children.into());
    }
    json!(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_stand_in_their_modules() {
        let of = |text: &str| (text.parse::<Address>().expect("an address"), json!(text));
        let found = modules(vec![of("aws_vpc.a"), of("module.m[\"x\"].aws_vpc.b"), of("module.m[\"x\"].module.n.aws_vpc.c")]);
        let inner = json!({ "address": "module.m[\"x\"].module.n", "resources": ["module.m[\"x\"].module.n.aws_vpc.c"] });
        let middle = json!({ "address": "module.m[\"x\"]", "resources": ["module.m[\"x\"].aws_vpc.b"], "child_modules": [inner] });
        assert_eq!(found, json!({ "resources": ["aws_vpc.a"], "child_modules": [middle] }));
    }
}
