//! `aws_ecr_lifecycle_policy`: which images of a repository expire.
//!
//! A repository has one at most, so its name is the key. `PutLifecyclePolicy` creates and overwrites alike.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use lowtide_model::{Check, Complaint, Create, Json, Model, Place, Planned, PlannedObject, Value};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none};

use crate::Ecr;

/// The lifecycle policy of a repository: rules by which images expire.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct LifecyclePolicy {
    /// The rules: `rules`, each with `rulePriority`, `description`, `selection` and `action`.
    pub policy: Json,
    /// The repository's name.
    #[attr(identity, parent, refers = "aws_ecr_repository.name", replaces)]
    pub repository: String,
}

/// What AWS decides about a lifecycle policy.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct LifecyclePolicyOutputs {
    /// The repository's name.
    #[attr(predict = "{repository}")]
    pub id: String,
    /// The account whose registry the repository is in.
    #[attr(predict = "{account}")]
    pub registry_id: String,
}

impl Resource for LifecyclePolicy {
    type Outputs = LifecyclePolicyOutputs;
    type Service = Ecr;
    const KIND: &'static str = "aws_ecr_lifecycle_policy";
    const CREATE: Create = Create::Put;
    const IMPORT: &'static str = "REPOSITORY_NAME";
    const CHECKS: &'static [Check] = &[rules];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(wish.repository.clone())
    }

    async fn create(cx: &Context<'_, Ecr>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        put(cx, &wish.repository, &wish.policy).await?;
        Made::id(Some(wish.repository.clone()), "an id")
    }

    async fn read(cx: &Context<'_, Ecr>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let mut all = Vec::new();
        // A few at a time: AWS shows one policy to a call.
        for some in asked.these.chunks(8) {
            all.extend(join_all(some.iter().map(|ask| one(cx, &ask.id))).await);
        }
        Ok(all)
    }

    async fn update(cx: &Context<'_, Ecr>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.has("policy") {
            put(cx, &now.id, &to.policy).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ecr>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_lifecycle_policy().repository_name(&last.id).send().await?;
        Ok(Going::Gone)
    }
}

async fn put(cx: &Context<'_, Ecr>, repository: &str, policy: &Json) -> Result<(), Fault> {
    cx.client.put_lifecycle_policy().repository_name(repository).lifecycle_policy_text(policy.text()).send().await?;
    Ok(())
}

async fn one(cx: &Context<'_, Ecr>, repository: &str) -> (String, Seen<LifecyclePolicy>) {
    let found = absent_is_none(cx.client.get_lifecycle_policy().repository_name(repository).send().await);
    let seen = match found {
        Err(fault) => Seen::Unseen(fault),
        Ok(None) => Seen::Gone,
        Ok(Some(found)) => {
            let text = found.lifecycle_policy_text.unwrap_or_default();
            let policy = Json::parse(&text).unwrap_or(Json(Value::String(text)));
            let inputs = LifecyclePolicy { policy, repository: repository.to_owned() };
            let outputs =
                LifecyclePolicyOutputs { id: repository.to_owned(), registry_id: found.registry_id.unwrap_or(cx.place.account.clone()) };
            Seen::Here(Box::new(Observed::stable(repository, inputs, outputs)))
        }
    };
    (repository.to_owned(), seen)
}

/// Amazon ECR User Guide, "Lifecycle policy properties": what AWS refuses.
fn rules(wish: &PlannedObject) -> Vec<Complaint> {
    let Some(policy) = wish.get("policy").and_then(Planned::known) else { return Vec::new() };
    let rules = policy.as_members().and_then(|members| members.get("rules")).and_then(Value::elements).unwrap_or_default();
    if rules.is_empty() {
        return vec![about("A lifecycle policy has at least one rule, in `rules`.")];
    }
    let (mut all, mut priorities, mut catch_all) = (Vec::new(), BTreeSet::new(), None);
    for (at, rule) in rules.iter().enumerate() {
        let name = format!("Rule {}", at + 1);
        let member = |name: &str| rule.as_members().and_then(|members| members.get(name)).filter(|value| !value.is_null());
        match member("rulePriority").and_then(Value::as_i64) {
            None | Some(..=0) => all.push(about(format!("{name} needs a `rulePriority`, a whole number from 1."))),
            Some(priority) => {
                if !priorities.insert(priority) {
                    all.push(about(format!("{name} has the priority {priority} of another; each rule has its own.")));
                }
                if member("selection").and_then(Value::as_members).is_some_and(|all| text(all.get("tagStatus")) == Some("any")) {
                    catch_all = Some(priority);
                }
            }
        }
        if member("action").and_then(Value::as_members).and_then(|action| text(action.get("type"))).is_none() {
            all.push(about(format!("{name} needs an `action` with a `type`: `expire`.")));
        }
        match member("selection").and_then(Value::as_members) {
            Some(selection) => all.extend(selection_of(&name, selection)),
            None => all.push(about(format!("{name} needs a `selection`: which images it is about."))),
        }
    }
    if let (Some(any), Some(last)) = (catch_all, priorities.last())
        && any != *last
    {
        all.push(about("The rule for images of any `tagStatus` comes last: its `rulePriority` must be the highest."));
    }
    all
}

fn selection_of(rule: &str, selection: &BTreeMap<String, Value>) -> Vec<Complaint> {
    let mut all = Vec::new();
    let has = |name: &str| selection.get(name).is_some_and(|value| !value.is_empty());
    match text(selection.get("tagStatus")) {
        Some("tagged") if has("tagPrefixList") == has("tagPatternList") => {
            all.push(about(format!("{rule} is about tagged images, so it needs either `tagPatternList` or `tagPrefixList`.")));
        }
        Some("untagged" | "any") if has("tagPrefixList") || has("tagPatternList") => {
            all.push(about(format!("{rule} names tags, which only goes with `tagStatus = \"tagged\"`.")));
        }
        Some("tagged" | "untagged" | "any") => {}
        Some(_) | None => all.push(about(format!("{rule} needs a `tagStatus`: `tagged`, `untagged` or `any`."))),
    }
    match text(selection.get("countType")) {
        None => all.push(about(format!("{rule} needs a `countType`: `imageCountMoreThan` or `sinceImagePushed`."))),
        Some("imageCountMoreThan") if has("countUnit") => {
            all.push(about(format!("{rule} counts images, so it has no `countUnit`.")));
        }
        Some("sinceImagePushed") if text(selection.get("countUnit")) != Some("days") => {
            all.push(about(format!("{rule} counts time, so it needs `countUnit = \"days\"`.")));
        }
        Some(_) => {}
    }
    if selection.get("countNumber").and_then(Value::as_i64).is_none_or(|count| count <= 0) {
        all.push(about(format!("{rule} needs a `countNumber`, a whole number from 1.")));
    }
    all
}

fn text(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str)
}

fn about(detail: impl Into<String>) -> Complaint {
    Complaint::about("policy", detail)
}

#[cfg(test)]
mod tests {
    use lowtide_model::Object;

    use super::*;

    fn found(json: &str) -> Vec<String> {
        let Some(Value::Object(members)) = Value::from_json(&serde_json::from_str(json).expect("JSON")) else { panic!("no object") };
        rules(&Object(members).into()).into_iter().map(|complaint| complaint.detail).collect()
    }

    #[test]
    fn rules_are_as_the_registry_takes_them() {
        let good = r#"{"policy": {"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any", "countType": "imageCountMoreThan",
            "countNumber": 10}, "action": {"type": "expire"}}]}}"#;
        assert_eq!(found(good), Vec::<String>::new());
        assert_eq!(found(r#"{"policy": {"rules": []}}"#).len(), 1);
        let bad = r#"{"policy": {"rules": [
            {"rulePriority": 1, "selection": {"tagStatus": "any", "countType": "sinceImagePushed", "countNumber": 1}, "action": {"type": "expire"}},
            {"rulePriority": 2, "selection": {"tagStatus": "tagged", "countType": "imageCountMoreThan", "countNumber": 0}}]}}"#;
        let bad = found(bad);
        assert_eq!(bad.len(), 5, "{bad:#?}");
        assert!(bad[0].contains("countUnit") && bad[4].contains("comes last"), "{bad:#?}");
    }
}
