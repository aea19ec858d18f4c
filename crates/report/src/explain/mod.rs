//! What a kind is, from its [`Description`](lowtide_model::Description): for `explain` as text, for the reference as Markdown.
//!
//! `facts` turns what stands on an attribute into words; both forms show the same words.

mod facts;
mod markdown;
mod table;
mod text;

pub use markdown::kind_markdown;
pub use table::facts_markdown;
pub use text::{explain_attribute, explain_kind, kinds_text};

use lowtide_model::{Attribute, Need};

/// Returns attributes in the order for reading: required ones first, each group as declared.
fn in_order(rows: &'static [Attribute]) -> impl Iterator<Item = &'static Attribute> {
    let required = |row: &&Attribute| row.need == Need::Required;
    rows.iter().filter(required).chain(rows.iter().filter(move |row| !required(row)))
}
