//! `aws_route_table`: the routes that the subnets of a VPC follow.
//!
//! `CreateRouteTable` takes a client token. Routes are requests of their own, and so an update. Inline routes are all of
//! a table's routes but those that others make: AWS for the VPC's own blocks, gateways and route servers that announce
//! theirs, gateway endpoints and VPC Lattice. Where no inline routes are given, `aws_route` has them.

use aws_sdk_ec2::types::{ResourceType, Route as Described, RouteTable as DescribedTable};
use lowtide_model::{Arn, Check, Cidr, Complaint, Create, Model, Object, PlannedObject, Set};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none};

use crate::{
    Ec2,
    describe::made_by,
    routing::{self, Destination, LOCAL, TARGETS, Target},
    tables::{By, tables},
    tags::{self, Tags},
};

/// A route table: the routes that the subnets of a VPC follow.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RouteTable {
    /// The VPC it is a part of.
    #[attr(replaces, parent, refers = "aws_vpc.id")]
    pub vpc_id: String,
    /// The virtual private gateways that may announce routes.
    #[attr(computed, owned_elsewhere = "aws_vpn_gateway_route_propagation")]
    pub propagating_vgws: Option<Set<String>>,
    /// All routes but those to the VPC's own blocks. Leave it out to have each route as an `aws_route`; `[]` is no routes.
    #[attr(computed, owned_elsewhere = "aws_route")]
    pub route: Option<Set<InlineRoute>>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// A route: through what the subnets of the table reach some addresses.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct InlineRoute {
    /// The IPv4 addresses it leads to, in CIDR notation; `0.0.0.0/0` for all that no other route leads to.
    #[attr(key)]
    pub cidr_block: Option<Cidr>,
    /// The IPv6 addresses it leads to, in CIDR notation; `::/0` for all that no other route leads to.
    #[attr(key)]
    pub ipv6_cidr_block: Option<Cidr>,
    /// The managed prefix list of the addresses it leads to.
    #[attr(key)]
    pub destination_prefix_list_id: Option<String>,
    /// The carrier gateway it leads through.
    pub carrier_gateway_id: Option<String>,
    /// The ARN of the core network it leads through.
    pub core_network_arn: Option<String>,
    /// The egress-only internet gateway it leads through.
    pub egress_only_gateway_id: Option<String>,
    /// The internet gateway or virtual private gateway it leads through.
    #[attr(refers = "aws_internet_gateway.id")]
    pub gateway_id: Option<String>,
    /// The Outpost's local gateway it leads through.
    pub local_gateway_id: Option<String>,
    /// The NAT gateway it leads through.
    #[attr(refers = "aws_nat_gateway.id")]
    pub nat_gateway_id: Option<String>,
    /// The network interface it leads through.
    pub network_interface_id: Option<String>,
    /// The transit gateway it leads through.
    pub transit_gateway_id: Option<String>,
    /// The Gateway Load Balancer endpoint it leads through.
    pub vpc_endpoint_id: Option<String>,
    /// The VPC peering connection it leads through.
    pub vpc_peering_connection_id: Option<String>,
}

/// What AWS decides about a route table.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RouteTableOutputs {
    /// The route table's ARN.
    pub arn: Arn,
    /// The route table's id.
    pub id: String,
    /// The account that owns it.
    #[attr(predict = "{account}")]
    pub owner_id: String,
}

impl Resource for RouteTable {
    type Outputs = RouteTableOutputs;
    type Service = Ec2;
    const KIND: &'static str = "aws_route_table";
    const CREATE: Create = Create::Token { minutes: 60 };
    const IMPORT: &'static str = "ROUTE_TABLE_ID";
    const BATCH: usize = 200;
    const CHECKS: &'static [Check] = &[whole_routes];

    async fn create(cx: &Context<'_, Ec2>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let made = cx
            .client
            .create_route_table()
            .vpc_id(&wish.vpc_id)
            .client_token(op.token())
            .set_tag_specifications(tags::specification(ResourceType::RouteTable, &wish.tags))
            .send()
            .await?;
        Made::id(made.route_table.and_then(|table| table.route_table_id), "the id of the route table")
    }

    async fn read(cx: &Context<'_, Ec2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let found = tables(cx, By::Id, asked.ids()).await?;
        let seen = found.iter().map(|table| observed(cx, table).map(|seen| (seen.id.clone(), seen)));
        Ok(asked.answer(seen.collect::<Result<_, _>>()?))
    }

    async fn update(cx: &Context<'_, Ec2>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if let Some(wanted) = to.route.as_ref().filter(|_| changed.has("route")) {
            set_routes(cx, &now.id, wanted).await?;
        }
        if let Some(wanted) = to.propagating_vgws.as_ref().filter(|_| changed.has("propagating_vgws")) {
            let (new, old) = (&wanted.0, now.inputs.propagating_vgws.clone().unwrap_or_default().0);
            for gateway in old.iter().filter(|gateway| !new.contains(gateway)) {
                let request = cx.client.disable_vgw_route_propagation().route_table_id(&now.id).gateway_id(gateway);
                absent_is_none(request.send().await)?;
            }
            for gateway in new.iter().filter(|gateway| !old.contains(gateway)) {
                cx.client.enable_vgw_route_propagation().route_table_id(&now.id).gateway_id(gateway).send().await?;
            }
        }
        if changed.has("tags") {
            tags::update(&cx.client, &now.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ec2>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_route_table().route_table_id(&last.id).send().await?;
        Ok(Going::Gone)
    }

    async fn find(cx: &Context<'_, Ec2>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let found = cx.client.describe_route_tables().filters(made_by(op)).send().await?;
        Ok(found.route_tables.unwrap_or_default().into_iter().filter_map(|table| table.route_table_id).collect())
    }
}

/// Brings the routes of a table from what they are at this moment to what they should be.
async fn set_routes(cx: &Context<'_, Ec2>, id: &str, wanted: &[InlineRoute]) -> Result<(), Fault> {
    let tables = tables(cx, By::Id, [id.to_owned()]).await?;
    let table = tables.first().ok_or_else(|| Fault::not_found("such route table"))?;
    let wanted = wanted.iter().map(InlineRoute::way).collect::<Option<Vec<_>>>();
    let wanted = wanted.ok_or_else(|| Fault::ours("a route needs a destination and a target"))?;
    for route in table.routes().iter().filter(|route| is_inline(route)) {
        let Some(to) = Destination::of(route).filter(|to| !wanted.iter().any(|(kept, _)| kept == to)) else { continue };
        if routing::is_built_in(route) {
            routing::reset(&cx.client, id, &to).await?;
        } else {
            routing::remove(&cx.client, id, &to).await?;
        }
    }
    for (to, through) in &wanted {
        match table.routes().iter().find(|route| Destination::of(route).as_ref() == Some(to) && !routing::is_propagated(route)) {
            Some(route) if Target::of(route).as_ref() == Some(through) => {}
            Some(_) => routing::replace(&cx.client, id, to, through).await?,
            None => routing::add(&cx.client, id, to, through).await?,
        }
    }
    Ok(())
}

impl InlineRoute {
    /// Returns where it leads and through what.
    fn way(&self) -> Option<(Destination, Target)> {
        let (ipv4, ipv6) = (self.cidr_block.as_deref(), self.ipv6_cidr_block.as_deref());
        let to = Destination::given(ipv4, ipv6, self.destination_prefix_list_id.as_deref())?;
        Some((to, Target::asked(&self.clone().into_object(), &Changed::default())?))
    }

    fn of(route: &Described) -> Result<Self, Fault> {
        let mut block = Object::default();
        match Destination::of(route) {
            Some(Destination::Ipv4(to)) => block.put("cidr_block", to),
            Some(Destination::Ipv6(to)) => block.put("ipv6_cidr_block", to),
            Some(Destination::PrefixList(to)) => block.put("destination_prefix_list_id", to),
            None => {}
        }
        if let Some(target) = Target::of(route) {
            block.put(target.attribute, target.id);
        }
        Ok(Self::from_object(&block)?)
    }
}

/// Returns whether a route is one that inline routes are about.
fn is_inline(route: &Described) -> bool {
    let through = route.gateway_id().unwrap_or_default();
    let of_endpoint = through.starts_with("vpce-") && route.destination_prefix_list_id().is_some_and(|id| !id.is_empty());
    let of_vpc = through == LOCAL && routing::is_built_in(route);
    !(of_vpc || of_endpoint || through == "VpcLattice" || routing::is_propagated(route))
}

fn observed(cx: &Context<'_, Ec2>, table: &DescribedTable) -> Result<Observed<RouteTable>, Fault> {
    let id = table.route_table_id().unwrap_or_default();
    let owner = table.owner_id().unwrap_or(&cx.place.account);
    let routes = table.routes().iter().filter(|route| is_inline(route)).map(InlineRoute::of);
    let inputs = RouteTable {
        vpc_id: table.vpc_id().unwrap_or_default().to_owned(),
        propagating_vgws: Some(table.propagating_vgws().iter().filter_map(|one| one.gateway_id.clone()).collect()),
        route: Some(routes.collect::<Result<_, _>>()?),
        tags: tags::read(table.tags.as_deref()),
    };
    let outputs = RouteTableOutputs {
        arn: format!("arn:{}:ec2:{}:{owner}:route-table/{id}", cx.place.partition, cx.place.region).into(),
        id: id.to_owned(),
        owner_id: owner.to_owned(),
    };
    Ok(Observed::stable(id, inputs, outputs))
}

fn whole_routes(wish: &PlannedObject) -> Vec<Complaint> {
    let routes = wish.get("route").and_then(|routes| routes.as_elements()).unwrap_or_default();
    let check = |route: &lowtide_model::Planned| {
        let members = route.as_members()?;
        let get = |name: &str| members.get(name);
        let destinations = ["cidr_block", "ipv6_cidr_block", "destination_prefix_list_id"];
        let local = members.get("gateway_id").and_then(|id| id.as_str()) == Some(LOCAL);
        routing::exactly_one(get, &destinations, "A route", "route")
            .or_else(|| routing::exactly_one(get, &TARGETS, "A route", "route"))
            .or_else(|| {
                let detail = "The routes to the VPC's own blocks (`local`) are in every route table and can't be given here.";
                local.then(|| Complaint::about("route", detail).hint("leave this route out"))
            })
    };
    routes.iter().filter_map(check).collect()
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::RouteOrigin;

    use super::*;

    #[test]
    fn routes_that_others_make_are_not_shown() {
        let route = || Described::builder().destination_cidr_block("10.0.0.0/8");
        assert!(is_inline(&route().gateway_id("igw-1").origin(RouteOrigin::CreateRoute).build()));
        assert!(is_inline(&route().network_interface_id("eni-1").origin(RouteOrigin::CreateRouteTable).build()));
        assert!(!is_inline(&route().gateway_id("local").origin(RouteOrigin::CreateRouteTable).build()));
        assert!(!is_inline(&route().gateway_id("vgw-1").origin(RouteOrigin::EnableVgwRoutePropagation).build()));
        assert!(!is_inline(&route().network_interface_id("eni-1").origin(RouteOrigin::Advertisement).build()));
        assert!(!is_inline(&Described::builder().destination_prefix_list_id("pl-1").gateway_id("vpce-1").build()));
    }
}
