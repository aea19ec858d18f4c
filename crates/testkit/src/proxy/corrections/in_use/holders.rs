//! What may hold a thing, as moto shows it.

use bytes::Bytes;
use http::{Request, header};
use serde_json::{Value, json};

use super::super::{Memory, ecs_service};
use crate::proxy::exchange::Exchange;
use crate::proxy::xml::Element;
use crate::wire;

/// One sort of things, and how moto is asked for them.
pub(super) enum Holders {
    /// An operation of the query protocol, and the list in its answer.
    Query {
        service: &'static str,
        version: &'static str,
        action: &'static str,
        /// The field that takes the id, where the operation lists what belongs to one thing.
        about: &'static str,
        list: &'static str,
        /// Where a thing has its name.
        name: &'static str,
    },
    /// Listeners of all load balancers.
    Listeners,
    /// ECS services of all clusters.
    Services,
    /// Lambda functions, with the networks they were given.
    Functions,
}

impl Holders {
    /// Where a thing of this sort has its name.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Query { name, .. } => name,
            Self::Listeners => "ListenerArn",
            Self::Services => "serviceName",
            Self::Functions => "FunctionName",
        }
    }

    /// All things of this sort in the region.
    pub(super) async fn list(&self, exchange: &Exchange<'_>, memory: &Memory, id: &str) -> anyhow::Result<Vec<Thing>> {
        match self {
            Self::Query { service, version, action, about, list, .. } => {
                let about = (!about.is_empty()).then_some((*about, id));
                let answer = query(exchange, service, version, action, about).await?;
                Ok(answer.members(list).into_iter().map(Thing::of_xml).collect())
            }
            Self::Listeners => listeners(exchange).await,
            Self::Services => services(exchange).await,
            Self::Functions => functions(exchange, memory).await,
        }
    }
}

/// Everything a thing says about itself: paths and texts. Places in a list are no part of a path.
pub(super) struct Thing(Vec<(String, String)>);

impl Thing {
    fn of_xml(element: &Element) -> Self {
        fn walk(element: &Element, path: &str, leaves: &mut Vec<(String, String)>) {
            if element.children.is_empty() {
                leaves.push((path.to_owned(), element.text.clone()));
            }
            for child in &element.children {
                let is_place = matches!(child.name.as_str(), "item" | "member");
                let inner = if is_place { path.to_owned() } else { format!("{path}/{}", child.name) };
                walk(child, &inner, leaves);
            }
        }
        let mut leaves = Vec::new();
        walk(element, "", &mut leaves);
        Self(leaves)
    }

    fn of_json(value: &Value) -> Self {
        fn walk(value: &Value, path: &str, leaves: &mut Vec<(String, String)>) {
            match value {
                Value::Object(fields) => fields.iter().for_each(|(name, inner)| walk(inner, &format!("{path}/{name}"), leaves)),
                Value::Array(items) => items.iter().for_each(|inner| walk(inner, path, leaves)),
                Value::String(text) => leaves.push((path.to_owned(), text.clone())),
                Value::Null | Value::Bool(_) | Value::Number(_) => leaves.push((path.to_owned(), value.to_string())),
            }
        }
        let mut leaves = Vec::new();
        walk(value, "", &mut leaves);
        Self(leaves)
    }

    /// The first text at the end of this path, from the outside.
    pub(super) fn at(&self, path: &str) -> Option<&str> {
        let whole = format!("/{path}");
        self.0.iter().find(|(at, _)| *at == whole).map(|(_, text)| text.as_str())
    }

    /// Whether a path that ends so holds this text.
    pub(super) fn says(&self, path: &str, text: &str) -> bool {
        let end = format!("/{path}");
        self.0.iter().any(|(at, said)| at.ends_with(&end) && said == text)
    }
}

async fn query(
    exchange: &Exchange<'_>,
    service: &str,
    version: &str,
    action: &str,
    about: Option<(&str, &str)>,
) -> anyhow::Result<Element> {
    let fields: Vec<_> = [("Action", action), ("Version", version)].into_iter().chain(about).collect();
    let answer = wire::query(exchange.authority, service, &exchange.call.region, &fields).await?;
    // What is asked about and not there holds nothing.
    if !answer.status().is_success() {
        return Ok(Element::default());
    }
    Element::parse(&String::from_utf8_lossy(answer.body()))
}

async fn listeners(exchange: &Exchange<'_>) -> anyhow::Result<Vec<Thing>> {
    let (service, version) = ("elasticloadbalancing", "2015-12-01");
    let balancers = query(exchange, service, version, "DescribeLoadBalancers", None).await?;
    let mut all = Vec::new();
    for balancer in balancers.members("LoadBalancers") {
        let about = ("LoadBalancerArn", balancer.text_at(&["LoadBalancerArn"]));
        let found = query(exchange, service, version, "DescribeListeners", Some(about)).await?;
        all.extend(found.members("Listeners").into_iter().map(Thing::of_xml));
    }
    Ok(all)
}

async fn services(exchange: &Exchange<'_>) -> anyhow::Result<Vec<Thing>> {
    let mut all = Vec::new();
    let clusters = ecs(exchange, "ListClusters", &json!({})).await?;
    for cluster in clusters["clusterArns"].as_array().into_iter().flatten() {
        let listed = ecs(exchange, "ListServices", &json!({ "cluster": cluster })).await?;
        let arns = listed["serviceArns"].as_array().cloned().unwrap_or_default();
        for ten in arns.chunks(ecs_service::AT_ONCE) {
            let found = ecs(exchange, "DescribeServices", &json!({"cluster": cluster, "services": ten})).await?;
            all.extend(found["services"].as_array().into_iter().flatten().map(Thing::of_json));
        }
    }
    Ok(all)
}

async fn ecs(exchange: &Exchange<'_>, operation: &str, body: &Value) -> anyhow::Result<Value> {
    let target = format!("AmazonEC2ContainerServiceV20141113.{operation}");
    let answer = wire::json(exchange.authority, "ecs", &exchange.call.region, &target, body).await?;
    Ok(serde_json::from_slice(answer.body())?)
}

/// moto lists functions without their networks; what was asked for is remembered.
async fn functions(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Vec<Thing>> {
    let region = &exchange.call.region;
    let request = Request::get("/2015-03-31/functions/").header(header::AUTHORIZATION, wire::authorization("lambda", region));
    let answer = wire::send(exchange.authority, request.body(Bytes::new())?).await?;
    let listed: Value = serde_json::from_slice(answer.body())?;
    let with_network = |function: &Value| {
        let name = function["FunctionName"].as_str().unwrap_or_default().to_owned();
        let sent = memory.functions.get(&(region.clone(), name.clone())).unwrap_or_default();
        Thing::of_json(&json!({"FunctionName": name, "VpcConfig": sent.get("VpcConfig")}))
    };
    Ok(listed["Functions"].as_array().into_iter().flatten().map(with_network).collect())
}
