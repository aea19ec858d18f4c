//! What becomes of an attribute that nobody gives: with the provider, by a thing it would make from nothing, and with us.

use lowtide_model::{Attribute, Fresh, Literal, Need};
use serde_json::Value;

use super::oracle::Planned;

/// What an attribute is that nobody gives and nobody fills in.
const NONE: &str = "left alone";

/// What an attribute is that AWS decides where nobody gives it.
const DECIDED: &str = "decided by AWS";

/// Returns what becomes of attributes that nobody gave, in a thing made from nothing, by path.
pub fn filled_in(planned: &Planned, attributes: &'static [Attribute]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    gather([&planned.given, &planned.fresh, &planned.decided], attributes, "", &mut all);
    all
}

fn gather([given, fresh, decided]: [&Value; 3], attributes: &'static [Attribute], within: &str, all: &mut Vec<(String, String)>) {
    for row in attributes {
        let [given, fresh, decided] = [given, fresh, decided].map(|value| &value[row.name]);
        let path = format!("{within}{}", row.name);
        if !given.is_null() {
            let [given, fresh, decided] = [given, fresh, decided].map(one);
            if given.is_object() && fresh.is_object() {
                gather([given, fresh, decided], row.shape.block().unwrap_or_default(), &format!("{path}."), all);
            }
        } else if !row.open && row.need != Need::Required {
            // In a block the provider can't tell what is not given from what is nothing.
            let nothing = !within.is_empty() && (*fresh == Value::Bool(false) || fresh.as_u64() == Some(0));
            all.push((
                path,
                match fresh {
                    _ if *decided == Value::Bool(true) => DECIDED.to_owned(),
                    Value::Null => NONE.to_owned(),
                    _ if nothing => NONE.to_owned(),
                    value => format!("default {value}"),
                },
            ));
        }
    }
}

/// Returns the block in a list of one. Which element of several is which nobody says.
fn one(value: &Value) -> &Value {
    match value {
        Value::Array(elements) if elements.len() == 1 => &elements[0],
        value => value,
    }
}

/// Returns what becomes of an attribute of ours that nobody gives.
pub fn default(row: &Attribute) -> String {
    let literal = |value: Literal| match value {
        Literal::Bool(value) => format!("default {value}"),
        Literal::Int(value) => format!("default {value}"),
        Literal::Str(text) => format!("default {text:?}"),
    };
    match (row.need, row.fresh) {
        (Need::Default(value), _) | (_, Some(Fresh::Value(value))) => literal(value),
        (_, Some(Fresh::Empty)) => "default []".to_owned(),
        (Need::Required | Need::Optional, None) if row.computed() => DECIDED.to_owned(),
        (Need::Required | Need::Optional, None) => NONE.to_owned(),
    }
}

/// Returns whether two defaults are the same: numbers may be text, and what is empty is left alone.
pub fn same(theirs: &str, ours: &str) -> bool {
    let plain = |text: &str| text.replace('"', "");
    let nothing =
        |text: &str| matches!(plain(text).trim_end(), "default" | "default []" | "default {}" | "default false" | "default 0" | NONE);
    plain(theirs) == plain(ours) || (nothing(theirs) && nothing(ours))
}
