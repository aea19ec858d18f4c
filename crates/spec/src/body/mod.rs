//! The body of a declaration becomes the attributes of its kind, guided by their shapes.
//!
//! `complaint` says what a kind's own checks found, `contents` reads files that are sent. `given` walks what was written, `converted` what an expression made; `json` and `leaf` check single values, `limits` what
//! the facts of an attribute allow. `expression` goes the other way, to what expressions see.

mod complaint;
mod contents;
mod converted;
mod expression;
mod given;
mod json;
mod leaf;
mod limits;
mod rows;
mod trail;

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place};
use lowtide_model::{Description, PlannedObject};

use crate::{expression::Scope, written::Table};
use trail::Trail;

pub use complaint::{Attributes, complained};
pub use contents::fill_in_hashes;
pub use expression::to_expression;

/// Evaluates the body of a declaration by the shapes of its kind: defaults filled in, JSON as structure, a single block
/// as an object, null as absent; the kind's own checks are run. Where a value was written, [`Table::place_of`] tells.
///
/// # Errors
/// Returns everything that is wrong with what is known, each with its place.
pub fn evaluate_body(body: &Table, description: &Description, scope: &dyn Scope) -> Result<PlannedObject, Diagnostics> {
    let mut evaluation = Evaluation { scope, found: Diagnostics::default(), trail: Trail::default(), hidden: false };
    let object = PlannedObject(evaluation.attributes(body, description));
    if evaluation.found.has_errors() {
        return Err(evaluation.found.sorted());
    }
    for complaint in description.checks.iter().flat_map(|check| check(&object)) {
        evaluation.found.push(complained("Invalid combination", complaint, body, &body.place, &[&object]));
    }
    evaluation.found.or(object).map(|(object, _)| object)
}

/// One evaluation of a body: what was found so far, and where in the attributes it is.
struct Evaluation<'a> {
    scope: &'a dyn Scope,
    found: Diagnostics,
    trail: Trail,
    /// Whether the value at hand is part of a sensitive one and must not be shown.
    hidden: bool,
}

impl Evaluation<'_> {
    /// Takes from the budget what an attribute holds beyond what expressions yield; says whether there is as much left.
    fn weigh(&mut self, weight: u64, place: &Place) -> bool {
        let large = self.scope.budget().weigh(weight, place).err();
        let fits = large.is_none();
        self.found.extend(large);
        fits
    }

    fn wrong(&mut self, summary: &str, detail: String, place: &Place) {
        self.found.push(Diagnostic::error(summary, detail).at(place.clone()));
    }

    fn wrong_with_hint(&mut self, summary: &str, detail: String, place: &Place, hint: impl Into<String>) {
        self.found.push(Diagnostic::error(summary, detail).at(place.clone()).hint(hint));
    }
}
