//! The tagging API.

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use super::{Memory, mend};
use crate::{
    proxy::{exchange::Exchange, xml::Element},
    wire,
};

/// Services whose tags moto's tagging API does not know, with the call that tells them: signing name, target.
const ELSEWHERE: [(&str, &str); 2] =
    [("ecr", "AmazonEC2ContainerRegistry_V20150921.ListTagsForResource"), ("events", "AWSEvents.ListTagsForResource")];

/// How many ARNs one request may name (Resource Groups Tagging API Reference, GetResources).
const AT_ONCE: usize = 100;

/// As many as moto takes.
const MOST_TAGS: usize = 500;

/// What a service tags, the tagging API shows (Resource Groups Tagging API Reference, "Services that support the Resource
/// Groups Tagging API").
pub(super) async fn show(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    let mut asked = exchange.json();
    let mut more = Vec::new();
    for arn in asked["ResourceARNList"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let service = arn.split(':').nth(2).unwrap_or_default();
        let tags = match ELSEWHERE.iter().find(|(name, _)| *name == service) {
            Some((service, target)) => one(exchange, service, target, arn).await?,
            None if service == "rds" && arn.contains(":subgrp:") => of_rds(exchange, arn).await?,
            None => {
                memory.tags.get(&arn.to_owned()).map(|tags| tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect())
            }
        };
        more.extend(tags.filter(|tags| !tags.is_empty()).map(|tags| json!({"ResourceARN": arn, "Tags": tags})));
    }
    if asked["ResourceARNList"].is_array() {
        // What is named is answered in one, for it can't be paged (GetResources, ResourceARNList); moto's page has fifty, or a hundred tags.
        asked["ResourcesPerPage"] = AT_ONCE.into();
        asked["TagsPerPage"] = MOST_TAGS.into();
    }
    mend::json(exchange.pass_on_with(&asked).await?, |body| {
        if let Some(list) = body["ResourceTagMappingList"].as_array_mut() {
            list.extend(more);
        }
    })
}

async fn one(exchange: &Exchange<'_>, service: &str, target: &str, arn: &str) -> anyhow::Result<Option<Vec<Value>>> {
    let body = json!({"resourceArn": arn, "ResourceARN": arn});
    let reply = wire::json(exchange.authority, service, &exchange.call.region, target, &body).await?;
    let body: Value = serde_json::from_slice(reply.body()).unwrap_or_default();
    Ok(body.get("tags").or_else(|| body.get("Tags")).and_then(Value::as_array).cloned())
}

async fn of_rds(exchange: &Exchange<'_>, arn: &str) -> anyhow::Result<Option<Vec<Value>>> {
    let fields = [("Action", "ListTagsForResource"), ("Version", "2014-10-31"), ("ResourceName", arn)];
    let reply = wire::query(exchange.authority, "rds", &exchange.call.region, &fields).await?;
    if !reply.status().is_success() {
        return Ok(None);
    }
    let root = Element::parse(&String::from_utf8_lossy(reply.body()))?;
    let tag = |tag: &&Element| json!({"Key": tag.text_at(&["Key"]), "Value": tag.text_at(&["Value"])});
    Ok(Some(
        root.child("ListTagsForResourceResult")
            .into_iter()
            .flat_map(|result| result.members("TagList"))
            .collect::<Vec<_>>()
            .iter()
            .map(tag)
            .collect(),
    ))
}
