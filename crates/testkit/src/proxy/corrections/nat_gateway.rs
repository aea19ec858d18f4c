//! NAT gateways.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::mend;
use crate::proxy::error_reply::error_reply;
use crate::proxy::exchange::Exchange;
use crate::proxy::xml::Element;

/// `ConnectivityType` is always there, `public` unless asked otherwise (Amazon EC2 API Reference, NatGateway). moto
/// returns it only where it was sent.
fn show_connectivity(gateway: &mut Element) {
    if gateway.text_at(&["connectivityType"]).is_empty() {
        gateway.set("connectivityType", "public");
    }
}

pub(super) async fn create(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    mend::xml(exchange.pass_on().await?, |root| {
        root.children.iter_mut().filter(|child| child.name == "natGateway").for_each(show_connectivity);
    })
}

/// An id that never was is refused with `NatGatewayNotFound` (Amazon EC2 API Reference, "Error codes"). moto leaves it
/// out of the list.
pub(super) async fn describe(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    if !reply.status().is_success() {
        return Ok(reply);
    }
    let mut root = Element::parse(&String::from_utf8_lossy(reply.body()))?;
    let form = exchange.form();
    let has_filter = form.iter().any(|(name, _)| name.starts_with("Filter."));
    let wanted = form.iter().filter(|(name, _)| !has_filter && name.starts_with("NatGatewayId."));
    for (_, id) in wanted {
        if !root.members("natGatewaySet").iter().any(|gateway| gateway.text_at(&["natGatewayId"]) == id) {
            let message = format!("NatGateway {id} was not found");
            return Ok(error_reply(exchange.call, StatusCode::BAD_REQUEST, "NatGatewayNotFound", &message));
        }
    }
    root.for_each_in("natGatewaySet", &mut show_connectivity);
    Ok(reply.map(|_| Bytes::from(root.document())))
}

/// Deleting one removes its network interface and lets go of the Elastic IP address (Amazon VPC User Guide, "Delete a
/// NAT gateway"). moto keeps both, so the address looks used until it is released.
pub(super) async fn delete(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let id = exchange.field("NatGatewayId").unwrap_or_default();
    let before = exchange.ask_query("DescribeNatGateways", &[("NatGatewayId.1".to_owned(), id)]).await?;
    let reply = exchange.pass_on().await?;
    let is_live = before.members("natGatewaySet").iter().any(|gateway| gateway.text_at(&["state"]) != "deleted");
    if reply.status().is_success() && is_live {
        for address in before.members("natGatewayAddressSet") {
            let association = address.text_at(&["associationId"]);
            if !association.is_empty() {
                exchange.ask_query("DisassociateAddress", &[("AssociationId".to_owned(), association.to_owned())]).await?;
            }
            let interface = address.text_at(&["networkInterfaceId"]).to_owned();
            exchange.ask_query("DeleteNetworkInterface", &[("NetworkInterfaceId".to_owned(), interface)]).await?;
        }
    }
    Ok(reply)
}
