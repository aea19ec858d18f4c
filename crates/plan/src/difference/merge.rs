//! What there will be: what is asked for, and inside blocks what is left alone.

use std::collections::BTreeMap;

use lowtide_model::{
    Attribute, Content, Planned, Removed, Shape, Value,
    equality::{Verdict, satisfied},
};

/// Returns what there will be: what is asked for, and inside blocks what is left alone.
pub fn merged(shape: &Shape, wish: &Planned, now: &Value) -> Planned {
    merged_after(shape, None, wish, now)
}

/// Returns the same where something was asked for before: members that were and no longer are do not stay.
pub fn merged_after(shape: &Shape, before: Option<&Value>, wish: &Planned, now: &Value) -> Planned {
    match (shape, &wish.content) {
        (Shape::Block(rows), Content::Object(members) | Content::Map(members)) => {
            Planned::from(Content::Object(block(rows, before, members, now))).marked(wish.sensitive)
        }
        (Shape::List(of), Content::List(all)) => {
            let now = now.elements().unwrap_or_default();
            let before = before.and_then(Value::elements).unwrap_or_default();
            let each = all.iter().enumerate().map(|(at, wish)| {
                let now = now.get(at).copied().unwrap_or(&Value::Null);
                merged_after(of, before.get(at).copied(), wish, now)
            });
            Planned::list(each).marked(wish.sensitive)
        }
        (Shape::Set(of), Content::Set(all) | Content::List(all)) => {
            let mut rest = now.elements().unwrap_or_default();
            let before = before.and_then(Value::elements).unwrap_or_default();
            // Those that are the same already are taken first, so that none of them goes to one that only has the same key.
            let mut pairs: Vec<Option<&Value>> =
                all.iter().map(|wish| take(&mut rest, |now| satisfied(of, wish, now) == Verdict::Same)).collect();
            for (wish, pair) in all.iter().zip(&mut pairs).filter(|(_, pair)| pair.is_none()) {
                *pair = take(&mut rest, |now| same_key(of, wish, now));
            }
            let each = all.iter().zip(pairs).map(|(wish, now)| match now {
                Some(now) => merged_after(of, before.iter().find(|before| same_key(of, wish, before)).copied(), wish, now),
                None => wish.clone(),
            });
            Planned::set(each.collect::<Vec<_>>()).marked(wish.sensitive)
        }
        _ => wish.clone(),
    }
}

fn block(rows: &[Attribute], before: Option<&Value>, wish: &BTreeMap<String, Planned>, now: &Value) -> BTreeMap<String, Planned> {
    // A block of another type has nothing in common with what is asked for.
    let now = now.as_members().filter(|now| same_variant(wish, now));
    let before = before.and_then(Value::as_members);
    let mut whole = wish.clone();
    for row in rows {
        let now = now.and_then(|now| now.get(row.name));
        let before = before.and_then(|before| before.get(row.name)).filter(|before| !before.is_null());
        match (wish.get(row.name).filter(|wish| !wish.is_null()), now) {
            (Some(wish), Some(now)) if row.shape.block().is_some() => {
                whole.insert(row.name.to_owned(), merged_after(&row.shape, before, wish, now));
            }
            (None, Some(left_alone)) if before.is_none() || row.removed == Removed::Keep => {
                whole.insert(row.name.to_owned(), left_alone.clone().into());
            }
            (Some(_) | None, _) => {}
        }
    }
    whole
}

fn take<'v>(rest: &mut Vec<&'v Value>, wanted: impl Fn(&Value) -> bool) -> Option<&'v Value> {
    let at = rest.iter().position(|one| wanted(one))?;
    Some(rest.remove(at))
}

/// Returns whether two elements of a set of blocks are the same one, told by their key members.
fn same_key(of: &Shape, wish: &Planned, other: &Value) -> bool {
    let Shape::Block(rows) = of else { return false };
    let mut keys = rows.iter().filter(|row| row.key).peekable();
    let member = |row: &Attribute| other.as_members().and_then(|all| all.get(row.name)).cloned().unwrap_or_default();
    let asked = |row: &Attribute| wish.as_members().and_then(|all| all.get(row.name)).cloned().unwrap_or_default();
    keys.peek().is_some() && keys.all(|row| satisfied(&row.shape, &asked(row), &member(row)) == Verdict::Same)
}

fn same_variant(wish: &BTreeMap<String, Planned>, now: &BTreeMap<String, Value>) -> bool {
    match (wish.get("type").and_then(Planned::known), now.get("type")) {
        (Some(wish), Some(now)) => wish == *now,
        (None, _) | (_, None) => true,
    }
}
