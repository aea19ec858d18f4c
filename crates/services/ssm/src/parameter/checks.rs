//! What can be told of a parameter before AWS is asked.

use lowtide_model::{Complaint, PlannedObject};

pub(super) fn name(wish: &PlannedObject) -> Vec<Complaint> {
    let Some(name) = wish.text("name") else { return Vec::new() };
    let mut all = Vec::new();
    if !name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_.-/".contains(letter)) {
        all.push(Complaint::about("name", "The name of a parameter has letters, digits and `_ . - /` only."));
    }
    if name.trim_start_matches('/').contains('/') && !name.starts_with('/') {
        let detail = "A name with levels starts with a slash.";
        all.push(Complaint::about("name", detail).hint(format!("write /{name}")));
    }
    let first = name.trim_start_matches('/').to_ascii_lowercase();
    if ["aws", "ssm"].iter().any(|taken| first.starts_with(taken)) {
        all.push(Complaint::about("name", "Names that start with `aws` or `ssm` belong to AWS."));
    }
    if name.matches('/').count() > 15 {
        all.push(Complaint::about("name", "The name of a parameter has at most fifteen levels."));
    }
    all
}

pub(super) fn value(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = Vec::new();
    match (wish.get("value"), wish.get("insecure_value")) {
        (None, None) => {
            all.push(Complaint::about("value", "A parameter needs a value.").hint("set `value`, or `insecure_value` to see it in plans"))
        }
        (Some(_), Some(_)) => {
            all.push(Complaint::about("insecure_value", "`value` and `insecure_value` exclude each other.").hint("keep one of them"))
        }
        (Some(_), None) | (None, Some(_)) => {}
    }
    if wish.get("insecure_value").is_some() && wish.text("type") == Some("SecureString") {
        all.push(Complaint::about("insecure_value", "The value of a `SecureString` is not shown in clear.").hint("use `value`"));
    }
    for attribute in ["value", "insecure_value"] {
        let length = wish.text(attribute).map_or(0, str::len);
        let most = if wish.text("tier") == Some("Standard") { 4096 } else { 8192 };
        if length > most {
            let detail = format!("The value is {length} bytes long, and a parameter of this tier holds {most}.");
            all.push(Complaint::about(attribute, detail));
        }
        if wish.text(attribute) == Some("") {
            all.push(Complaint::about(attribute, "Parameter Store takes no empty value."));
        }
    }
    all
}

pub(super) fn key(wish: &PlannedObject) -> Vec<Complaint> {
    let plain = wish.text("type").is_some_and(|kind| kind != "SecureString");
    if plain && wish.get("key_id").is_some() {
        return vec![
            Complaint::about("key_id", "Only a `SecureString` is encrypted with a key.")
                .hint("set `type` to \"SecureString\", or leave `key_id` out"),
        ];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use lowtide_model::Planned;

    use super::*;

    fn wish(all: &[(&str, &str)]) -> PlannedObject {
        all.iter().map(|(name, text)| ((*name).to_owned(), Planned::text(*text))).collect()
    }

    #[test]
    fn what_aws_refuses_is_said_while_planning() {
        assert_eq!(name(&wish(&[("name", "/app/key")])), []);
        assert_eq!(name(&wish(&[("name", "app/key")])).len(), 1);
        assert_eq!(name(&wish(&[("name", "/aws/key")])).len(), 1);
        assert_eq!(value(&wish(&[("type", "String"), ("value", "v")])), []);
        assert_eq!(value(&wish(&[("type", "String")])).len(), 1);
        assert_eq!(value(&wish(&[("type", "SecureString"), ("insecure_value", "v")])).len(), 1);
        assert_eq!(key(&wish(&[("type", "String"), ("key_id", "alias/a")])).len(), 1);
    }
}
