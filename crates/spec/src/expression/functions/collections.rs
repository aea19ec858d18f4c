//! Functions over whole collections: how many, which, put together, taken apart.

use std::collections::BTreeMap;

use lowtide_model::{Content, Planned, Type};

use super::{Arguments, Body, Complaint, Function, Outcome, Wanted, elements::unknown_list, nullable, parameter, row, variadic};
use crate::expression::size::of_text;

const LIST: super::Parameter = parameter("list", Wanted::List);

pub(super) const TABLE: &[Function] = &[
    row(
        "length",
        &[parameter("value", Wanted::Any)],
        Wanted::Number,
        "Returns how many elements a collection has, or letters a text.",
        Body::Glance(length),
    ),
    row("keys", &[parameter("map", Wanted::Map)], Wanted::Texts, "Returns the keys of a map, sorted.", Body::Glance(keys)),
    row(
        "values",
        &[parameter("map", Wanted::Map)],
        Wanted::List,
        "Returns the values of a map, in the order of their keys.",
        Body::Marked(values),
    ),
    variadic(
        "merge",
        &[],
        nullable("maps", Wanted::Map),
        Wanted::Map,
        "Returns maps put together; where two have the same key, the later counts.",
        Body::Marked(merge),
    ),
    variadic("concat", &[], LIST, Wanted::List, "Returns lists put one after the other.", Body::Marked(concat)),
    row(
        "flatten",
        &[LIST],
        Wanted::List,
        "Returns a list with the elements of the lists in it instead of these lists.",
        Body::Marked(flatten),
    ),
    row(
        "zipmap",
        &[parameter("keys", Wanted::Texts), parameter("values", Wanted::List)],
        Wanted::Map,
        "Returns a map of keys from one list and values from another.",
        Body::Marked(zipmap),
    ),
    row(
        "chunklist",
        &[LIST, parameter("size", Wanted::Number)],
        Wanted::List,
        "Returns a list cut into lists of a size; zero leaves it in one.",
        Body::Known(chunks),
    ),
    row(
        "transpose",
        &[parameter("map", Wanted::Map)],
        Wanted::Map,
        "Returns a map of lists of texts with keys and texts exchanged.",
        Body::Known(transpose),
    ),
];

fn number(value: usize) -> Planned {
    Content::Number(value.into()).into()
}

fn length(given: &Arguments<'_>) -> Outcome {
    let value = given.any(0)?;
    let unknown = || Planned::unknown(Type::Number).marked(value.holds_sensitive());
    Ok(match &value.content {
        Content::String(text) => number(text.chars().count()),
        // Two elements may turn out to be one.
        Content::Set(_) if !value.is_wholly_known() => unknown(),
        Content::List(all) | Content::Set(all) => number(all.len()),
        Content::Map(all) | Content::Object(all) => number(all.len()),
        Content::Unknown(of) if !matches!(of.ty, Type::Bool | Type::Number) => unknown(),
        Content::Unknown(_) | Content::Null | Content::Bool(_) | Content::Number(_) => {
            return Err(Complaint::about(0, "a collection or a string is wanted"));
        }
    }
    .marked(value.sensitive))
}

fn keys(given: &Arguments<'_>) -> Outcome {
    let map = given.any(0)?;
    let keys = |all: &BTreeMap<String, Planned>| Planned::list(all.keys().map(Planned::text));
    Ok(map.as_members().map_or_else(|| Planned::unknown(Wanted::Texts.ty()), keys).marked(map.sensitive))
}

fn values(given: &Arguments<'_>) -> Outcome {
    let map = given.any(0)?;
    let values = |all: &BTreeMap<String, Planned>| Planned::list(all.values().cloned());
    Ok(map.as_members().map_or_else(unknown_list, values).marked(map.sensitive))
}

fn merge(given: &Arguments<'_>) -> Outcome {
    if given.all().any(Planned::is_unknown) {
        return Ok(Planned::unknown(Wanted::Map.ty()).marked(given.sensitive()));
    }
    let mut merged = BTreeMap::new();
    for map in given.all() {
        let members = map.as_members().into_iter().flatten();
        merged.extend(members.map(|(name, member)| (name.clone(), member.clone())));
    }
    let maps = given.len() > 0 && given.all().all(|map| matches!(map.content, Content::Map(_) | Content::Null));
    let content = if maps { Content::Map(merged) } else { Content::Object(merged) };
    Ok(Planned { content, sensitive: given.all().any(|map| map.sensitive) })
}

fn concat(given: &Arguments<'_>) -> Outcome {
    if given.all().any(Planned::is_unknown) {
        return Ok(unknown_list().marked(given.sensitive()));
    }
    let elements = given.all().filter_map(Planned::as_elements).flatten().cloned();
    Ok(Planned::list(elements).marked(given.all().any(|list| list.sensitive)))
}

fn flatten(given: &Arguments<'_>) -> Outcome {
    let list = given.any(0)?;
    let mut flat = Vec::new();
    let mut sensitive = false;
    Ok(match spread(list, &mut flat, &mut sensitive) {
        true => Planned::list(flat).marked(sensitive),
        false => unknown_list().marked(list.holds_sensitive()),
    })
}

/// Adds the elements of a list and of the lists in it; tells whether all of them are there.
fn spread(value: &Planned, flat: &mut Vec<Planned>, sensitive: &mut bool) -> bool {
    let elements = match &value.content {
        Content::Set(_) if !value.is_settled() => return false,
        Content::List(elements) | Content::Set(elements) => elements,
        Content::Unknown(_)
        | Content::Null
        | Content::Bool(_)
        | Content::Number(_)
        | Content::String(_)
        | Content::Map(_)
        | Content::Object(_) => {
            // What is unknown may turn out to be a list, unless its type says otherwise.
            let settled = match &value.content {
                Content::Unknown(of) => !matches!(of.ty, Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_)),
                _ => true,
            };
            flat.push(value.clone());
            return settled;
        }
    };
    *sensitive |= value.sensitive;
    elements.iter().all(|element| spread(element, flat, sensitive))
}

fn zipmap(given: &Arguments<'_>) -> Outcome {
    let (keys, values) = (given.any(0)?, given.any(1)?);
    if !keys.is_wholly_known() || values.is_unknown() {
        return Ok(Planned::unknown(Wanted::Map.ty()).marked(given.sensitive()));
    }
    let (names, elements) = (given.texts(0)?, given.elements(1)?);
    if names.len() != elements.len() {
        return Err(Complaint::about(1, "as many values as keys are wanted"));
    }
    let members = names.into_iter().map(str::to_owned).zip(elements.iter().cloned());
    Ok(Planned::object(members).marked(keys.holds_sensitive() || values.sensitive))
}

fn chunks(given: &Arguments<'_>) -> Outcome {
    let (elements, size) = (given.elements(0)?, given.size(1)?);
    let size = if size == 0 { elements.len().max(1) } else { size };
    Ok(Planned::list(elements.chunks(size).map(|chunk| Planned::list(chunk.iter().cloned()))))
}

fn transpose(given: &Arguments<'_>) -> Outcome {
    let mut transposed: BTreeMap<String, Vec<Planned>> = BTreeMap::new();
    for (key, texts) in given.members(0)? {
        let texts = texts.as_elements().ok_or(Complaint::about(0, "a map of lists of strings is wanted"))?;
        given.spend(of_text(key).saturating_mul(texts.len() as u64))?;
        for text in texts {
            let text = text.as_str().ok_or(Complaint::about(0, "a map of lists of strings is wanted"))?;
            transposed.entry(text.to_owned()).or_default().push(Planned::text(key));
        }
    }
    Ok(Content::Map(transposed.into_iter().map(|(text, keys)| (text, Planned::list(keys))).collect()).into())
}
