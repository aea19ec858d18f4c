//! Functions that turn a value into one of another type.

use lowtide_model::{Content, Planned, Type};

use super::{Arguments, Body, Complaint, Function, Outcome, Wanted, nullable, row};

const VALUE: super::Parameter = nullable("value", Wanted::Any);

pub(super) const TABLE: &[Function] = &[
    row("tostring", &[VALUE], Wanted::Text, "Returns a number or truth value as text.", Body::Marked(|given| plain(given, &Type::String))),
    row(
        "tonumber",
        &[VALUE],
        Wanted::Number,
        "Returns a text as the number that is written in it.",
        Body::Marked(|given| plain(given, &Type::Number)),
    ),
    row(
        "tobool",
        &[VALUE],
        Wanted::Bool,
        "Returns the text \"true\" or \"false\" as a truth value.",
        Body::Marked(|given| plain(given, &Type::Bool)),
    ),
    row("tolist", &[VALUE], Wanted::List, "Returns a set as a list, in the order of its values.", Body::Marked(to_list)),
    row("toset", &[VALUE], Wanted::Set, "Returns a list as a set: without order, and each value once.", Body::Marked(to_set)),
    row("tomap", &[VALUE], Wanted::Map, "Returns an object as a map.", Body::Marked(to_map)),
    row(
        "type",
        &[VALUE],
        Wanted::Text,
        "Returns the type of a value in words.",
        Body::Known(|given| Ok(Planned::text(given.any(0)?.ty().to_string()))),
    ),
];

fn plain(given: &Arguments<'_>, ty: &Type) -> Outcome {
    converted(given.any(0)?.clone(), ty)
}

fn converted(value: Planned, ty: &Type) -> Outcome {
    ty.convert(value).map_err(|mismatch| Complaint::about(0, mismatch.to_string()))
}

fn to_list(given: &Arguments<'_>) -> Outcome {
    let value = given.any(0)?;
    match &value.content {
        // The order of a set is that of its values, all of them.
        Content::Set(_) if !value.is_wholly_known() => {
            Ok(Planned::unknown(Type::List(Box::new(Type::Any))).marked(value.holds_sensitive()))
        }
        Content::Set(elements) | Content::List(elements) => Ok(Planned::list(alike(elements)).marked(value.sensitive)),
        Content::Unknown(unknown) => {
            let of = element(&unknown.ty);
            converted(value.clone(), &Type::List(Box::new(of)))
        }
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::String(_) | Content::Map(_) | Content::Object(_) => {
            converted(value.clone(), &Type::List(Box::new(Type::Any)))
        }
    }
}

fn to_set(given: &Arguments<'_>) -> Outcome {
    let value = given.any(0)?;
    match &value.content {
        Content::Set(elements) | Content::List(elements) => Ok(set(alike(elements)).marked(value.sensitive)),
        Content::Unknown(unknown) => {
            let of = element(&unknown.ty);
            converted(value.clone(), &Type::Set(Box::new(of)))
        }
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::String(_) | Content::Map(_) | Content::Object(_) => {
            converted(value.clone(), &Type::Set(Box::new(Type::Any)))
        }
    }
}

fn to_map(given: &Arguments<'_>) -> Outcome {
    let value = given.any(0)?;
    match &value.content {
        Content::Map(members) | Content::Object(members) => {
            let values: Vec<_> = members.values().cloned().collect();
            let members = members.keys().cloned().zip(alike(&values)).collect();
            Ok(Planned::from(Content::Map(members)).marked(value.sensitive))
        }
        Content::Null
        | Content::Unknown(_)
        | Content::Bool(_)
        | Content::Number(_)
        | Content::String(_)
        | Content::List(_)
        | Content::Set(_) => converted(value.clone(), &Type::Map(Box::new(Type::Any))),
    }
}

fn element(ty: &Type) -> Type {
    match ty {
        Type::List(of) | Type::Set(of) => (**of).clone(),
        Type::Any | Type::Bool | Type::Number | Type::String | Type::Map(_) | Type::Object(_) | Type::Tuple(_) => Type::Any,
    }
}

/// Returns elements as values of one type: where texts stand among numbers and truth values, all become text.
///
/// Whether a text stands among them can't be told while something of any type is unknown; then the others are unknown too.
pub(super) fn alike(elements: &[Planned]) -> Vec<Planned> {
    let open = |value: &Planned| value.is_unknown() && value.ty() == Type::Any;
    let scalar = |value: &Planned| value.is_null() || open(value) || matches!(value.ty(), Type::Bool | Type::Number | Type::String);
    if !elements.iter().all(scalar) {
        return elements.to_vec();
    }
    let text = |value: &Planned| matches!(value.ty(), Type::String);
    let (texts, opens) = (elements.iter().any(text), elements.iter().any(open));
    let convert = |value: &Planned| {
        if value.is_null() || open(value) || text(value) || !(texts || opens) {
            value.clone()
        } else if texts {
            Type::String.convert(value.clone()).unwrap_or_else(|_| value.clone())
        } else {
            Planned::unknown(Type::Any).marked(value.sensitive)
        }
    };
    elements.iter().map(convert).collect()
}

/// Returns a set. Marks of elements move to the whole: which of two equal elements was the sensitive one is gone.
pub(super) fn set(elements: Vec<Planned>) -> Planned {
    let sensitive = elements.iter().any(|element| element.sensitive);
    let bare = elements.into_iter().map(|element| Planned { content: element.content, sensitive: false });
    Planned::set(bare).marked(sensitive)
}
