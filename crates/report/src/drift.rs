//! What somebody else did to stacks: as text, JSON and Markdown.

use std::fmt::Write as _;

use lowtide_plan::{Drift, StackDrift};
use serde_json::{Value as Json, json};

use crate::{
    clean,
    json::values,
    plan_text::sections::drifted,
    style::{BOLD, DESTROYED, WARNING, paint, unpainted},
    value::inline,
    words,
};

/// The version of the JSON.
const FORMAT: &str = "1.0";

/// Returns the drift of stacks as text.
pub fn drift_text(all: &[StackDrift], width: usize) -> String {
    let room = width.saturating_sub(30).max(48);
    all.iter().map(|one| text(one, room)).collect::<Vec<_>>().join("\n")
}

fn text(one: &StackDrift, room: usize) -> String {
    let stack = clean::line(&one.stack.stack);
    let mut parts = Vec::new();
    let mut section = |heading: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            parts.push(format!("{}\n{}", paint(BOLD, heading), lines.concat()));
        }
    };
    section("Changed:", one.changed.iter().map(|drift| drifted(drift, room)).collect());
    let missing = |address: &lowtide_model::Address| format!("   {} {}\n", paint(DESTROYED, "-"), clean::line(&address.to_string()));
    section("Missing:", one.missing.iter().map(missing).collect());
    section("Set outside the spec:", one.undeclared.iter().map(|drift| drifted(drift, room)).collect());
    let unseen = one
        .unseen
        .iter()
        .map(|one| format!("   {} {}: {}\n", paint(WARNING, "?"), clean::line(&one.address.to_string()), clean::line(&one.why)));
    section("Not seen:", unseen.collect());
    parts.push(summary(one));
    format!("{}\n\n{}", paint(BOLD, stack), parts.join("\n"))
}

fn summary(one: &StackDrift) -> String {
    let looked = words::count(one.looked, "resource");
    let counts = [
        (one.changed.len(), "changed"),
        (one.missing.len(), "missing"),
        (one.undeclared.len(), "set outside the spec"),
        (one.unseen.len(), "not seen"),
    ];
    let found: Vec<_> = counts.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")).collect();
    if found.is_empty() {
        format!("No drift: {looked} looked at.\n")
    } else {
        format!("Drift: {looked} looked at, {}.\n", words::list(&found))
    }
}

/// Returns the drift of stacks as a document with a version.
pub fn drift_json(all: &[StackDrift]) -> Json {
    let drifts = |all: &[Drift]| -> Json {
        let changes = |drift: &Drift| -> Json {
            drift
                .changes
                .iter()
                .map(|change| {
                    let side = |value| values(value).unwrap_or_default();
                    json!({ "path": change.path.to_string(), "before": side(&change.before), "after": side(&change.after) })
                })
                .collect()
        };
        all.iter().map(|drift| json!({ "address": drift.address.to_string(), "changes": changes(drift) })).collect()
    };
    let stack = |one: &StackDrift| {
        json!({
            "stack": one.stack.stack,
            "environment": one.stack.environment,
            "drift": one.is_any(),
            "looked_at": one.looked,
            "changed": drifts(&one.changed),
            "missing": one.missing.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "undeclared": drifts(&one.undeclared),
            "unseen": one.unseen.iter().map(|one| json!({ "address": one.address.to_string(), "why": one.why })).collect::<Vec<_>>(),
        })
    };
    json!({
        "version": FORMAT,
        "drift": all.iter().any(StackDrift::is_any),
        "complete": all.iter().all(|one| one.unseen.is_empty()),
        "stacks": all.iter().map(stack).collect::<Vec<_>>(),
    })
}

/// Returns the drift of stacks as Markdown: a table a stack.
pub fn drift_markdown(all: &[StackDrift]) -> String {
    let mut out = String::from("# Drift\n");
    for one in all {
        let _ = write!(out, "\n## {}\n\n{}", cell(&one.stack.stack), summary(one));
        if !one.is_any() && one.unseen.is_empty() {
            continue;
        }
        out.push_str("\n| resource | what | before | now |\n|---|---|---|---|\n");
        for (drifts, word) in [(&one.changed, ""), (&one.undeclared, " (not in the spec)")] {
            for (drift, change) in drifts.iter().flat_map(|drift| drift.changes.iter().map(move |change| (drift, change))) {
                let side = |value| cell(&unpainted(&inline(value, 80)));
                let (before, after) = (side(&change.before), side(&change.after));
                let _ = writeln!(
                    out,
                    "| `{}` | `{}`{word} | {before} | {after} |",
                    cell(&drift.address.to_string()),
                    cell(&change.path.to_string())
                );
            }
        }
        for address in &one.missing {
            let _ = writeln!(out, "| `{}` | missing | | |", cell(&address.to_string()));
        }
        for unseen in &one.unseen {
            let _ = writeln!(out, "| `{}` | not seen: {} | | |", cell(&unseen.address.to_string()), cell(&unseen.why));
        }
    }
    out
}

/// Returns text that can stand in a cell of a table.
fn cell(text: &str) -> String {
    clean::line(text).replace('|', "\\|").replace('<', "&lt;")
}
