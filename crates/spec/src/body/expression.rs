//! The attributes of a kind as expressions see them: JSON as text, a single block as a list of one, absent attributes as null.

use std::collections::BTreeMap;

use lowtide_model::{Attribute, Content, Description, Planned, PlannedObject, Shape, Unknown};

/// Returns the object that `KIND.NAME` stands for in expressions, inputs and outputs alike.
pub fn to_expression(description: &Description, object: &PlannedObject) -> Planned {
    Content::Object(members(description.inputs.iter().chain(description.outputs), &object.0)).into()
}

fn members<'a>(rows: impl Iterator<Item = &'a Attribute>, object: &BTreeMap<String, Planned>) -> BTreeMap<String, Planned> {
    let member = |row: &Attribute| {
        let value = object.get(row.name).filter(|value| !value.is_null());
        let shown = value.map_or_else(|| absent(&row.shape), |value| shown(&row.shape, value));
        (row.name.to_owned(), shown.marked(row.secret))
    };
    rows.map(member).collect()
}

/// Blocks that are not there are none, attributes that are not there are null.
fn absent(shape: &Shape) -> Planned {
    match shape {
        Shape::Block(_) | Shape::List(Shape::Block(_)) => Planned::list([]),
        Shape::Set(Shape::Block(_)) => Planned::set([]),
        Shape::Any
        | Shape::Bool
        | Shape::Int
        | Shape::Number
        | Shape::String
        | Shape::Arn
        | Shape::Cidr
        | Shape::Policy
        | Shape::Json
        | Shape::FilledJson
        | Shape::List(_)
        | Shape::Set(_)
        | Shape::Map(_) => Planned::NULL,
    }
}

fn shown(shape: &Shape, value: &Planned) -> Planned {
    if value.is_unknown() {
        return unknown(shape, value);
    }
    let sensitive = value.sensitive;
    match (shape, &value.content) {
        (Shape::Policy | Shape::Json | Shape::FilledJson, Content::String(_)) => value.clone(),
        (Shape::Policy | Shape::Json | Shape::FilledJson, _) => value.to_json_text(),
        (Shape::Block(rows), Content::Map(all) | Content::Object(all)) => {
            Planned::list([Content::Object(members(rows.iter(), all)).into()]).marked(sensitive)
        }
        (Shape::List(of), Content::List(all) | Content::Set(all)) => {
            Planned::list(all.iter().map(|one| element(of, one))).marked(sensitive)
        }
        (Shape::Set(of), Content::List(all) | Content::Set(all)) => Planned::set(all.iter().map(|one| element(of, one))).marked(sensitive),
        (Shape::Map(of), Content::Map(all) | Content::Object(all)) => {
            let all = all.iter().map(|(name, one)| (name.clone(), element(of, one))).collect();
            Planned::from(Content::Map(all)).marked(sensitive)
        }
        _ => value.clone(),
    }
}

/// Returns an element of a collection; there a block is an object, not a list of one.
fn element(shape: &Shape, value: &Planned) -> Planned {
    match (shape, &value.content) {
        (Shape::Block(rows), Content::Map(all) | Content::Object(all)) => {
            Planned::from(Content::Object(members(rows.iter(), all))).marked(value.sensitive)
        }
        _ => shown(shape, value),
    }
}

/// Gives an unknown value the type of its shape, so that expressions can go on with it.
fn unknown(shape: &Shape, value: &Planned) -> Planned {
    let Content::Unknown(unknown) = &value.content else { return value.clone() };
    Planned::from(Unknown { ty: shape.ty(), ..(**unknown).clone() }).marked(value.sensitive)
}
