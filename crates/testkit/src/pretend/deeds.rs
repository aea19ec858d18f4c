//! What becomes of the pretend world when a kind is asked for something.

use lowtide_model::{Create, Literal, Need, Object, Observation, Place, Removed, Shape, Value};
use lowtide_resource::{Ask, Changed, Class, Fault, Going, Kind, Operation};

use super::{
    kind::{Behaviour, OPEN, PretendKind},
    world::{Thing, World},
};

impl PretendKind {
    pub(super) fn make(&self, world: &mut World, place: &Place, wish: &Object, op: &Operation) -> Result<String, Fault> {
        let kind = self.description.kind;
        // A token stands for one thing, also once that is gone.
        if matches!(self.description.create, Create::Token { .. })
            && let Some(id) = world.tokens.get(&op.id)
        {
            return Ok(id.clone());
        }
        world.check_references(self.description, wish)?;
        let id = self.identity(place, wish).unwrap_or_else(|| world.new_id(kind));
        let inputs = self.sent(wish);
        if let Some(thing) = world.thing(kind, &id) {
            if self.description.create == Create::Put {
                thing.inputs = inputs;
                return Ok(id);
            }
            return Err(Fault::bare(Class::AlreadyExists, format!("there is a {kind} {id} already")));
        }
        world.tokens.insert(op.id.clone(), id.clone());
        let Behaviour { accepted, usable, .. } = self.behaviour;
        world.add(Thing { kind, id: id.clone(), inputs, token: op.id.clone(), version: 1, settling: (accepted, usable), going: 0 });
        Ok(id)
    }

    /// What the creating request carries, and what is decided for what it does not.
    fn sent(&self, wish: &Object) -> Object {
        let mut inputs = Object::default();
        for row in self.description.inputs.iter().filter(|row| !row.option && !self.behaviour.late.contains(&row.name)) {
            let decided = match row.need {
                Need::Default(Literal::Bool(value)) => value.into(),
                _ if row.removed == Removed::Keep => Value::from("decided"),
                _ => Value::Null,
            };
            inputs.set(row.name, filled(&row.shape, wish.get(row.name).unwrap_or(&decided)));
        }
        // It lets everything out until it is told otherwise, which is what fresh values are for.
        if self.description.input("egress").is_some() {
            inputs.set("egress", Value::Set([Value::Object([("port".to_owned(), OPEN.into())].into())].into()));
        }
        inputs
    }

    pub(super) fn alter(&self, world: &mut World, now: &Observation, to: &Object, changed: &Changed) -> Result<(), Fault> {
        let kind = self.description.kind;
        world.check_references(self.description, to)?;
        let Some(thing) = world.thing(kind, &now.id) else {
            return Err(Fault::bare(Class::NotFound, format!("there is no {kind} {}", now.id)));
        };
        for row in self.description.inputs.iter().filter(|row| !row.option) {
            let value = to.get(row.name).cloned().unwrap_or_default();
            if !changed.has(row.name) {
                let as_it_is = row.unread || now.inputs.get(row.name).cloned().unwrap_or_default() == value || row.name == "tags";
                if !as_it_is {
                    return Err(Fault::bare(Class::Invalid, format!("{} changes and is not said to", row.name)));
                }
                continue;
            }
            if row.replaces {
                return Err(Fault::bare(Class::Invalid, format!("{} of {kind} can't be changed", row.name)));
            }
            if row.name == "size" {
                thing.version += 1;
            }
            thing.inputs.set(row.name, filled(&row.shape, &value));
        }
        thing.settling = (self.behaviour.accepted, 0);
        Ok(())
    }

    pub(super) fn unmake(&self, world: &mut World, id: &str) -> Result<Going, Fault> {
        let kind = self.description.kind;
        let Some(thing) = world.thing(kind, id) else {
            return Err(Fault::bare(Class::NotFound, format!("there is no {kind} {id}")));
        };
        if thing.going > 0 {
            thing.going -= 1;
        } else if self.behaviour.going > 0 && thing.token != "going" {
            if let Some(user) = world.user_of(id) {
                return Err(Fault::bare(Class::InUse, format!("{id} is in use by {}", user.id)));
            }
            let Some(thing) = world.thing(kind, id) else { return Ok(Going::Gone) };
            "going".clone_into(&mut thing.token);
            thing.going = self.behaviour.going;
        } else if let Some(user) = world.user_of(id) {
            return Err(Fault::bare(Class::InUse, format!("{id} is in use by {}", user.id)));
        }
        if world.thing(kind, id).is_some_and(|thing| thing.going > 0) {
            return Ok(Going::Going("shutting down".to_owned()));
        }
        world.things.retain(|_, thing| thing.kind != kind || thing.id != id);
        Ok(Going::Gone)
    }

    /// What AWS shows of a thing.
    pub(super) fn observed(&self, thing: &Thing) -> Observation {
        let mut inputs = thing.inputs.clone();
        for row in self.description.inputs.iter().filter(|row| row.unread) {
            inputs.0.remove(row.name);
        }
        let mut outputs = Object::default();
        for row in self.description.outputs {
            let value = match row.name {
                "id" => thing.id.as_str().into(),
                "arn" => format!("arn:aws:pretend::{}:role/{}", super::ACCOUNT, thing.id).into(),
                "version" | "revision" => thing.version.into(),
                other => format!("{other} of {}", thing.token).into(),
            };
            outputs.set(row.name, value);
        }
        Observation { id: thing.id.clone(), inputs, outputs, ..Observation::default() }
    }

    /// What asks nothing is as it was asked for.
    pub(super) fn echo(&self, ask: &Ask) -> Observation {
        let text = ask.last.get("text").cloned().unwrap_or_default();
        let outputs = [("id".to_owned(), Value::from(ask.id.as_str())), ("echo".to_owned(), text)].into_iter().collect();
        Observation { id: ask.id.clone(), inputs: ask.last.clone(), outputs, ..Observation::default() }
    }
}

/// AWS decides what is computed inside blocks, and adds to JSON of its own.
fn filled(shape: &Shape, wish: &Value) -> Value {
    match (shape, wish) {
        (Shape::Block(rows), Value::Object(members)) => {
            let mut members = members.clone();
            for row in rows.iter().filter(|row| row.computed()) {
                members.entry(row.name.to_owned()).or_insert_with(|| "decided".into());
            }
            Value::Object(members)
        }
        (Shape::FilledJson, Value::List(all)) => Value::List(all.iter().map(|one| filled(shape, one)).collect()),
        (Shape::FilledJson, Value::Map(members) | Value::Object(members)) => {
            let mut members = members.clone();
            members.entry("cpu".to_owned()).or_insert_with(|| 0.into());
            Value::Object(members)
        }
        (Shape::Set(of), Value::List(all)) => Value::Set(all.iter().map(|one| filled(of, one)).collect()),
        (Shape::Set(of), Value::Set(all)) => Value::Set(all.iter().map(|one| filled(of, one)).collect()),
        (Shape::List(of), Value::List(all)) => Value::List(all.iter().map(|one| filled(of, one)).collect()),
        _ => wish.clone(),
    }
}
