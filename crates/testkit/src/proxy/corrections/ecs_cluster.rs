//! ECS clusters.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::{ecs_service, mend};
use crate::proxy::error_reply::error_reply;
use crate::proxy::exchange::Exchange;

/// A cluster that is there already is returned as it is. moto replaces it, and its tags, settings and capacity
/// providers are gone. AWS documents that the name is unique in an account and region (Amazon ECS API Reference,
/// CreateCluster), not what a second call does; returning the first is what is known of it.
pub(super) async fn create(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let body = exchange.json();
    let name = body["clusterName"].as_str().unwrap_or("default");
    match active(exchange, name).await? {
        Some(cluster) => Ok(mend::json_reply(&json!({ "cluster": cluster }))),
        None => exchange.pass_on().await,
    }
}

/// Settings are changed one by one (Amazon ECS API Reference, UpdateClusterSettings). moto falls over; its UpdateCluster
/// does the same.
pub(super) async fn update_settings(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let body = exchange.json();
    let updated = exchange.ask_json("UpdateCluster", &json!({"cluster": body["cluster"], "settings": body["settings"]})).await?;
    Ok(mend::json_reply(&updated))
}

/// A cluster with services is refused with `ClusterContainsServicesException` (Amazon ECS API Reference, DeleteCluster).
/// moto deletes it and leaves them.
pub(super) async fn delete(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let cluster = exchange.json()["cluster"].clone();
    if active(exchange, cluster.as_str().unwrap_or("default")).await?.is_some() {
        let services = exchange.ask_json("ListServices", &json!({ "cluster": cluster })).await?;
        if !ecs_service::active_among(exchange, &cluster, &services["serviceArns"]).await?.is_empty() {
            let message = "The Cluster cannot be deleted while Services are active.";
            return Ok(error_reply(exchange.call, StatusCode::BAD_REQUEST, "ClusterContainsServicesException", message));
        }
    }
    exchange.pass_on().await
}

/// Deleted clusters can be described for a time but are not listed (Amazon ECS API Reference, DeleteCluster: `INACTIVE`).
pub(super) async fn list(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    let listed: Value = serde_json::from_slice(reply.body()).unwrap_or_default();
    let described = match listed["clusterArns"].as_array() {
        Some(arns) if !arns.is_empty() => exchange.ask_json("DescribeClusters", &json!({ "clusters": arns })).await?,
        _ => return Ok(reply),
    };
    let clusters = described["clusters"].as_array().into_iter().flatten();
    let active: Vec<&Value> = clusters.filter(|cluster| cluster["status"] == "ACTIVE").map(|cluster| &cluster["clusterArn"]).collect();
    mend::json(reply, |body| body["clusterArns"] = json!(active))
}

/// The cluster of this name or ARN, if it is there and not deleted.
pub(super) async fn active(exchange: &Exchange<'_>, name: &str) -> anyhow::Result<Option<Value>> {
    let include = ["CONFIGURATIONS", "SETTINGS", "TAGS"];
    let found = exchange.ask_json("DescribeClusters", &json!({"clusters": [name], "include": include})).await?;
    Ok(found["clusters"].as_array().into_iter().flatten().find(|cluster| cluster["status"] == "ACTIVE").cloned())
}
