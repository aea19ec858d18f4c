//! The closing words of an apply: what was done, or what was not and what to do next.

use std::collections::BTreeMap;

use lowtide_diagnostic::Sources;
use lowtide_model::Address;
use lowtide_plan::{Action, Outcome};

use super::Ending;
use crate::{
    clean,
    diagnostics::diagnostic_text,
    style::{ADDED, BOLD, ERROR, MUTED, WARNING, paint},
    words,
};

/// Skipped addresses that are named before the rest is counted.
const NAMED: usize = 6;

/// How many of each sort came to a good end.
#[derive(Default)]
struct Counts {
    created: usize,
    updated: usize,
    replaced: usize,
    destroyed: usize,
    adopted: usize,
}

/// Returns the closing words of one stack's apply, or destroy.
pub fn ending_text(ending: &Ending, destroy: bool, sources: &Sources, width: usize) -> String {
    let mut parts = Vec::new();
    for (address, _, outcome) in &ending.outcomes {
        if let Outcome::Failed(found) = outcome {
            let about = format!("{}\n", paint(BOLD, format!("{}:", clean::line(&address.to_string()))));
            parts.push(about + &diagnostic_text(found, sources, width));
        }
    }
    parts.extend(left(ending));
    parts.extend(watched(ending));
    parts.extend(skipped(ending));
    parts.push(summary(ending, destroy));
    parts.join("\n")
}

fn summary(ending: &Ending, destroy: bool) -> String {
    let Counts { created, updated, replaced, destroyed, adopted } = counts(ending);
    let mut all = match destroy {
        true if created + updated + replaced == 0 => format!("{destroyed} destroyed"),
        _ => format!("{created} created, {updated} updated, {replaced} replaced, {destroyed} destroyed"),
    };
    let number = |wanted: fn(&Outcome) -> bool| ending.outcomes.iter().filter(|(_, _, outcome)| wanted(outcome)).count();
    let failed = number(|outcome| matches!(outcome, Outcome::Failed(_)));
    let skipped = number(|outcome| matches!(outcome, Outcome::Skipped(_)));
    let interrupted = number(|outcome| matches!(outcome, Outcome::Interrupted));
    for (number, word) in [(adopted, "taken on"), (failed, "failed"), (skipped, "skipped"), (interrupted, "interrupted")] {
        if number > 0 {
            all.push_str(&format!(", {number} {word}"));
        }
    }
    let time = ending.elapsed.map(|elapsed| format!(" in {}", words::duration(elapsed))).unwrap_or_default();
    let verb = if destroy { "Destroy" } else { "Apply" };
    let environment = match ending.stack.environment.as_str() {
        "default" => String::new(),
        name => format!(" -e {}", clean::line(name)),
    };
    let again = format!("lowtide {} {}{environment}", verb.to_lowercase(), clean::line(&ending.stack.stack));
    if failed > 0 {
        let next = format!("What succeeded is written down. Mend the cause, then go on from here with: {again}");
        format!("{} {all}{time}.\n{next}\n", paint(ERROR, format!("{verb} incomplete:")))
    } else if ending.stopped || interrupted + skipped > 0 {
        let next = format!("What succeeded is written down, and nothing is lost. Go on from here with: {again}");
        format!("{} {all}{time}.\n{next}\n", paint(WARNING, format!("{verb} stopped:")))
    } else {
        format!("{} {all}{time}.\n", paint(ADDED, format!("{verb} complete:")))
    }
}

/// Counts what was done; a delete and a create of one address are a replacement.
fn counts(ending: &Ending) -> Counts {
    let mut by_address: BTreeMap<&Address, [usize; 2]> = BTreeMap::new();
    let mut counts = Counts::default();
    for (address, action, outcome) in &ending.outcomes {
        if !matches!(outcome, Outcome::Done(_) | Outcome::Left(_) | Outcome::Watched(_)) {
            continue;
        }
        match action {
            Action::Create => by_address.entry(address).or_default()[0] += 1,
            Action::Delete => by_address.entry(address).or_default()[1] += 1,
            Action::Update => counts.updated += 1,
            Action::Adopt => counts.adopted += 1,
            Action::Read | Action::Forget => {}
        }
    }
    for [created, destroyed] in by_address.into_values() {
        let both = created.min(destroyed);
        counts.replaced += both;
        counts.created += created - both;
        counts.destroyed += destroyed - both;
    }
    counts
}

/// Returns what stays behind, each with its reason.
fn left(ending: &Ending) -> Option<String> {
    let line = |(address, _, outcome): &(Address, Action, Outcome)| match outcome {
        Outcome::Left(why) => Some(format!("  {}: {}\n", clean::line(&address.to_string()), clean::line(why))),
        Outcome::Done(_) | Outcome::Watched(_) | Outcome::Failed(_) | Outcome::Skipped(_) | Outcome::Interrupted => None,
    };
    let lines: String = ending.outcomes.iter().filter_map(line).collect();
    if lines.is_empty() { None } else { Some(format!("{}\n{lines}", paint(BOLD, "Something stays:"))) }
}

/// Returns what is deleted and may come back, and who sees to that.
fn watched(ending: &Ending) -> Option<String> {
    let line = |(address, _, outcome): &(Address, Action, Outcome)| match outcome {
        Outcome::Watched(until) => Some(format!("  {} until {}\n", clean::line(&address.to_string()), words::moment(*until))),
        Outcome::Done(_) | Outcome::Left(_) | Outcome::Failed(_) | Outcome::Skipped(_) | Outcome::Interrupted => None,
    };
    let lines: String = ending.outcomes.iter().filter_map(line).collect();
    let head = "Deleted, and may be made anew by a request whose reply was lost:";
    let next = "The state keeps them until the next apply, destroy or recover has seen that they stay gone.";
    if lines.is_empty() { None } else { Some(format!("{}\n{lines}  {}\n", paint(BOLD, head), paint(MUTED, next))) }
}

/// Returns what was not tried, by what it waited for.
fn skipped(ending: &Ending) -> Option<String> {
    let mut because: BTreeMap<&Address, Vec<String>> = BTreeMap::new();
    for (address, _, outcome) in &ending.outcomes {
        if let Outcome::Skipped(cause) = outcome {
            because.entry(cause).or_default().push(clean::line(&address.to_string()));
        }
    }
    let line = |(cause, mut all): (&Address, Vec<String>)| {
        let more = all.len().saturating_sub(NAMED);
        all.truncate(NAMED);
        if more > 0 {
            all.push(format!("{more} more"));
        }
        format!("  {} {}\n", paint(MUTED, format!("because {} did not succeed:", clean::line(&cause.to_string()))), words::list(&all))
    };
    let lines: String = because.into_iter().map(line).collect();
    if lines.is_empty() { None } else { Some(format!("{}\n{lines}", paint(BOLD, "Not tried:"))) }
}
