//! What a plan comes to, in one line.

use lowtide_plan::{Action, Plan, Summary};

use crate::{clean, words};

/// Returns what one plan comes to: `Plan: 3 to create, 1 to update, 0 to replace, 2 to destroy.`
pub fn plan_summary(plan: &Plan) -> String {
    let stack = clean::line(&plan.stack.stack);
    if !plan.blocked.is_empty() && plan.is_empty() {
        return format!("Nothing can be done now: {}.", unplanned(plan.blocked.len()));
    }
    if plan.is_empty() && plan.destroy {
        return match plan.kept.len() {
            0 => format!("Nothing to destroy. {stack} is empty."),
            kept => format!("Nothing to destroy. {} of {stack} stay.", words::count(kept, "resource")),
        };
    }
    if plan.is_empty() {
        return format!("No changes. {stack} matches its spec.");
    }
    sentence("Plan", plan.summary(), counted(plan, Action::Forget), plan.moves.len(), plan.blocked.len())
}

/// Returns what several plans come to.
pub fn total_summary(plans: &[Plan]) -> String {
    let blocked = plans.iter().map(|plan| plan.blocked.len()).sum();
    if plans.iter().all(Plan::is_empty) {
        let stacks = words::count(plans.len(), "stack");
        return if blocked == 0 { format!("No changes in {stacks}.") } else { format!("{stacks}: {}.", unplanned(blocked)) };
    }
    let total = plans.iter().map(Plan::summary).fold(Summary::default(), |sum, one| Summary {
        create: sum.create + one.create,
        update: sum.update + one.update,
        replace: sum.replace + one.replace,
        delete: sum.delete + one.delete,
        adopt: sum.adopt + one.adopt,
    });
    let forget = plans.iter().map(|plan| counted(plan, Action::Forget)).sum();
    let moves = plans.iter().map(|plan| plan.moves.len()).sum();
    sentence(&format!("{} in all", words::count(plans.len(), "stack")), total, forget, moves, blocked)
}

fn counted(plan: &Plan, action: Action) -> usize {
    plan.steps.iter().filter(|step| step.action == action).count()
}

fn unplanned(resources: usize) -> String {
    format!("{} can't be planned", words::count(resources, "resource"))
}

fn sentence(
    start: &str,
    Summary { create, update, replace, delete, adopt }: Summary,
    forget: usize,
    moves: usize,
    blocked: usize,
) -> String {
    let mut out = format!("{start}: {create} to create, {update} to update, {replace} to replace, {delete} to destroy");
    for (number, words) in [(adopt, "to take on"), (forget, "to forget"), (moves, "to move")] {
        if number > 0 {
            out.push_str(&format!(", {number} {words}"));
        }
    }
    if blocked > 0 {
        out.push_str(&format!("; {}", unplanned(blocked)));
    }
    out + "."
}
