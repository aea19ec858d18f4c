//! Members that were asked for last time and no longer are.

use lowtide_model::{Need, Planned, Removed, Shape, Value};

/// Returns whether a member was asked for before, is not any more, is still there, and is one that is taken away.
///
/// Satisfaction alone would not notice: inside a block, and in JSON that AWS fills in, what is not asked for may be anything.
pub fn lost_members(shape: &Shape, before: &Value, wish: &Planned, now: &Value) -> bool {
    match shape {
        Shape::Block(rows) => rows.iter().any(|row| {
            let (Some(before), Some(now)) = (member(before, row.name), member(now, row.name)) else { return false };
            match wish.as_members().and_then(|all| all.get(row.name)).filter(|value| !value.is_null()) {
                Some(wish) => lost_members(&row.shape, before, wish, now),
                None => row.removed != Removed::Keep && !matches!(row.need, Need::Default(_)) && !before.is_empty() && !now.is_empty(),
            }
        }),
        Shape::List(of) => {
            let (before, now) = (before.elements().unwrap_or_default(), now.elements().unwrap_or_default());
            let wish = wish.as_elements().unwrap_or_default();
            before.iter().zip(wish).zip(now).any(|((before, wish), now)| lost_members(of, before, wish, now))
        }
        Shape::FilledJson => lost_json(before, wish, now),
        Shape::Any | Shape::Bool | Shape::Int | Shape::Number | Shape::String | Shape::Arn | Shape::Cidr | Shape::Policy | Shape::Json => {
            false
        }
        Shape::Set(_) | Shape::Map(_) => false,
    }
}

fn lost_json(before: &Value, wish: &Planned, now: &Value) -> bool {
    match (before, now) {
        (Value::Object(before) | Value::Map(before), Value::Object(now) | Value::Map(now)) => {
            let Some(wish) = wish.as_members() else { return false };
            before.iter().any(|(name, before)| match (wish.get(name), now.get(name)) {
                (Some(wish), Some(now)) => lost_json(before, wish, now),
                (None, Some(now)) => !now.is_empty(),
                (_, None) => false,
            })
        }
        (Value::List(before), Value::List(now)) => {
            let wish = wish.as_elements().unwrap_or_default();
            before.iter().zip(wish).zip(now).any(|((before, wish), now)| lost_json(before, wish, now))
        }
        _ => false,
    }
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.as_members()?.get(name).filter(|value| !value.is_null())
}
