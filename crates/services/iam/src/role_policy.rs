//! `aws_iam_role_policy`: a policy that is part of one role.
//!
//! `PutRolePolicy` creates and overwrites alike, so that repeating it is harmless. The physical id is `ROLE:POLICY`,
//! which is Terraform's id as well.

use aws_sdk_iam::{Client, types::EntityType};
use futures::future::join_all;
use lowtide_model::{Beside, Check, Complaint, Create, Model, Neighbour, Place, PlannedObject, Policy, Relation, Scope};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none, prefix_of_name};

use crate::{
    HOME, Iam, account,
    grammar::{self, Use},
    policy_text, role,
};

/// How many characters the policies that are part of a role may have together (IAM User Guide, "IAM and AWS STS quotas").
const LENGTH: usize = 10_240;

/// A policy that is part of one role and goes with it.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RolePolicy {
    /// The policy's name, up to 128 characters, unique in its role. Lowtide makes one up when it is not given.
    #[attr(computed, identity, range = 1..=128, replaces)]
    pub name: Option<String>,
    /// What the name begins with, up to 102 characters; Lowtide adds the rest. Not together with `name`.
    #[attr(computed, range = 1..=102, replaces)]
    pub name_prefix: Option<String>,
    /// What the role may do.
    pub policy: Policy,
    /// The name of the role.
    #[attr(identity, parent, refers = "aws_iam_role.id", replaces)]
    pub role: String,
}

/// What AWS decides about a policy of a role.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RolePolicyOutputs {
    /// The names of role and policy, with a colon between.
    #[attr(predict = "{role}:{name}")]
    pub id: String,
}

impl Resource for RolePolicy {
    type Outputs = RolePolicyOutputs;
    type Service = Iam;
    const KIND: &'static str = "aws_iam_role_policy";
    const CREATE: Create = Create::Put;
    const IMPORT: &'static str = "ROLE_NAME:POLICY_NAME";
    const SCOPE: Scope = HOME;
    const CHECKS: &'static [Check] = &[role::names, statements];
    const RELATIONS: &'static [Relation] = &[size_together];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(format!("{}:{}", wish.role, wish.name.as_ref()?))
    }

    fn made_up(wish: &Self, op: &Operation) -> Option<(&'static str, String)> {
        wish.name.is_none().then(|| ("name", op.name(None, wish.name_prefix.as_deref())))
    }

    fn import(id: &str, _place: &Place) -> Result<String, String> {
        names(id).map(|_| id.to_owned()).ok_or_else(|| "it is the names of role and policy, with a colon between".to_owned())
    }

    async fn create(cx: &Context<'_, Iam>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let name = op.name(wish.name.as_deref(), wish.name_prefix.as_deref());
        put(&cx.client, &wish.role, &name, &wish.policy).await?;
        Made::id(Some(format!("{}:{name}", wish.role)), "an id")
    }

    async fn read(cx: &Context<'_, Iam>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        if !asked.exact()
            && let Some(details) = account::details(cx, EntityType::Role).await?
        {
            let document = |id: &str| {
                let (role, name) = names(id)?;
                let policies = details.get(role)?.role()?.role_policy_list();
                policies.iter().find(|policy| policy.policy_name() == Some(name))?.policy_document()
            };
            return Ok(asked.these.iter().map(|ask| (ask.id.clone(), seen(&ask.id, document(&ask.id)))).collect());
        }
        let mut all = Vec::new();
        // A few at a time: each is a call of its own.
        for some in asked.these.chunks(8) {
            all.extend(join_all(some.iter().map(|ask| one(&cx.client, &ask.id))).await);
        }
        Ok(all)
    }

    async fn update(cx: &Context<'_, Iam>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if let (true, Some((role, name))) = (changed.has("policy"), names(&now.id)) {
            put(&cx.client, role, name, &to.policy).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Iam>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        if let Some((role, name)) = names(&last.id) {
            cx.client.delete_role_policy().role_name(role).policy_name(name).send().await?;
        }
        Ok(Going::Gone)
    }
}

fn statements(wish: &PlannedObject) -> Vec<Complaint> {
    grammar::check(wish, "policy", Use::Permissions)
}

/// All policies of a role together have a limit; it is told at the one that goes over it.
fn size_together(policy: &Neighbour<'_>, beside: &dyn Beside) -> Vec<Complaint> {
    let all = policy.get("role").map(|role| beside.whose("aws_iam_role_policy", "role", role)).unwrap_or_default();
    let length = |one: &Neighbour<'_>| one.text("policy").map_or(0, |text| text.chars().filter(|letter| !letter.is_whitespace()).count());
    let before: usize = all.iter().filter(|other| other.number < policy.number).map(length).sum();
    let together = before + length(policy);
    if before > LENGTH || together <= LENGTH {
        return Vec::new();
    }
    let detail =
        format!("The policies of this role have {together} characters up to here, and IAM takes {LENGTH} of a role, spaces not counted.");
    vec![Complaint::about("policy", detail).hint("make an aws_iam_policy of some of it, and attach that to the role")]
}

/// Returns the names of role and policy.
fn names(id: &str) -> Option<(&str, &str)> {
    id.split_once(':').filter(|(role, policy)| !role.is_empty() && !policy.is_empty())
}

async fn put(client: &Client, role: &str, name: &str, policy: &Policy) -> Result<(), Fault> {
    client.put_role_policy().role_name(role).policy_name(name).policy_document(policy.text()).send().await?;
    Ok(())
}

async fn one(client: &Client, id: &str) -> (String, Seen<RolePolicy>) {
    let (role, name) = names(id).unwrap_or_default();
    let found = absent_is_none(client.get_role_policy().role_name(role).policy_name(name).send().await);
    let seen = found.map_or_else(Seen::Unseen, |found| seen(id, found.as_ref().map(|found| found.policy_document())));
    (id.to_owned(), seen)
}

fn seen(id: &str, document: Option<&str>) -> Seen<RolePolicy> {
    let (Some(document), Some((role, name))) = (document, names(id)) else { return Seen::Gone };
    let inputs = RolePolicy {
        name: Some(name.to_owned()),
        name_prefix: prefix_of_name(name),
        policy: policy_text::read(document),
        role: role.to_owned(),
    };
    Seen::Here(Box::new(Observed::stable(id, inputs, RolePolicyOutputs { id: id.to_owned() })))
}
