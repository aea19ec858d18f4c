//! How these tests talk to AWS: raw HTTP, so that no SDK has to be built.

use anyhow::Context;
use bytes::Bytes;
use http::{Method, Request, Response, header::AUTHORIZATION};
use lowtide_testkit::{World, wire};
use serde_json::Value;

/// A call to EC2 through the proxy; the answer as text.
pub async fn ec2(world: &World, action: &str, fields: &[(&str, &str)]) -> anyhow::Result<String> {
    text(&query(world, "ec2", "2016-11-15", action, fields).await?)
}

/// A call of the query protocol through the proxy.
pub async fn query(world: &World, service: &str, version: &str, action: &str, fields: &[(&str, &str)]) -> anyhow::Result<Response<Bytes>> {
    let form: Vec<(&str, &str)> = [("Action", action), ("Version", version)].into_iter().chain(fields.iter().copied()).collect();
    wire::query(authority(world).as_str(), service, world.region(), &form).await
}

/// A call to ECS through the proxy; the answer as JSON.
pub async fn ecs(world: &World, operation: &str, body: Value) -> anyhow::Result<Value> {
    let target = format!("AmazonEC2ContainerServiceV20141113.{operation}");
    let answer = wire::json(&authority(world), "ecs", world.region(), &target, &body).await?;
    serde_json::from_slice(answer.body()).with_context(|| format!("{operation}: {:?}", answer.body()))
}

/// A call of a service of paths and verbs; the answer as text.
pub async fn rest(world: &World, service: &str, method: Method, path: &str, body: String) -> anyhow::Result<String> {
    let request = Request::builder().method(method).uri(path).header(AUTHORIZATION, wire::authorization(service, world.region()));
    text(&wire::send(&authority(world), request.body(Bytes::from(body))?).await?)
}

/// What stands between the first `<tag>` and `</tag>`.
pub fn between(answer: &str, tag: &str) -> anyhow::Result<String> {
    let start = answer.split_once(&format!("<{tag}>")).with_context(|| format!("No <{tag}> in {answer}"))?.1;
    Ok(start.split_once(&format!("</{tag}>")).with_context(|| format!("<{tag}> has no end"))?.0.to_owned())
}

pub fn authority(world: &World) -> String {
    world.endpoint().trim_start_matches("http://").to_owned()
}

pub fn text(answer: &Response<Bytes>) -> anyhow::Result<String> {
    Ok(String::from_utf8(answer.body().to_vec())?)
}
