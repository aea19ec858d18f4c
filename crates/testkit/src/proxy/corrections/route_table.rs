//! Route tables and the subnets they are associated with.

use bytes::Bytes;
use http::{Response, StatusCode};

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
