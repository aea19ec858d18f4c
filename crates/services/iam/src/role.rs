//! `aws_iam_role`: who may act, and what trusts it.
//!
//! The physical id is the name, unique in the account. `GetRole` shows all of a role; in bulk, one part stands in the
//! account's details and the other in the listing of roles. `UpdateRole` resets the longest session when it is left out,
//! so that both of its members always go together.

use aws_sdk_iam::{
    Client,
    primitives::DateTimeFormat,
    types::{AttachedPermissionsBoundary, EntityType, Role as Described},
};
use futures::future::{join_all, try_join};
use lowtide_model::{Arn, Check, Complaint, Create, Model, Object, Place, PlannedObject, Policy, Scope};
use lowtide_resource::{
    Ask, Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, TAG_ID, absent_is_none, described,
    prefix_of_name, tag_change,
};

use crate::{
    HOME, Iam, account,
    grammar::{self, Use},
    policy_text,
    tags::{self, Tags},
};

/// The attribute that says who may take on a role.
const ATTRIBUTE: &str = "assume_role_policy";

/// How many characters a trust policy may have where the account's quota is raised as far as it goes (IAM User Guide, "IAM and AWS
/// STS quotas").
const LENGTH: usize = 4096;

/// A role: permissions that people, programs and AWS services take on for a while.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Role {
    /// The policy that says who may take on the role.
    pub assume_role_policy: Policy,
    /// What the role is for, up to 1000 characters.
    #[attr(range = 1..=1000)]
    pub description: Option<String>,
    /// Whether policies that others gave the role are taken from it before it is deleted.
    #[attr(default = false, option)]
    pub force_detach_policies: bool,
    /// How long a session may last at most, in seconds, from one to twelve hours.
    #[attr(default = 3600, range = 3600..=43200)]
    pub max_session_duration: i32,
    /// The role's name, up to 64 characters, unique in the account whatever its path. Lowtide makes one up when it is not given.
    #[attr(computed, identity, range = 1..=64, replaces)]
    pub name: Option<String>,
    /// What the name begins with, up to 38 characters; Lowtide adds the rest. Not together with `name`.
    #[attr(computed, range = 1..=38, replaces)]
    pub name_prefix: Option<String>,
    /// A path that groups roles, beginning and ending with a slash.
    #[attr(default = "/", range = 1..=512, replaces)]
    pub path: String,
    /// The ARN of the policy that says what the role may be allowed at most.
    #[attr(refers = "aws_iam_policy.arn")]
    pub permissions_boundary: Option<Arn>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about a role.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RoleOutputs {
    /// The role's ARN.
    #[attr(predict = "arn:{partition}:iam::{account}:role{path}{name}")]
    pub arn: Arn,
    /// When it was created, as in `2025-03-01T09:30:00Z`.
    pub create_date: String,
    /// The role's name.
    #[attr(predict = "{name}")]
    pub id: String,
    /// An id that no other role ever had or will have, whatever its name.
    pub unique_id: String,
}

impl Resource for Role {
    type Outputs = RoleOutputs;
    type Service = Iam;
    const KIND: &'static str = "aws_iam_role";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "ROLE_NAME";
    const SCOPE: Scope = HOME;
    const CHECKS: &'static [Check] = &[names, path, trust];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("inline_policy", "an `aws_iam_role_policy` each shows what changes, and leaves alone what others gave the role"),
        ("managed_policy_arns", "deprecated by the provider: an `aws_iam_role_policy_attachment` each takes its place"),
    ];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        wish.name.clone()
    }

    async fn create(cx: &Context<'_, Iam>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let made = cx
            .client
            .create_role()
            .role_name(op.name(wish.name.as_deref(), wish.name_prefix.as_deref()))
            .assume_role_policy_document(wish.assume_role_policy.text())
            .set_description(wish.description.clone())
            .max_session_duration(wish.max_session_duration)
            .path(&wish.path)
            .set_permissions_boundary(wish.permissions_boundary.as_ref().map(|arn| arn.to_string()))
            .set_tags(Some(tags::request(wish.tags.iter().flatten())?))
            .send()
            .await?;
        Made::id(made.role.map(|role| role.role_name), "the name of the role")
    }

    async fn read(cx: &Context<'_, Iam>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        if !asked.exact()
            && let (Some(details), Some(roles)) = try_join(account::details(cx, EntityType::Role), account::roles(cx)).await?
        {
            let whole = |name: &str| {
                let (mut role, details) = (roles.get(name)?.clone(), details.get(name)?.role()?);
                role.permissions_boundary.clone_from(&details.permissions_boundary);
                role.tags.clone_from(&details.tags);
                Some(role)
            };
            return asked.these.iter().map(|ask| Ok((ask.id.clone(), seen(ask, whole(&ask.id))?))).collect();
        }
        let mut all = Vec::new();
        // A few at a time: each is a call of its own.
        for some in asked.these.chunks(8) {
            all.extend(join_all(some.iter().map(|ask| one(&cx.client, ask))).await);
        }
        Ok(all)
    }

    async fn update(cx: &Context<'_, Iam>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        let (client, name) = (&cx.client, &now.id);
        if changed.has("assume_role_policy") {
            client.update_assume_role_policy().role_name(name).policy_document(to.assume_role_policy.text()).send().await?;
        }
        if changed.any(&["description", "max_session_duration"]) {
            let update = client.update_role().role_name(name).description(to.description.as_deref().unwrap_or_default());
            update.max_session_duration(to.max_session_duration).send().await?;
        }
        if changed.has("permissions_boundary") {
            match &to.permissions_boundary {
                Some(arn) => {
                    client.put_role_permissions_boundary().role_name(name).permissions_boundary(&**arn).send().await?;
                }
                None => {
                    absent_is_none(client.delete_role_permissions_boundary().role_name(name).send().await)?;
                }
            }
        }
        if changed.has("tags") {
            let change = tag_change(now.inputs.tags.as_ref(), to.tags.as_ref());
            if !change.unset.is_empty() {
                client.untag_role().role_name(name).set_tag_keys(Some(change.unset)).send().await?;
            }
            if !change.set.is_empty() {
                client.tag_role().role_name(name).set_tags(Some(tags::request(&change.set)?)).send().await?;
            }
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Iam>, last: &Observed<Self>, how: &Self) -> Result<Going, Fault> {
        if how.force_detach_policies {
            strip(&cx.client, &last.id).await?;
        }
        cx.client.delete_role().role_name(&last.id).send().await?;
        Ok(Going::Gone)
    }

    /// For names that were made up: they end in the operation's id.
    async fn find(cx: &Context<'_, Iam>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let roles = cx.client.list_roles().max_items(1000).into_paginator().items().send();
        let roles: Vec<Described> = roles.collect::<Result<_, _>>().await?;
        let mut ours = Vec::new();
        for role in roles.into_iter().filter(|role| role.role_name.ends_with(&op.name_ending())) {
            let tags = cx.client.list_role_tags().role_name(&role.role_name).into_paginator().items().send();
            let tags: Vec<_> = tags.collect::<Result<_, _>>().await?;
            if tags.iter().any(|tag| tag.key == TAG_ID && tag.value == op.id) {
                ours.push(role.role_name);
            }
        }
        Ok(ours)
    }
}

async fn one(client: &Client, ask: &Ask) -> (String, Seen<Role>) {
    let found = described(client.get_role().role_name(&ask.id).send().await, "the role", |found| found.role);
    let seen = found.and_then(|role| seen(ask, role)).unwrap_or_else(Seen::Unseen);
    (ask.id.clone(), seen)
}

fn seen(ask: &Ask, role: Option<Described>) -> Result<Seen<Role>, Fault> {
    let Some(role) = role else { return Ok(Seen::Gone) };
    let text = |text: Option<String>| text.filter(|text| !text.is_empty());
    let boundary = role.permissions_boundary.and_then(|boundary: AttachedPermissionsBoundary| boundary.permissions_boundary_arn);
    let inputs = Role {
        assume_role_policy: policy_text::read(&role.assume_role_policy_document.unwrap_or_default()),
        description: text(role.description),
        force_detach_policies: ask.last.take("force_detach_policies", Some(false))?,
        max_session_duration: role.max_session_duration.unwrap_or(3600),
        name: Some(role.role_name.clone()),
        name_prefix: prefix_of_name(&role.role_name),
        path: role.path,
        permissions_boundary: text(boundary).map(Arn::from),
        tags: tags::read(role.tags),
    };
    let outputs = RoleOutputs {
        arn: role.arn.into(),
        create_date: role.create_date.fmt(DateTimeFormat::DateTime).unwrap_or_default(),
        id: role.role_name.clone(),
        unique_id: role.role_id,
    };
    Ok(Seen::Here(Box::new(Observed::stable(role.role_name, inputs, outputs))))
}

/// Takes all policies from a role. One that went in between is no matter.
async fn strip(client: &Client, role: &str) -> Result<(), Fault> {
    let attached = client.list_attached_role_policies().role_name(role).into_paginator().items().send();
    let attached: Vec<_> = attached.collect::<Result<_, _>>().await?;
    for arn in attached.into_iter().filter_map(|policy| policy.policy_arn) {
        absent_is_none(client.detach_role_policy().role_name(role).policy_arn(arn).send().await)?;
    }
    let inline = client.list_role_policies().role_name(role).into_paginator().items().send();
    let inline: Vec<_> = inline.collect::<Result<_, _>>().await?;
    for name in inline {
        absent_is_none(client.delete_role_policy().role_name(role).policy_name(name).send().await)?;
    }
    Ok(())
}

/// A name or what it begins with, not both.
pub fn names(wish: &PlannedObject) -> Vec<Complaint> {
    if wish.get("name").is_none() || wish.get("name_prefix").is_none() {
        return Vec::new();
    }
    vec![Complaint::about("name_prefix", "A name and what it begins with can't both be given.").hint("leave one of them out")]
}

/// A path has a slash at both ends.
pub fn path(wish: &PlannedObject) -> Vec<Complaint> {
    let fits = |path: &str| path.starts_with('/') && path.ends_with('/');
    let wrong = wish.text("path").filter(|path| !fits(path));
    let complaint = |path: &str| {
        let hint = format!("write \"{}\"", format!("/{path}/").replace("//", "/"));
        Complaint::about("path", "A path begins and ends with a slash.").hint(hint)
    };
    wrong.map(complaint).into_iter().collect()
}

fn trust(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = grammar::check(wish, ATTRIBUTE, Use::Trust);
    all.extend(grammar::size(wish, ATTRIBUTE, LENGTH, "trust fewer principals, or let one statement name several"));
    all
}

#[cfg(test)]
mod tests {
    use lowtide_model::{Object, Value};

    use super::*;

    fn wish(json: &str) -> PlannedObject {
        let Some(Value::Object(members)) = Value::from_json(&serde_json::from_str(json).expect("JSON")) else { panic!("no object") };
        Object(members).into()
    }

    #[test]
    fn checks_name_what_is_wrong() {
        assert_eq!(names(&wish(r#"{"name": "a", "name_prefix": "b"}"#)).len(), 1);
        assert_eq!(path(&wish(r#"{"path": "apps"}"#))[0].hint.as_deref(), Some("write \"/apps/\""));
        assert_eq!(path(&wish(r#"{"path": "/"}"#)), Vec::new());
    }
}
