//! One resource: what it should become, held against what is remembered and what there is.

use std::collections::BTreeSet;

use lowtide_diagnostic::Diagnostics;
use lowtide_model::{Address, Attribute, Content, Description, Observation, Path, Place, Planned, PlannedObject, Type};
use lowtide_spec::{Declaration, complained};
use lowtide_state::{Record, Status};

use crate::{
    Action, Blocked, Change, Hidden, InstanceKey, Move, Reason, Sight, Unchanged,
    advance::Walk,
    after::{as_seen, as_wished, fresh_value},
    difference::Compare,
    draft::Draft,
    drift, identity,
    ignore::{leave_ignored, without_ignored},
    ownership,
};

/// One instance on its way through planning.
pub struct Instance<'a> {
    /// Its declaration.
    pub declaration: &'a Declaration,
    /// Its kind.
    pub description: &'a Description,
    /// Its address.
    pub address: Address,
    /// What it should become.
    pub wish: PlannedObject,
    /// Where it should be.
    pub place: Place,
    /// Its key and the value of `each.value`.
    pub key: &'a InstanceKey,
}

impl Instance<'_> {
    /// Tells what of it is hidden, as it is or was.
    pub fn hidden<'h>(&'h self, record: Option<&'h Record>) -> Hidden<'h> {
        Hidden { description: self.description, wish: Some(&self.wish), record }
    }
}

impl<'a> Walk<'a> {
    /// Plans one instance of a resource.
    pub fn resource(&mut self, declaration: &Declaration, description: &Description, key: &InstanceKey) {
        let address = declaration.declared.instance(key.0.clone());
        let value = match self.instance(declaration, description, key) {
            Ok(instance) => {
                self.conditions(declaration, key);
                self.decide(instance)
            }
            Err(wrong) => {
                self.taken.extend(self.input.state.current(&address).map(Record::key));
                self.wrong(wrong);
                Planned::unknown(Type::Any)
            }
        };
        self.world.set_instance(&declaration.declared, key.0.clone(), value);
    }

    fn instance<'i>(
        &self,
        declaration: &'i Declaration,
        description: &'i Description,
        key: &'i InstanceKey,
    ) -> Result<Instance<'i>, Diagnostics> {
        let wish = self.world.wish(declaration, description, key)?;
        let scope = self.world.scope().instance(key.0.as_ref(), key.1.as_ref());
        let place = self.world.place(declaration, description, &scope)?;
        Ok(Instance { declaration, description, address: declaration.declared.instance(key.0.clone()), wish, place, key })
    }

    fn conditions(&mut self, declaration: &Declaration, key: &InstanceKey) {
        let mut wrong = Vec::new();
        {
            let scope = self.world.scope().instance(key.0.as_ref(), key.1.as_ref());
            for condition in &declaration.lifecycle.preconditions {
                wrong.extend(crate::condition::failed("Precondition not met", condition, &scope).err());
            }
        }
        wrong.into_iter().for_each(|wrong| self.wrong(wrong));
    }

    /// What stays as it is must be as its postconditions say; what changes is checked when it has.
    fn postconditions(&mut self, instance: &Instance<'_>, values: &Planned) {
        let conditions = &instance.declaration.lifecycle.postconditions;
        if conditions.is_empty() {
            return;
        }
        let mut wrong = Vec::new();
        {
            let scope = self.world.scope().instance(instance.key.0.as_ref(), instance.key.1.as_ref()).with_self(values.clone());
            wrong.extend(conditions.iter().filter_map(|one| crate::condition::failed("Postcondition not met", one, &scope).err()));
        }
        wrong.into_iter().for_each(|wrong| self.wrong(wrong));
    }

    fn decide(&mut self, instance: Instance<'_>) -> Planned {
        let record = self.record_of(&instance);
        if let Some(record) = record {
            self.taken.insert(record.key());
        }
        if self.input.options.destroy {
            return self.known_value(&instance, record);
        }
        if !self.selection.has(&instance.address) {
            return self.known_value(&instance, record);
        }
        self.claim(&instance);
        if let Some(needed) = self.needs_unmade(&instance.declaration.declared) {
            self.blocked_by(instance.address.clone(), &needed);
            if record.is_none() {
                self.unmade.insert(instance.address.clone());
            }
            return self.known_value(&instance, record);
        }
        let Some(record) = record else { return self.create_or_adopt(instance) };
        if self.has_yet_to_go(record, &instance.address) {
            let why = format!("{} is to have this address, and what had it before has yet to go; plan again when it has", record.address);
            self.blocked.push(Blocked { address: instance.address.clone(), why });
            return self.known_value(&instance, Some(record));
        }
        self.moved(record, &instance);
        match self.sight(record) {
            Sight::Unseen(why) => {
                self.blocked.push(Blocked { address: instance.address.clone(), why });
                as_seen(instance.hidden(Some(record)), &record.last_observation())
            }
            Sight::Gone => self.made_again(instance, record),
            Sight::Here(seen) if record.place != instance.place => self.elsewhere(instance, record, &seen),
            Sight::Here(seen) => self.present(instance, record, &seen),
        }
    }

    /// Plans that a new one in another place takes the place of what is there, where that is ours to delete.
    fn elsewhere(&mut self, instance: Instance<'_>, record: &Record, seen: &Observation) -> Planned {
        let others = ownership::foreign(instance.description, record, seen, &self.input.state.lineage);
        if let Some(why) = others.or_else(|| ownership::unproven(instance.description, seen)) {
            self.blocked.push(Blocked { address: instance.address.clone(), why });
            return as_seen(instance.hidden(Some(record)), seen);
        }
        let changes = fresh_changes(&instance);
        self.replace(instance, record, seen, changes, Reason::PlaceChanged(record.place.clone()))
    }

    /// Plans a new one where what is remembered is gone; one that an earlier run was about to make in its place is that one.
    fn made_again(&mut self, instance: Instance<'_>, record: &Record) -> Planned {
        // A watched one we had deleted.
        let reason = if record.is_watched() { Reason::New } else { Reason::GoneOutside };
        if !record.is_watched() {
            self.drift.push(drift::gone(&instance.address));
        }
        let successor = self.about_to_be_made(&instance.address).filter(|_| record.address == instance.address);
        // A request that makes it anew would make it where and as it was, beside one in another place or of another name.
        let is_same = record.place == instance.place && identity::of(&instance).as_ref() == Some(&record.id);
        let lingers = !is_same && !record.lingering.is_empty();
        let successor = successor.or_else(|| lingers.then(|| self.next_generation(&record.address)));
        if successor.is_some() {
            // It is forgotten by itself.
            self.taken.remove(&record.key());
        }
        self.create(instance, reason, successor.unwrap_or(record.generation))
    }

    fn present(&mut self, mut instance: Instance<'_>, record: &Record, seen: &Observation) -> Planned {
        if let Some(why) = ownership::foreign(instance.description, record, seen, &self.input.state.lineage) {
            self.blocked.push(Blocked { address: instance.address.clone(), why });
            return as_seen(instance.hidden(Some(record)), seen);
        }
        let moving = self.governors.moving(instance.description.kind, &record.place, seen);
        let ignored = &self.world.provider(instance.declaration).ignored;
        let drift = drift::of(instance.description, record, seen, ignored, &moving);
        self.drift.extend(drift.clone());
        // A new one gets what is asked for; only what is there keeps what is ignored.
        let asked = instance.wish.clone();
        let ignore = &self.governors.ignoring(instance.declaration, &record.place, seen);
        leave_ignored(instance.description, ignore, &mut instance.wish, record, seen);
        moving.leave_in_blocks(&mut instance.wish, seen);
        let compare =
            Compare { description: instance.description, wish: &instance.wish, record, seen, digester: self.input.digester, ignored };
        let mut changes = without_ignored(instance.description, ignore, seen, compare.changes());
        changes.extend(ownership::missing(instance.description, record, seen, &self.input.state.lineage));
        if let Some(reason) = self.replacing(&instance, seen, &changes) {
            if let Some(why) = ownership::unproven(instance.description, seen) {
                self.blocked.push(Blocked { address: instance.address.clone(), why });
                return as_seen(instance.hidden(Some(record)), seen);
            }
            instance.wish = asked;
            return self.replace(instance, record, seen, changes, reason);
        }
        if !changes.is_empty() || record.status != Status::Ok {
            return self.update(instance, record, seen, changes, Reason::Changed);
        }
        if self.protected_otherwise(&instance, record) {
            return self.update(instance, record, seen, changes, Reason::Protected);
        }
        // What is ignored is another than is asked for.
        let met = |change: &Change| {
            let name = change.path.attribute().unwrap_or_default();
            asked.get(name).is_some() && asked.get(name) == instance.wish.get(name)
        };
        if drift.is_some_and(|drift| drift.changes.iter().any(met)) {
            return self.update(instance, record, seen, changes, Reason::Met);
        }
        let values = self.wished(&instance, Some((record, seen)), &[]);
        self.postconditions(&instance, &values);
        self.unchanged.push(Unchanged { address: instance.address, values: values.clone() });
        values
    }

    /// Says what AWS never does to one that is there.
    fn transitions(&mut self, instance: &Instance<'_>, seen: &Observation) {
        let mut now = seen.inputs.clone();
        seen.pending.iter().for_each(|(name, value)| now.set(name.clone(), value.clone()));
        let (body, place) = (&instance.declaration.body, &instance.declaration.place);
        for complaint in instance.description.transitions.iter().flat_map(|transition| (transition.check)(&now, &instance.wish)) {
            self.found.push(complained("Impossible change", complaint, body, place, &[&instance.wish]));
        }
    }

    fn update(&mut self, instance: Instance<'_>, record: &Record, seen: &Observation, changes: Vec<Change>, reason: Reason) -> Planned {
        self.transitions(&instance, seen);
        let after = self.wished(&instance, Some((record, seen)), &changes);
        self.updated.insert(instance.address.clone());
        let before = as_seen(instance.hidden(Some(record)), seen);
        self.drafts.push(Draft {
            generation: record.generation,
            physical_id: Some(record.id.clone()),
            changes,
            before,
            after: after.clone(),
            may_stand_on: record.dependencies.iter().cloned().collect(),
            ..self.draft(instance, Action::Update, reason)
        });
        after
    }

    /// Plans a new one. Everything asked for is a change.
    pub fn create(&mut self, instance: Instance<'_>, reason: Reason, generation: u32) -> Planned {
        let changes = fresh_changes(&instance);
        let after = self.wished(&instance, None, &changes);
        self.renewed.insert(instance.address.clone());
        self.drafts.push(Draft { generation, changes, after: after.clone(), ..self.draft(instance, Action::Create, reason) });
        after
    }

    /// Returns an instance as it will be, where what is not known yet says what it will be the value of.
    pub fn wished(&self, instance: &Instance<'_>, present: Option<(&Record, &Observation)>, changes: &[Change]) -> Planned {
        let (record, seen) = present.unzip();
        let whole = as_wished(instance.hidden(record), seen, changes, &instance.place);
        let Content::Object(members) = whole.content else { return whole };
        let stack = &self.input.spec.stack.stack;
        let named = |(name, value): (String, Planned)| {
            let value = value.from_origin(|| format!("{stack}/{}.{name}", instance.address).into());
            (name, value)
        };
        Planned::object(members.into_iter().map(named)).marked(whole.sensitive)
    }

    /// Returns a draft of a step about an instance.
    pub fn draft(&self, instance: Instance<'_>, action: Action, reason: Reason) -> Draft {
        let takes = if action == Action::Create { identity::of(&instance) } else { None };
        let provider = instance.declaration.provider.as_ref().and_then(|(alias, _)| alias.as_deref()).map(str::to_owned);
        Draft {
            depends_on: self.dependencies(&instance.declaration.declared),
            address: instance.address,
            generation: 0,
            physical_id: None,
            action,
            reason,
            changes: Vec::new(),
            before: Planned::NULL,
            after: Planned::NULL,
            wish: instance.wish,
            place: instance.place,
            provider,
            replaces: false,
            create_first: false,
            may_stand_on: BTreeSet::new(),
            takes,
            clash: None,
        }
    }

    /// Returns whether the spec makes an instance of this address.
    pub fn is_declared(&self, address: &Address) -> bool {
        let Some(declaration) = self.input.spec.configuration.declaration(&address.declared) else { return false };
        match self.instances.get(&address.declared) {
            Some(instances) => instances.contains(address),
            // Not met yet: ask the declaration itself.
            None => declaration.instance(address.key.as_ref(), self.world.scope()).is_ok_and(|instance| instance.is_some()),
        }
    }

    /// Returns whether one that had this address before would have to be forgotten, if another thing came to have it now.
    fn has_yet_to_go(&self, record: &Record, address: &Address) -> bool {
        let had = |one: &Record| self.input.state.records.contains_key(&(address.clone(), one.generation));
        record.address != *address && self.input.state.generations(&record.address).any(had)
    }

    fn moved(&mut self, record: &Record, instance: &Instance<'_>) {
        if record.address != instance.address {
            self.moves.push(Move { from: record.address.clone(), to: instance.address.clone() });
        }
    }

    fn known_value(&mut self, instance: &Instance<'_>, record: Option<&Record>) -> Planned {
        let Some(record) = record else { return self.wished(instance, None, &[]) };
        match self.sight(record) {
            Sight::Here(seen) => as_seen(instance.hidden(Some(record)), &seen),
            Sight::Gone | Sight::Unseen(_) => as_seen(instance.hidden(Some(record)), &record.last_observation()),
        }
    }

    /// Returns what was seen of a record; kinds that ask nothing of AWS are as they are remembered.
    pub fn sight(&self, record: &Record) -> Sight {
        self.input.sights.get(&record.key()).cloned().unwrap_or_else(|| Sight::Here(Box::new(record.last_observation())))
    }
}

/// Everything a new one is given, what counts at creation only included.
pub fn fresh_changes(instance: &Instance<'_>) -> Vec<Change> {
    let given = |row: &Attribute| match (instance.wish.get(row.name), row.fresh) {
        (Some(wish), _) => Some(wish.clone()),
        (None, fresh) => fresh.map(|fresh| fresh_value(row, fresh)),
    };
    let asked = instance.description.inputs.iter().filter_map(|row| Some((row, given(row)?)));
    let mut all: Vec<_> = asked
        .map(|(row, after)| Change { path: Path::of(row.name), before: Planned::NULL, after: after.marked(row.secret), replaces: false })
        .collect();
    // Most things are given little, and there may be many of them.
    all.shrink_to_fit();
    all
}
