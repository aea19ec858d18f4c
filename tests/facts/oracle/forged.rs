//! A state that nobody applied: what Terraform planned, with stand-ins for what AWS would have decided.
//!
//! A stand-in follows from type, name and attribute, so that one thing always stands for itself and never for another. Where
//! the configuration refers to another resource, the stand-in is that one's.

use serde_json::{Map, Value, json};

/// One resource as it was planned.
pub struct Planned<'a> {
    /// Its type.
    pub kind: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its configuration.
    pub given: &'a Value,
    /// What it becomes.
    pub after: &'a Value,
    /// Where that is not known.
    pub unknown: &'a Value,
    /// The types of its attributes.
    pub schema: &'a Value,
}

impl Planned<'_> {
    /// Returns what it would leave behind; `refer` tells an attribute of another resource.
    pub fn filled(&self, refer: &dyn Fn(&str, &str, &str) -> Option<Value>) -> Value {
        self.object(self.given, self.after, self.unknown, self.schema, refer)
    }

    /// Returns one attribute of what it would leave behind.
    pub fn attribute(&self, name: &str, refer: &dyn Fn(&str, &str, &str) -> Option<Value>) -> Value {
        self.value(name, &self.given[name], &self.after[name], &self.unknown[name], ty(self.schema, name), refer)
    }

    fn object(
        &self,
        given: &Value,
        known: &Value,
        unknown: &Value,
        schema: &Value,
        refer: &dyn Fn(&str, &str, &str) -> Option<Value>,
    ) -> Value {
        let mut all = known.as_object().cloned().unwrap_or_default();
        for (name, unknown) in unknown.as_object().into_iter().flatten() {
            let filled = self.value(name, &given[name], &known[name], unknown, ty(schema, name), refer);
            all.insert(name.clone(), filled);
        }
        Value::Object(all)
    }

    fn value(
        &self,
        name: &str,
        given: &Value,
        known: &Value,
        unknown: &Value,
        ty: &Value,
        refer: &dyn Fn(&str, &str, &str) -> Option<Value>,
    ) -> Value {
        match (unknown, given) {
            (Value::Bool(true), Value::Array(elements)) => {
                elements.iter().map(|given| self.value(name, given, known, unknown, &inner(ty), refer)).collect()
            }
            (Value::Bool(true), _) => referred(given, refer).unwrap_or_else(|| self.stand_in(ty, name)),
            (Value::Object(_), _) => self.object(given, known, unknown, if ty.is_object() { ty } else { &Value::Null }, refer),
            (Value::Array(elements), _) => {
                // A single block is an object in the configuration and a list of one in the plan.
                let given = |at: usize| if given.is_object() && at == 0 { given } else { &given[at] };
                let element = |(at, unknown)| self.value(name, given(at), &known[at], unknown, &inner(ty), refer);
                elements.iter().enumerate().map(element).collect()
            }
            (Value::Null | Value::Bool(false) | Value::Number(_) | Value::String(_), _) => known.clone(),
        }
    }

    /// Returns a value of the right type, such as AWS could have decided.
    fn stand_in(&self, ty: &Value, name: &str) -> Value {
        // Blocks have attributes; what has no type of its own is text within a written one: `set(object({name=string}))`.
        let words = ty.as_str().unwrap_or(if ty.is_object() { "list" } else { "string" });
        match words.split([' ', '(', ')']).next() {
            Some("number") => json!(0),
            Some("bool") => json!(false),
            Some("map" | "object") => json!({}),
            Some("list" | "set") => json!([]),
            _ if name == "arn" || name.ends_with("_arn") => {
                json!(format!("arn:aws:oracle:us-west-2:123456789012:{}/{}", self.kind, self.name))
            }
            _ if name == "ipv6_cidr_block" => json!("2600:1f14:0:4400::/56"),
            _ if name == "resource_record_type" => json!("CNAME"),
            // What a user could have given has rules that a stand-in does not know.
            _ if words.contains("optional") && name != "id" => Value::Null,
            _ => json!(format!("{}.{}.{name}", self.kind, self.name)),
        }
    }
}

/// Returns the type of an attribute; the attributes of a block.
fn ty<'a>(schema: &'a Value, name: &str) -> &'a Value {
    schema.get(name).or_else(|| schema.get(format!("[{name}]"))).unwrap_or(&Value::Null)
}

/// Returns the type of what is in a collection: `string` of `set(string) optional`.
fn inner(ty: &Value) -> Value {
    match ty.as_str() {
        Some(words) => json!(words.split_once('(').map_or("string", |(_, inner)| inner.split(')').next().unwrap_or_default())),
        None => ty.clone(),
    }
}

/// Returns what a plain reference means: `${aws_vpc.main.id}`.
fn referred(given: &Value, refer: &dyn Fn(&str, &str, &str) -> Option<Value>) -> Option<Value> {
    let mut parts = given.as_str()?.strip_prefix("${")?.strip_suffix('}')?.split('.');
    let (kind, name, attribute) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then(|| refer(kind, name, attribute)).flatten()
}

/// Returns a state of resources: module, type, name, attributes, version of their schema.
pub fn state<'a>(resources: impl Iterator<Item = (&'a str, &'a str, &'a str, &'a Value, &'a Value)>) -> Value {
    let resource = |(module, kind, name, attributes, version): (&str, &str, &str, &Value, &Value)| {
        json!({
            "module": format!("module.{module}"), "mode": "managed", "type": kind, "name": name,
            "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "instances": [{ "schema_version": version, "attributes": attributes }],
        })
    };
    let resources: Vec<_> = resources.map(resource).collect();
    let mut state = Map::from_iter([("version".to_owned(), json!(4)), ("serial".to_owned(), json!(1))]);
    state.extend([("terraform_version", "1.5.0"), ("lineage", "oracle")].map(|(name, value)| (name.to_owned(), json!(value))));
    state.extend([("outputs".to_owned(), json!({})), ("resources".to_owned(), json!(resources))]);
    Value::Object(state)
}
