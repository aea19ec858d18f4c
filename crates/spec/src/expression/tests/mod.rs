//! Tests of the language as a whole; the small pieces are tested beside their code.
//!
//! `world` is the scope most of them run in. A row of a table is a text and what it yields, as [`shown`] writes it.

mod depth;
mod forms;
mod functions;
mod laws;
mod limits;
mod marks;
mod mistakes;
mod references;
mod templates;
mod world;

use lowtide_diagnostic::{Diagnostic, Place};
use lowtide_model::{Content, Planned};

use super::Template;
pub(super) use world::World;

/// Evaluates the text of a string in the usual world.
pub(super) fn evaluate(text: &str) -> Result<Planned, Diagnostic> {
    evaluate_in(&World::usual(), text)
}

/// Evaluates the text of a string in a world; the first mistake is the answer when there is one.
pub(super) fn evaluate_in(world: &World, text: &str) -> Result<Planned, Diagnostic> {
    let template = Template::parse(text, &Place::new(0, 0..text.len()), true).map_err(|found| {
        let first = found.into_iter().next();
        first.expect("a failed parse says why")
    })?;
    template.evaluate(world)
}

/// Writes a value so that unknown and sensitive parts show: `"a"`, `[1, 2]`, `{a = 1}`, `set[…]`, `?string`, `!"secret"`.
pub(super) fn shown(value: &Planned) -> String {
    let mark = if value.sensitive { "!" } else { "" };
    let list = |all: &[Planned]| all.iter().map(shown).collect::<Vec<_>>().join(", ");
    let content = match &value.content {
        Content::Null => "null".to_owned(),
        Content::Unknown(unknown) => match &unknown.prefix {
            Some(prefix) => format!("?{prefix:?}…"),
            None => format!("?{}", unknown.ty),
        },
        Content::Bool(value) => value.to_string(),
        Content::Number(number) => number.to_string(),
        Content::String(text) => format!("{text:?}"),
        Content::List(all) => format!("[{}]", list(all)),
        Content::Set(all) => format!("set[{}]", list(all)),
        Content::Map(all) | Content::Object(all) => {
            let members: Vec<_> = all.iter().map(|(name, member)| format!("{name} = {}", shown(member))).collect();
            format!("{{{}}}", members.join(", "))
        }
    };
    format!("{mark}{content}")
}

/// Checks a table of expressions, each without its `${}`, and what they yield.
#[track_caller]
pub(super) fn check(rows: &[(&str, &str)]) {
    let world = World::usual();
    let mut wrong = Vec::new();
    for (expression, wanted) in rows {
        let got = match evaluate_in(&world, &format!("${{{expression}}}")) {
            Ok(value) => shown(&value),
            Err(found) => format!("error: {}", found.detail),
        };
        if got != *wanted {
            wrong.push(format!("{expression}\n  wanted {wanted}\n  got    {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Checks a table of whole strings and what they yield.
#[track_caller]
pub(super) fn check_text(rows: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, wanted) in rows {
        let got = match evaluate(text) {
            Ok(value) => shown(&value),
            Err(found) => format!("error: {}", found.detail),
        };
        if got != *wanted {
            wrong.push(format!("{text}\n  wanted {wanted}\n  got    {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
