//! What expressions see of a resource: as it is, and as it will be.

use lowtide_model::{Attribute, Content, Description, Fresh, Observation, Place, Planned, PlannedObject, Shape};
use lowtide_spec::to_expression;

use crate::{
    Change, Hidden,
    difference::{is_own_tag, merged, unknown, value},
};

/// Returns a resource as it is.
pub fn as_seen(of: Hidden<'_>, seen: &Observation) -> Planned {
    let Hidden { description, wish, .. } = of;
    let mut whole = PlannedObject::from(seen.inputs.clone());
    hide_own_tags(&mut whole);
    for row in description.inputs {
        let asked = wish.and_then(|wish| wish.get(row.name));
        // What AWS does not show is what was asked for.
        if let (None, Some(asked)) =
            (whole.get(row.name), asked.filter(|_| row.unread || row.option || seen.unseen.iter().any(|n| n == row.name)))
        {
            whole.set(row.name, asked.clone());
        }
        mark(&mut whole, row, of.input(row));
    }
    for row in description.outputs {
        whole.set(row.name, seen.outputs.get(row.name).cloned().unwrap_or_default().into());
        mark(&mut whole, row, of.output(row));
    }
    expression(description, &whole)
}

/// Returns a resource as it will be once its wish is met. `seen` is what is changed in place; none for a new one.
pub fn as_wished(of: Hidden<'_>, seen: Option<&Observation>, changes: &[Change], place: &Place) -> Planned {
    let (description, nothing) = (of.description, PlannedObject::default());
    let wish = of.wish.unwrap_or(&nothing);
    let mut whole = PlannedObject::default();
    for row in description.inputs {
        let now = seen.and_then(|seen| seen.inputs.get(row.name));
        let cleared =
            changes.iter().any(|change| change.path.0.len() == 1 && change.path.attribute() == Some(row.name) && change.after.is_null());
        let found = match (wish.get(row.name), now) {
            // What an update leads to was worked out with what was asked for before.
            (Some(_), Some(_)) if !row.open && changed(changes, row).is_some() => changed(changes, row).cloned().unwrap_or_default(),
            (Some(wish), Some(now)) if row.open => with_others(wish, &now.clone().into(), changes),
            (Some(wish), Some(now)) => merged(&row.shape, wish, now),
            (Some(wish), None) => wish.clone(),
            (None, Some(now)) if !cleared => now.clone().into(),
            (None, _) if seen.is_none() && row.fresh.is_some() => row.fresh.map_or(Planned::NULL, |fresh| fresh_value(row, fresh)),
            (None, _) if row.computed() && seen.is_none() => unknown(&row.shape),
            (None, _) => Planned::NULL,
        };
        whole.set(row.name, found);
        mark(&mut whole, row, of.later_input(row));
    }
    hide_own_tags(&mut whole);
    let told = description.predict.filter(|_| seen.is_none()).map(|predict| predict(wish)).unwrap_or_default();
    for row in description.outputs {
        let predicted = || told.get(row.name).cloned().or_else(|| predict(row.predict?, wish, place));
        let renewed = row.renewed_by.iter().any(|input| changes.iter().any(|change| change.path.attribute() == Some(input)));
        let value = match seen {
            // What is derived from a sensitive input is not remembered; it is derived again.
            Some(seen) if !renewed => match seen.outputs.get(row.name) {
                Some(known) => known.clone().into(),
                None => predicted().unwrap_or(Planned::NULL),
            },
            Some(_) | None => predicted().unwrap_or_else(|| unknown(&row.shape)),
        };
        whole.set(row.name, value);
        mark(&mut whole, row, of.later_output(row));
    }
    expression(description, &whole)
}

/// Returns what a whole attribute changes to.
fn changed<'c>(changes: &'c [Change], row: &Attribute) -> Option<&'c Planned> {
    changes.iter().find(|change| change.path.0.len() == 1 && change.path.attribute() == Some(row.name)).map(|change| &change.after)
}

/// Returns the value that an attribute gets at creation when it is not given.
pub fn fresh_value(row: &Attribute, fresh: Fresh) -> Planned {
    match fresh {
        Fresh::Value(literal) => value(literal).into(),
        Fresh::Empty => match row.shape {
            Shape::Set(_) => Planned::set([]),
            Shape::Map(_) => Content::Map(Default::default()).into(),
            _ => Planned::list([]),
        },
    }
}

fn expression(description: &Description, whole: &PlannedObject) -> Planned {
    let seen = to_expression(description, whole);
    let Content::Object(mut members) = seen.content else { return seen };
    if description.tagged() {
        let tags = members.get("tags").cloned().unwrap_or(Planned::NULL);
        members.insert("tags_all".to_owned(), tags);
    }
    Content::Object(members).into()
}

fn mark(whole: &mut PlannedObject, row: &Attribute, hidden: bool) {
    if let Some(value) = whole.0.get_mut(row.name) {
        value.sensitive |= hidden;
    }
}

/// Tags of others stay; those that change are as they will be.
fn with_others(wish: &Planned, now: &Planned, changes: &[Change]) -> Planned {
    let (Some(wished), Some(now)) = (wish.as_members(), now.as_members()) else { return wish.clone() };
    let dropped = |key: &String| {
        changes
            .iter()
            .any(|change| change.after.is_null() && matches!(change.path.0.get(1), Some(lowtide_model::Step::Name(name)) if name == key))
    };
    let mut whole: std::collections::BTreeMap<_, _> =
        now.iter().filter(|(key, _)| !dropped(key)).map(|(key, value)| (key.clone(), value.clone())).collect();
    whole.extend(wished.clone());
    Planned::from(Content::Map(whole)).marked(wish.sensitive)
}

fn hide_own_tags(whole: &mut PlannedObject) {
    if let Some(Planned { content: Content::Map(tags) | Content::Object(tags), .. }) = whole.0.get_mut("tags") {
        tags.retain(|key, _| !is_own_tag(key));
    }
}

/// Fills in a prediction such as `arn:{partition}:iam::{account}:role/{name}`; `{name}` alone keeps the input's type.
fn predict(template: &str, wish: &PlannedObject, place: &Place) -> Option<Planned> {
    if let Some(name) = template.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).filter(|name| !name.contains('{')) {
        return part(name, wish, place);
    }
    let mut text = String::new();
    let mut rest = template;
    let mut sensitive = false;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        text.push_str(before);
        let value = part(name, wish, place)?;
        sensitive |= value.sensitive;
        match &value.content {
            Content::String(known) => text.push_str(known),
            Content::Number(known) => text.push_str(&known.to_string()),
            Content::Unknown(unknown) => {
                text.push_str(unknown.prefix.as_deref().unwrap_or_default());
                return Some(Planned::unknown_text(text).marked(sensitive));
            }
            Content::Null | Content::Bool(_) | Content::List(_) | Content::Set(_) | Content::Map(_) | Content::Object(_) => return None,
        }
        rest = after;
    }
    text.push_str(rest);
    Some(Planned::text(text).marked(sensitive))
}

fn part(name: &str, wish: &PlannedObject, place: &Place) -> Option<Planned> {
    match name {
        // What is only imagined is nowhere yet.
        "partition" | "account" | "region" | "dns_suffix" if place.account.is_empty() => None,
        "partition" => Some(Planned::text(&place.partition)),
        "account" => Some(Planned::text(&place.account)),
        "region" => Some(Planned::text(&place.region)),
        "dns_suffix" => dns_suffix(&place.partition).map(Planned::text),
        input => wish.get(input).cloned(),
    }
}

/// Returns what names of AWS's endpoints end in; `None` for partitions that have more than one ending.
fn dns_suffix(partition: &str) -> Option<&'static str> {
    match partition {
        "aws" | "aws-us-gov" => Some("amazonaws.com"),
        "aws-cn" => Some("amazonaws.com.cn"),
        _ => None,
    }
}
