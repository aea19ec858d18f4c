//! Names of load balancers and target groups.

use lowtide_model::{Complaint, PlannedObject};
use lowtide_resource::Operation;

/// What a name starts with when nothing is given: short, because names have 32 characters at most.
const START: &str = "tide-";

/// Returns the name to give.
pub fn given(op: &Operation, name: Option<&str>, prefix: Option<&str>) -> String {
    op.name(name, Some(prefix.unwrap_or(START)))
}

/// Checks `name` and `name_prefix`.
pub fn check(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = Vec::new();
    if wish.get("name").is_some() && wish.get("name_prefix").is_some() {
        all.push(Complaint::about("name_prefix", "`name` and `name_prefix` exclude each other.").hint("keep one of them"));
    }
    for attribute in ["name", "name_prefix"] {
        let Some(text) = wish.text(attribute) else { continue };
        if !text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-') {
            all.push(Complaint::about(attribute, "The name has letters, digits and hyphens only."));
        }
        if text.starts_with('-') || attribute == "name" && text.ends_with('-') {
            all.push(Complaint::about(attribute, "The name neither starts nor ends with a hyphen."));
        }
    }
    all
}
