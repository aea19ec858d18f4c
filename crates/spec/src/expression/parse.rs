//! Text → syntax tree, by way of `hcl-edit`; the commonest text, `${a.b.c}`, goes straight.

use std::sync::Arc;

use hcl_edit::{expr, template};
use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::plain;

use super::{
    Reference,
    limits::SOURCE_LIMIT,
    lower::Lowering,
    syntax::{At, Expression, Origin},
    syntax_error,
};

/// A parsed text and the references in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parsed {
    /// What it means.
    pub expression: Expression,
    /// What it refers to.
    pub references: Vec<Reference>,
}

/// Parses a template. In the text of a template file only the names bound by its call may stand.
pub(super) fn template(text: &str, origin: &Origin, bound: Option<&[Arc<str>]>) -> Result<Parsed, Diagnostics> {
    short(text, origin)?;
    let mut lowering = Lowering::new(text, origin, bound);
    let simple = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).and_then(names);
    let lowered = match simple {
        Some(names) => Some(lowering.names(&names, 2)),
        None => {
            let parsed: template::Template = text.parse().map_err(|error| syntax_error::of_template(text, &error, origin))?;
            lowering.template(&parsed)
        }
    };
    lowering.finish(lowered)
}

/// Parses a bare expression.
pub(super) fn expression(text: &str, origin: &Origin) -> Result<Parsed, Diagnostics> {
    short(text, origin)?;
    let mut lowering = Lowering::new(text, origin, None);
    let lowered = match names(text) {
        Some(names) => Some(lowering.names(&names, 0)),
        None => {
            let parsed: expr::Expression = text.parse().map_err(|error| syntax_error::of_expression(text, &error, origin))?;
            lowering.expression(&parsed)
        }
    };
    lowering.finish(lowered)
}

/// Returns the names of a plain dotted reference, without any space, index or keyword.
fn names(text: &str) -> Option<Vec<&str>> {
    let ascii = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    let names: Vec<_> = if ascii { text.split('.').collect() } else { return None };
    (names.len() > 1 && names.iter().all(|name| plain(name))).then_some(names)
}

fn short(text: &str, origin: &Origin) -> Result<(), Diagnostics> {
    if text.len() <= SOURCE_LIMIT {
        return Ok(());
    }
    let at = At { start: 0, end: u32::try_from(text.len()).unwrap_or(u32::MAX) };
    let detail = format!(
        "The text has {} bytes; a text with expressions in it may have {SOURCE_LIMIT}. Move it to a file and read that with file or templatefile.",
        text.len()
    );
    Err(Diagnostic::error("Text too long", detail).at(origin.place(at)).into())
}
