//! The expression language: parse, find references, evaluate.

mod scope;
mod template;

pub use scope::{Files, Reference, Root, Scope};
pub use template::Template;
