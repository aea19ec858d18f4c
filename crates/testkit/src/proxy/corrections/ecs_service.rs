//! ECS services: what calls do. How a service then looks is in `ecs_service_presentation`.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

use super::ecs_service_presentation::present;
use super::{Memory, ecs_cluster, mend};
use crate::proxy::error_reply::error_reply;
use crate::proxy::exchange::Exchange;

/// A service is refused in a cluster that is deleted, and when one of its name is active with other parameters (Amazon
/// ECS API Reference, CreateService: ClusterNotFoundException, InvalidParameterException). moto makes it in the one case
/// and replaces it silently in the other; without security groups it falls over.
pub(super) async fn create(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    let mut body = exchange.json();
    let cluster = body["cluster"].as_str().unwrap_or("default");
    if ecs_cluster::active(exchange, cluster).await?.is_none() {
        return Ok(refuse(exchange, "ClusterNotFoundException", "Cluster not found."));
    }
    if let Some(mut present_one) = find(exchange, &body["cluster"], &body["serviceName"]).await?
        && present_one["status"] == "ACTIVE"
    {
        let arn = present_one["serviceArn"].as_str().unwrap_or_default().to_owned();
        let sent = memory.services.get(&arn).unwrap_or_default();
        if sent.get(AS_CREATED) != Some(&body) {
            return Ok(refuse(exchange, "InvalidParameterException", "Creation of service was not idempotent."));
        }
        present(&mut present_one, &sent);
        return Ok(mend::json_reply(&json!({ "service": present_one })));
    }
    let asked = body.clone();
    if let Some(network) = body.pointer_mut("/networkConfiguration/awsvpcConfiguration")
        && network["securityGroups"].is_null()
    {
        network["securityGroups"] = json!([]);
    }
    let reply = exchange.pass_on_with(&body).await?;
    mend::json(reply, |answer| {
        let arn = answer["service"]["serviceArn"].as_str().unwrap_or_default().to_owned();
        let mut sent = body.as_object().cloned().unwrap_or_default();
        sent.insert(AS_CREATED.to_owned(), asked);
        sent.insert("createdAt".to_owned(), json!(now()));
        memory.services.put(arn.clone(), sent.clone());
        present(&mut answer["service"], &sent);
    })
}

/// Under this name the whole of a CreateService is remembered.
const AS_CREATED: &str = "lowtide:created";

/// A service that is deleted is refused with `ServiceNotActiveException`; a family without revision means its newest
/// (Amazon ECS API Reference, UpdateService). moto updates it all the same, and shows the family as it was sent.
pub(super) async fn update(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    let mut body = exchange.json();
    if let Some(service) = find(exchange, &body["cluster"], &body["service"]).await?
        && service["status"] != "ACTIVE"
    {
        return Ok(refuse(exchange, "ServiceNotActiveException", "Service was not ACTIVE."));
    }
    if body["taskDefinition"].is_string() {
        let asked = exchange.ask_json("DescribeTaskDefinition", &json!({"taskDefinition": body["taskDefinition"]})).await;
        if let Ok(found) = asked {
            body["taskDefinition"] = found["taskDefinition"]["taskDefinitionArn"].clone();
        }
    }
    let reply = exchange.pass_on_with(&body).await?;
    mend::json(reply, |answer| {
        let arn = answer["service"]["serviceArn"].as_str().unwrap_or_default().to_owned();
        memory.services.change(arn.clone(), |sent| {
            sent.remove(AS_CREATED);
            merge(sent, body.as_object().cloned().unwrap_or_default());
        });
        present(&mut answer["service"], &memory.services.get(&arn).unwrap_or_default());
    })
}

/// What an update does not mention stays; inside the deployment configuration too (Amazon ECS API Reference,
/// UpdateService).
fn merge(sent: &mut Map<String, Value>, update: Map<String, Value>) {
    for (name, value) in update {
        match (sent.get_mut(&name), value) {
            (_, Value::Null) => {}
            (Some(Value::Object(old)), Value::Object(new)) if name == "deploymentConfiguration" => old.extend(new),
            (_, value) => {
                sent.insert(name, value);
            }
        }
    }
}

/// Every service in the answer as AWS would show it.
pub(super) async fn show(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    mend::json(exchange.pass_on().await?, |answer| {
        let show_one = |service: &mut Value| {
            let arn = service["serviceArn"].as_str().unwrap_or_default().to_owned();
            present(service, &memory.services.get(&arn).unwrap_or_default());
        };
        if answer.get("service").is_some() {
            show_one(&mut answer["service"]);
        }
        answer["services"].as_array_mut().into_iter().flatten().for_each(show_one);
        if answer["services"].is_null() {
            answer.as_object_mut().map(|fields| fields.remove("services"));
        }
    })
}

/// Deleted services can be described for a time but are not listed (Amazon ECS API Reference, DeleteService).
pub(super) async fn list(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    let listed: Value = serde_json::from_slice(reply.body()).unwrap_or_default();
    let active = active_among(exchange, &exchange.json()["cluster"], &listed["serviceArns"]).await?;
    mend::json(reply, |body| body["serviceArns"] = json!(active))
}

/// How many services DescribeServices takes (Amazon ECS API Reference, DescribeServices).
pub(super) const AT_ONCE: usize = 10;

/// Those of these services that are not deleted.
pub(super) async fn active_among(exchange: &Exchange<'_>, cluster: &Value, arns: &Value) -> anyhow::Result<Vec<Value>> {
    let mut active = Vec::new();
    let arns = arns.as_array().map_or(&[][..], Vec::as_slice);
    for ten in arns.chunks(AT_ONCE) {
        let found = exchange.ask_json("DescribeServices", &in_cluster(cluster, json!({ "services": ten }))).await?;
        let services = found["services"].as_array().into_iter().flatten();
        active.extend(services.filter(|service| service["status"] == "ACTIVE").map(|service| service["serviceArn"].clone()));
    }
    Ok(active)
}

/// The service of this name or ARN, deleted or not.
async fn find(exchange: &Exchange<'_>, cluster: &Value, name: &Value) -> anyhow::Result<Option<Value>> {
    // A cluster that is not there is for moto to refuse.
    let found = exchange.ask_json("DescribeServices", &in_cluster(cluster, json!({ "services": [name] }))).await;
    Ok(found.ok().and_then(|found| found["services"].get(0).cloned()))
}

/// moto takes a cluster that is `null` for one of that name.
fn in_cluster(cluster: &Value, mut body: Value) -> Value {
    if !cluster.is_null() {
        body["cluster"] = cluster.clone();
    }
    body
}

fn refuse(exchange: &Exchange<'_>, code: &str, message: &str) -> Response<Bytes> {
    error_reply(exchange.call, StatusCode::BAD_REQUEST, code, message)
}

/// Seconds since 1970, which is how JSON protocols write a time.
fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |duration| duration.as_secs())
}
