//! Plans as small text.

use std::fmt::Write as _;

use lowtide_diagnostic::Diagnostics;
use lowtide_model::{Content, Planned};
use lowtide_plan::{Plan, Reason, Step};

/// Returns everything a plan says.
pub fn shown(plan: &Plan) -> String {
    let mut out = String::new();
    for moved in &plan.moves {
        let _ = writeln!(out, "move {} to {}", moved.from, moved.to);
    }
    plan.steps.iter().for_each(|step| shown_step(&mut out, step));
    for unchanged in &plan.unchanged {
        let _ = writeln!(out, "same {}", unchanged.address);
    }
    for kept in &plan.kept {
        let _ = writeln!(out, "kept {}: {}", kept.address, kept.why);
    }
    for blocked in &plan.blocked {
        let _ = writeln!(out, "blocked {}: {}", blocked.address, blocked.why);
    }
    for drift in &plan.drift {
        let _ = writeln!(out, "drift {}{}", drift.address, if drift.gone { " gone" } else { "" });
        for change in &drift.changes {
            let _ = writeln!(out, "    {}: {} → {}", change.path, value(&change.before), value(&change.after));
        }
    }
    for output in plan.outputs.iter().filter(|output| output.changed) {
        let _ = writeln!(out, "output {}: {} → {}", output.name, value(&output.before), value(&output.after));
    }
    out.push_str(&complaints(&plan.warnings));
    if plan.is_empty() {
        out.push_str("nothing to do\n");
    }
    out
}

/// Returns what is wrong, and at how many places.
pub fn complaints(found: &Diagnostics) -> String {
    let mut out = String::new();
    for one in found.iter() {
        let _ = writeln!(out, "{}: {}", one.summary, one.detail);
        for hint in &one.hints {
            let _ = writeln!(out, "    hint: {hint}");
        }
        let places = one.place.iter().chain(one.related.iter().map(|(place, _)| place)).count();
        let _ = writeln!(out, "    places: {places}");
    }
    out
}

fn shown_step(out: &mut String, step: &Step) {
    let _ = write!(out, "{} {} {}", step.id, format!("{:?}", step.action).to_lowercase(), step.address);
    if step.generation > 0 {
        let _ = write!(out, " #{}", step.generation);
    }
    if let Some(id) = &step.physical_id {
        let _ = write!(out, " ({id})");
    }
    let _ = write!(out, ", {}", reason(&step.reason));
    if step.pair.is_some() {
        let _ = write!(out, ", {}", if step.create_first { "new one first" } else { "old one first" });
    }
    if !step.needs.is_empty() {
        let _ = write!(out, ", after {}", step.needs.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    }
    out.push('\n');
    for change in &step.changes {
        let _ = write!(out, "    {}: ", change.path);
        if !change.before.is_null() {
            let _ = write!(out, "{} → ", value(&change.before));
        }
        let _ = writeln!(out, "{}{}", value(&change.after), if change.replaces { "  replaces" } else { "" });
    }
}

fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Triggered(by) => format!("triggered by {}", by.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
        Reason::ParentReplaced(parent) => format!("part of {parent}, which is new"),
        Reason::PlaceChanged(from) => format!("was in {from}"),
        Reason::Broken(why) => format!("broken: {why}"),
        Reason::Watched(until) => format!("watched until {until}"),
        Reason::New
        | Reason::Changed
        | Reason::Protected
        | Reason::Met
        | Reason::GoneOutside
        | Reason::Replaced
        | Reason::PerhapsReplaced
        | Reason::ReplaceRequested
        | Reason::NotDeclared
        | Reason::NoInstance
        | Reason::Deposed
        | Reason::Destroyed => words(&format!("{reason:?}")),
    }
}

/// `PerhapsReplaced` becomes `perhaps replaced`.
fn words(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

/// Returns a value: `?` for what is known after apply, `***` for what must not be shown.
pub fn value(planned: &Planned) -> String {
    let many = |all: &[Planned]| all.iter().map(value).collect::<Vec<_>>().join(", ");
    match &planned.content {
        _ if planned.sensitive => "***".to_owned(),
        Content::Null => "none".to_owned(),
        Content::Unknown(unknown) => format!("{}?", unknown.prefix.as_deref().unwrap_or_default()),
        Content::Bool(value) => value.to_string(),
        Content::Number(value) => value.to_string(),
        Content::String(text) => format!("{text:?}"),
        Content::List(all) => format!("[{}]", many(all)),
        Content::Set(all) => format!("{{{}}}", many(all)),
        Content::Map(all) | Content::Object(all) => {
            format!("{{{}}}", all.iter().map(|(name, one)| format!("{name}: {}", value(one))).collect::<Vec<_>>().join(", "))
        }
    }
}
