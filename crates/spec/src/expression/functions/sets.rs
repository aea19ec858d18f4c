//! Functions over sets, and over truth values together.

use lowtide_model::{Content, Planned, Type, Value};

use super::{Arguments, Body, Complaint, Function, Outcome, Wanted, conversion::set, parameter, row, variadic};
use crate::expression::{limits::ELEMENT_LIMIT, size::weight};

const SET: super::Parameter = parameter("first", Wanted::Set);
const SETS: super::Parameter = parameter("sets", Wanted::Set);

pub(super) const TABLE: &[Function] = &[
    variadic("setunion", &[SET], SETS, Wanted::Set, "Returns what is in any of its sets.", Body::Known(union)),
    variadic("setintersection", &[SET], SETS, Wanted::Set, "Returns what is in all of its sets.", Body::Known(intersection)),
    row("setsubtract", &[SET, SETS], Wanted::Set, "Returns what is in the first set and not in the second.", Body::Known(subtract)),
    variadic(
        "setproduct",
        &[],
        parameter("sets", Wanted::Any),
        Wanted::Any,
        "Returns every combination of one element of each of its sets or lists.",
        Body::Known(product),
    ),
    row(
        "alltrue",
        &[parameter("list", Wanted::Bools)],
        Wanted::Bool,
        "Tells whether every element is true; of an empty list, that is so.",
        Body::Marked(|given| decided(given, false)),
    ),
    row(
        "anytrue",
        &[parameter("list", Wanted::Bools)],
        Wanted::Bool,
        "Tells whether any element is true.",
        Body::Marked(|given| decided(given, true)),
    ),
];

fn union(given: &Arguments<'_>) -> Outcome {
    Ok(set(given.all().filter_map(Planned::as_elements).flatten().cloned().collect()))
}

fn known(list: &[Planned]) -> std::collections::BTreeSet<Option<Value>> {
    list.iter().map(Planned::known).collect()
}

fn intersection(given: &Arguments<'_>) -> Outcome {
    let others: Vec<_> = given.from(1).filter_map(Planned::as_elements).map(known).collect();
    let everywhere = |element: &&Planned| others.iter().all(|other| other.contains(&element.known()));
    Ok(set(given.elements(0)?.iter().filter(everywhere).cloned().collect()))
}

fn subtract(given: &Arguments<'_>) -> Outcome {
    let taken = known(given.elements(1)?);
    Ok(set(given.elements(0)?.iter().filter(|element| !taken.contains(&element.known())).cloned().collect()))
}

fn product(given: &Arguments<'_>) -> Outcome {
    if given.len() < 2 {
        return Err(Complaint::new("at least two sets or lists are wanted"));
    }
    let lists = (0..given.len()).map(|at| given.elements(at)).collect::<Result<Vec<_>, _>>()?;
    let combinations = lists.iter().try_fold(1_usize, |count, list| count.checked_mul(list.len()));
    if combinations.and_then(|count| count.checked_mul(lists.len())).is_none_or(|count| count > ELEMENT_LIMIT) {
        return Err(Complaint::new("there are too many combinations"));
    }
    // Each element of a list stands in as many combinations as the other lists make.
    let copies = |list: &[Planned]| combinations.unwrap_or(0) as u64 / (list.len() as u64).max(1);
    given.spend(lists.iter().map(|list| list.iter().map(weight).sum::<u64>().saturating_mul(copies(list))).fold(0, u64::saturating_add))?;
    let mut all: Vec<Vec<Planned>> = vec![Vec::new()];
    for list in lists {
        let longer = |start: &Vec<Planned>| -> Vec<Vec<Planned>> {
            list.iter().map(|element| start.iter().chain([element]).cloned().collect()).collect()
        };
        all = all.iter().flat_map(longer).collect();
    }
    let sets = given.all().all(|argument| matches!(argument.content, Content::Set(_)));
    let combined: Vec<Planned> = all.into_iter().map(Planned::list).collect();
    Ok(if sets { set(combined) } else { Planned::list(combined) })
}

/// Tells whether an element decides alone, or all of them together.
fn decided(given: &Arguments<'_>, deciding: bool) -> Outcome {
    let unknown = Planned::unknown(Type::Bool).content;
    let content = match given.any(0)?.as_elements() {
        None => unknown,
        Some(elements) => {
            // Null counts as false.
            let decides = |element: &Planned| element.as_bool() == Some(deciding) || (element.is_null() && !deciding);
            let open = elements.iter().any(Planned::is_unknown);
            if elements.iter().any(decides) {
                Content::Bool(deciding)
            } else if open {
                unknown
            } else {
                Content::Bool(!deciding)
            }
        }
    };
    Ok(Planned { content, sensitive: given.sensitive() })
}
