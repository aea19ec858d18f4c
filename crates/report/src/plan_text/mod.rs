//! A plan as people like to read it: what happens to each resource and why, only what changes, and the counts.
//!
//! `entry` folds the two steps of a replacement into one, `reason` finds the words, `changes` shows what differs,
//! `sections` holds all that is no step. To show something more, add a section.

mod changes;
mod entry;
mod headline;
mod reason;
pub(crate) mod sections;
mod summary;

use lowtide_diagnostic::Sources;
use lowtide_plan::Plan;

pub(crate) use entry::{Entry, Sort, entries};
pub use summary::{plan_summary, total_summary};

use crate::style::{BOLD, MUTED, paint};

/// Where the marks of changes stand.
const MARGIN: usize = 6;

/// Returns plans as text, one after the other, ended by what they come to.
pub fn plan_text(plans: &[Plan], sources: &Sources, width: usize) -> String {
    let mut out: String = plans.iter().map(|plan| one(plan, sources, width)).collect::<Vec<_>>().join("\n");
    if plans.len() > 1 {
        out.push_str(&format!("\n{}\n", paint(BOLD, total_summary(plans))));
    }
    out
}

fn one(plan: &Plan, sources: &Sources, width: usize) -> String {
    // Room for two values and an arrow beside a name of middling length.
    let room = width.saturating_sub(34).clamp(48, 120);
    let parts = [
        heading(plan),
        sections::drift(plan, room),
        steps(plan, room),
        sections::moves(plan),
        sections::outputs(plan, room),
        sections::kept(plan),
        sections::blocked(plan),
        sections::warnings(plan, sources, width),
        paint(BOLD, plan_summary(plan)) + "\n",
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Returns which stack it is, and where.
fn heading(plan: &Plan) -> String {
    let mut facts = vec![plan.stack.project.clone()];
    if plan.stack.environment != "default" {
        facts.push(format!("environment {}", plan.stack.environment));
    }
    if !plan.place.account.is_empty() {
        facts.push(plan.place.to_string());
    }
    let facts = crate::clean::line(&facts.into_iter().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(", "));
    format!("{}  {}\n", paint(BOLD, crate::clean::line(&plan.stack.stack)), paint(MUTED, facts))
}

fn steps(plan: &Plan, room: usize) -> String {
    entries(plan).iter().map(|entry| headline::headline(entry) + &changes::changes(entry, room)).collect::<Vec<_>>().join("\n")
}
