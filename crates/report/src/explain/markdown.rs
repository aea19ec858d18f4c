//! A page of the reference: one kind in Markdown.

use lowtide_model::{Attribute, Description, Source};

use super::{facts, in_order};

/// Returns the page of a kind.
pub fn kind_markdown(description: &Description) -> String {
    let mut out = format!("# {}\n\n{}\n\n_{}_\n", description.kind, description.doc.trim(), facts::about_kind(description));
    if !description.inputs.is_empty() {
        out.push_str("\n## Arguments\n\n");
        out.extend(in_order(description.inputs).map(|row| item(row, 0, false)));
    }
    if !description.outputs.is_empty() {
        out.push_str("\n## Outputs\n\n");
        out.extend(description.outputs.iter().map(|row| item(row, 0, true)));
    }
    if description.source == Source::Managed && !description.import.is_empty() {
        out.push_str(&format!("\n## Import\n\n```sh\nlowtide import {}.NAME {}\n```\n", description.kind, description.import));
    }
    if !description.left_out.is_empty() {
        out.push_str("\n## Left out\n\n");
        out.extend(description.left_out.iter().map(|(name, why)| format!("- `{name}`: {why}\n")));
    }
    out
}

/// Returns an attribute as an item of a list, those of a block below it.
fn item(row: &Attribute, indent: usize, output: bool) -> String {
    let about = if output { facts::about_output(row) } else { facts::about_input(row) };
    let doc = row.doc.trim().replace('\n', &format!("\n{:width$}", "", width = indent + 2));
    let words: Vec<_> = std::iter::once(doc).chain(about).filter(|words| !words.is_empty()).collect();
    let colon = if words.is_empty() { "" } else { ": " };
    let head = format!("{:indent$}- `{}` ({}){colon}{}\n", "", row.name, facts::kind_of(row, output), words.join(" "));
    let inner = row.shape.block().unwrap_or_default();
    head + &in_order(inner).map(|row| item(row, indent + 2, output)).collect::<String>()
}
