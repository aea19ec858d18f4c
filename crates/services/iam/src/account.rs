//! The account's roles in one go, with their policies: what all kinds of a round share.

use std::{collections::BTreeMap, sync::Arc};

use aws_sdk_iam::types::{EntityType, Role, RoleDetail};
use lowtide_resource::{Class, Context, Fault};

use crate::Iam;

/// How many entries IAM returns to a page at most.
const PAGE: i32 = 1000;

/// Roles with their policies and tags, by name.
pub type Details = BTreeMap<String, RoleDetail>;

/// Returns all roles of the account with their policies, asked for once a round; `None` where the credentials may not
/// ask for all of them at once.
pub async fn details(cx: &Context<'_, Iam>) -> Result<Option<Arc<Details>>, Fault> {
    let client = &cx.client;
    let ask = || async move {
        let request = client.get_account_authorization_details().filter(EntityType::Role).max_items(PAGE);
        let mut pages = request.into_paginator().send();
        let mut all = Details::new();
        while let Some(page) = pages.next().await {
            let roles = page?.role_detail_list.unwrap_or_default();
            all.extend(roles.into_iter().filter_map(|role| Some((role.role_name.clone()?, role))));
        }
        Ok(all)
    };
    unless_denied(cx.round.once("iam:GetAccountAuthorizationDetails", ask).await)
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
