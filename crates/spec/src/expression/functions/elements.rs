//! Functions that pick elements of a collection, or order them.

use lowtide_model::{Content, Planned, Type};

use super::{Arguments, Body, Complaint, Function, Outcome, Wanted, conversion::alike, nullable, parameter, row, variadic};
use crate::expression::evaluate::{same, unified};

const LIST: super::Parameter = parameter("list", Wanted::List);

pub(super) const TABLE: &[Function] = &[
    variadic(
        "lookup",
        &[parameter("map", Wanted::Map), parameter("key", Wanted::Text)],
        nullable("default", Wanted::Any),
        Wanted::Any,
        "Returns the element of a map with a key, or the default where there is none.",
        Body::Glance(lookup),
    ),
    row(
        "element",
        &[LIST, parameter("index", Wanted::Number)],
        Wanted::Any,
        "Returns the element of a list at an index, starting again from the first after the last.",
        Body::Glance(element),
    ),
    row(
        "contains",
        &[LIST, nullable("value", Wanted::Any)],
        Wanted::Bool,
        "Tells whether a list or set holds a value.",
        Body::Marked(contains),
    ),
    row(
        "index",
        &[LIST, nullable("value", Wanted::Any)],
        Wanted::Number,
        "Returns where in a list a value stands first.",
        Body::Known(index),
    ),
    row("distinct", &[LIST], Wanted::List, "Returns a list with every value only where it stands first.", Body::Known(distinct)),
    row(
        "slice",
        &[LIST, parameter("start", Wanted::Number), parameter("end", Wanted::Number)],
        Wanted::List,
        "Returns the elements of a list from one index up to, but without, another.",
        Body::Marked(slice),
    ),
    row("reverse", &[LIST], Wanted::List, "Returns the elements of a list in reverse order.", Body::Marked(reverse)),
    row("sort", &[parameter("list", Wanted::Texts)], Wanted::Texts, "Returns texts in alphabetical order.", Body::Known(sort)),
    row(
        "compact",
        &[parameter("list", Wanted::Texts)],
        Wanted::Texts,
        "Returns a list of texts without those that are empty or null.",
        Body::Known(compact),
    ),
    row(
        "one",
        &[parameter("list", Wanted::Any)],
        Wanted::Any,
        "Returns the only element of a collection, or null when it is empty.",
        Body::Glance(one),
    ),
    variadic(
        "coalesce",
        &[],
        nullable("values", Wanted::Any),
        Wanted::Any,
        "Returns the first of its arguments that is neither null nor an empty text.",
        Body::Marked(coalesce),
    ),
    variadic(
        "coalescelist",
        &[],
        nullable("lists", Wanted::Any),
        Wanted::List,
        "Returns the first of its arguments that is not an empty list.",
        Body::Marked(coalesce_list),
    ),
];

/// A list that is known after apply.
pub(super) fn unknown_list() -> Planned {
    Planned::unknown(Wanted::List.ty())
}

fn lookup(given: &Arguments<'_>) -> Outcome {
    let (map, key) = (given.any(0)?, given.any(1)?);
    if given.len() > 3 {
        return Err(Complaint::new("a map, a key and one default are wanted"));
    }
    let (Some(members), Some(name)) = (map.as_members(), key.as_str()) else {
        let ty = match &map.content {
            Content::Unknown(unknown) => match &unknown.ty {
                Type::Map(of) if given.len() == 2 || given.any(2)?.ty() == **of => (**of).clone(),
                _ => Type::Any,
            },
            _ => unified(map.children().chain(given.from(2)).collect::<Vec<_>>().into_iter()),
        };
        return Ok(Planned::unknown(ty).marked(given.sensitive()));
    };
    let found = members.get(name).or_else(|| given.from(2).next());
    let found = found.ok_or_else(|| Complaint::about(1, format!("the map has no element {name:?}, and no default is given")))?;
    Ok(found.clone().marked(map.sensitive || key.sensitive))
}

fn element(given: &Arguments<'_>) -> Outcome {
    let (list, index) = (given.any(0)?, given.any(1)?);
    let Some(elements) = list.as_elements() else {
        let ty = match &list.content {
            Content::Unknown(unknown) => match &unknown.ty {
                Type::List(of) | Type::Set(of) => (**of).clone(),
                _ => Type::Any,
            },
            _ => Type::Any,
        };
        return Ok(Planned::unknown(ty).marked(given.sensitive()));
    };
    if elements.is_empty() {
        return Err(Complaint::about(0, "it is empty, so it has no element"));
    }
    if index.is_unknown() {
        return Ok(Planned::unknown(unified(elements.iter())).marked(given.sensitive()));
    }
    let length = i64::try_from(elements.len()).unwrap_or(i64::MAX);
    let position = usize::try_from(given.integer(1)?.rem_euclid(length)).unwrap_or(0);
    Ok(elements.get(position).cloned().unwrap_or_default().marked(list.sensitive || index.sensitive))
}

fn contains(given: &Arguments<'_>) -> Outcome {
    let (list, value) = (given.any(0)?, given.any(1)?);
    let unknown = Planned::unknown(Type::Bool);
    let verdict = list.as_elements().map(|elements| elements.iter().map(|element| same(element, value)));
    let content = match verdict {
        Some(mut all) => {
            let (mut found, mut open) = (false, false);
            all.by_ref().for_each(|same| {
                found |= same == Some(true);
                open |= same.is_none();
            });
            if found || !open { Content::Bool(found) } else { unknown.content }
        }
        None => unknown.content,
    };
    Ok(Planned { content, sensitive: given.sensitive() })
}

fn index(given: &Arguments<'_>) -> Outcome {
    let value = given.any(1)?;
    let found = given.elements(0)?.iter().position(|element| same(element, value) == Some(true));
    let found = found.ok_or(Complaint::about(1, "the list does not hold it"))?;
    Ok(Content::Number(found.into()).into())
}

fn distinct(given: &Arguments<'_>) -> Outcome {
    let mut seen = std::collections::BTreeSet::new();
    let bare = |value: &Planned| value.known();
    Ok(Planned::list(given.elements(0)?.iter().filter(|element| seen.insert(bare(element))).cloned()))
}

fn slice(given: &Arguments<'_>) -> Outcome {
    if given.all().any(Planned::is_unknown) {
        return Ok(unknown_list().marked(given.sensitive()));
    }
    let (elements, start, end) = (given.elements(0)?, given.size(1)?, given.size(2)?);
    let part = elements.get(start..end).ok_or_else(|| {
        if start > end {
            Complaint::about(1, "the start comes after the end")
        } else {
            Complaint::about(2, format!("the list has only {} elements", elements.len()))
        }
    })?;
    Ok(Planned::list(part.iter().cloned()).marked(given.all().any(|argument| argument.sensitive)))
}

fn reverse(given: &Arguments<'_>) -> Outcome {
    let list = given.any(0)?;
    let reversed = list.as_elements().map(|elements| Planned::list(elements.iter().rev().cloned()));
    Ok(reversed.unwrap_or_else(unknown_list).marked(list.sensitive))
}

fn sort(given: &Arguments<'_>) -> Outcome {
    let mut texts = given.texts(0)?;
    texts.sort_unstable();
    Ok(Planned::list(texts.into_iter().map(Planned::text)))
}

fn compact(given: &Arguments<'_>) -> Outcome {
    let texts = given.elements(0)?.iter().filter(|element| element.as_str().is_some_and(|text| !text.is_empty()));
    Ok(Planned::list(texts.cloned()))
}

fn one(given: &Arguments<'_>) -> Outcome {
    let value = given.any(0)?;
    match &value.content {
        Content::List(elements) | Content::Set(elements) => match elements.as_slice() {
            [] => Ok(Planned::NULL.marked(value.sensitive)),
            [only] => Ok(only.clone().marked(value.sensitive)),
            // They may turn out to be the same.
            _ if matches!(value.content, Content::Set(_)) && !value.is_wholly_known() => {
                Ok(Planned::unknown(unified(elements.iter())).marked(value.holds_sensitive()))
            }
            _ => Err(Complaint::about(0, "a collection of one element or none is wanted, and this has more")),
        },
        Content::Unknown(unknown) => match &unknown.ty {
            Type::List(of) | Type::Set(of) => Ok(Planned::unknown((**of).clone()).marked(value.sensitive)),
            Type::Any | Type::Tuple(_) => Ok(Planned::unknown(Type::Any).marked(value.sensitive)),
            Type::Bool | Type::Number | Type::String | Type::Map(_) | Type::Object(_) => {
                Err(Complaint::about(0, "a list or set is wanted"))
            }
        },
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::String(_) | Content::Map(_) | Content::Object(_) => {
            Err(Complaint::about(0, "a list or set is wanted"))
        }
    }
}

fn coalesce(given: &Arguments<'_>) -> Outcome {
    let all = alike(&given.all().cloned().collect::<Vec<_>>());
    let mut sensitive = false;
    for (number, value) in all.iter().enumerate() {
        match &value.content {
            Content::Null => {}
            Content::String(text) if text.is_empty() => {}
            // It may turn out to be null or empty, unless its start is known.
            Content::Unknown(unknown) if unknown.prefix.is_none() && number + 1 < all.len() => {
                let rest = all.get(number..).unwrap_or_default();
                let mark = sensitive || rest.iter().any(Planned::holds_sensitive);
                return Ok(Planned::unknown(unified(rest.iter())).marked(mark));
            }
            Content::Unknown(_)
            | Content::Bool(_)
            | Content::Number(_)
            | Content::String(_)
            | Content::List(_)
            | Content::Set(_)
            | Content::Map(_)
            | Content::Object(_) => return Ok(value.clone().marked(sensitive)),
        }
        sensitive |= value.sensitive;
    }
    Err(Complaint::new("every argument is null or an empty text"))
}

fn coalesce_list(given: &Arguments<'_>) -> Outcome {
    let mut sensitive = false;
    for (number, value) in given.all().enumerate() {
        match &value.content {
            Content::Null => {}
            Content::List(elements) | Content::Set(elements) if elements.is_empty() => {}
            Content::List(_) | Content::Set(_) => return Ok(value.clone().marked(sensitive)),
            Content::Unknown(_) => {
                let mark = sensitive || given.from(number).any(Planned::holds_sensitive);
                return Ok(unknown_list().marked(mark));
            }
            Content::Bool(_) | Content::Number(_) | Content::String(_) | Content::Map(_) | Content::Object(_) => {
                return Err(Complaint::about(number, "a list is wanted"));
            }
        }
        sensitive |= value.sensitive;
    }
    Err(Complaint::new("every argument is null or an empty list"))
}
