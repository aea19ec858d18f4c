//! Functions about marks and mistakes: `sensitive`, `try` and their like.

use lowtide_model::{Content, Planned};

use super::{Arguments, Body, Function, Outcome, Wanted, nullable, row, variadic};

pub(super) const TABLE: &[Function] = &[
    row(
        "sensitive",
        &[nullable("value", Wanted::Any)],
        Wanted::Any,
        "Marks a value sensitive: it is never shown, nor is what is made of it.",
        Body::Marked(sensitive),
    ),
    row(
        "nonsensitive",
        &[nullable("value", Wanted::Any)],
        Wanted::Any,
        "Takes the sensitive mark off a value. Only for what gives no secret away.",
        Body::Marked(nonsensitive),
    ),
    row(
        "issensitive",
        &[nullable("value", Wanted::Any)],
        Wanted::Bool,
        "Tells whether a value is marked sensitive.",
        Body::Marked(issensitive),
    ),
    row(
        "can",
        &[nullable("expression", Wanted::Any)],
        Wanted::Bool,
        "Tells whether an expression can be evaluated without a mistake.",
        Body::Can,
    ),
    variadic(
        "try",
        &[nullable("expression", Wanted::Any)],
        nullable("expressions", Wanted::Any),
        Wanted::Any,
        "Returns the first of its arguments that can be evaluated without a mistake.",
        Body::Try,
    ),
];

fn sensitive(arguments: &Arguments<'_>) -> Outcome {
    Ok(arguments.any(0)?.clone().marked(true))
}

fn nonsensitive(arguments: &Arguments<'_>) -> Outcome {
    Ok(Planned { content: arguments.any(0)?.content.clone(), sensitive: false })
}

fn issensitive(arguments: &Arguments<'_>) -> Outcome {
    Ok(Content::Bool(arguments.any(0)?.sensitive).into())
}
