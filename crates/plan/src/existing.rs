//! Before something is created whose name is its key: is there one already, and whose is it?

use lowtide_diagnostic::Diagnostic;
use lowtide_model::{Address, Create, Declared, Observation, Planned};
use lowtide_state::{Record, Status};

use crate::{
    Action, Blocked, Reason, Request, Sight,
    advance::Walk,
    after::as_seen,
    difference::Compare,
    draft::Draft,
    identity,
    ownership::{self, Owner},
    resource::Instance,
};

impl Walk<'_> {
    /// Plans something that is not remembered: a new one, or one that an interrupted run of this stack left.
    pub fn create_or_adopt(&mut self, instance: Instance<'_>) -> Planned {
        let Some(request) = self.lookup(&instance) else { return self.create_new(instance) };
        match self.input.answers.found.get(&request) {
            None => {
                self.needs.insert(request);
                self.wished(&instance, None, &[])
            }
            Some(Sight::Here(seen)) => self.already_there(instance, &seen.clone()),
            Some(Sight::Gone) => self.create_new(instance),
            Some(Sight::Unseen(why)) => self.perhaps_there(&instance, why),
        }
    }

    /// What may not be looked at may be there, and another's: many a create would take it over, or set it otherwise.
    fn perhaps_there(&mut self, instance: &Instance<'_>, why: &str) -> Planned {
        let id = identity::of(instance).unwrap_or_default();
        let why = format!("whether there already is one with the id {id} can't be told ({why})");
        self.blocked.push(Blocked { address: instance.address.clone(), why });
        self.unmade.insert(instance.address.clone());
        self.wished(instance, None, &[])
    }

    /// Returns what a declaration stands on that is neither there nor can be planned.
    pub fn needs_unmade(&self, declared: &Declared) -> Option<Address> {
        if self.unmade.is_empty() {
            return None;
        }
        self.dependencies(declared).into_iter().find(|address| self.unmade.contains(address))
    }

    /// Says that something can't be planned now because of what it stands on.
    pub fn blocked_by(&mut self, address: Address, needed: &Address) {
        self.blocked.push(Blocked { address, why: format!("it needs {needed}, which can't be planned now") });
    }

    fn create_new(&mut self, instance: Instance<'_>) -> Planned {
        let generation = self.next_generation(&instance.address);
        self.create(instance, Reason::New, generation)
    }

    /// Returns what to ask: only where the name is the key and is known, nothing it is a part of is new, and it is not the
    /// name of something remembered, which then gives it up in this plan.
    fn lookup(&self, instance: &Instance<'_>) -> Option<Request> {
        if !matches!(instance.description.create, Create::Key | Create::Put) {
            return None;
        }
        let id = identity::of(instance)?;
        if self.renewed_parent(instance).is_some() || self.holder(instance, &id).is_some() {
            return None;
        }
        let wish = identity::known_part(instance);
        let (kind, place) = (instance.description.kind.to_owned(), instance.place.clone());
        // A secret is not needed to look something up.
        let clear = instance
            .description
            .inputs
            .iter()
            .filter(|row| !row.secret && !instance.wish.get(row.name).is_some_and(Planned::holds_sensitive));
        let wish = clear.filter_map(|row| Some((row.name.to_owned(), wish.get(row.name)?.clone()))).collect();
        Some(Request::Find { kind, place, id, wish })
    }

    fn already_there(&mut self, instance: Instance<'_>, seen: &Observation) -> Planned {
        let owner = ownership::of(instance.description, seen, &self.input.state.lineage);
        let ours = owner == Owner::Us || (owner == Owner::Untellable && self.parent_is_ours(&instance));
        if !ours {
            let detail = format!(
                "`{}` is to be created, but there already is one with the id `{}` ({}), and it does not belong to this stack. Creating it would take it over or fail.",
                instance.address, seen.id, instance.place
            );
            let wrong = Diagnostic::error("Already exists", detail).at(instance.declaration.place.clone());
            let command =
                format!("to take it on, run: lowtide import {} '{}' '{}'", self.input.spec.stack.stack, instance.address, seen.id);
            self.found.push(wrong.hint(command).hint("or give this one another name"));
            return as_seen(instance.hidden(None), seen);
        }
        self.adopt(instance, seen)
    }

    fn adopt(&mut self, instance: Instance<'_>, seen: &Observation) -> Planned {
        let record = Record {
            address: instance.address.clone(),
            generation: 0,
            provider: None,
            place: instance.place.clone(),
            id: seen.id.clone(),
            uid: ownership::uid(seen).unwrap_or_default(),
            inputs: lowtide_model::Object::default(),
            digests: Default::default(),
            seen: Default::default(),
            dependencies: Vec::new(),
            status: Status::Partial,
            protection: Default::default(),
            lingering: Vec::new(),
            unknown: Default::default(),
        };
        let ignored = &self.world.provider(instance.declaration).ignored;
        let compare = Compare {
            description: instance.description,
            wish: &instance.wish,
            record: &record,
            seen,
            digester: self.input.digester,
            ignored,
        };
        let changes = compare.changes();
        let after = self.wished(&instance, Some((&record, seen)), &changes);
        let before = as_seen(instance.hidden(None), seen);
        self.updated.insert(instance.address.clone());
        self.drafts.push(Draft {
            generation: self.next_generation(&instance.address),
            physical_id: Some(seen.id.clone()),
            changes,
            before,
            after: after.clone(),
            ..self.draft(instance, Action::Adopt, Reason::New)
        });
        after
    }

    /// A part without tags belongs to whom the whole belongs.
    fn parent_is_ours(&self, instance: &Instance<'_>) -> bool {
        let parents = instance.description.inputs.iter().filter(|row| row.parent);
        let mut references =
            parents.filter_map(|row| instance.declaration.body.get(row.name)).flat_map(lowtide_spec::Written::references).peekable();
        references.peek().is_some()
            && references.all(|reference| match &reference.root {
                lowtide_spec::expression::Root::Declared(declared) => !declared.data,
                _ => false,
            })
    }
}
