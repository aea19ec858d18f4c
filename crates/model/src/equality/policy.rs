//! The normal form of an IAM policy document.
//!
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM JSON policy elements": elements that take
//! one value or a list take either, lists have no order, action names don't mind case, an account id stands for its root.

use std::collections::{BTreeMap, BTreeSet};

use crate::Value;

const UNORDERED: [&str; 4] = ["Action", "NotAction", "Resource", "NotResource"];

/// Returns a policy document such that two documents that mean the same are equal.
pub fn normal(document: &Value) -> Value {
    let Some(members) = document.as_members() else { return document.clone() };
    let mut whole: BTreeMap<_, _> =
        members.iter().filter(|(_, value)| !value.is_null()).map(|(k, v)| (k.clone(), super::plain(v))).collect();
    let statements = many(whole.remove("Statement").unwrap_or_default());
    whole.insert("Statement".to_owned(), Value::Set(statements.iter().map(statement).collect()));
    whole.entry("Version".to_owned()).or_insert_with(|| "2008-10-17".into());
    Value::Object(whole)
}

fn statement(one: &Value) -> Value {
    let Some(members) = one.as_members() else { return one.clone() };
    let element = |(name, value): (&String, &Value)| {
        let value = match name.as_str() {
            "Sid" if value.as_str() == Some("") => return None,
            "Action" | "NotAction" => Value::Set(many(value.clone()).into_iter().map(lower).collect()),
            name if UNORDERED.contains(&name) => Value::Set(many(value.clone()).into_iter().collect()),
            "Principal" | "NotPrincipal" => principal(value),
            "Condition" => condition(value),
            _ => value.clone(),
        };
        Some((name.clone(), value))
    };
    Value::Object(members.iter().filter_map(element).collect())
}

fn principal(value: &Value) -> Value {
    let Some(members) = value.as_members() else {
        let everyone = Value::Set(BTreeSet::from([value.clone()]));
        return Value::Object(BTreeMap::from([("AWS".to_owned(), everyone)]));
    };
    let each = members.iter().map(|(kind, who)| {
        let who = many(who.clone()).into_iter().map(|one| if kind == "AWS" { account_root(one) } else { one });
        (kind.clone(), Value::Set(who.collect()))
    });
    Value::Object(each.collect())
}

/// `arn:aws:iam::123456789012:root` becomes `123456789012`.
fn account_root(who: Value) -> Value {
    let account = who.as_str().and_then(|arn| arn.strip_suffix(":root")).and_then(|arn| arn.rsplit(':').next());
    account.filter(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit())).map_or(who.clone(), Value::from)
}

fn condition(value: &Value) -> Value {
    let Some(operators) = value.as_members() else { return value.clone() };
    let tests = |tests: &Value| match tests.as_members() {
        Some(tests) => Value::Object(
            tests
                .iter()
                .map(|(key, values)| (key.to_lowercase(), Value::Set(many(values.clone()).into_iter().map(text).collect())))
                .collect(),
        ),
        None => tests.clone(),
    };
    Value::Object(operators.iter().map(|(operator, all)| (operator.clone(), tests(all))).collect())
}

fn many(value: Value) -> Vec<Value> {
    match value {
        Value::List(all) => all,
        Value::Set(all) => all.into_iter().collect(),
        Value::Null => Vec::new(),
        one @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Map(_) | Value::Object(_)) => vec![one],
    }
}

fn lower(value: Value) -> Value {
    value.as_str().map_or(value.clone(), |text| Value::String(text.to_lowercase()))
}

fn text(value: Value) -> Value {
    match value {
        Value::Bool(value) => Value::String(value.to_string()),
        Value::Number(value) => Value::String(value.to_string()),
        other @ (Value::Null | Value::String(_) | Value::List(_) | Value::Set(_) | Value::Map(_) | Value::Object(_)) => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Value {
        normal(&Value::from_json(&serde_json::from_str(text).expect("JSON")).expect("small numbers"))
    }

    #[test]
    fn one_and_a_list_of_one_mean_the_same() {
        assert_eq!(
            document(
                r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":["b","a"],"Principal":"*"}}"#
            ),
            document(
                r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:getobject"],"Resource":["a","b"],"Principal":{"AWS":["*"]}}]}"#
            )
        );
    }

    #[test]
    fn an_account_id_stands_for_its_root_and_booleans_for_their_text() {
        assert_eq!(
            document(
                r#"{"Statement":[{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Condition":{"Bool":{"aws:SecureTransport":false}}}]}"#
            ),
            document(
                r#"{"Statement":[{"Effect":"Deny","Principal":{"AWS":["arn:aws:iam::111122223333:root"]},"Condition":{"Bool":{"aws:securetransport":"false"}}}]}"#
            )
        );
    }

    #[test]
    fn another_action_is_another_policy() {
        assert_ne!(document(r#"{"Statement":[{"Action":"a:b"}]}"#), document(r#"{"Statement":[{"Action":"a:c"}]}"#));
    }
}
