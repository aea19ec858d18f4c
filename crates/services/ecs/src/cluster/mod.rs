//! `aws_ecs_cluster`: a group that tasks and services run in.
//!
//! The name is the key, and `CreateCluster` returns a cluster of that name if there is one already: the engine looks
//! before it creates. Calls name a cluster by its ARN, which follows from the name; what is deleted can still be described
//! for a while, as `INACTIVE`. Parts of the configuration can't be taken away, only set back to what they were at first.

mod attributes;
mod wire;

use aws_sdk_ecs::types::ClusterField;
use lowtide_model::{Create, Place};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen};

pub use attributes::Cluster;
use attributes::ClusterOutputs;
use wire::{configuration, idle_configuration, namespace, observed, settings};

use crate::{Ecs, arn::arn, tags};

impl Resource for Cluster {
    type Outputs = ClusterOutputs;
    type Service = Ecs;
    const KIND: &'static str = "aws_ecs_cluster";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "CLUSTER_NAME";

    fn identity(wish: &Self, place: &Place) -> Option<String> {
        Some(arn(place, &format!("cluster/{}", wish.name)))
    }

    fn import(id: &str, place: &Place) -> Result<String, String> {
        Ok(if id.starts_with("arn:") { id.to_owned() } else { arn(place, &format!("cluster/{id}")) })
    }

    async fn create(cx: &Context<'_, Ecs>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let made = cx
            .client
            .create_cluster()
            .cluster_name(&wish.name)
            .set_configuration(wish.configuration.as_ref().map(configuration))
            .set_service_connect_defaults(wish.service_connect_defaults.as_ref().map(|set| namespace(&set.namespace)).transpose()?)
            .set_settings(wish.setting.as_ref().map(settings))
            .set_tags(tags::sent(&wish.tags))
            .send()
            .await?;
        Made::id(made.cluster.and_then(|cluster| cluster.cluster_arn), "the ARN of the cluster")
    }

    async fn read(cx: &Context<'_, Ecs>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let call = cx.client.describe_clusters().set_clusters(Some(asked.ids()));
        let call = call.include(ClusterField::Configurations).include(ClusterField::Settings).include(ClusterField::Tags);
        let found = call.send().await?.clusters.unwrap_or_default();
        let here = found.into_iter().filter(|cluster| cluster.status() != Some("INACTIVE"));
        let seen = here.filter_map(|cluster| {
            let arn = cluster.cluster_arn.clone()?;
            let last = asked.these.iter().find(|ask| ask.id == arn)?;
            Some((arn.clone(), observed(cluster, arn, &last.last)))
        });
        Ok(asked.answer(seen.collect()))
    }

    async fn update(cx: &Context<'_, Ecs>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.any(&["configuration", "service_connect_defaults", "setting"]) {
            let mut call = cx.client.update_cluster().cluster(&now.id);
            if changed.has("configuration") {
                call = call.configuration(configuration(&to.configuration.clone().unwrap_or_else(idle_configuration)));
            }
            if changed.has("service_connect_defaults") {
                // An empty name takes the defaults away.
                let name = to.service_connect_defaults.as_ref().map_or("", |set| &set.namespace);
                call = call.service_connect_defaults(namespace(name)?);
            }
            if changed.has("setting") {
                call = call.set_settings(to.setting.as_ref().map(settings));
            }
            call.send().await?;
        }
        if changed.has("tags") {
            tags::update(&cx.client, &now.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ecs>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        let cluster = cx.client.delete_cluster().cluster(&last.id).send().await?.cluster;
        Ok(match cluster.and_then(|cluster| cluster.status).as_deref() {
            Some("DEPROVISIONING") => Going::Going("deprovisioning".to_owned()),
            _ => Going::Gone,
        })
    }
}
