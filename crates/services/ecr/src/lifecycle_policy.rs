//! `aws_ecr_lifecycle_policy`: which images go by themselves.
//!
//! Setting it creates and overwrites alike, so that repeating it is harmless. The physical id is the repository's name.

use futures::future::try_join_all;
use lowtide_model::{Create, Json, Model, Place};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none};

use crate::Ecr;

/// Which images of a repository go by themselves, and when.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct LifecyclePolicy {
    /// The name of the repository.
    #[attr(identity, parent, refers = "aws_ecr_repository.name", replaces)]
    pub repository: String,
    /// The rules, as ECR has them: `rules` with `rulePriority`, `selection` and `action`.
    pub policy: Json,
}

/// What AWS decides about a lifecycle policy.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct LifecyclePolicyOutputs {
    /// The name of the repository.
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

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(wish.repository.clone())
    }

    async fn create(cx: &Context<'_, Ecr>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        put(cx, wish).await?;
        Made::id(Some(&wish.repository), "the name of the repository")
    }

    async fn read(cx: &Context<'_, Ecr>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        // ECR tells the policy of one repository to a call.
        let one = |name: String| async move {
            let found = absent_is_none(cx.client.get_lifecycle_policy().repository_name(&name).send().await)?;
            let policy = found
                .and_then(|found| Some((Json::parse(found.lifecycle_policy_text.as_deref()?)?, found.registry_id.unwrap_or_default())));
            Ok::<_, Fault>(policy.map(|(policy, registry_id)| {
                let outputs = LifecyclePolicyOutputs { id: name.clone(), registry_id };
                (name.clone(), Observed::stable(&name, LifecyclePolicy { repository: name.clone(), policy }, outputs))
            }))
        };
        let mut found = Vec::new();
        for some in asked.ids().chunks(8) {
            found.extend(try_join_all(some.iter().cloned().map(one)).await?);
        }
        Ok(asked.answer(found.into_iter().flatten().collect()))
    }

    async fn update(cx: &Context<'_, Ecr>, _now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.has("policy") {
            put(cx, to).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ecr>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_lifecycle_policy().repository_name(&last.id).send().await?;
        Ok(Going::Gone)
    }
}

async fn put(cx: &Context<'_, Ecr>, wish: &LifecyclePolicy) -> Result<(), Fault> {
    cx.client.put_lifecycle_policy().repository_name(&wish.repository).lifecycle_policy_text(wish.policy.text()).send().await?;
    Ok(())
}
