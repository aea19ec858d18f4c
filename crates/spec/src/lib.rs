//! TOML text with places → checked configuration; and the expression language inside its strings.
//!
//! [`Loader`] reads texts, [`configuration`] understands their tables, [`check`] holds them against a [`Schema`] of kinds, and
//! [`evaluate_body`] makes attributes of them once values are known. Everything here is pure thinking; files are read in
//! `load` and `files` alone.

pub mod body;
pub mod check;
pub mod configuration;
pub mod expression;
pub mod project;
pub mod timeouts;
pub mod type_expression;
pub mod variables;
pub mod written;

mod files;
mod instances;
mod load;
mod schema;
mod values;

pub use body::{Attributes, complained, evaluate_body, fill_in_hashes, to_expression};
pub use check::check;
pub use configuration::{
    Condition, Configuration, Declaration, Ignore, IgnoreTags, Life, Lifecycle, Local, Output, Provider, Repeat, Schedule, StackTable,
    Variable,
};
pub use files::{NoFiles, ProjectFiles};
pub use instances::{InstanceKey, Instances, MOST_INSTANCES};
pub use load::Loader;
pub use project::{Backend, Project};
pub use schema::Schema;
pub use values::{Instance, SharedFiles, Values};
pub use variables::{Given, Origin, VariableInput, resolve_variables, suppose_variables, unknown_variables};
pub use written::{Entry, Form, Table, Text, Written};
