//! `aws_ecs_service`: keeps so many tasks of a task definition running.
//!
//! The key is cluster and name; calls go by both, so the physical id is the ARN that names both, whatever form of ARN the
//! account has. A service that drains or is `INACTIVE` is gone: AWS shows it for a while, and lets no one use it any
//! more. Terraform waits for a steady state only with `wait_for_steady_state`, and so do we: until then a service is
//! usable. AWS answers with ARNs what may be asked for by name; the read gives the words of the one who asked.

mod attributes;
mod check;
mod observation;
mod request;

use std::collections::BTreeMap;

use aws_sdk_ecs::types::{SchedulingStrategy, Service as Described, ServiceField};
use futures::future::join_all;
use lowtide_model::{Check, Create, Object, Place};
use lowtide_resource::{Ask, Asked, Changed, Class, Context, Fault, Going, Made, Observed, Operation, Patience, Resource, Seen};

pub use attributes::Service;
use attributes::ServiceOutputs;

use crate::{
    Ecs,
    arn::{DEFAULT_CLUSTER, arn, cluster_and_service, name},
    tags,
};

/// How many services one call describes.
const AT_ONCE: usize = 10;

/// What `UpdateService` is told; the rest are tags and options.
const UPDATED: [&str; 20] = [
    "alarms",
    "availability_zone_rebalancing",
    "capacity_provider_strategy",
    "deployment_circuit_breaker",
    "deployment_maximum_percent",
    "deployment_minimum_healthy_percent",
    "desired_count",
    "enable_ecs_managed_tags",
    "enable_execute_command",
    "force_new_deployment",
    "health_check_grace_period_seconds",
    "load_balancer",
    "network_configuration",
    "ordered_placement_strategy",
    "placement_constraints",
    "platform_version",
    "propagate_tags",
    "service_registries",
    "task_definition",
    "triggers",
];

impl Resource for Service {
    type Outputs = ServiceOutputs;
    type Service = Ecs;
    const KIND: &'static str = "aws_ecs_service";
    // AWS does not say how long it remembers the token; the name tells as well.
    const CREATE: Create = Create::Token { minutes: 15 };
    const IMPORT: &'static str = "CLUSTER_NAME/SERVICE_NAME";
    const PATIENCE: Patience = Patience { create: 20, update: 20, ..Patience::DEFAULT };
    const CHECKS: &'static [Check] = &[check::of_task_definition, check::of_capacity, check::of_daemon, check::of_load_balancers];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("service_connect_configuration", "Service Connect is not supported yet; `service_registries` is"),
        ("volume_configuration", "EBS volumes of a service are not supported yet"),
        ("vpc_lattice_configurations", "VPC Lattice is not supported yet"),
    ];

    fn identity(wish: &Self, place: &Place) -> Option<String> {
        Some(id(place, wish.cluster.as_deref().unwrap_or(DEFAULT_CLUSTER), &wish.name))
    }

    fn import(id: &str, place: &Place) -> Result<String, String> {
        if cluster_and_service(id).is_some() {
            return Ok(id.to_owned());
        }
        match id.split_once('/') {
            Some((cluster, service)) if !id.starts_with("arn:") => Ok(self::id(place, cluster, service)),
            _ => Err("A service is imported as CLUSTER_NAME/SERVICE_NAME.".to_owned()),
        }
    }

    async fn create(cx: &Context<'_, Ecs>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        request::create(&cx.client, wish, op.token())?.send().await?;
        Ok(Made { id: id(cx.place, wish.cluster.as_deref().unwrap_or(DEFAULT_CLUSTER), &wish.name), once: Default::default() })
    }

    async fn read(cx: &Context<'_, Ecs>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let mut clusters = BTreeMap::<&str, Vec<&Ask>>::new();
        let mut answers = Vec::new();
        for ask in asked.these {
            match cluster_and_service(&ask.id) {
                Some((cluster, _)) => clusters.entry(cluster).or_default().push(ask),
                None => answers.push((ask.id.clone(), Seen::Unseen(Fault::ours(&format!("`{}` is no ARN of a service", ask.id))))),
            }
        }
        let calls = clusters.iter().flat_map(|(cluster, asks)| asks.chunks(AT_ONCE).map(move |some| look(cx, cluster, some)));
        answers.extend(join_all(calls).await.into_iter().flatten());
        Ok(answers)
    }

    async fn update(cx: &Context<'_, Ecs>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.any(&UPDATED) {
            let (cluster, service) = parts(&now.id)?;
            request::update(&cx.client, to, changed)?.cluster(cluster).service(service).send().await?;
        }
        if changed.has("tags") {
            tags::update(&cx.client, &now.outputs.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ecs>, last: &Observed<Self>, how: &Self) -> Result<Going, Fault> {
        let (cluster, service) = parts(&last.id)?;
        let found = cx.client.describe_services().cluster(cluster).services(service).send().await?.services;
        let Some(now) = found.unwrap_or_default().into_iter().next() else { return Ok(Going::Gone) };
        if now.status() != Some("ACTIVE") {
            return Ok(going(&now));
        }
        let scales = now.scheduling_strategy() != Some(&SchedulingStrategy::Daemon) && now.desired_count > 0;
        if scales && !how.force_delete {
            cx.client.update_service().cluster(cluster).service(service).desired_count(0).send().await?;
        }
        let call = cx.client.delete_service().cluster(cluster).service(service);
        let gone = call.set_force(how.force_delete.then_some(true)).send().await?.service;
        Ok(gone.map_or(Going::Gone, |service| going(&service)))
    }

    async fn find(cx: &Context<'_, Ecs>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let clusters: Vec<String> = cx.client.list_clusters().into_paginator().items().send().collect::<Result<_, _>>().await?;
        let mut found = Vec::new();
        for cluster in &clusters {
            let services = cx.client.list_services().cluster(cluster).into_paginator().items().send();
            let services: Vec<String> = services.collect::<Result<_, _>>().await?;
            for some in services.chunks(AT_ONCE) {
                let call = cx.client.describe_services().cluster(cluster).set_services(Some(some.to_vec())).include(ServiceField::Tags);
                let described = call.send().await?.services.unwrap_or_default();
                let ours = described.into_iter().filter(|service| tags::made_by(service.tags(), &op.id));
                found.extend(ours.filter_map(|service| Some(id(cx.place, cluster, service.service_name()?))));
            }
        }
        Ok(found)
    }
}

/// Returns the physical id: the ARN that names cluster and service.
fn id(place: &Place, cluster: &str, service: &str) -> String {
    arn(place, &format!("service/{}/{service}", name(cluster)))
}

fn parts(id: &str) -> Result<(&str, &str), Fault> {
    cluster_and_service(id).ok_or_else(|| Fault::ours(&format!("`{id}` is no ARN of a service")))
}

fn going(service: &Described) -> Going {
    match service.status() {
        Some("DRAINING") => Going::Going(format!("draining, {} tasks still run", service.running_count)),
        Some("ACTIVE") => Going::Going("still active".to_owned()),
        _ => Going::Gone,
    }
}

/// Looks at up to ten services of one cluster.
async fn look(cx: &Context<'_, Ecs>, cluster: &str, asks: &[&Ask]) -> Vec<(String, Seen<Service>)> {
    let names = asks.iter().filter_map(|ask| cluster_and_service(&ask.id)).map(|(_, service)| service.to_owned()).collect();
    let call = cx.client.describe_services().cluster(cluster).set_services(Some(names)).include(ServiceField::Tags);
    let reply = match call.send().await.map_err(Fault::from) {
        Ok(reply) => reply,
        Err(fault) => {
            let seen = || if fault.class == Class::NotFound { Seen::Gone } else { Seen::Unseen(fault.clone()) };
            return asks.iter().map(|ask| (ask.id.clone(), seen())).collect();
        }
    };
    let one = |ask: &&Ask| {
        let called = cluster_and_service(&ask.id).map(|(_, service)| service);
        let here = reply.services().iter().find(|service| service.service_name() == called && service.status() == Some("ACTIVE"));
        let failure = reply.failures().iter().find(|failure| failure.arn().map(name) == called);
        let seen = match (here, failure.and_then(|failure| failure.reason())) {
            (Some(service), _) => Seen::Here(Box::new(observation::observed(ask, service.clone()))),
            (None, None | Some("MISSING")) => Seen::Gone,
            (None, Some(why)) => Seen::Unseen(Fault::bare(Class::Other, format!("AWS does not show the service: {why}"))),
        };
        (ask.id.clone(), seen)
    };
    asks.iter().map(one).collect()
}
