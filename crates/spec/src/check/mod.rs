//! A configuration against the kinds there are: every mistake that can be seen before anything is evaluated for real.
//!
//! First `kinds`, `meta` and `references` look at names; then `trial` evaluates everything once with what is not known yet as typed
//! unknowns, so that literals are checked by the very code that will evaluate them.

mod across;
mod kinds;
mod meta;
mod order;
mod references;
mod supposed;
mod target;
mod trial;

use std::collections::HashSet;

use lowtide_diagnostic::Diagnostics;
use lowtide_model::Declared;

use crate::{configuration::Configuration, expression::Files, schema::Schema};

pub use across::across;
pub use order::stack_order;

/// Checks a configuration. `files` answers `file` and `templatefile`.
///
/// Cycles are not looked for here: they show in the graph.
pub fn check(configuration: &Configuration, schema: &Schema, files: &dyn Files) -> Diagnostics {
    let mut check = Check { configuration, schema, found: Diagnostics::default(), loose: HashSet::new() };
    check.kinds();
    check.meta();
    check.references();
    let Check { loose, mut found, .. } = check;
    found.extend(trial::run(configuration, schema, files, loose));
    found.sorted()
}

struct Check<'a> {
    configuration: &'a Configuration,
    schema: &'a Schema,
    found: Diagnostics,
    /// What was referred to in a way that has been reported: anything may follow from it, so nothing more is said.
    loose: HashSet<Declared>,
}
