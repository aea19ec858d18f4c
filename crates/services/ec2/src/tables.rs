//! Reading route tables: what several kinds ask of `DescribeRouteTables` at the same time goes out as one.
//!
//! A table is asked for by its id, by what follows it, or by its VPC, and the filters of one request all have to hold. So those
//! of whole VPCs are asked for first, and by another filter only what is not among them.

use std::sync::Arc;

use aws_sdk_ec2::{Client, types::RouteTable};
use lowtide_resource::{Context, Fault};

use crate::{
    Ec2,
    describe::{FILTER_VALUES, filter},
};

/// By what tables are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The ids of VPCs: all their tables.
    Vpc,
    /// Their own ids.
    Id,
    /// The ids of subnets that follow them.
    Subnet,
    /// The ids of gateways whose traffic follows them.
    Gateway,
}

/// In the order in which they are asked.
const ALL: [By; 4] = [By::Vpc, By::Id, By::Subnet, By::Gateway];

impl By {
    /// The name of the filter (Amazon EC2 API Reference, "DescribeRouteTables").
    const fn filter(self) -> &'static str {
        match self {
            Self::Vpc => "vpc-id",
            Self::Id => "route-table-id",
            Self::Subnet => "association.subnet-id",
            Self::Gateway => "association.gateway-id",
        }
    }

    /// Returns whether a table is what is asked for by this id.
    fn selects(self, table: &RouteTable, id: &str) -> bool {
        match self {
            Self::Vpc => table.vpc_id() == Some(id),
            Self::Id => table.route_table_id() == Some(id),
            Self::Subnet => table.associations().iter().any(|one| one.subnet_id() == Some(id)),
            Self::Gateway => table.associations().iter().any(|one| one.gateway_id() == Some(id)),
        }
    }
}

/// Returns the route tables with these ids, of these VPCs, or that these follow; and those that other kinds ask for at the same time.
///
/// # Errors
/// Returns the fault of the first call that fails.
pub async fn tables(cx: &Context<'_, Ec2>, by: By, ids: impl IntoIterator<Item = String>) -> Result<Arc<Vec<RouteTable>>, Fault> {
    let asked: Vec<_> = ids.into_iter().map(|id| format!("{}={id}", by.filter())).collect();
    if asked.is_empty() {
        return Ok(Arc::default());
    }
    let ask = |asked: Vec<String>| async move { by_all(&cx.client, &asked).await };
    cx.round.together("ec2:DescribeRouteTables", FILTER_VALUES, asked, ask).await
}

async fn by_all(client: &Client, asked: &[String]) -> Result<Vec<RouteTable>, Fault> {
    let mut all: Vec<RouteTable> = Vec::new();
    for by in ALL {
        let ids = asked.iter().filter_map(|one| one.strip_prefix(by.filter())?.strip_prefix('='));
        let open: Vec<_> = ids.filter(|id| !all.iter().any(|table| by.selects(table, id))).collect();
        if !open.is_empty() {
            let pages = client.describe_route_tables().filters(filter(by.filter(), open)).into_paginator().items().send();
            all.extend(pages.collect::<Result<Vec<_>, _>>().await?);
        }
    }
    Ok(all)
}
