//! What the parser could not read, in words for people.

use hcl_edit::parser::Error;
use lowtide_diagnostic::{Diagnostic, Diagnostics};

use super::syntax::{At, Origin};

/// Returns what is wrong with a template.
pub(super) fn of_template(text: &str, error: &Error, origin: &Origin) -> Diagnostics {
    let (offset, message) = (error.location().offset(), error.message());
    // When the parser gives up a whole interpolation, it points at its opening; the reason lies inside.
    let opening = text.get(offset..).is_some_and(|rest| rest.starts_with("${"));
    if opening && let Some((inner, start)) = interpolation(text, offset) {
        if inner.trim().is_empty() {
            return diagnostic(text, offset, "Nothing stands between `${` and `}`: an expression is wanted there.", origin);
        }
        if let Err(inside) = inner.parse::<hcl_edit::expr::Expression>() {
            return diagnostic(text, start + inside.location().offset(), inside.message(), origin);
        }
    }
    diagnostic(text, offset, message, origin)
}

/// Returns what is wrong with a bare expression.
pub(super) fn of_expression(text: &str, error: &Error, origin: &Origin) -> Diagnostics {
    diagnostic(text, error.location().offset(), error.message(), origin)
}

/// Returns the text between `${` at an offset and the `}` that closes it, or the end, and where that text starts.
fn interpolation(text: &str, offset: usize) -> Option<(&str, usize)> {
    let start = offset + 2;
    let inner = text.get(start..)?;
    let skipped = inner.len() - inner.trim_start_matches(['~', ' ', '\t', '\n', '\r']).len();
    let start = start + skipped;
    let inner = &inner[skipped..];
    let mut depth = 0_usize;
    for (at, letter) in inner.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => return Some((inner[..at].trim_end().trim_end_matches('~'), start)),
            '}' => depth -= 1,
            _ => {}
        }
    }
    Some((inner, start))
}

fn diagnostic(text: &str, offset: usize, message: &str, origin: &Origin) -> Diagnostics {
    let end = text.trim_end().len();
    // The parser goes by bytes, and may stop in the middle of a letter.
    let offset = (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let rest = text.get(offset..).unwrap_or_default();
    let at_end = offset >= end || rest.chars().count() <= 1 && !rest.starts_with(['\'', '}', ')', ']']) && opened(text);
    let length = rest.chars().next().map_or(0, char::len_utf8);
    let start = u32::try_from(offset).unwrap_or(u32::MAX);
    let at = At { start, end: start.saturating_add(u32::try_from(length).unwrap_or(0)) };
    let words = if message.contains("at most 64 nested levels") {
        "Expressions are nested too deeply here. Give the inner parts names in [locals].".to_owned()
    } else if message.contains("chained binary operators") {
        "Too many operators stand in a row here. Give parts of the expression names in [locals].".to_owned()
    } else if at_end && opened(text) {
        "The text ends in the middle of an expression: what was opened by `${`, `%{`, a bracket or a quote is never closed.".to_owned()
    } else if message.starts_with("invalid expression;") {
        "An expression can't start here: a value, a reference or a function call is wanted.".to_owned()
    } else if rest.starts_with("%{") {
        "This directive can't be read. There are `%{ if … }`, `%{ else }` and `%{ endif }`, and `%{ for … in … }` and `%{ endfor }`."
            .to_owned()
    } else if message == "unexpected token" && text.matches('"').count() % 2 == 1 {
        "A quote is opened in this expression and never closed.".to_owned()
    } else if message == "expected `}`" {
        "The expression is over before this, so `}` is wanted here.".to_owned()
    } else if message == "unexpected token" {
        "The expression can't go on like this.".to_owned()
    } else if message.contains("found redefined object key") {
        "This key stands in the object twice. Remove one of the two.".to_owned()
    } else if message.ends_with('.') {
        message.to_owned()
    } else {
        format!("The expression can't be read here: {message}.")
    };
    let found = Diagnostic::error("Invalid syntax", words).at(origin.place(at));
    let found = match hint(text, rest) {
        Some(hint) => found.hint(hint),
        None => found,
    };
    found.into()
}

/// Returns whether more is opened than closed.
fn opened(text: &str) -> bool {
    let count = |letters: [char; 3]| text.matches(letters).count();
    count(['{', '(', '[']) > count(['}', ')', ']']) || text.matches('"').count() % 2 == 1
}

fn hint(text: &str, rest: &str) -> Option<&'static str> {
    let rest = rest.trim_start();
    if rest.starts_with('\'') {
        Some("text inside an expression stands in double quotes")
    } else if rest.starts_with('=') && !rest.starts_with("==") {
        Some("equality is written ==")
    } else if rest.starts_with('&') || rest.starts_with('|') {
        Some("`and` is written &&, `or` is written ||")
    } else if rest.starts_with("%{") {
        Some("a literal %{ is written %%{")
    } else if rest.starts_with("${") || rest.is_empty() && text.contains("${") {
        Some("a literal ${ is written $${")
    } else {
        None
    }
}
