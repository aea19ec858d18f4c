//! `aws_appautoscaling_target`: what scales, and between which bounds.
//!
//! `RegisterScalableTarget` creates and overwrites alike; tags are taken at creation alone. The physical id is service,
//! resource and dimension, with a vertical bar between.

use std::collections::BTreeMap;

use aws_sdk_applicationautoscaling::types::{
    ScalableDimension, ScalableTarget as Described, ServiceNamespace, SuspendedState as Suspension,
};
use lowtide_model::{Arn, Check, Complaint, Create, Governed, GovernedBlock, Governs, Model, Object, Place, Planned, PlannedObject, Value};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen};

use crate::{
    AutoScaling,
    tags::{self, Tags},
};

/// Something that scales by itself: the tasks of an ECS service, the capacity of a table…
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Target {
    /// The service: `ecs`, `dynamodb`, `lambda`…
    #[attr(identity, replaces)]
    pub service_namespace: String,
    /// What of the service: `service/CLUSTER/SERVICE`, `table/TABLE`…
    #[attr(identity, parent, range = 1..=1600, replaces)]
    pub resource_id: String,
    /// Which of its sizes: `ecs:service:DesiredCount`…
    #[attr(identity, replaces)]
    pub scalable_dimension: String,
    /// The least it scales in to.
    #[attr(range = 0..=2147483647)]
    pub min_capacity: i64,
    /// The most it scales out to.
    #[attr(range = 0..=2147483647)]
    pub max_capacity: i64,
    /// The role that changes the size; most services have one of their own, which AWS then uses whatever is given.
    #[attr(computed, refers = "aws_iam_role.arn")]
    pub role_arn: Option<Arn>,
    /// What scaling is suspended.
    #[attr(computed)]
    pub suspended_state: Option<SuspendedState>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What scaling is suspended.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct SuspendedState {
    /// Whether policies may not scale in.
    #[attr(default = false)]
    pub dynamic_scaling_in_suspended: bool,
    /// Whether policies may not scale out.
    #[attr(default = false)]
    pub dynamic_scaling_out_suspended: bool,
    /// Whether schedules may not scale.
    #[attr(default = false)]
    pub scheduled_scaling_suspended: bool,
}

/// What AWS decides about a target.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct TargetOutputs {
    /// The target's ARN.
    pub arn: Arn,
    /// The resource that scales.
    #[attr(predict = "{resource_id}")]
    pub id: String,
}

impl Resource for Target {
    type Outputs = TargetOutputs;
    type Service = AutoScaling;
    const KIND: &'static str = "aws_appautoscaling_target";
    const CREATE: Create = Create::Put;
    const IMPORT: &'static str = "SERVICE_NAMESPACE|RESOURCE_ID|SCALABLE_DIMENSION";
    const CHECKS: &'static [Check] = &[bounds];
    const GOVERNS: Option<Governs> = Some(governed);

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(format!("{}|{}|{}", wish.service_namespace, wish.resource_id, wish.scalable_dimension))
    }

    async fn create(cx: &Context<'_, AutoScaling>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let request = register(cx, wish)?.set_tags(tags::request(&wish.tags));
        request.send().await?;
        Made::id(Self::identity(wish, cx.place), "an id")
    }

    async fn read(cx: &Context<'_, AutoScaling>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let mut services: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for id in asked.ids() {
            if let Some((service, resource, _)) = parts(&id) {
                services.entry(service.to_owned()).or_default().push(resource.to_owned());
            }
        }
        let mut found = Vec::new();
        for (service, mut resources) in services {
            resources.dedup();
            // As many as `DescribeScalableTargets` answers at once.
            for some in resources.chunks(50) {
                let request = cx.client.describe_scalable_targets().service_namespace(ServiceNamespace::from(service.as_str()));
                let pages = request.set_resource_ids(Some(some.to_vec())).into_paginator().items().send();
                found.extend(pages.collect::<Result<Vec<_>, _>>().await?);
            }
        }
        let arns: Vec<_> = found.iter().filter_map(|target| target.scalable_target_arn.clone()).collect();
        let mut tags = tags::of(cx, &arns, asked).await?;
        let seen = found.into_iter().map(|target| {
            let tags = target.scalable_target_arn.as_ref().and_then(|arn| tags.remove(arn)).filter(|tags| !tags.is_empty());
            let seen = observed(target, tags);
            (seen.id.clone(), seen)
        });
        Ok(asked.answer(seen.collect()))
    }

    async fn update(cx: &Context<'_, AutoScaling>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.0.iter().any(|name| name != "tags") {
            register(cx, to)?.send().await?;
        }
        if changed.has("tags") {
            tags::update(cx, &now.outputs.arn, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, AutoScaling>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client
            .deregister_scalable_target()
            .service_namespace(ServiceNamespace::from(last.inputs.service_namespace.as_str()))
            .resource_id(&last.inputs.resource_id)
            .scalable_dimension(ScalableDimension::from(last.inputs.scalable_dimension.as_str()))
            .send()
            .await?;
        Ok(Going::Gone)
    }
}

type Register = aws_sdk_applicationautoscaling::operation::register_scalable_target::builders::RegisterScalableTargetFluentBuilder;

fn register(cx: &Context<'_, AutoScaling>, wish: &Target) -> Result<Register, Fault> {
    let small = |number: i64| i32::try_from(number).map_err(|_| Fault::ours(&format!("{number} is far too large")));
    let suspended = |state: &SuspendedState| {
        Suspension::builder()
            .dynamic_scaling_in_suspended(state.dynamic_scaling_in_suspended)
            .dynamic_scaling_out_suspended(state.dynamic_scaling_out_suspended)
            .scheduled_scaling_suspended(state.scheduled_scaling_suspended)
            .build()
    };
    let request = cx
        .client
        .register_scalable_target()
        .service_namespace(ServiceNamespace::from(wish.service_namespace.as_str()))
        .resource_id(&wish.resource_id)
        .scalable_dimension(ScalableDimension::from(wish.scalable_dimension.as_str()))
        .min_capacity(small(wish.min_capacity)?)
        .max_capacity(small(wish.max_capacity)?);
    // A role of the service itself is shown, but may not be given.
    let role = wish.role_arn.as_ref().filter(|arn| !arn.contains(":role/aws-service-role/")).map(|arn| arn.0.clone());
    Ok(request.set_role_arn(role).set_suspended_state(wish.suspended_state.as_ref().map(suspended)))
}

/// Returns service, resource and dimension.
pub fn parts(id: &str) -> Option<(&str, &str, &str)> {
    let (service, rest) = id.split_once('|')?;
    let (resource, dimension) = rest.split_once('|')?;
    Some((service, resource, dimension))
}

fn observed(target: Described, tags: Tags) -> Observed<Target> {
    let suspended = |state: Suspension| SuspendedState {
        dynamic_scaling_in_suspended: state.dynamic_scaling_in_suspended.unwrap_or_default(),
        dynamic_scaling_out_suspended: state.dynamic_scaling_out_suspended.unwrap_or_default(),
        scheduled_scaling_suspended: state.scheduled_scaling_suspended.unwrap_or_default(),
    };
    let inputs = Target {
        service_namespace: target.service_namespace.as_str().to_owned(),
        resource_id: target.resource_id.clone(),
        scalable_dimension: target.scalable_dimension.as_str().to_owned(),
        min_capacity: target.min_capacity.into(),
        max_capacity: target.max_capacity.into(),
        role_arn: Some(target.role_arn).filter(|arn| !arn.is_empty()).map(Arn),
        suspended_state: target.suspended_state.map(suspended),
        tags,
    };
    let id = format!("{}|{}|{}", inputs.service_namespace, inputs.resource_id, inputs.scalable_dimension);
    let outputs = TargetOutputs { arn: target.scalable_target_arn.unwrap_or_default().into(), id: target.resource_id };
    Observed::stable(id, inputs, outputs)
}

/// What moves which attribute. Other dimensions are of kinds that are not there yet.
///
/// Source: Application Auto Scaling API Reference, `RegisterScalableTarget`.
const DIMENSIONS: [(&str, &str, &str); 5] = [
    ("ecs:service:DesiredCount", "aws_ecs_service", "desired_count"),
    ("dynamodb:table:ReadCapacityUnits", "aws_dynamodb_table", "read_capacity"),
    ("dynamodb:table:WriteCapacityUnits", "aws_dynamodb_table", "write_capacity"),
    ("dynamodb:index:ReadCapacityUnits", "aws_dynamodb_table", "read_capacity"),
    ("dynamodb:index:WriteCapacityUnits", "aws_dynamodb_table", "write_capacity"),
];

fn governed(target: &Object) -> Option<Governed> {
    let number = |name: &str| target.get(name).and_then(Value::as_i64);
    let (_, kind, attribute) = DIMENSIONS.into_iter().find(|(dimension, ..)| Some(*dimension) == target.text("scalable_dimension"))?;
    let range = number("min_capacity")?..=number("max_capacity")?;
    let (resource, block) = match target.text("resource_id")?.split_once("/index/") {
        Some((table, index)) => (table, Some(GovernedBlock { of: "global_secondary_index", key: "name", is: index.to_owned() })),
        None => (target.text("resource_id")?, None),
    };
    Some(Governed { kind, resource: resource.to_owned(), block, attribute, range })
}

fn bounds(wish: &PlannedObject) -> Vec<Complaint> {
    let number = |name: &str| wish.get(name).and_then(Planned::as_i64);
    match (number("min_capacity"), number("max_capacity")) {
        (Some(least), Some(most)) if least > most => {
            let detail = format!("The least it scales in to ({least}) is more than the most it scales out to ({most}).");
            vec![Complaint::about("max_capacity", detail).hint(format!("write {least} or more"))]
        }
        _ => Vec::new(),
    }
}
