//! Attributes that AWS takes further by itself: what came of them still is what was asked for.

use std::cmp::Ordering;

use super::{Verdict, satisfied};
use crate::{Attribute, Planned, Value};

/// Returns whether an attribute's observed value is what `wish` asks for, where AWS may have taken it further: a version given by its
/// start, or brought up to date; a number that grew; a word that it was left to choose. `sibling` tells what other attributes are.
pub fn satisfied_as_far(row: &Attribute, wish: &Planned, seen: &Value, sibling: impl Fn(&str) -> Value) -> Verdict {
    match satisfied(&row.shape, wish, seen) {
        Verdict::Differs if upgraded(row, wish, seen, &sibling) || grown(row, wish, seen, &sibling) || chosen(row, wish, seen) => {
            Verdict::Same
        }
        verdict => verdict,
    }
}

/// `15` is met by 15.7; 15.4 is once AWS may bring in 15.7.
fn upgraded(row: &Attribute, wish: &Planned, seen: &Value, sibling: impl Fn(&str) -> Value) -> bool {
    let (Some(upgrades), Some(wish), Some(seen)) = (row.upgraded_by, wish.as_str(), seen.as_str()) else { return false };
    let (wanted, found): (Vec<_>, Vec<_>) = (wish.split('.').collect(), seen.split('.').collect());
    let start = &wanted[..wanted.len() - 1];
    let newer = !start.is_empty()
        && found.len() == wanted.len()
        && found.starts_with(start)
        && compare_versions(wish, seen) == Ordering::Less
        && sibling(upgrades).as_bool() == Some(true);
    found.starts_with(&wanted) || newer
}

/// What was asked for may have grown up to its limit.
fn grown(row: &Attribute, wish: &Planned, seen: &Value, sibling: impl Fn(&str) -> Value) -> bool {
    let limit = row.grows_to.and_then(|name| sibling(name).as_i64());
    matches!((wish.as_i64(), seen.as_i64(), limit), (Some(wish), Some(seen), Some(limit)) if wish < seen && seen <= limit)
}

/// One of the words that it may choose among is there.
fn chosen(row: &Attribute, wish: &Planned, seen: &Value) -> bool {
    row.chooses.is_some() && row.chooses == wish.as_str() && seen.as_str().is_some_and(|seen| row.one_of.contains(&seen))
}

/// Compares two versions by their numbers, as far as both go.
pub fn compare_versions(one: &str, other: &str) -> Ordering {
    let numbers = |text: &str| text.split('.').map(|part| part.parse::<u64>().unwrap_or_default()).collect::<Vec<_>>();
    let (one, other) = (numbers(one), numbers(other));
    let both = one.len().min(other.len());
    one[..both].cmp(&other[..both])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;

    const VERSION: Attribute = Attribute { name: "version", upgraded_by: Some("upgrades"), ..Attribute::PLAIN };
    const SIZE: Attribute = Attribute { name: "size", shape: Shape::Int, grows_to: Some("most"), ..Attribute::PLAIN };

    #[test]
    fn a_version_is_met_as_exactly_as_it_was_asked_for() {
        let met = |wish: &str, seen: &str, upgrades: bool| {
            satisfied_as_far(&VERSION, &Planned::text(wish), &seen.into(), |_| upgrades.into()) == Verdict::Same
        };
        assert!(met("16", "16.4", false) && met("16.4", "16.4", false) && met("8.0", "8.0.39", false));
        assert!(!met("17", "16.4", true) && !met("1", "16.4", true) && !met("16.4.1", "16.4", true));
        assert!(met("16.4", "16.5", true) && !met("16.4", "16.5", false), "newer where AWS brings it up to date");
        assert!(!met("16.5", "16.4", true) && !met("15.9", "16.1", true) && !met("15", "16", true));
    }

    #[test]
    fn a_word_that_was_left_to_choose_is_what_was_chosen() {
        let row = Attribute { chooses: Some("any"), one_of: &["small", "large", "any"], ..Attribute::PLAIN };
        let met = |wish: &str, seen: &str| satisfied_as_far(&row, &Planned::text(wish), &seen.into(), |_| Value::Null) == Verdict::Same;
        assert!(met("any", "large") && met("any", "small") && met("any", "any"));
        assert!(!met("small", "large") && !met("small", "any") && !met("any", "strange"));
    }

    #[test]
    fn what_grew_up_to_its_limit_is_as_asked_for() {
        let met = |wish: i64, seen: i64, limit: Value| {
            satisfied_as_far(&SIZE, &Value::from(wish).into(), &seen.into(), |_| limit.clone()) == Verdict::Same
        };
        assert!(met(20, 40, 100.into()) && met(20, 20, Value::Null));
        assert!(!met(20, 200, 100.into()) && !met(20, 10, 100.into()) && !met(20, 40, Value::Null));
    }
}
