//! The physical key of what is declared: account, region and the attributes that name it.

use lowtide_diagnostic::Diagnostic;
use lowtide_model::{Address, Attribute, Create, Description, Key, Object, Place, Planned, PlannedObject};
use lowtide_state::{Attempt, Intent, Record, Status};

use crate::{advance::Walk, resource::Instance};

/// A kind, a place, and an id there.
pub type Physical = (String, Place, String);

/// Returns the physical id that an instance will have, where what is known of it tells.
pub fn of(instance: &Instance<'_>) -> Option<String> {
    foreseen(instance.description, &instance.wish, &instance.place)
}

/// Returns the physical id of what is wished for, where its name is its key and what is known of it tells.
pub fn foreseen(description: &Description, wish: &PlannedObject, place: &Place) -> Option<String> {
    if !matches!(description.create, Create::Key | Create::Put | Create::NoCall) {
        return None;
    }
    let identity = description.identity?;
    let named = |row: &&Attribute| row.identity;
    let open = |row: &Attribute| wish.get(row.name).is_some_and(|value| !value.is_wholly_known());
    let told = if description.inputs.iter().any(|row| named(&row)) {
        !description.inputs.iter().filter(named).any(open)
    } else {
        !description.inputs.iter().any(open)
    };
    told.then(|| identity(&known(wish), place)).flatten()
}

/// Returns what is known of a wish.
pub fn known_part(instance: &Instance<'_>) -> Object {
    known(&instance.wish)
}

fn known(wish: &PlannedObject) -> Object {
    wish.iter().filter_map(|(name, value)| Some((name.clone(), value.known()?))).collect()
}

impl<'a> Walk<'a> {
    /// Takes the physical key of an instance; an error if another declaration has it.
    pub fn claim(&mut self, instance: &Instance<'_>) {
        if instance.description.create == Create::NoCall {
            return;
        }
        let Some(id) = of(instance) else { return };
        let key = (instance.description.kind.to_owned(), instance.place.clone(), id);
        let mine = (instance.address.clone(), instance.declaration.place.clone());
        let Some((other, place)) = self.claimed.insert(key.clone(), mine) else { return };
        let detail = format!(
            "`{other}` and `{}` are both the {} `{}` ({}), and one thing can have only one declaration.",
            instance.address, key.0, key.2, key.1
        );
        let wrong = Diagnostic::error("Declared twice", detail).at(instance.declaration.place.clone()).with(place, "first declared here");
        self.found.push(wrong.hint("take one of them out, or give it another name"));
    }

    /// Returns what is remembered of an instance: under its address, under the address it had before `count` or `for_each`
    /// came or went, or under any address that is no longer declared, where the physical key is the same.
    pub fn record_of(&self, instance: &Instance<'_>) -> Option<&'a Record> {
        let state = self.input.state;
        if let Some(record) = state.current(&instance.address) {
            return Some(record);
        }
        let other_key = match &instance.address.key {
            None => Some(Key::Index(0)),
            Some(Key::Index(0)) => None,
            Some(_) => return self.same_thing(instance),
        };
        let former = state.current(&instance.declaration.declared.instance(other_key));
        former
            .filter(|record| !self.taken.contains(&record.key()) && !self.is_declared(&record.address))
            .or_else(|| self.same_thing(instance))
    }

    fn same_thing(&self, instance: &Instance<'_>) -> Option<&'a Record> {
        let record = self.holder(instance, &of(instance)?)?;
        let free = record.status != Status::Deposed && !self.is_declared(&record.address) && !self.taken.contains(&record.key());
        free.then_some(record)
    }

    /// Returns the record of the thing with this id in an instance's place, whatever its address.
    pub fn holder(&self, instance: &Instance<'_>, id: &str) -> Option<&'a Record> {
        let key = (instance.description.kind.to_owned(), instance.place.clone(), id.to_owned());
        self.input.state.records.get(self.by_id.get(&key)?)
    }

    /// Returns the generation of the next one at an address: the one that an earlier run was about to make, or else one that nothing
    /// remembered of it has had.
    pub fn next_generation(&self, address: &Address) -> u32 {
        self.about_to_be_made(address).unwrap_or_else(|| self.input.state.next_generation(address))
    }

    /// Returns the generation that an earlier run was about to make when it ended, where nothing is remembered of it. What is made now is
    /// that one again, under its operation, so that there are never two.
    pub fn about_to_be_made(&self, address: &Address) -> Option<u32> {
        let state = self.input.state;
        let made = |intent: &&Intent| intent.attempt == Attempt::Create && !state.records.contains_key(&intent.key());
        state.in_doubt(address).rfind(made).map(|intent| intent.generation)
    }
}

/// Returns what to show when a successor would need a name that is still taken.
pub fn clash(instance: &Instance<'_>, record: &Record) -> Option<Diagnostic> {
    let same = of(instance).is_some_and(|id| id == record.id) && record.place == instance.place;
    same.then(|| {
        let detail = format!(
            "`{}` is to be replaced by a new one that comes first, but both would have the name `{}`.",
            instance.address, record.id
        );
        let wrong = Diagnostic::error("Name still taken", detail).at(instance.declaration.place.clone());
        wrong
            .hint("take back create_before_destroy, here and on what refers to it, or let the name change with what forces the replacement")
    })
}

/// Returns an attribute of a value that has attributes.
pub fn attribute<'v>(value: &'v Planned, name: &str) -> Option<&'v Planned> {
    value.as_members()?.get(name)
}
