//! `aws_iam_role_policy_attachment`: a managed policy given to a role.
//!
//! `AttachRolePolicy` of what is attached already changes nothing, so that repeating it is harmless. The physical id is
//! `ROLE/POLICY_ARN`, Terraform's import id; Terraform's own id is made up and tells nothing.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::{
    Client,
    types::{AttachedPolicy, EntityType},
};
use futures::future::join_all;
use lowtide_model::{Arn, Create, Model, Place, Scope};
use lowtide_resource::{Asked, Changed, Class, Context, Fault, Going, Made, Observed, Operation, Resource, Seen};

use crate::{HOME, Iam, account};

/// A managed policy given to a role.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RolePolicyAttachment {
    /// The ARN of the policy.
    #[attr(identity, refers = "aws_iam_policy.arn", replaces)]
    pub policy_arn: Arn,
    /// The name of the role.
    #[attr(identity, parent, refers = "aws_iam_role.name", replaces)]
    pub role: String,
}

/// What AWS decides about an attachment.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct AttachmentOutputs {
    /// The name of the role and the ARN of the policy, with a slash between.
    #[attr(predict = "{role}/{policy_arn}")]
    pub id: String,
}

impl Resource for RolePolicyAttachment {
    type Outputs = AttachmentOutputs;
    type Service = Iam;
    const KIND: &'static str = "aws_iam_role_policy_attachment";
    const CREATE: Create = Create::Put;
    const IMPORT: &'static str = "ROLE_NAME/POLICY_ARN";
    const SCOPE: Scope = HOME;

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(format!("{}/{}", wish.role, &*wish.policy_arn))
    }

    fn import(id: &str, _place: &Place) -> Result<String, String> {
        let fits = parts(id).is_some_and(|(_, arn)| arn.starts_with("arn:"));
        fits.then(|| id.to_owned()).ok_or_else(|| "it is the name of a role and the ARN of a policy, with a slash between".to_owned())
    }

    async fn create(cx: &Context<'_, Iam>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        cx.client.attach_role_policy().role_name(&wish.role).policy_arn(&*wish.policy_arn).send().await?;
        Made::id(Self::identity(wish, cx.place), "an id")
    }

    async fn read(cx: &Context<'_, Iam>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let details = if asked.exact() { None } else { account::details(cx, EntityType::Role).await? };
        let roles: BTreeSet<&str> = asked.these.iter().filter_map(|ask| Some(parts(&ask.id)?.0)).collect();
        let roles: Vec<&str> = roles.into_iter().collect();
        let mut attached: BTreeMap<&str, Result<Vec<AttachedPolicy>, Fault>> = BTreeMap::new();
        match &details {
            Some(details) => {
                let of = |role: &str| details.get(role).and_then(|it| it.role()?.attached_managed_policies.clone()).unwrap_or_default();
                attached.extend(roles.into_iter().map(|role| (role, Ok(of(role)))));
            }
            // A few at a time: each is a call of its own.
            None => {
                for some in roles.chunks(8) {
                    attached.extend(some.iter().copied().zip(join_all(some.iter().map(|role| of_role(&cx.client, role))).await));
                }
            }
        }
        Ok(asked.these.iter().map(|ask| (ask.id.clone(), seen(&ask.id, &attached))).collect())
    }

    /// Nothing about an attachment can change.
    async fn update(_cx: &Context<'_, Iam>, _now: &Observed<Self>, _to: &Self, _changed: &Changed) -> Result<Option<String>, Fault> {
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Iam>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.detach_role_policy().role_name(&last.inputs.role).policy_arn(&*last.inputs.policy_arn).send().await?;
        Ok(Going::Gone)
    }
}

/// Returns the name of the role and the ARN of the policy.
fn parts(id: &str) -> Option<(&str, &str)> {
    id.split_once('/').filter(|(role, arn)| !role.is_empty() && !arn.is_empty())
}

/// Returns what is attached to a role; nothing where there is no such role.
async fn of_role(client: &Client, role: &str) -> Result<Vec<AttachedPolicy>, Fault> {
    let all = client.list_attached_role_policies().role_name(role).into_paginator().items().send();
    match all.collect::<Result<Vec<_>, _>>().await.map_err(Fault::from) {
        Err(fault) if fault.class == Class::NotFound => Ok(Vec::new()),
        other => other,
    }
}

fn seen(id: &str, attached: &BTreeMap<&str, Result<Vec<AttachedPolicy>, Fault>>) -> Seen<RolePolicyAttachment> {
    let Some((role, arn)) = parts(id) else { return Seen::Gone };
    match attached.get(role) {
        Some(Err(fault)) => Seen::Unseen(fault.clone()),
        Some(Ok(policies)) if policies.iter().any(|policy| policy.policy_arn() == Some(arn)) => {
            let inputs = RolePolicyAttachment { policy_arn: arn.into(), role: role.to_owned() };
            Seen::Here(Box::new(Observed::stable(id, inputs, AttachmentOutputs { id: id.to_owned() })))
        }
        Some(Ok(_)) | None => Seen::Gone,
    }
}
