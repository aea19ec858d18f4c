//! `aws_iam_policy_document`: a policy document from its parts, without asking AWS.
//!
//! The text is the same, letter by letter, that Terraform's data source of this name gives, so that hashes and files
//! made of it stay as they are: members in a fixed order, values of sets in falling order, a single value without its list.

mod merge;
mod text;

use lowtide_model::{Complaint, Model, Object, Policy, Set};
use lowtide_resource::{Pure, Service, describe};

use self::{merge::whole, text::checksum};
use crate::Iam;

/// A policy document, put together from statements and other documents.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct PolicyDocument {
    /// Documents whose statements come last; each takes the place of an earlier statement with the same `sid`.
    pub override_policy_documents: Option<Vec<Policy>>,
    /// The document's own id.
    pub policy_id: Option<String>,
    /// Documents whose statements come first; no two may share a `sid`.
    pub source_policy_documents: Option<Vec<Policy>>,
    /// The statements. One with the `sid` of a source's statement takes its place.
    pub statement: Option<Vec<Statement>>,
    /// The version of the policy language: `2012-10-17`, or `2008-10-17`, which has no variables.
    #[attr(default = "2012-10-17", one_of = ["2008-10-17", "2012-10-17"])]
    pub version: String,
}

/// What is allowed or denied, to whom, on what, and when.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Statement {
    /// The actions it is about, as in `s3:GetObject`; `*` stands for any letters.
    pub actions: Option<Set<String>>,
    /// When it holds: all conditions must be met.
    pub condition: Option<Set<Condition>>,
    /// Whether it allows or denies.
    #[attr(default = "Allow", one_of = ["Allow", "Deny"])]
    pub effect: String,
    /// The actions it is not about: it is about all others.
    pub not_actions: Option<Set<String>>,
    /// Whom it is not about: it is about all others.
    pub not_principals: Option<Set<Principals>>,
    /// The ARNs it is not about: it is about all others.
    pub not_resources: Option<Set<String>>,
    /// Whom it is about, in policies that stand on a thing or on a role's trust.
    pub principals: Option<Set<Principals>>,
    /// The ARNs it is about. Write `&{aws:username}` for a variable of the policy language.
    pub resources: Option<Set<String>>,
    /// A name for the statement, unique in the document.
    pub sid: Option<String>,
}

/// Principals of one type.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Principals {
    /// ARNs, account ids, service names, or `*` for everyone.
    pub identifiers: Set<String>,
    /// What they are: `AWS`, `Service`, `Federated`, `CanonicalUser`, or `*` for everyone.
    #[attr(one_of = ["AWS", "Service", "Federated", "CanonicalUser", "*"])]
    pub r#type: String,
}

/// A condition.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Condition {
    /// How the values are compared, as in `StringEquals`.
    pub test: String,
    /// The values; one of them must fit.
    pub values: Vec<String>,
    /// What they are compared with, as in `aws:PrincipalOrgID`.
    pub variable: String,
}

/// The document.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Document {
    /// A checksum of the text.
    pub id: String,
    /// The document as JSON text, in lines.
    pub json: String,
    /// The document as JSON text, without spaces and line breaks.
    pub minified_json: String,
}

/// The data source.
pub static POLICY_DOCUMENT: Pure = Pure(describe::<PolicyDocument, Document>(
    "aws_iam_policy_document",
    Iam::NAME,
    Some(compute),
    &[],
    &[
        ("override_json", "removed from the provider's next version: use override_policy_documents"),
        ("source_json", "removed from the provider's next version: use source_policy_documents"),
    ],
));

fn compute(query: &Object) -> Result<Object, Vec<Complaint>> {
    let query = PolicyDocument::from_object(query).map_err(|unfit| vec![Complaint::about(&unfit.attribute, format!("{unfit}."))])?;
    let document = whole(&query)?;
    let json = document.lines();
    Ok(Document { id: checksum(&json).to_string(), minified_json: document.compact(), json }.into_object())
}

#[cfg(test)]
mod tests {
    use lowtide_model::Value;

    use super::*;

    fn object(json: &str) -> Object {
        match Value::from_json(&serde_json::from_str(json).expect("JSON")) {
            Some(Value::Object(members)) => Object(members),
            other => panic!("{other:?} is no object"),
        }
    }

    fn computed(json: &str) -> Object {
        compute(&object(json)).expect("a document")
    }

    #[test]
    fn the_text_is_terraforms() {
        let found = computed(
            r#"{"policy_id": "p", "statement": [
                {"sid": "One", "actions": ["s3:GetObject", "s3:PutObject", "b:C"], "resources": ["arn:aws:s3:::b/&{aws:username}/*"],
                 "principals": [
                    {"type": "AWS", "identifiers": ["arn:aws:iam::123456789012:root", "123456789013"]},
                    {"type": "Service", "identifiers": ["ec2.amazonaws.com"]},
                    {"type": "Service", "identifiers": ["ecs.amazonaws.com"]}],
                 "condition": [
                    {"test": "StringEquals", "variable": "aws:a", "values": ["z", "b&<>"]},
                    {"test": "StringEquals", "variable": "aws:b", "values": ["x"]},
                    {"test": "StringLike", "variable": "aws:b", "values": ["x", "é"]}]},
                {"effect": "Deny", "not_actions": ["a:b"], "not_resources": ["*"],
                 "not_principals": [{"type": "*", "identifiers": ["*"]}]}]}"#,
        );
        assert_eq!(
            found.text("minified_json"),
            Some(concat!(
                r#"{"Version":"2012-10-17","Id":"p","Statement":[{"Sid":"One","Effect":"Allow","Action":["s3:PutObject","s3:GetObject","b:C"],"#,
                r#""Resource":"arn:aws:s3:::b/${aws:username}/*","Principal":{"AWS":["arn:aws:iam::123456789012:root","123456789013"],"#,
                r#""Service":["ecs.amazonaws.com","ec2.amazonaws.com"]},"Condition":{"StringEquals":{"aws:a":["z","b\u0026\u003c\u003e"],"#,
                r#""aws:b":"x"},"StringLike":{"aws:b":["x","é"]}}},{"Effect":"Deny","NotAction":"a:b","NotResource":"*","NotPrincipal":"*"}]}"#,
            ))
        );
        assert_eq!(found.text("id"), Some("3257419266"));
    }

    #[test]
    fn a_document_without_statements_has_its_version() {
        let found = computed("{}");
        assert_eq!(found.text("json"), Some("{\n  \"Version\": \"2012-10-17\"\n}"));
        assert_eq!(found.text("id"), Some("1132004489"));
    }

    #[test]
    fn statements_take_the_places_of_earlier_ones_with_their_sid() {
        let found = computed(
            r#"{"source_policy_documents": [
                    "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"One\", \"Effect\": \"Allow\", \"Action\": \"a:b\", \"Resource\": \"*\"}]}",
                    {"Statement": {"Effect": "Allow", "Action": ["q:w"], "Resource": "*"}}],
                "statement": [{"sid": "One", "actions": ["o:p"], "resources": ["*"]}],
                "override_policy_documents": [{"Id": "over", "Statement": [
                    {"Sid": "One", "Effect": "Deny", "Action": "*", "Resource": ["r2", "r1"]},
                    {"Sid": "New", "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:x": "true"}}}]}]}"#,
        );
        assert_eq!(
            found.text("minified_json"),
            Some(concat!(
                r#"{"Version":"2012-10-17","Id":"over","Statement":[{"Sid":"One","Effect":"Deny","Action":"*","Resource":["r2","r1"]},"#,
                r#"{"Effect":"Allow","Action":["q:w"],"Resource":"*"},"#,
                r#"{"Sid":"New","Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:x":"true"}}}]}"#,
            ))
        );
    }

    #[test]
    fn a_sid_stands_for_one_statement() {
        let own = r#"{"statement": [{"sid": "a", "actions": ["x:y"]}, {"sid": "a", "actions": ["x:y"]}]}"#;
        let sources = r#"{"source_policy_documents": [{"Statement": [{"Sid": "a"}]}, {"Statement": [{"Sid": "a"}]}]}"#;
        for twice in [own, sources] {
            assert_eq!(compute(&object(twice)).expect_err("a complaint").len(), 1);
        }
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        let places =
            |json: &str| compute(&object(json)).expect_err("complaints").iter().map(|one| one.path.to_string()).collect::<Vec<_>>();
        assert_eq!(places(r#"{"version": "2008-10-17", "statement": [{"resources": ["&{aws:username}"]}]}"#), ["statement[0]"]);
        assert_eq!(places(r#"{"override_policy_documents": [{"Statement": []}, "no JSON"]}"#), ["override_policy_documents[1]"]);
    }

    #[test]
    fn everyone_beside_others_is_a_member_of_its_own() {
        let found = computed(
            r#"{"statement": [{"actions": ["x:y"], "principals": [{"type": "*", "identifiers": ["*"]}, {"type": "AWS", "identifiers": ["a"]}]}]}"#,
        );
        let wanted = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"x:y","Principal":{"*":"*","AWS":"a"}}]}"#;
        assert_eq!(found.text("minified_json"), Some(wanted));
    }
}
