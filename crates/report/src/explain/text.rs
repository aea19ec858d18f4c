//! `explain`: a kind or one of its attributes, for the terminal.

use lowtide_diagnostic::{Diagnostic, nearest};
use lowtide_model::{Attribute, Description, Source};
use lowtide_spec::Schema;

use super::{facts, in_order};
use crate::{
    style::{BOLD, CHANGED, MUTED, READ, paint},
    words,
};

/// Returns all kinds and data sources with the first sentence of what they are.
pub fn kinds_text(schema: &Schema) -> String {
    let widest = schema.kinds().chain(schema.data_sources()).map(|one| one.kind.len()).max().unwrap_or_default();
    let line =
        |one: &Description| format!("  {}{:gap$}  {}\n", paint(BOLD, one.kind), "", first_line(one.doc), gap = widest - one.kind.len());
    let section = |title: &str, lines: String| if lines.is_empty() { lines } else { format!("{}\n{lines}", paint(READ, title)) };
    let parts =
        [section("Resources", schema.kinds().map(line).collect()), section("Data sources", schema.data_sources().map(line).collect())];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

fn first_line(doc: &str) -> &str {
    doc.trim().lines().next().unwrap_or_default()
}

/// Returns what a kind is, with all its attributes.
pub fn explain_kind(description: &Description, width: usize) -> String {
    let mut out = format!("{}  {}\n", paint(BOLD, description.kind), paint(MUTED, facts::about_kind(description)));
    out.push_str(&paragraph(description.doc, 0, width));
    let section = |title: &str, body: String| if body.is_empty() { body } else { format!("\n{}\n{body}", paint(READ, title)) };
    out.push_str(&section("Arguments", in_order(description.inputs).map(|row| attribute(row, 2, false, width)).collect()));
    out.push_str(&section("Outputs", description.outputs.iter().map(|row| attribute(row, 2, true, width)).collect()));
    if description.source == Source::Managed && !description.import.is_empty() {
        out.push_str(&section("Import", format!("  lowtide import {}.NAME {}\n", description.kind, description.import)));
    }
    let left_out = description.left_out.iter().map(|(name, why)| format!("  {name}  {}\n", paint(MUTED, why)));
    out.push_str(&section("Left out", left_out.collect()));
    out
}

/// Returns what one attribute is; the path may lead into blocks: `health_check.path`.
///
/// # Errors
/// Returns a diagnostic, with what was perhaps meant, when there is no such attribute.
pub fn explain_attribute(description: &Description, path: &str, width: usize) -> Result<String, Diagnostic> {
    let mut names = path.split('.');
    let first = names.next().unwrap_or_default();
    let output = description.input(first).is_none();
    let top: Vec<_> = description.inputs.iter().chain(description.outputs).collect();
    let mut row = find(&top, first, description.kind)?;
    for name in names {
        let rows: Vec<_> = row.shape.block().into_iter().flatten().collect();
        row = find(&rows, name, &format!("{}.{}", description.kind, row.name))?;
    }
    let title = format!("{}  {}\n", paint(BOLD, format!("{}.{path}", description.kind)), paint(MUTED, facts::kind_of(row, output)));
    Ok(title + &body(row, 0, output, width))
}

fn find<'a>(rows: &[&'a Attribute], name: &str, whole: &str) -> Result<&'a Attribute, Diagnostic> {
    if let Some(row) = rows.iter().find(|row| row.name == name) {
        return Ok(row);
    }
    let detail = format!("`{whole}` has no attribute `{name}`.");
    let found = Diagnostic::error("Unknown attribute", detail);
    Err(match nearest(name, rows.iter().map(|row| row.name)) {
        Some(near) => found.hint(format!("did you mean `{near}`?")),
        None => found,
    })
}

/// Returns an attribute's line, and below it what it is and what stands in it.
fn attribute(row: &Attribute, indent: usize, output: bool, width: usize) -> String {
    let head = format!("{:indent$}{}  {}\n", "", paint(BOLD, row.name), paint(MUTED, facts::kind_of(row, output)));
    head + &body(row, indent + 4, output, width)
}

fn body(row: &Attribute, indent: usize, output: bool, width: usize) -> String {
    let mut out = paragraph(row.doc, indent, width);
    let about = if output { facts::about_output(row) } else { facts::about_input(row) };
    for line in words::wrapped(&about.join(" ").replace('`', ""), width.saturating_sub(indent).clamp(40, 100)) {
        out.push_str(&format!("{:indent$}{}\n", "", paint(CHANGED, line)));
    }
    let inner = row.shape.block().unwrap_or_default();
    out.extend(in_order(inner).map(|row| attribute(row, indent, output, width)));
    out
}

/// Returns a doc comment as lines of text.
fn paragraph(doc: &str, indent: usize, width: usize) -> String {
    let lines = words::wrapped(doc.trim(), width.saturating_sub(indent).clamp(40, 100));
    lines.iter().map(|line| format!("{:indent$}{}", "", line.trim()).trim_end().to_owned() + "\n").collect()
}
