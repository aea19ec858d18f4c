//! `aws_iam_policy`: a policy that roles, users and groups can share.
//!
//! The name is the key; the physical id is the ARN, which follows from path and name. Each change of the document is a new
//! version, the oldest of five going first. A name that we choose ends in the operation's id.

use aws_sdk_iam::{
    Client,
    types::{EntityType, ManagedPolicyDetail, Policy as Described, PolicyVersion},
};
use futures::future::join_all;
use lowtide_model::{Arn, Check, Complaint, Create, Model, Object, Place, PlannedObject, Policy, Scope};
use lowtide_resource::{
    Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none, described, prefix_of_name, tag_change,
};

use crate::{
    HOME, Iam, account,
    grammar::{self, Use},
    policy_text, role,
    tags::{self, Tags},
};

/// How many versions IAM keeps (IAM User Guide, "IAM and AWS STS quotas").
const VERSIONS: usize = 5;

/// How many characters a policy may have, spaces not counted (IAM User Guide, "IAM and AWS STS quotas").
const LENGTH: usize = 6144;

/// A policy of its own that can be attached to roles, users and groups.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ManagedPolicy {
    /// The policy's name, unique in the account. Lowtide makes one up when it is not given.
    #[attr(computed, identity, range = 1..=128, replaces)]
    pub name: Option<String>,
    /// What the name begins with; Lowtide adds the rest. Not together with `name`.
    #[attr(computed, range = 1..=102, replaces)]
    pub name_prefix: Option<String>,
    /// Where it stands among others, with a slash at both ends.
    #[attr(default = "/", identity, range = 1..=512, replaces)]
    pub path: String,
    /// What it is for. IAM does not let it be changed.
    #[attr(range = 0..=1000, replaces)]
    pub description: Option<String>,
    /// What it allows and denies.
    pub policy: Policy,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about a policy.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ManagedPolicyOutputs {
    /// The policy's ARN.
    #[attr(predict = "arn:{partition}:iam::{account}:policy{path}{name}")]
    pub arn: Arn,
    /// The policy's ARN.
    #[attr(predict = "arn:{partition}:iam::{account}:policy{path}{name}")]
    pub id: String,
    /// An id that no other policy ever had or will have, whatever its name.
    pub policy_id: String,
}

impl Resource for ManagedPolicy {
    type Outputs = ManagedPolicyOutputs;
    type Service = Iam;
    const KIND: &'static str = "aws_iam_policy";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "POLICY_ARN";
    const SCOPE: Scope = HOME;
    const CHECKS: &'static [Check] = &[role::names, role::path, size, statements];
    const LEFT_OUT: &'static [(&'static str, &'static str)] =
        &[("attachment_count", "changes with what others attach, so that it would be old as soon as it is read")];

    fn identity(wish: &Self, place: &Place) -> Option<String> {
        Some(format!("arn:{}:iam::{}:policy{}{}", place.partition, place.account, wish.path, wish.name.as_ref()?))
    }

    async fn create(cx: &Context<'_, Iam>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let made = cx
            .client
            .create_policy()
            .policy_name(op.name(wish.name.as_deref(), wish.name_prefix.as_deref()))
            .path(&wish.path)
            .set_description(wish.description.clone())
            .policy_document(wish.policy.text())
            .set_tags(Some(tags::request(wish.tags.iter().flatten())?))
            .send()
            .await?;
        Made::id(made.policy.and_then(|policy| policy.arn), "the ARN of the policy")
    }

    async fn read(cx: &Context<'_, Iam>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let details = if asked.exact() { None } else { account::details(cx, EntityType::LocalManagedPolicy).await? };
        let detail = |arn: &str| details.as_ref().and_then(|all| all.get(arn)?.policy());
        let mut all = Vec::new();
        // A few at a time: each is a call for the policy with its tags, and one for its document where that is not known by now.
        for some in asked.these.chunks(8) {
            all.extend(join_all(some.iter().map(|ask| one(&cx.client, &ask.id, detail(&ask.id)))).await);
        }
        Ok(all)
    }

    async fn update(cx: &Context<'_, Iam>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        let client = &cx.client;
        if changed.has("policy") {
            make_room(client, &now.id).await?;
            client.create_policy_version().policy_arn(&now.id).policy_document(to.policy.text()).set_as_default(true).send().await?;
        }
        if changed.has("tags") {
            let change = tag_change(now.inputs.tags.as_ref(), to.tags.as_ref());
            if !change.unset.is_empty() {
                client.untag_policy().policy_arn(&now.id).set_tag_keys(Some(change.unset)).send().await?;
            }
            if !change.set.is_empty() {
                client.tag_policy().policy_arn(&now.id).set_tags(Some(tags::request(&change.set)?)).send().await?;
            }
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Iam>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        for version in versions(&cx.client, &last.id).await?.iter().filter(|version| !version.is_default_version) {
            drop_version(&cx.client, &last.id, version).await?;
        }
        cx.client.delete_policy().policy_arn(&last.id).send().await?;
        Ok(Going::Gone)
    }

    /// For names that were made up: they end in the operation's id.
    async fn find(cx: &Context<'_, Iam>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let listed = cx.client.list_policies().scope("Local".into()).max_items(1000).into_paginator().items().send();
        let listed: Vec<Described> = listed.collect::<Result<_, _>>().await?;
        let ours = |policy: &Described| policy.policy_name().is_some_and(|name| name.ends_with(&op.name_ending()));
        Ok(listed.into_iter().filter(ours).filter_map(|policy| policy.arn).collect())
    }
}

/// Deletes the oldest version where there are as many as IAM keeps. The one in force is never the oldest to go.
async fn make_room(client: &Client, arn: &str) -> Result<(), Fault> {
    let mut all = versions(client, arn).await?;
    if all.len() < VERSIONS {
        return Ok(());
    }
    all.retain(|version| !version.is_default_version);
    match all.iter().min_by_key(|version| version.create_date.map(|date| date.secs())) {
        Some(oldest) => drop_version(client, arn, oldest).await,
        None => Ok(()),
    }
}

async fn versions(client: &Client, arn: &str) -> Result<Vec<PolicyVersion>, Fault> {
    Ok(client.list_policy_versions().policy_arn(arn).into_paginator().items().send().collect::<Result<_, _>>().await?)
}

async fn drop_version(client: &Client, arn: &str, version: &PolicyVersion) -> Result<(), Fault> {
    let id = version.version_id().unwrap_or_default();
    absent_is_none(client.delete_policy_version().policy_arn(arn).version_id(id).send().await)?;
    Ok(())
}

async fn one(client: &Client, arn: &str, detail: Option<&ManagedPolicyDetail>) -> (String, Seen<ManagedPolicy>) {
    let seen = looked_at(client, arn, detail).await.unwrap_or_else(Seen::Unseen);
    (arn.to_owned(), seen)
}

async fn looked_at(client: &Client, arn: &str, detail: Option<&ManagedPolicyDetail>) -> Result<Seen<ManagedPolicy>, Fault> {
    let found = described(client.get_policy().policy_arn(arn).send().await, "the policy", |found| found.policy)?;
    let Some(policy) = found else { return Ok(Seen::Gone) };
    let document = match detail.and_then(|detail| document(detail, &policy)) {
        Some(document) => Some(document.to_owned()),
        None => asked_for(client, arn, policy.default_version_id().unwrap_or_default()).await?,
    };
    let Some(document) = document else { return Ok(Seen::Gone) };
    Ok(Seen::Here(Box::new(observed(arn, policy, &document))))
}

/// Returns the document in force, where the account's details have it. They may lag behind, but a version of a policy never changes.
fn document<'a>(detail: &'a ManagedPolicyDetail, policy: &Described) -> Option<&'a str> {
    let of_it = |version: &&PolicyVersion| version.version_id.is_some() && version.version_id == policy.default_version_id;
    let same = detail.policy_id.is_some() && detail.policy_id == policy.policy_id;
    same.then(|| detail.policy_version_list().iter().find(of_it)?.document()).flatten()
}

async fn asked_for(client: &Client, arn: &str, version: &str) -> Result<Option<String>, Fault> {
    let found = client.get_policy_version().policy_arn(arn).version_id(version).send().await;
    described(found, "the policy's document", |found| found.policy_version?.document)
}

fn observed(arn: &str, policy: Described, document: &str) -> Observed<ManagedPolicy> {
    let name = policy.policy_name.unwrap_or_default();
    let inputs = ManagedPolicy {
        name_prefix: prefix_of_name(&name),
        name: Some(name),
        path: policy.path.unwrap_or_else(|| "/".to_owned()),
        description: policy.description.filter(|text| !text.is_empty()),
        policy: policy_text::read(document),
        tags: tags::read(policy.tags),
    };
    let outputs = ManagedPolicyOutputs { arn: arn.into(), id: arn.to_owned(), policy_id: policy.policy_id.unwrap_or_default() };
    Observed::stable(arn, inputs, outputs)
}

fn size(wish: &PlannedObject) -> Vec<Complaint> {
    grammar::size(wish, "policy", LENGTH, "split it in two, or name groups of actions and resources by wildcards")
}

fn statements(wish: &PlannedObject) -> Vec<Complaint> {
    grammar::check(wish, "policy", Use::Permissions)
}
