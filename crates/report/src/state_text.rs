//! A state for people: what is remembered of each resource.

use std::collections::BTreeMap;

use lowtide_model::{Address, Attribute, Planned};
use lowtide_spec::Schema;
use lowtide_state::{Record, StackKey, State, Status};

use crate::{
    clean,
    json::record_values,
    outputs::outputs_text,
    style::{BOLD, MUTED, WARNING, paint},
    value::{Branch, Mark, given, printed},
    words,
};

/// Returns a whole state: each resource with its attributes, then the outputs.
pub fn state_text(stack: &StackKey, state: &State, schema: &Schema, width: usize) -> String {
    let head = format!("{}  {}\n", paint(BOLD, clean::line(&stack.stack)), paint(MUTED, facts(stack, state)));
    let mut parts = vec![head];
    parts.extend(state.records.values().map(|record| record_text(record, schema, width)));
    if !state.outputs.is_empty() {
        let lines = outputs_text(&state.outputs, width);
        parts.push(format!("{}\n{}", paint(BOLD, "Outputs:"), lines.lines().map(|line| format!("  {line}\n")).collect::<String>()));
    }
    parts.join("\n")
}

fn facts(stack: &StackKey, state: &State) -> String {
    let live = state.records.values().filter(|record| record.status != Status::Deposed && !record.is_watched()).count();
    let place = clean::line(&format!("{}, environment {}", stack.project, stack.environment));
    let watched = Some(state.watched().count()).filter(|count| *count > 0).map(|count| format!(", {count} deleted and watched"));
    let doubt = Some(state.pending.len()).filter(|count| *count > 0).map(|count| format!(", {count} in doubt"));
    let more = watched.into_iter().chain(doubt).collect::<String>();
    format!("{place}: {}{more}, serial {}", words::count(live, "resource"), state.serial)
}

/// Returns the addresses of all resources, one a line.
pub fn state_list(state: &State) -> String {
    let mark = |record: &Record| if record.is_watched() { "  (deleted, and watched)" } else { "" };
    let mut all: Vec<_> = state.records.values().map(|record| clean::line(&record.address.to_string()) + mark(record)).collect();
    all.extend(
        state
            .pending
            .values()
            .filter(|intent| !state.records.contains_key(&intent.key()))
            .map(|intent| format!("{}  (in doubt)", clean::line(&intent.address.to_string()))),
    );
    all.dedup();
    all.iter().map(|address| format!("{address}\n")).collect()
}

/// Returns what is remembered of one address, older generations included; nothing when there is none.
pub fn state_show(state: &State, address: &Address, schema: &Schema, width: usize) -> Option<String> {
    let all: Vec<_> = state.generations(address).map(|record| record_text(record, schema, width)).collect();
    if all.is_empty() { None } else { Some(all.join("\n")) }
}

/// Returns one record: its headline, what was asked for or is so, and what AWS decided.
fn record_text(record: &Record, schema: &Schema, width: usize) -> String {
    let description = schema.of(&record.address.declared);
    let values = record_values(record, description);
    let members = values.as_members().cloned().unwrap_or_default();
    let (outputs, inputs): (BTreeMap<_, _>, BTreeMap<_, _>) =
        members.into_iter().filter(|(_, value)| !value.is_null()).partition(|(name, _)| record.seen.outputs.get(name).is_some());
    let room = width.saturating_sub(30).max(48);
    let mut branches = branches(&inputs, description.map(|found| found.inputs), room);
    let decided = self::branches(&outputs, description.map(|found| found.outputs), room);
    if !decided.is_empty() {
        branches.push(Branch::node(Mark::None, paint(MUTED, "decided by AWS"), decided));
    }
    let mut out = headline(record);
    out.push_str(&printed(&branches, 0));
    out
}

fn headline(record: &Record) -> String {
    let status = match record.status {
        Status::Ok => None,
        Status::Partial => Some("not yet as asked for".to_owned()),
        Status::Deposed => Some(format!("deposed, generation {}", record.generation)),
        Status::Deleting => {
            let until = record.lingers_until().map(words::moment).unwrap_or_default();
            Some(format!("deleted; a request whose reply was lost may make it anew until {until}"))
        }
    };
    let mut facts = vec![format!("[{}]", clean::line(&record.id))];
    // What lives in the state alone is nowhere else.
    if !record.place.account.is_empty() {
        facts.push(clean::line(&record.place.to_string()));
    }
    if record.protection.prevent_destroy {
        facts.push("protected from being destroyed".to_owned());
    }
    if !record.dependencies.is_empty() {
        facts.push(format!("needs {}", words::list(&record.dependencies.iter().map(ToString::to_string).collect::<Vec<_>>())));
    }
    let status = status.map(|status| format!("  {}", paint(WARNING, status))).unwrap_or_default();
    let address = paint(BOLD, clean::line(&record.address.to_string()));
    format!("{address}{status}\n  {}\n", paint(MUTED, clean::line(&facts.join(" · "))))
}

/// Returns attributes in the order in which the kind declares them, unknown ones last.
fn branches(all: &BTreeMap<String, Planned>, rows: Option<&[Attribute]>, room: usize) -> Vec<Branch> {
    let place = |name: &str| rows.and_then(|rows| rows.iter().position(|row| row.name == name)).unwrap_or(usize::MAX);
    let mut names: Vec<_> = all.iter().collect();
    names.sort_by_key(|(name, _)| place(name));
    names.into_iter().map(|(name, value)| given(Mark::None, &clean::name(name), value, room)).collect()
}
