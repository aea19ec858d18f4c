//! All parts of a plan that are no steps.

use lowtide_diagnostic::Sources;
use lowtide_plan::{Drift, OutputChange, Plan};

use super::{MARGIN, changes};
use crate::{
    clean,
    diagnostics::diagnostic_text,
    style::{BOLD, CHANGED, DESTROYED, WARNING, paint},
    value::{Branch, Mark, difference, printed},
};

/// Returns what somebody else changed.
pub fn drift(plan: &Plan, room: usize) -> String {
    section("Changed outside Lowtide since the last run:", plan.drift.iter().map(|drift| drifted(drift, room)))
}

/// Returns what somebody else changed about one resource.
pub(crate) fn drifted(drift: &Drift, room: usize) -> String {
    let address = clean::line(&drift.address.to_string());
    if drift.gone {
        return format!("   {} {address} is gone\n", paint(DESTROYED, "-"));
    }
    let branches: Vec<_> = drift.changes.iter().map(|change| changes::changed(change, room)).collect();
    format!("   {} {address}\n{}", paint(CHANGED, "~"), printed(&branches, MARGIN))
}

/// Returns which resources get another address.
pub fn moves(plan: &Plan) -> String {
    let line = |from: String, to: String| format!("     {} → {}\n", clean::line(&from), clean::line(&to));
    section("Only the address changes:", plan.moves.iter().map(|one| line(one.from.to_string(), one.to.to_string())))
}

/// Returns how the outputs change.
pub fn outputs(plan: &Plan, room: usize) -> String {
    let branches: Vec<_> = plan.outputs.iter().filter(|output| output.changed).map(|output| output_branch(output, room)).collect();
    section("Outputs:", Some(printed(&branches, 3)).filter(|lines| !lines.is_empty()))
}

fn output_branch(output: &OutputChange, room: usize) -> Branch {
    let name = clean::line(&output.name);
    match (output.before.is_null(), output.after.is_null()) {
        (true, _) => changes::alone(Mark::Added, &name, &output.after, output.sensitive, room),
        (false, true) => changes::alone(Mark::Removed, &name, &output.before, output.sensitive, room),
        (false, false) => {
            let (before, after) = (output.before.clone().marked(output.sensitive), output.after.clone().marked(output.sensitive));
            difference(&name, &before, &after, room).unwrap_or_else(|| changes::alone(Mark::Changed, &name, &after, output.sensitive, room))
        }
    }
}

/// Returns what would be destroyed and stays.
pub fn kept(plan: &Plan) -> String {
    section("Kept:", plan.kept.iter().map(|kept| reasoned(&kept.address.to_string(), &kept.why)))
}

/// Returns what can't be planned.
pub fn blocked(plan: &Plan) -> String {
    let lines = plan
        .blocked
        .iter()
        .map(|blocked| format!("   {} {}", paint(WARNING, "!"), reasoned(&blocked.address.to_string(), &blocked.why).trim_start()));
    section("Can't be planned now:", lines)
}

fn reasoned(address: &str, why: &str) -> String {
    format!("     {}: {}\n", clean::line(address), clean::line(why))
}

/// Returns the warnings.
pub fn warnings(plan: &Plan, sources: &Sources, width: usize) -> String {
    plan.warnings.iter().map(|one| diagnostic_text(one, sources, width)).collect::<Vec<_>>().join("\n")
}

/// Returns a title and lines below it, or nothing when there are none.
fn section(title: &str, lines: impl IntoIterator<Item = String>) -> String {
    let lines: String = lines.into_iter().collect();
    if lines.is_empty() { lines } else { format!("{}\n{lines}", paint(BOLD, title)) }
}
