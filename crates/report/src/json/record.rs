//! What a record knows of its resource, as expressions see it: JSON is text, a block is a list of one, what is not set is null.

use std::collections::BTreeMap;

use lowtide_model::{Attribute, Content, Description, Planned, Shape, Type, Value};
use lowtide_state::Record;

/// Returns all attributes of a record; the sensitive ones are marked and hold nothing.
pub fn record_values(record: &Record, description: Option<&Description>) -> Planned {
    let mut all = BTreeMap::new();
    let known = record.inputs.iter().chain(record.seen.inputs.iter()).chain(record.seen.outputs.iter());
    for (name, value) in known {
        let row = description.and_then(|description| description.attribute(name));
        all.insert(name.clone(), row.map_or_else(|| Planned::from(value.clone()), |row| attribute(row, value)));
    }
    if let Some(description) = description {
        for row in description.inputs.iter().chain(description.outputs) {
            all.entry(row.name.to_owned()).or_insert(Planned::NULL);
        }
    }
    for name in record.digests.keys() {
        all.insert(name.clone(), hidden());
    }
    Planned::object(all)
}

/// Returns what stands for a value that only exists as a digest.
fn hidden() -> Planned {
    Planned::unknown(Type::Any).marked(true)
}

fn attribute(row: &Attribute, value: &Value) -> Planned {
    if row.secret && !value.is_null() { hidden() } else { shaped(&row.shape, value) }
}

fn shaped(shape: &Shape, value: &Value) -> Planned {
    match shape {
        _ if value.is_null() => Planned::NULL,
        Shape::Policy | Shape::Json | Shape::FilledJson => match value {
            Value::String(text) => Planned::text(text.clone()),
            other => Planned::text(other.to_json_text()),
        },
        Shape::Block(rows) => Planned::list([members(rows, value)]),
        Shape::List(of) => Content::List(elements(of, value)).into(),
        Shape::Set(of) => Planned::set(elements(of, value)),
        Shape::Map(of) => {
            let all = value.as_members().into_iter().flatten();
            Content::Map(all.map(|(name, value)| (name.clone(), shaped(of, value))).collect()).into()
        }
        Shape::Any | Shape::Bool | Shape::Int | Shape::Number | Shape::String | Shape::Arn | Shape::Cidr => value.clone().into(),
    }
}

fn elements(of: &Shape, value: &Value) -> Vec<Planned> {
    let all = value.elements().unwrap_or_default().into_iter();
    if let Shape::Block(rows) = of { all.map(|one| members(rows, one)).collect() } else { all.map(|one| shaped(of, one)).collect() }
}

/// Returns a block's members; what is not set is null.
fn members(rows: &[Attribute], value: &Value) -> Planned {
    let given = |row: &Attribute| value.as_members().and_then(|all| all.get(row.name)).unwrap_or(&Value::Null);
    Planned::object(rows.iter().map(|row| (row.name.to_owned(), attribute(row, given(row)))))
}
