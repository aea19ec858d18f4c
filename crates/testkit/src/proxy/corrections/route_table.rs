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

/// Filters that moto has not, or not so, and the member of an association that they are about.
const FILTERS: [(&str, &str); 2] = [("association.gateway-id", "gatewayId"), ("association.subnet-id", "subnetId")];

/// The filters `association.gateway-id` and `association.subnet-id` find the tables with which any of the values is
/// associated (Amazon EC2 API Reference, DescribeRouteTables and Filter: several values are joined with OR). moto knows no
/// such filter of gateways, and of several subnets wants a table to have all, or no other.
pub(super) async fn describe(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let form = exchange.form();
    let named = form.iter().find_map(|(name, value)| {
        let filter = name.strip_prefix("Filter.").and_then(|_| name.strip_suffix(".Name"))?;
        FILTERS.iter().find(|(known, _)| known == value).map(|(_, member)| (filter, *member))
    });
    let Some((filter, member)) = named else { return exchange.pass_on().await };
    let inside = format!("{filter}.");
    let wanted: Vec<_> = form.iter().filter(|(name, _)| name.starts_with(&format!("{inside}Value."))).map(|(_, value)| value).collect();
    let known = |name: &str| !name.starts_with(&inside) && name != "Action" && name != "Version";
    let rest: Vec<_> = form.iter().filter(|(name, _)| known(name)).cloned().collect();
    let mut root = exchange.ask_query("DescribeRouteTables", &rest).await?;
    for set in root.children.iter_mut().filter(|child| child.name == "routeTableSet") {
        set.children
            .retain(|table| table.members("associationSet").iter().any(|one| wanted.iter().any(|id| *id == one.text_at(&[member]))));
    }
    Ok(mend::xml_reply(&root))
}
