//! `ignore_changes`: what is there stays, whatever the spec says of it.

use std::collections::BTreeMap;

use lowtide_model::{Attribute, Content, Description, Need, Observation, Path, Planned, PlannedObject, Step, Value};
use lowtide_spec::Ignore;
use lowtide_state::Record;

use crate::{Change, difference::is_own_tag};

/// Makes a wish for something that is there leave alone what is ignored. The changes that are left for what can't be
/// seen are taken out by [`without_ignored`].
pub fn leave_ignored(description: &Description, ignore: &Ignore, wish: &mut PlannedObject, record: &Record, seen: &Observation) {
    for row in description.inputs.iter().filter(|row| !row.option) {
        for path in paths(ignore, row.name) {
            leave(row, path, wish, record, seen);
        }
    }
}

/// Returns changes without those of ignored attributes whose value can't be seen.
pub fn without_ignored(description: &Description, ignore: &Ignore, seen: &Observation, changes: Vec<Change>) -> Vec<Change> {
    let ignored = |change: &Change| {
        let row = change.path.attribute().and_then(|name| description.input(name));
        row.is_some_and(|row| (row.option || hidden(row, seen)) && paths(ignore, row.name).next().is_some())
    };
    changes.into_iter().filter(|change| !ignored(change)).collect()
}

/// Returns the steps below an attribute that are ignored; an empty one is the whole attribute.
fn paths<'a>(ignore: &'a Ignore, name: &str) -> impl Iterator<Item = &'a [Step]> {
    let (all, some): (bool, &[_]) = match ignore {
        Ignore::Nothing => (false, &[]),
        Ignore::All => (true, &[]),
        Ignore::Paths(paths) => (false, paths),
    };
    let name = name.to_owned();
    let below = some.iter().filter(move |(path, _): &&(Path, _)| path.attribute() == Some(&name)).map(|(path, _)| &path.0[1..]);
    all.then_some(&[] as &[Step]).into_iter().chain(below)
}

fn hidden(row: &Attribute, seen: &Observation) -> bool {
    row.unread || seen.unseen.iter().any(|name| name == row.name)
}

fn leave(row: &Attribute, path: &[Step], wish: &mut PlannedObject, record: &Record, seen: &Observation) {
    if hidden(row, seen) {
        // What it is can't be told, so nothing is asked of it; one that must be given is sent along only.
        if row.need != Need::Required {
            wish.set(row.name, Planned::NULL);
        }
        return;
    }
    if wish.get(row.name).is_none() && !record.manages(row.name) {
        return;
    }
    let now = seen.inputs.get(row.name).cloned().unwrap_or_default();
    let now = if row.open { managed_keys(row, &now, wish, record) } else { now };
    let asked = wish.get(row.name).cloned();
    wish.set(row.name, left(asked.as_ref(), &now, path));
}

/// Returns what there is of the keys that are owned: those asked for now or before, never Lowtide's own.
fn managed_keys(row: &Attribute, now: &Value, wish: &PlannedObject, record: &Record) -> Value {
    let asked = wish.get(row.name).and_then(Planned::as_members);
    let before = record.inputs.get(row.name).and_then(Value::as_members);
    let owned = |key: &String| {
        !is_own_tag(key) && (asked.is_some_and(|all| all.contains_key(key)) || before.is_some_and(|all| all.contains_key(key)))
    };
    let now = now.as_members().into_iter().flatten();
    Value::Map(now.filter(|(key, _)| owned(key)).map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// Returns what is asked for with what there is at a place inside it.
fn left(asked: Option<&Planned>, now: &Value, path: &[Step]) -> Planned {
    let Some((step, rest)) = path.split_first() else { return now.clone().into() };
    let nothing = || asked.cloned().unwrap_or(Planned::NULL);
    match (step, asked.map(|asked| &asked.content)) {
        (Step::Name(name), Some(Content::Map(members))) => {
            Planned::from(Content::Map(member(members, now, name, rest))).marked(asked.is_some_and(|asked| asked.sensitive))
        }
        (Step::Name(name), Some(Content::Object(members))) => {
            Planned::from(Content::Object(member(members, now, name, rest))).marked(asked.is_some_and(|asked| asked.sensitive))
        }
        (Step::Name(name), None) => match now.as_members().and_then(|all| all.get(name)) {
            Some(value) => Content::Map(BTreeMap::from([(name.clone(), value.clone().into())])).into(),
            None => Planned::NULL,
        },
        // A single block is a list of one in expressions, and an object here.
        (Step::Index(0), Some(Content::Object(_))) => left(asked, now, rest),
        (Step::Index(at), Some(Content::List(all))) => {
            let (mut all, now) = (all.clone(), now.elements().unwrap_or_default());
            if let (Some(one), Some(now)) = (all.get_mut(*at), now.get(*at)) {
                *one = left(Some(one), now, rest);
            }
            Planned::list(all).marked(asked.is_some_and(|asked| asked.sensitive))
        }
        (Step::Name(_) | Step::Index(_) | Step::Element, _) => nothing(),
    }
}

fn member(members: &BTreeMap<String, Planned>, now: &Value, name: &str, rest: &[Step]) -> BTreeMap<String, Planned> {
    let mut members = members.clone();
    let now = now.as_members().and_then(|all| all.get(name)).cloned().unwrap_or_default();
    let value = left(members.get(name), &now, rest);
    if value.is_null() {
        members.remove(name);
    } else {
        members.insert(name.to_owned(), value);
    }
    members
}
