//! `aws_ecs_task_definition`: what runs, as a revision of a family.
//!
//! Nothing of a revision can be changed: every other wish is a new revision, and the old one is taken out of use when
//! nobody needs it any more. `RegisterTaskDefinition` takes neither token nor unique name: the ownership tag tells what an
//! operation registered. AWS never deletes a revision; an `INACTIVE` one counts as gone. There is no call that describes
//! several. Calls name it by its ARN with the revision; `id` is the family, as Terraform has it.

mod attributes;
mod check;
mod containers;
mod member_names;
mod observation;
mod request;

use aws_sdk_ecs::types::{SortOrder, TaskDefinition as Described, TaskDefinitionField, TaskDefinitionStatus};
use futures::future::{join_all, try_join_all};
use lowtide_model::{Check, Create, Object, Order, Place};
use lowtide_resource::{Ask, Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none};

pub use attributes::TaskDefinition;
use attributes::TaskDefinitionOutputs;

use crate::{
    Ecs,
    arn::{arn, family_and_revision},
    asked_for::option,
    tags,
};

impl Resource for TaskDefinition {
    type Outputs = TaskDefinitionOutputs;
    type Service = Ecs;
    const KIND: &'static str = "aws_ecs_task_definition";
    const CREATE: Create = Create::TagOnly;
    const IMPORT: &'static str = "TASK_DEFINITION_ARN";
    const REPLACE: Order = Order::CreateFirst;
    // As many calls as ids, all at once.
    const BATCH: usize = 10;
    const CHECKS: &'static [Check] = &[check::of_containers, check::of_fargate, check::of_volumes];
    const LEFT_OUT: &'static [(&'static str, &'static str)] =
        &[("inference_accelerator", "AWS no longer offers Elastic Inference to new tasks")];

    fn import(id: &str, place: &Place) -> Result<String, String> {
        match family_and_revision(id) {
            (_, None) => Err("A task definition is imported by its ARN or by FAMILY:REVISION.".to_owned()),
            (_, Some(_)) if id.starts_with("arn:") => Ok(id.to_owned()),
            (family, Some(revision)) => Ok(arn(place, &format!("task-definition/{family}:{revision}"))),
        }
    }

    async fn create(cx: &Context<'_, Ecs>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let made = cx
            .client
            .register_task_definition()
            .family(&wish.family)
            .set_container_definitions(Some(containers::sent(&wish.container_definitions)?))
            .set_cpu(wish.cpu.clone())
            .set_memory(wish.memory.clone())
            .set_enable_fault_injection(wish.enable_fault_injection)
            .set_ephemeral_storage(wish.ephemeral_storage.as_ref().map(request::ephemeral_storage))
            .set_execution_role_arn(wish.execution_role_arn.as_ref().map(|role| role.0.clone()))
            .set_ipc_mode(wish.ipc_mode.as_deref().map(Into::into))
            .set_network_mode(wish.network_mode.as_deref().map(Into::into))
            .set_pid_mode(wish.pid_mode.as_deref().map(Into::into))
            .set_placement_constraints(wish.placement_constraints.as_ref().map(request::placement_constraints))
            .set_proxy_configuration(wish.proxy_configuration.as_ref().map(request::proxy_configuration).transpose()?)
            .set_requires_compatibilities(wish.requires_compatibilities.as_ref().map(request::compatibilities))
            .set_runtime_platform(wish.runtime_platform.as_ref().map(request::runtime_platform))
            .set_task_role_arn(wish.task_role_arn.as_ref().map(|role| role.0.clone()))
            .set_volumes(wish.volume.as_ref().map(request::volumes).transpose()?)
            .set_tags(tags::sent(&wish.tags))
            .send()
            .await?;
        Made::id(made.task_definition.and_then(|made| made.task_definition_arn), "the ARN of the task definition")
    }

    async fn read(cx: &Context<'_, Ecs>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let seen = join_all(asked.these.iter().map(|ask| look(cx, ask))).await;
        let one = |(ask, seen): (&Ask, Result<Option<Observed<Self>>, Fault>)| match seen {
            Ok(Some(seen)) => (ask.id.clone(), Seen::Here(Box::new(seen))),
            Ok(None) => (ask.id.clone(), Seen::Gone),
            Err(fault) => (ask.id.clone(), Seen::Unseen(fault)),
        };
        Ok(asked.these.iter().zip(seen).map(one).collect())
    }

    async fn update(cx: &Context<'_, Ecs>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.has("tags") {
            tags::update(&cx.client, &now.outputs.arn, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ecs>, last: &Observed<Self>, how: &Self) -> Result<Going, Fault> {
        if how.skip_destroy {
            return Ok(Going::Left("`skip_destroy` keeps this revision in use".to_owned()));
        }
        cx.client.deregister_task_definition().task_definition(&last.id).send().await?;
        Ok(Going::Gone)
    }

    /// Looks at the newest revision of each family first: what an operation has just registered is one of them.
    async fn find(cx: &Context<'_, Ecs>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let call = cx.client.list_task_definitions().status(TaskDefinitionStatus::Active).sort(SortOrder::Desc);
        let arns: Vec<String> = call.into_paginator().items().send().collect::<Result<_, _>>().await?;
        for some in newest_first(arns).chunks(10) {
            let described = try_join_all(some.iter().map(|arn| describe(cx, arn))).await?;
            let ours = described.into_iter().flatten().find(|(_, tags)| tags::made_by(tags, &op.id));
            if let Some(arn) = ours.and_then(|(definition, _)| definition.task_definition_arn) {
                return Ok(vec![arn]);
            }
        }
        Ok(Vec::new())
    }
}

/// Looks at one revision. With `track_latest`, it shows what the newest revision of the family is instead, as long as
/// the one that was registered here is still in use.
async fn look(cx: &Context<'_, Ecs>, ask: &Ask) -> Result<Option<Observed<TaskDefinition>>, Fault> {
    let Some(own) = describe(cx, &ask.id).await? else { return Ok(None) };
    let latest = match own.0.family() {
        Some(family) if option(&ask.last, "track_latest") => describe(cx, family).await?,
        _ => None,
    };
    observation::observed(ask, latest.unwrap_or(own)).map(Some)
}

/// Describes a revision in use, or the newest of a family, with its tags.
async fn describe(cx: &Context<'_, Ecs>, name: &str) -> Result<Option<(Described, Vec<aws_sdk_ecs::types::Tag>)>, Fault> {
    let call = cx.client.describe_task_definition().task_definition(name).include(TaskDefinitionField::Tags);
    let Some(found) = absent_is_none(call.send().await)? else { return Ok(None) };
    let tags = found.tags.unwrap_or_default();
    Ok(found.task_definition.filter(|found| found.status() == Some(&TaskDefinitionStatus::Active)).map(|found| (found, tags)))
}

/// Puts the newest revision of every family before the second newest of any.
fn newest_first(arns: Vec<String>) -> Vec<String> {
    let mut families = std::collections::BTreeMap::<String, Vec<(i64, String)>>::new();
    for arn in arns {
        let (family, revision) = family_and_revision(&arn);
        families.entry(family.to_owned()).or_default().push((revision.unwrap_or_default(), arn.clone()));
    }
    let mut ranked: Vec<(usize, String)> = families
        .into_values()
        .flat_map(|mut revisions| {
            revisions.sort_by_key(|(revision, _)| std::cmp::Reverse(*revision));
            revisions.into_iter().enumerate().map(|(rank, (_, arn))| (rank, arn)).collect::<Vec<_>>()
        })
        .collect();
    ranked.sort();
    ranked.into_iter().map(|(_, arn)| arn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_of_each_family_comes_first() {
        let arns = ["td/web:9", "td/web:10", "td/api:2", "td/api:1"].map(str::to_owned).to_vec();
        assert_eq!(newest_first(arns), ["td/api:2", "td/web:10", "td/api:1", "td/web:9"]);
    }
}
