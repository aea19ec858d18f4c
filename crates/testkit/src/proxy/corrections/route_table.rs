//! Route tables and the subnets they are associated with.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::mend;
use crate::proxy::error_reply::error_reply;
use crate::proxy::exchange::Exchange;

/// A subnet that is associated already is refused with `Resource.AlreadyAssociated` (Amazon EC2 API Reference, "Error
/// codes"; to move it there is ReplaceRouteTableAssociation). moto returns the old association and changes nothing.
pub(super) async fn associate(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let Some(subnet) = exchange.field("SubnetId") else { return exchange.pass_on().await };
    let filter = [("Filter.1.Name".to_owned(), "association.subnet-id".to_owned()), ("Filter.1.Value.1".to_owned(), subnet)];
    let tables = exchange.ask_query("DescribeRouteTables", &filter).await?;
    if tables.members("routeTableSet").is_empty() {
        return exchange.pass_on().await;
    }
    let table = exchange.field("RouteTableId").unwrap_or_default();
    let message = format!("the specified association for route table {table} conflicts with an existing association");
    Ok(error_reply(exchange.call, StatusCode::BAD_REQUEST, "Resource.AlreadyAssociated", &message))
}

/// The filter `association.gateway-id` finds the tables that gateways are associated with (Amazon EC2 API Reference,
/// DescribeRouteTables). moto knows no such filter.
pub(super) async fn describe(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let form = exchange.form();
    let named = form.iter().find(|(name, value)| name.starts_with("Filter.") && value == "association.gateway-id");
    let Some(filter) = named.and_then(|(name, _)| name.strip_suffix(".Name")) else { return exchange.pass_on().await };
    let inside = format!("{filter}.");
    let wanted: Vec<_> = form.iter().filter(|(name, _)| name.starts_with(&format!("{inside}Value."))).map(|(_, value)| value).collect();
    let known = |name: &str| !name.starts_with(&inside) && name != "Action" && name != "Version";
    let rest: Vec<_> = form.iter().filter(|(name, _)| known(name)).cloned().collect();
    let mut root = exchange.ask_query("DescribeRouteTables", &rest).await?;
    for set in root.children.iter_mut().filter(|child| child.name == "routeTableSet") {
        set.children
            .retain(|table| table.members("associationSet").iter().any(|one| wanted.iter().any(|id| *id == one.text_at(&["gatewayId"]))));
    }
    Ok(mend::xml_reply(&root))
}
