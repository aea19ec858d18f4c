//! A spec as Terraform reads it: a spec is Terraform's JSON syntax written as TOML, so it converts mechanically.
//!
//! Three things differ. What Terraform takes as JSON text may be structure here: it becomes a call of `jsonencode`. Old blocks
//! are attributes to Terraform, all of whose members must be there. And what another stack publishes is read from that
//! stack's state.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

/// The attributes of each type, as the Terraform provider has them: name to type, blocks in brackets.
pub struct Schemas(Value);

impl Schemas {
    /// Reads `tests/reference/resource-schemas.json`.
    ///
    /// # Errors
    /// When the text is no JSON.
    pub fn parse(text: &str) -> Result<Self> {
        Ok(Self(serde_json::from_str(text).context("reading the schemas")?))
    }

    /// Returns the attributes of a type, by name, blocks in brackets.
    pub fn of(&self, kind: &str) -> &Value {
        &self.0["resources"][kind]
    }

    /// Returns whether Terraform takes an attribute of a type as text.
    fn is_text(&self, kind: &str, attribute: &str) -> bool {
        self.of(kind)[attribute].as_str().is_some_and(|ty| ty.starts_with("string"))
    }

    /// Returns what every element of an old block has, which is written as a type: `set(object({from_port=number, …}))`.
    fn members(&self, kind: &str, attribute: &str) -> impl Iterator<Item = &str> {
        let ty = self.of(kind)[attribute].as_str().unwrap_or_default();
        let inner = ty.split_once("({").and_then(|(_, rest)| rest.split_once("})")).map_or("", |(members, _)| members);
        inner.split(',').filter_map(|member| Some(member.split_once('=')?.0.trim()))
    }
}

/// Returns a spec in Terraform's JSON syntax. `required` names the stacks whose outputs it reads; the state of each lies in
/// the folder beside.
///
/// # Errors
/// When the spec is no TOML.
pub fn convert(spec: &str, schemas: &Schemas) -> Result<Value> {
    let mut whole: Map<String, Value> = toml::from_str(spec).context("reading the spec")?;
    let stack = whole.remove("stack").unwrap_or_default();
    if let Some(kinds) = whole.get_mut("resource").and_then(Value::as_object_mut) {
        for (kind, named) in kinds {
            let bodies = named.as_object_mut().into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut);
            bodies.flat_map(Map::iter_mut).for_each(|(name, value)| {
                if (value.is_object() || value.is_array()) && schemas.is_text(kind, name) {
                    *value = Value::String(format!("${{jsonencode({})}}", expression(value)));
                }
                for element in value.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
                    for member in schemas.members(kind, name) {
                        element.entry(member).or_insert(Value::Null);
                    }
                }
            });
        }
    }
    for required in stack["requires"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        rename(&mut whole, &format!("stack.{required}."), &format!("data.terraform_remote_state.{required}.outputs."));
        let state = json!({ "backend": "local", "config": { "path": format!("../{required}/terraform.tfstate") } });
        let data = whole.entry("data").or_insert_with(|| json!({}));
        data["terraform_remote_state"][required] = state;
    }
    whole.insert("terraform".to_owned(), json!({ "required_providers": { "aws": { "source": "hashicorp/aws" } } }));
    Ok(Value::Object(whole))
}

/// Replaces text in every string.
fn rename(whole: &mut Map<String, Value>, from: &str, to: &str) {
    fn walk(value: &mut Value, from: &str, to: &str) {
        match value {
            Value::String(text) => *text = text.replace(from, to),
            Value::Array(all) => all.iter_mut().for_each(|one| walk(one, from, to)),
            Value::Object(all) => all.values_mut().for_each(|one| walk(one, from, to)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    whole.values_mut().for_each(|value| walk(value, from, to));
}

/// Returns a value as an expression. Its strings are templates.
fn expression(value: &Value) -> String {
    match value {
        Value::String(text) => template(text),
        Value::Array(all) => format!("[{}]", all.iter().map(expression).collect::<Vec<_>>().join(", ")),
        Value::Object(all) => {
            let member = |(name, value): (&String, &Value)| format!("{} = {}", template(name), expression(value));
            format!("{{{}}}", all.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// Returns a template as an expression: one interpolation alone keeps its type.
fn template(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut rest = text;
    while let Some(at) = rest.find("${").filter(|at| !rest[..*at].ends_with('$')) {
        let end = at + 2 + closing(&rest[at + 2..]);
        if at == 0 && end == text.len() {
            return format!("({})", &text[2..end - 1]);
        }
        literal(&mut quoted, &rest[..at]);
        quoted.push_str(&rest[at..end]);
        rest = &rest[end..];
    }
    literal(&mut quoted, rest);
    quoted.push('"');
    quoted
}

fn literal(quoted: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                let _ = write!(quoted, "\\{letter}");
            }
            '\n' => quoted.push_str("\\n"),
            _ => quoted.push(letter),
        }
    }
}

/// Returns where an interpolation ends, its closing brace included.
fn closing(text: &str) -> usize {
    let (mut depth, mut in_text) = (1, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => in_text = !in_text,
            '{' if !in_text => depth += 1,
            '}' if !in_text => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: &str = r#"
        [stack]
        name = "runtime"
        requires = ["base"]
        [resource.aws_iam_role.it]
        name = "a"
        tags = { Team = "${stack.base.team}" }
        [resource.aws_iam_role.it.assume_role_policy]
        Statement = [{ Action = "say \"${stack.base.action}\" twice", Count = '${length("}")}' }]
    "#;

    #[test]
    fn all_members_of_an_old_block_are_there() {
        let schemas = Schemas::parse(r#"{"resources": {"aws_x": {"rule": "set(object({from_port=number, self=bool})) optional"}}}"#);
        let found = convert("[[resource.aws_x.it.rule]]\nfrom_port = 1", &schemas.expect("is JSON")).expect("is a spec");
        assert_eq!(found["resource"]["aws_x"]["it"]["rule"], json!([{ "from_port": 1, "self": null }]));
    }

    #[test]
    fn structure_becomes_text_and_outputs_come_from_states() {
        let schemas =
            Schemas::parse(r#"{"resources": {"aws_iam_role": {"assume_role_policy": "string required", "tags": "map(string) optional"}}}"#);
        let found = convert(SPEC, &schemas.expect("is JSON")).expect("is a spec");
        let role = &found["resource"]["aws_iam_role"]["it"];
        assert_eq!(role["tags"]["Team"], "${data.terraform_remote_state.base.outputs.team}");
        let policy = r##"${jsonencode({"Statement" = [{"Action" = "say \"${data.terraform_remote_state.base.outputs.action}\" twice", "Count" = (length("}"))}]})}"##;
        assert_eq!(role["assume_role_policy"], policy);
        assert_eq!(found["data"]["terraform_remote_state"]["base"]["config"]["path"], "../base/terraform.tfstate");
        assert_eq!(found.get("stack"), None);
    }
}
