//! The expression language: parse, find references, evaluate.
//!
//! A string of a spec becomes a [`Template`] (`parse` reads it with `hcl-edit`, `lower` turns that tree into ours and
//! resolves names), which says what it refers to and can be evaluated against a [`Scope`] any number of times.
//!
//! Specs are not to be trusted: whatever takes longer with larger values is paid for in steps before it is done (`limits`), and all
//! evaluations of a stack share one [`Budget`].
//!
//! - To add a function, add a row to the table of its family in `functions`.
//! - To add a reference root, add a [`Root`] variant and its line in `reference`.
//! - To add an operator or a form, add its variant in `syntax`, lower it in `lower`, and evaluate it in `evaluate`.

mod budget;
mod evaluate;
mod functions;
mod limits;
mod lower;
mod lower_text;
mod lower_walk;
mod parse;
mod reference;
mod scope;
mod size;
mod syntax;
mod syntax_error;
mod template;
mod trim;

pub use budget::Budget;
pub(crate) use budget::{convert, shallow};
pub use functions::{Body, Function, Parameter, Wanted, functions};
pub(crate) use limits::steps_to_read;
pub use scope::{Files, Reference, Root, Scope};
pub(crate) use size::{Size, weight};
pub use template::Template;

#[cfg(test)]
mod tests;
