//! What is remembered and no longer declared, or all of it when a stack is destroyed.

use std::collections::BTreeSet;

use lowtide_diagnostic::Diagnostic;
use lowtide_model::{Address, Description, Observation, Planned, PlannedObject};
use lowtide_state::{Record, Status};

use crate::{Action, Blocked, Hidden, Kept, Reason, Sight, advance::Walk, after::as_seen, draft::Draft, ownership, replacement::prevented};

/// Plans what must go.
pub fn plan(walk: &mut Walk<'_>) {
    let destroy = walk.input.options.destroy;
    let going: Vec<_> = walk.input.state.records.values().filter(|record| destroy || !walk.taken.contains(&record.key())).collect();
    let going: Vec<_> = going.into_iter().filter(|record| walk.selection.has(&record.address)).collect();
    let kept = if destroy { kept(walk, &going) } else { BTreeSet::new() };
    for record in going {
        if !stands(record) || !kept.contains(&record.address) {
            remove(walk, record);
        }
    }
}

/// Returns what is protected, and what that stands on.
fn kept(walk: &mut Walk<'_>, going: &[&Record]) -> BTreeSet<Address> {
    let mut kept: BTreeSet<Address> = BTreeSet::new();
    let protected: Vec<_> = going.iter().filter(|record| stands(record) && protected(walk, record)).collect();
    for record in protected {
        walk.kept.push(Kept { address: record.address.clone(), why: "its lifecycle says prevent_destroy".to_owned() });
        kept.insert(record.address.clone());
    }
    let mut open: Vec<_> = kept.iter().cloned().collect();
    while let Some(address) = open.pop() {
        let needs = walk.input.state.current(&address).map(|record| record.dependencies.clone()).unwrap_or_default();
        for needed in needs {
            if walk.input.state.current(&needed).is_some() && kept.insert(needed.clone()) {
                walk.kept.push(Kept { address: needed.clone(), why: format!("{address} needs it") });
                open.push(needed);
            }
        }
    }
    kept
}

/// Returns whether something is there to be protected: it is neither replaced nor deleted already.
fn stands(record: &Record) -> bool {
    record.status != Status::Deposed && !record.is_watched()
}

fn protected(walk: &Walk<'_>, record: &Record) -> bool {
    match walk.input.spec.configuration.declaration(&record.address.declared) {
        Some(declaration) => {
            prevented(declaration.lifecycle.prevent_destroy.as_ref(), &walk.world.scope().instance(record.address.key.as_ref(), None))
        }
        None => record.protection.prevent_destroy,
    }
}

fn remove(walk: &mut Walk<'_>, record: &Record) {
    let Some(description) = walk.input.spec.schema.kind(record.address.kind()) else {
        let detail = format!(
            "The state holds `{}`, but this Lowtide knows no kind `{}`, so it can't be destroyed.",
            record.address,
            record.address.kind()
        );
        walk.found.push(Diagnostic::error("Unknown kind in state", detail).hint("use a Lowtide that has this kind"));
        return;
    };
    let reason = match record.lingers_until().filter(|_| record.is_watched()) {
        Some(until) => Reason::Watched(until),
        None => reason(walk, record),
    };
    let (action, seen) = match walk.sight(record) {
        _ if record.is_watched() && walk.input.state.is_taken_again(record) => (Action::Forget, record.last_observation()),
        Sight::Unseen(why) => {
            walk.blocked.push(Blocked { address: record.address.clone(), why });
            return;
        }
        // A request whose reply was lost may make it anew: it is not forgotten before that is certain.
        Sight::Gone if !record.lingering.is_empty() => (Action::Delete, record.last_observation()),
        Sight::Gone => (Action::Forget, record.last_observation()),
        Sight::Here(seen) => match not_ours(walk, description, record, &seen) {
            // Another has taken its name: it does not come back.
            Some(_) if record.is_watched() => (Action::Forget, record.last_observation()),
            Some(why) => {
                walk.blocked.push(Blocked { address: record.address.clone(), why });
                return;
            }
            None => (Action::Delete, *seen),
        },
    };
    if action == Action::Delete && !walk.input.options.destroy && stands(record) && protected(walk, record) {
        let wrong = refused(walk, record);
        walk.found.push(wrong);
        return;
    }
    let declared = walk.is_declared(&record.address);
    walk.drafts.push(Draft {
        address: record.address.clone(),
        generation: record.generation,
        physical_id: Some(record.id.clone()),
        action,
        reason,
        changes: Vec::new(),
        before: as_seen(Hidden { description, wish: None, record: Some(record) }, &seen),
        after: Planned::NULL,
        wish: options(walk, record),
        place: record.place.clone(),
        provider: record.provider.clone(),
        replaces: false,
        create_first: false,
        depends_on: record.dependencies.iter().cloned().collect(),
        may_stand_on: if declared { walk.dependencies(&record.address.declared) } else { BTreeSet::new() },
        takes: None,
        clash: None,
    });
}

/// Returns why something remembered is not ours to delete.
fn not_ours(walk: &Walk<'_>, description: &Description, record: &Record, seen: &Observation) -> Option<String> {
    ownership::foreign(description, record, seen, &walk.input.state.lineage).or_else(|| ownership::unproven(description, seen))
}

fn refused(walk: &Walk<'_>, record: &Record) -> Diagnostic {
    match walk.input.spec.configuration.declaration(&record.address.declared) {
        Some(declaration) => {
            let detail =
                format!("`{}` has no instance any more and would be destroyed, and its lifecycle says `prevent_destroy`.", record.address);
            let wrong = Diagnostic::error("Protected resource", detail).at(declaration.place.clone());
            wrong.hint("let it keep its instance, or take prevent_destroy back")
        }
        None => {
            let detail =
                format!("`{}` is no longer declared and would be destroyed, but it was declared with `prevent_destroy`.", record.address);
            let wrong = Diagnostic::error("Protected resource", detail);
            wrong.hint("declare it again, or declare it without prevent_destroy once before taking it out")
        }
    }
}

/// Returns what the spec still says of something that goes: destroy-time options stand there.
fn options(walk: &Walk<'_>, record: &Record) -> PlannedObject {
    let declared = &record.address.declared;
    let (Some(declaration), Some(description)) = (walk.input.spec.configuration.declaration(declared), walk.input.spec.schema.of(declared))
    else {
        return PlannedObject::default();
    };
    let instance = declaration.instance(record.address.key.as_ref(), walk.world.scope()).ok().flatten();
    instance.and_then(|instance| walk.world.wish(declaration, description, &instance).ok()).unwrap_or_default()
}

fn reason(walk: &Walk<'_>, record: &Record) -> Reason {
    if walk.input.options.destroy {
        Reason::Destroyed
    } else if record.status == Status::Deposed
        || walk.renewed.contains(&record.address)
        || walk.input.state.current(&record.address).is_some_and(|current| current.generation != record.generation)
    {
        Reason::Deposed
    } else if walk.input.spec.configuration.declaration(&record.address.declared).is_some() {
        Reason::NoInstance
    } else {
        Reason::NotDeclared
    }
}
