//! A planned value as three JSON values: what is known and may be seen, where it is unknown, where it is sensitive.

use lowtide_model::{Content, Planned, Type};
use serde_json::{Map, Value as Json};

/// Returns what is known and may be seen: null for what is sensitive, nothing for what is unknown.
///
/// In objects unknown members are left out, in lists they are null so that the order still tells which is which.
pub fn values(value: &Planned) -> Option<Json> {
    if value.sensitive {
        return Some(Json::Null);
    }
    Some(match &value.content {
        Content::Null => Json::Null,
        Content::Unknown(_) => return None,
        Content::Bool(value) => (*value).into(),
        Content::Number(number) => number_json(&number.to_string()),
        Content::String(text) => text.as_str().into(),
        Content::List(all) | Content::Set(all) => all.iter().map(|one| values(one).unwrap_or_default()).collect(),
        Content::Map(all) | Content::Object(all) => {
            Json::Object(all.iter().filter_map(|(name, value)| Some((name.clone(), values(value)?))).collect::<Map<_, _>>())
        }
    })
}

/// Returns the type of a value, in which what is sensitive is of any type: names of members may be secrets too.
pub fn masked_type(value: &Planned) -> Type {
    match &value.content {
        Content::List(_) | Content::Set(_) | Content::Map(_) | Content::Object(_) if value.sensitive => Type::Any,
        Content::List(all) => Type::List(Box::new(Type::common(all.iter().map(masked_type)))),
        Content::Set(all) => Type::Set(Box::new(Type::common(all.iter().map(masked_type)))),
        Content::Map(all) => Type::Map(Box::new(Type::common(all.values().map(masked_type)))),
        Content::Object(all) => Type::object(all.iter().map(|(name, value)| (name.clone(), masked_type(value)))),
        Content::Null | Content::Unknown(_) | Content::Bool(_) | Content::Number(_) | Content::String(_) => value.ty(),
    }
}

/// Returns a number without going through a float.
fn number_json(digits: &str) -> Json {
    serde_json::from_str(digits).unwrap_or_else(|_| digits.into())
}

/// Returns `true` for each unknown leaf; members that are wholly known are left out.
pub fn unknowns(value: &Planned) -> Json {
    marks(value, &|one| one.is_unknown())
}

/// Returns `true` for each sensitive part; members without any are left out.
pub fn sensitives(value: &Planned) -> Json {
    marks(value, &|one| one.sensitive)
}

fn marks(value: &Planned, holds: &dyn Fn(&Planned) -> bool) -> Json {
    if holds(value) {
        return true.into();
    }
    // Nothing inside a sensitive value is told, not even how many members it has.
    if value.sensitive {
        return false.into();
    }
    match &value.content {
        Content::Null | Content::Unknown(_) | Content::Bool(_) | Content::Number(_) | Content::String(_) => false.into(),
        Content::List(all) | Content::Set(all) => all.iter().map(|one| marks(one, holds)).collect(),
        Content::Map(all) | Content::Object(all) => {
            let marked = all.iter().map(|(name, value)| (name.clone(), marks(value, holds)));
            Json::Object(marked.filter(|(_, mark)| *mark != Json::Bool(false)).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use lowtide_model::Type;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_sensitive_or_unknown_is_said_and_not_shown() {
        let value = Planned::object([
            ("a".to_owned(), Planned::list([Planned::text("x"), Planned::unknown(Type::String)])),
            ("b".to_owned(), Planned::text("secret").marked(true)),
            ("c".to_owned(), Planned::unknown(Type::String).marked(true)),
            ("d".to_owned(), Planned::NULL),
        ]);
        assert_eq!(values(&value), Some(json!({ "a": ["x", null], "b": null, "c": null, "d": null })));
        assert_eq!(unknowns(&value), json!({ "a": [false, true], "c": true }));
        assert_eq!(sensitives(&value), json!({ "a": [false, false], "b": true, "c": true }));
    }
}
