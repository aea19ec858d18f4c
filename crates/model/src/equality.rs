//! When an observed value is what was asked for. Satisfaction, not equality: inside a block, and in JSON that AWS fills
//! in, what was not asked for may be anything.

mod cidr;
mod leeway;
mod policy;

use std::collections::BTreeMap;

pub use leeway::{compare_versions, satisfied_as_far};
pub use policy::normal as normal_policy;

use crate::{Attribute, Content, Planned, Shape, Value};

/// Whether an observed value is what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Same,
    /// It is not.
    Differs,
    /// What was asked for is not known before apply.
    Unknown,
}

impl Verdict {
    fn of(same: bool) -> Self {
        if same { Self::Same } else { Self::Differs }
    }

    /// Returns `Differs` if any differs, else `Unknown` if any is unknown, else `Same`.
    fn all(verdicts: impl IntoIterator<Item = Self>) -> Self {
        let mut whole = Self::Same;
        for verdict in verdicts {
            match verdict {
                Self::Differs => return Self::Differs,
                Self::Unknown => whole = Self::Unknown,
                Self::Same => {}
            }
        }
        whole
    }
}

/// Returns whether `seen` is what `wish` asks for, by the rules of `shape`. An absent value is null.
pub fn satisfied(shape: &Shape, wish: &Planned, seen: &Value) -> Verdict {
    match (&wish.content, shape) {
        (Content::Unknown(_), _) => Verdict::Unknown,
        (Content::Null, _) => Verdict::of(seen.is_null()),
        (_, Shape::Set(of)) => in_any_order(of, wish.as_elements().unwrap_or_default(), seen),
        (_, Shape::List(of)) => in_order(of, wish.as_elements().unwrap_or_default(), seen),
        (_, Shape::Map(of)) => by_name(of, wish.as_members(), seen),
        (_, Shape::Block(rows)) => block(rows, wish.as_members(), seen),
        (_, Shape::FilledJson) => filled(wish, seen),
        (_, Shape::Policy) => known(wish, |wish| policy::normal(&wish) == policy::normal(seen)),
        (_, Shape::Json) => known(wish, |wish| plain(&wish) == plain(seen)),
        (_, Shape::Cidr) => known(wish, |wish| cidr::same(&wish, seen)),
        (_, Shape::Any) => known(wish, |wish| plain(&wish) == plain(seen)),
        (_, Shape::Bool | Shape::Int | Shape::Number | Shape::String | Shape::Arn) => known(wish, |wish| wish == *seen),
    }
}

fn known(wish: &Planned, same: impl FnOnce(Value) -> bool) -> Verdict {
    wish.known().map_or(Verdict::Unknown, |wish| Verdict::of(same(wish)))
}

fn in_order(of: &Shape, wish: &[Planned], seen: &Value) -> Verdict {
    let seen = seen.elements().unwrap_or_default();
    if wish.len() != seen.len() {
        return if wish.iter().any(|one| !one.is_wholly_known()) { Verdict::Unknown } else { Verdict::Differs };
    }
    Verdict::all(wish.iter().zip(seen).map(|(wish, seen)| satisfied(of, wish, seen)))
}

/// Pairs each wished element with one seen; an element not wholly known may turn out to be any of the rest.
fn in_any_order(of: &Shape, wish: &[Planned], seen: &Value) -> Verdict {
    let mut rest = seen.elements().unwrap_or_default();
    let mut open = 0;
    for one in wish {
        match rest.iter().position(|seen| satisfied(of, one, seen) == Verdict::Same) {
            Some(at) => {
                rest.remove(at);
            }
            None if one.is_wholly_known() => return Verdict::Differs,
            None => open += 1,
        }
    }
    if open > 0 { Verdict::Unknown } else { Verdict::of(rest.is_empty()) }
}

fn by_name(of: &Shape, wish: Option<&BTreeMap<String, Planned>>, seen: &Value) -> Verdict {
    let (empty, nothing) = (BTreeMap::new(), BTreeMap::new());
    let (wish, seen) = (wish.unwrap_or(&empty), seen.as_members().unwrap_or(&nothing));
    if wish.keys().ne(seen.keys()) {
        return Verdict::Differs;
    }
    Verdict::all(wish.iter().zip(seen.values()).map(|((_, wish), seen)| satisfied(of, wish, seen)))
}

fn block(rows: &[Attribute], wish: Option<&BTreeMap<String, Planned>>, seen: &Value) -> Verdict {
    let Some(wish) = wish else { return Verdict::Differs };
    let Some(seen) = seen.as_members() else { return Verdict::Differs };
    let asked = rows.iter().filter(|row| !row.option && !row.unread);
    Verdict::all(asked.filter_map(|row| {
        let wish = wish.get(row.name).filter(|value| !value.is_null())?;
        let seen = seen.get(row.name).unwrap_or(&Value::Null);
        // An empty collection and none are the same inside a block: AWS can't tell them apart there.
        Some(if wish.known().is_some_and(|known| known.is_empty()) && seen.is_empty() {
            Verdict::Same
        } else {
            satisfied(&row.shape, wish, seen)
        })
    }))
}

/// JSON that AWS fills in: each member and element asked for must be there; named elements pair by name.
fn filled(wish: &Planned, seen: &Value) -> Verdict {
    match (&wish.content, seen) {
        (Content::Unknown(_), _) => Verdict::Unknown,
        (Content::Map(wish) | Content::Object(wish), Value::Map(seen) | Value::Object(seen)) => {
            Verdict::all(wish.iter().map(|(name, wish)| match seen.get(name) {
                Some(seen) => filled(wish, seen),
                None => Verdict::of(
                    wish.known().is_some_and(|known| known.is_empty() || known == Value::Bool(false) || known.as_i64() == Some(0)),
                ),
            }))
        }
        (Content::List(wish), Value::List(seen)) if wish.len() == seen.len() => {
            let name = |value: &Value| value.as_members().and_then(|all| all.get("name")).cloned();
            Verdict::all(wish.iter().enumerate().map(|(at, one)| {
                let named = one.as_members().and_then(|all| all.get("name")).and_then(Planned::known);
                match named {
                    Some(wanted) => {
                        seen.iter().find(|seen| name(seen).as_ref() == Some(&wanted)).map_or(Verdict::Differs, |seen| filled(one, seen))
                    }
                    None => filled(one, &seen[at]),
                }
            }))
        }
        _ => known(wish, |wish| plain(&wish) == plain(seen)),
    }
}

/// JSON without the difference between lists and sets, maps and objects, and without nulls.
pub fn plain(value: &Value) -> Value {
    match value {
        Value::Set(all) => Value::List(all.iter().map(plain).collect()),
        Value::List(all) => Value::List(all.iter().map(plain).collect()),
        Value::Map(all) | Value::Object(all) => {
            Value::Object(all.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), plain(value))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Attribute, Type};

    const PORT: Attribute = Attribute { name: "port", shape: Shape::Int, ..Attribute::PLAIN };
    const FROM: Attribute = Attribute { name: "from", shape: Shape::Set(&Shape::Cidr), ..Attribute::PLAIN };
    const RULE: Shape = Shape::Block(&[PORT, FROM]);

    fn json(text: &str) -> Value {
        Value::from_json(&serde_json::from_str(text).expect("JSON")).expect("small numbers")
    }

    #[test]
    fn blocks_leave_unset_members_alone_and_sets_ignore_order() {
        let wish = json(r#"[{"port": 443}, {"port": 80, "from": ["10.0.0.9/8"]}]"#);
        let seen = json(r#"[{"port": 80, "from": ["10.0.0.0/8"]}, {"port": 443, "from": ["0.0.0.0/0"]}]"#);
        assert_eq!(satisfied(&Shape::Set(&RULE), &wish.clone().into(), &seen), Verdict::Same);
        assert_eq!(satisfied(&Shape::List(&RULE), &wish.into(), &seen), Verdict::Differs);
    }

    #[test]
    fn an_unknown_element_leaves_it_open() {
        let wish = Planned::set([Planned::text("a"), Planned::unknown(Type::String)]);
        assert_eq!(satisfied(&Shape::Set(&Shape::String), &wish, &json(r#"["a", "b"]"#)), Verdict::Unknown);
        assert_eq!(satisfied(&Shape::Set(&Shape::String), &wish, &json(r#"["c", "b"]"#)), Verdict::Differs);
    }

    #[test]
    fn container_definitions_may_hold_more_than_was_asked_for() {
        let wish = json(r#"[{"name": "web", "image": "nginx", "essential": true, "environment": []}]"#);
        let seen = json(r#"[{"name": "web", "image": "nginx", "essential": true, "cpu": 0, "mountPoints": []}]"#);
        assert_eq!(satisfied(&Shape::FilledJson, &wish.clone().into(), &seen), Verdict::Same);
        assert_eq!(satisfied(&Shape::FilledJson, &seen.into(), &json(r#"[{"name": "web", "image": "httpd"}]"#)), Verdict::Differs);
    }
}
