//! Attributes of SNS: pairs of words, set one by one, which stand for texts, numbers, truth values or JSON.

use std::collections::HashMap;

use lowtide_model::{Json, Number, Object, Value};

/// One attribute: its name here, its name in SNS, and what its word stands for.
pub type Row = (&'static str, &'static str, Sort);

/// What a word stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Itself.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Truth,
    /// JSON.
    Json,
}

/// Returns the word of a value; none for nothing, which SNS wants empty.
pub fn word(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(value)) => value.to_string(),
        Some(Value::Number(number)) => number.to_string(),
        Some(json) => Json(json.clone()).text(),
    }
}

/// Returns the attributes that are given, for a creating request.
pub fn given(rows: &[Row], wish: &Object) -> HashMap<String, String> {
    rows.iter()
        .filter_map(|(ours, theirs, _)| Some(((*theirs).to_owned(), word(Some(wish.get(ours)?)))))
        .filter(|(_, word)| !word.is_empty())
        .collect()
}

/// Reads what SNS says into an object. What is empty, or an empty object, is absent.
pub fn read(rows: &[Row], said: &HashMap<String, String>) -> Object {
    let mut object = Object::default();
    for (ours, theirs, sort) in rows {
        let Some(word) = said.get(*theirs).filter(|word| !word.is_empty() && *word != "{}") else { continue };
        let value = match sort {
            Sort::Text => Value::String(word.clone()),
            Sort::Truth => Value::Bool(word == "true"),
            Sort::Number => word.parse::<Number>().map_or(Value::Null, Value::Number),
            Sort::Json => Json::parse(word).map_or_else(|| Value::String(word.clone()), |json| json.0),
        };
        object.set(*ours, value);
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_as_what_they_stand_for() {
        let rows: &[Row] = &[("a", "A", Sort::Number), ("b", "B", Sort::Truth), ("c", "C", Sort::Json), ("d", "D", Sort::Text)];
        let said = [("A", "3"), ("B", "true"), ("C", "{\"x\":1}"), ("D", "")].map(|(name, word)| (name.to_owned(), word.to_owned())).into();
        let seen = read(rows, &said);
        assert_eq!(
            given(rows, &seen),
            [("A", "3"), ("B", "true"), ("C", "{\"x\":1}")].map(|(name, word)| (name.to_owned(), word.to_owned())).into()
        );
        assert_eq!(seen.get("d"), None);
    }
}
