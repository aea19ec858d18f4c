//! The account's roles and policies in one go: what all kinds of a round share.

use std::{collections::BTreeMap, sync::Arc};

use aws_sdk_iam::{
    Client,
    types::{EntityType, ManagedPolicyDetail, Role, RoleDetail},
};
use lowtide_resource::{Class, Context, Fault};

use crate::Iam;

/// How many entries IAM returns to a page at most.
const PAGE: i32 = 1000;

/// Roles by name, policies by ARN: no role's name has a colon in it.
pub type Details = BTreeMap<String, Detail>;

/// What the account's details say of one thing.
pub enum Detail {
    /// A role with its policies and tags.
    Role(Box<RoleDetail>),
    /// A policy of the account with its versions, without its tags.
    Policy(Box<ManagedPolicyDetail>),
}

impl Detail {
    /// Returns the role.
    pub fn role(&self) -> Option<&RoleDetail> {
        if let Self::Role(role) = self { Some(role) } else { None }
    }

    /// Returns the policy.
    pub fn policy(&self) -> Option<&ManagedPolicyDetail> {
        if let Self::Policy(policy) = self { Some(policy) } else { None }
    }
}

/// Returns all roles of the account, or all its own policies, and what other kinds ask for at the same time; `None` where the
/// credentials may not ask for all of them at once.
pub async fn details(cx: &Context<'_, Iam>, of: EntityType) -> Result<Option<Arc<Details>>, Fault> {
    let ask = |types: Vec<String>| of_types(&cx.client, types);
    let types = EntityType::values().len();
    unless_denied(cx.round.together("iam:GetAccountAuthorizationDetails", types, vec![of.as_str().to_owned()], ask).await)
}

async fn of_types(client: &Client, types: Vec<String>) -> Result<Details, Fault> {
    let types = types.iter().map(|name| EntityType::from(name.as_str())).collect();
    let mut pages = client.get_account_authorization_details().set_filter(Some(types)).max_items(PAGE).into_paginator().send();
    let mut all = Details::new();
    while let Some(page) = pages.next().await {
        let page = page?;
        let roles = page.role_detail_list.unwrap_or_default();
        all.extend(roles.into_iter().filter_map(|role| Some((role.role_name.clone()?, Detail::Role(Box::new(role))))));
        let policies = page.policies.unwrap_or_default();
        all.extend(policies.into_iter().filter_map(|policy| Some((policy.arn.clone()?, Detail::Policy(Box::new(policy))))));
    }
    Ok(all)
}

/// Returns all roles of the account with what the details above lack (description, longest session) and without what
/// only those have; `None` where the credentials may not list them.
pub async fn roles(cx: &Context<'_, Iam>) -> Result<Option<Arc<BTreeMap<String, Role>>>, Fault> {
    let client = &cx.client;
    let ask = || async move {
        let roles = client.list_roles().max_items(PAGE).into_paginator().items().send();
        let all: Vec<Role> = roles.collect::<Result<_, _>>().await?;
        Ok(all.into_iter().map(|role| (role.role_name.clone(), role)).collect())
    };
    unless_denied(cx.round.once("iam:ListRoles", ask).await)
}

fn unless_denied<T>(result: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(fault) if fault.class == Class::Denied => Ok(None),
        Err(fault) => Err(fault),
    }
}
