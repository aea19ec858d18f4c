//! The bucket's policy: statements of ours beside whatever is there, which stays as it is.

use serde_json::{Value as Json, json};

use super::Needs;

/// A policy with our statements in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Merged {
    /// They were there.
    Sound,
    /// This is to be set.
    Next(String),
    /// It can't be told whether they may be added.
    Left(String),
}

/// Adds our statements to a policy. One that is there under our name is never changed: somebody may have meant it.
pub(super) fn with_ours(found: Option<&str>, needs: &Needs) -> Merged {
    let Ok(mut policy) = serde_json::from_str::<Json>(found.unwrap_or(r#"{"Version":"2012-10-17","Statement":[]}"#)) else {
        return Merged::Left("the policy that is there is no JSON".to_owned());
    };
    let Some(all) = policy.get_mut("Statement").and_then(as_list) else {
        return Merged::Left("the policy that is there has no list of statements".to_owned());
    };
    let (mut changed, mut others) = (false, Vec::new());
    for ours in statements(needs) {
        match all.iter().find(|one| one["Sid"] == ours["Sid"]) {
            Some(there) if *there == ours => {}
            Some(_) => others.push(ours["Sid"].as_str().unwrap_or_default().to_owned()),
            None => {
                all.push(ours);
                changed = true;
            }
        }
    }
    match (changed, others.is_empty()) {
        (true, _) => Merged::Next(policy.to_string()),
        (false, true) => Merged::Sound,
        (false, false) => Merged::Left(format!("{} says something else than Lowtide would write", others.join(", "))),
    }
}

/// A single statement may stand without a list around it. IAM User Guide, "IAM JSON policy elements: Statement".
fn as_list(statement: &mut Json) -> Option<&mut Vec<Json>> {
    if statement.is_object() {
        *statement = Json::Array(vec![statement.take()]);
    }
    statement.as_array_mut()
}

/// What Lowtide wants of a bucket. Amazon S3 User Guide, "Enforce conditional writes on Amazon S3 buckets": a write without the
/// header is refused; uploads in parts can't carry it and are let out by `s3:ObjectCreationOperation`.
fn statements(needs: &Needs) -> [Json; 3] {
    let bucket = format!("arn:{}:s3:::{}", needs.partition, needs.bucket);
    let prefix = needs.prefix.trim_matches('/');
    let beneath = if prefix.is_empty() { format!("{bucket}/*") } else { format!("{bucket}/{prefix}/*") };
    // A statement's name holds letters and digits only; several prefixes may share a bucket.
    let name = |what: &str| format!("Lowtide{what}{}", prefix.chars().filter(char::is_ascii_alphanumeric).collect::<String>());
    [
        json!({
            "Sid": "LowtideEncryptedConnectionsOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
            "Resource": [bucket, format!("{bucket}/*")],
            "Condition": { "Bool": { "aws:SecureTransport": "false" } },
        }),
        json!({
            "Sid": name("NewObjectsOnly"), "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
            "Resource": [format!("{beneath}/state/*"), format!("{beneath}/journal/*")],
            "Condition": { "Null": { "s3:if-none-match": "true" }, "Bool": { "s3:ObjectCreationOperation": "true" } },
        }),
        json!({
            "Sid": name("HeadOnConditionOnly"), "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
            // A key is replaced when a state begins to be encrypted, or no longer is.
            "Resource": [format!("{beneath}/head.json"), format!("{beneath}/key")],
            "Condition": {
                "Null": { "s3:if-none-match": "true", "s3:if-match": "true" },
                "Bool": { "s3:ObjectCreationOperation": "true" },
            },
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(prefix: &str) -> Needs {
        Needs {
            account: "123456789012".to_owned(),
            partition: "aws".to_owned(),
            region: "us-west-2".to_owned(),
            bucket: "b".to_owned(),
            prefix: prefix.to_owned(),
            table: None,
            kms_key_id: None,
        }
    }

    fn next(found: Option<&str>, prefix: &str) -> String {
        let Merged::Next(text) = with_ours(found, &needs(prefix)) else { panic!("something was to be added") };
        text
    }

    #[test]
    fn ours_are_added_once_and_others_stay() {
        let theirs =
            r#"{"Version":"2012-10-17","Statement":{"Sid":"Theirs","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}"#;
        let text = next(Some(theirs), "");
        let policy: Json = serde_json::from_str(&text).unwrap();
        let names: Vec<_> = policy["Statement"].as_array().unwrap().iter().map(|one| one["Sid"].as_str().unwrap()).collect();
        assert_eq!(names, ["Theirs", "LowtideEncryptedConnectionsOnly", "LowtideNewObjectsOnly", "LowtideHeadOnConditionOnly"]);
        assert_eq!(with_ours(Some(&text), &needs("")), Merged::Sound);
    }

    #[test]
    fn prefixes_of_one_bucket_have_statements_of_their_own() {
        let policy: Json = serde_json::from_str(&next(Some(&next(None, "team/a")), "team/b/")).unwrap();
        let all = policy["Statement"].as_array().unwrap();
        assert_eq!(all.len(), 5);
        assert_eq!(all[4]["Sid"], "LowtideHeadOnConditionOnlyteamb");
        assert_eq!(all[4]["Resource"], json!(["arn:aws:s3:::b/team/b/*/head.json", "arn:aws:s3:::b/team/b/*/key"]));
    }

    #[test]
    fn what_was_changed_by_hand_is_left_and_said() {
        let text = next(None, "").replace("\"Deny\"", "\"Allow\"");
        let Merged::Left(why) = with_ours(Some(&text), &needs("")) else { panic!("it is left") };
        assert!(why.starts_with("LowtideEncryptedConnectionsOnly, LowtideNewObjectsOnly"), "{why}");
        assert!(matches!(with_ours(Some("nonsense"), &needs("")), Merged::Left(_)));
    }
}
