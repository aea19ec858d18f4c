//! ECS task definitions.

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use super::mend;
use crate::proxy::exchange::Exchange;

/// Container definitions come back with what was left out of a port mapping filled in: `protocol` is `tcp`, and
/// `hostPort` the container's own where the network mode leaves no choice, else 0 (Amazon ECS API Reference,
/// PortMapping), and with an empty `systemControls`. moto shows them as they were sent, which would hide a false
/// difference.
pub(super) async fn show(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    mend::json(exchange.pass_on().await?, |body| {
        let own_port = matches!(body["taskDefinition"]["networkMode"].as_str(), Some("awsvpc" | "host"));
        let containers = body.pointer_mut("/taskDefinition/containerDefinitions").and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten() {
            if container["systemControls"].is_null() {
                container["systemControls"] = json!([]);
            }
            fill_in_ports(container, own_port);
        }
    })
}

fn fill_in_ports(container: &mut Value, own_port: bool) {
    if container["portMappings"].is_null() {
        container["portMappings"] = json!([]);
    }
    for mapping in container["portMappings"].as_array_mut().into_iter().flatten() {
        if mapping["protocol"].is_null() {
            mapping["protocol"] = json!("tcp");
        }
        if mapping["hostPort"].is_null() && mapping["containerPortRange"].is_null() {
            mapping["hostPort"] = if own_port { mapping["containerPort"].clone() } else { json!(0) };
        }
    }
    for mapping in container["portMappings"].as_array_mut().into_iter().flatten() {
        if let Some(fields) = mapping.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
    }
}
