//! What apply asks of a kind: the wish as it is now that its inputs are known, held against the plan, and made whole.

use std::collections::BTreeMap;

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_graph::Node;
use lowtide_model::{Address, Description, Fresh, Object, Observation, Planned, PlannedObject, Value};
use lowtide_plan::{Change, Governors, Step, World, agrees, leave_ignored, merged, value};
use lowtide_resource::{TAG_ADDRESS, TAG_ID, TAG_STACK};
use lowtide_state::Record;

/// Evaluates what a step's resource should become, now that what it needs is known. What is there keeps what is ignored.
///
/// # Errors
/// When something is wrong with it, is still unknown, or is not what the plan said.
pub fn now(
    world: &mut World<'_>,
    step: &Step,
    there: Option<(&Record, &Observation)>,
    governors: &Governors,
) -> Result<PlannedObject, Diagnostics> {
    let declared = &step.address.declared;
    let (Some(declaration), Some(description)) = (world.configuration.declaration(declared), world.schema.of(declared)) else {
        return Err(internal(step, "it is not declared").into());
    };
    world.refresh_locals(&Node::Declared(declared.clone()))?;
    let instance = declaration.instance(step.address.key.as_ref(), world.scope())?;
    let instance = instance.ok_or_else(|| Diagnostics::from(internal(step, "its instance is gone")))?;
    let mut wish = world.wish(declaration, description, &instance)?;
    if let Some((record, seen)) = there {
        leave_ignored(description, &governors.ignoring(declaration, &record.place, seen), &mut wish, record, seen);
        governors.moving(description.kind, &record.place, seen).leave_in_blocks(&mut wish, seen);
    }
    let differs = |(name, planned): &(&String, &Planned)| wish.get(name).is_none_or(|now| !agrees(planned, now));
    if let Some((name, _)) = step.wish.iter().find(differs) {
        let detail = format!("`{name}` of `{}` turned out to be another than the plan showed. Nothing was done to it.", step.address);
        return Err(Diagnostic::error("Not as planned", detail)
            .at(declaration.place.clone())
            .hint("plan again, and apply that plan")
            .into());
    }
    if let Some((name, _)) = wish.iter().find(|(_, value)| !value.is_wholly_known()) {
        let detail = format!("`{name}` of `{}` is still unknown, though everything it refers to is done.", step.address);
        return Err(Diagnostic::error("Value not known", detail).at(declaration.place.clone()).into());
    }
    Ok(wish)
}

fn internal(step: &Step, why: &str) -> Diagnostic {
    Diagnostic::error("Internal error", format!("The plan has a step for `{}`, but {why}. Please report this.", step.address))
}

/// Who owns what is created.
pub struct Owner<'a> {
    /// The state's lineage.
    pub lineage: &'a str,
    /// The creating operation.
    pub uid: &'a str,
    /// Project, environment and stack, for people.
    pub stack: &'a str,
    /// The address, for people.
    pub address: &'a Address,
}

/// Returns the wish for a creating request: values that count at creation only, and tags of ownership.
pub fn to_create(description: &Description, wish: &Object, owner: &Owner<'_>) -> Object {
    let mut whole = wish.clone();
    for row in description.inputs.iter().filter(|row| wish.get(row.name).is_none()) {
        match row.fresh {
            Some(Fresh::Empty) => drop(whole.0.insert(row.name.to_owned(), Value::List(Vec::new()))),
            Some(Fresh::Value(literal)) => whole.set(row.name, value(literal)),
            None => {}
        }
    }
    if description.tagged() {
        let mut tags = wish.get("tags").and_then(Value::as_members).cloned().unwrap_or_default();
        tags.extend(own_tags(owner));
        whole.set("tags", Value::Map(tags));
    }
    whole
}

/// Returns all inputs as they should be after an update: what is asked for, everything else as it is.
pub fn to_update(description: &Description, wish: &Object, now: &Observation, changes: &[Change], owner: &Owner<'_>) -> Object {
    let mut whole = now.inputs.clone();
    for row in description.inputs {
        let cleared =
            changes.iter().any(|change| change.path.0.len() == 1 && change.path.attribute() == Some(row.name) && change.after.is_null());
        let planned = changes.iter().find(|change| change.path.0.len() == 1 && change.path.attribute() == Some(row.name));
        match (wish.get(row.name), now.inputs.get(row.name)) {
            (Some(_), _) if row.open => {}
            (Some(_), Some(_)) if planned.is_some_and(|change| change.after.is_wholly_known()) => {
                whole.set(row.name, planned.and_then(|change| change.after.known()).unwrap_or_default());
            }
            // What does not change stays as it is, with what AWS added to it.
            (Some(_), Some(_)) if planned.is_none() && now.pending.get(row.name).is_none() => {}
            (Some(wish), Some(now)) => {
                let whole_value = merged(&row.shape, &wish.clone().into(), now).known();
                whole.set(row.name, whole_value.unwrap_or_else(|| wish.clone()));
            }
            (Some(wish), None) => drop(whole.0.insert(row.name.to_owned(), wish.clone())),
            (None, _) if cleared => drop(whole.0.remove(row.name)),
            // What counts at creation only, of one whose creation was interrupted.
            (None, _) => {
                let fresh = planned.and_then(|change| change.after.known());
                fresh.into_iter().for_each(|value| drop(whole.0.insert(row.name.to_owned(), value)));
            }
        }
    }
    if description.tagged() {
        whole.set("tags", Value::Map(tags_to(wish, now, changes, owner)));
    }
    whole
}

/// Returns all inputs of something just made as they should be: what was asked for, everything else as it is.
pub fn over(description: &Description, wish: &Object, now: &Observation) -> Object {
    let mut whole = now.inputs.clone();
    for row in description.inputs {
        let Some(wish) = wish.get(row.name) else { continue };
        let value = match now.inputs.get(row.name) {
            Some(now) if row.open => both(wish, now),
            Some(now) => merged(&row.shape, &wish.clone().into(), now).known().unwrap_or_else(|| wish.clone()),
            None => wish.clone(),
        };
        whole.0.insert(row.name.to_owned(), value);
    }
    whole
}

/// Entries that others added stay.
fn both(wish: &Value, now: &Value) -> Value {
    let mut all = now.as_members().cloned().unwrap_or_default();
    all.extend(wish.as_members().cloned().unwrap_or_default());
    Value::Map(all)
}

/// Tags of others stay, those asked for are set, those no longer asked for go.
fn tags_to(wish: &Object, now: &Observation, changes: &[Change], owner: &Owner<'_>) -> BTreeMap<String, Value> {
    let mut tags = now.inputs.get("tags").and_then(Value::as_members).cloned().unwrap_or_default();
    for change in changes.iter().filter(|change| change.path.attribute() == Some("tags") && change.after.is_null()) {
        match change.path.0.get(1) {
            Some(lowtide_model::Step::Name(key)) => drop(tags.remove(key)),
            Some(lowtide_model::Step::Index(_) | lowtide_model::Step::Element) | None => {}
        }
    }
    tags.extend(wish.get("tags").and_then(Value::as_members).cloned().unwrap_or_default());
    tags.extend(own_tags(owner));
    tags
}

fn own_tags(owner: &Owner<'_>) -> [(String, Value); 3] {
    let place = format!("{}/{}", owner.stack, owner.address);
    [
        (TAG_STACK.to_owned(), owner.lineage.into()),
        (TAG_ID.to_owned(), owner.uid.into()),
        (TAG_ADDRESS.to_owned(), Value::String(tag_value(&place))),
    ]
}

/// Returns a text as a tag value that every service takes: letters, digits and `_.:/=+@-`, at most 256 characters.
///
/// Source: the `TagValue` patterns of Amazon ECS, ELB, ACM, IAM, SSM and CloudWatch Logs, which refuse brackets and quotes.
fn tag_value(text: &str) -> String {
    let encoded: String = text.chars().map(|c| if c.is_ascii_alphanumeric() || "_.:/=+@-".contains(c) { c } else { ':' }).collect();
    if encoded.len() <= 256 {
        return encoded;
    }
    let digest = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{}:{digest:016x}", &encoded[..239])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_tag_value_that_every_service_takes() {
        assert_eq!(tag_value("p/default/base/aws_subnet.public[\"a\"]"), "p/default/base/aws_subnet.public::a::");
        assert_eq!(tag_value(&"x".repeat(400)).len(), 256);
    }
}
