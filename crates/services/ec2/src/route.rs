//! `aws_route`: one route of a route table.
//!
//! A route has no id of its own at AWS: table and destination are its key, and the physical id is `rtb-1_10.0.0.0/8`. The
//! output `id` is what Terraform makes up: `r-`, the table's id, and the CRC-32 of the destination in decimal. The routes
//! that AWS makes with a table (to the VPC's own blocks, `gateway_id = "local"`) can be imported and led elsewhere; they
//! can't be deleted, and so are led back to the VPC instead.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::Route as Described;
use lowtide_model::{Check, Cidr, Complaint, Create, Model, Object, Place, PlannedObject};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen};

use crate::{
    Ec2,
    routing::{self, Destination, TARGETS, Target},
    tables::{By, tables},
};

/// A route: through what the subnets of a route table reach some addresses.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Route {
    /// The route table it is a part of.
    #[attr(replaces, identity, parent, refers = "aws_route_table.id")]
    pub route_table_id: String,
    /// The IPv4 addresses it leads to, in CIDR notation; `0.0.0.0/0` for all that no other route leads to.
    #[attr(replaces, identity)]
    pub destination_cidr_block: Option<Cidr>,
    /// The IPv6 addresses it leads to, in CIDR notation; `::/0` for all that no other route leads to.
    #[attr(replaces, identity)]
    pub destination_ipv6_cidr_block: Option<Cidr>,
    /// The managed prefix list of the addresses it leads to.
    #[attr(replaces, identity)]
    pub destination_prefix_list_id: Option<String>,
    /// The carrier gateway it leads through.
    pub carrier_gateway_id: Option<String>,
    /// The ARN of the core network it leads through.
    pub core_network_arn: Option<String>,
    /// The egress-only internet gateway it leads through.
    pub egress_only_gateway_id: Option<String>,
    /// The internet gateway or virtual private gateway it leads through, or `local` for the VPC itself.
    #[attr(refers = "aws_internet_gateway.id")]
    pub gateway_id: Option<String>,
    /// The Outpost's local gateway it leads through.
    pub local_gateway_id: Option<String>,
    /// The NAT gateway it leads through.
    #[attr(refers = "aws_nat_gateway.id")]
    pub nat_gateway_id: Option<String>,
    /// The network interface it leads through.
    #[attr(computed)]
    pub network_interface_id: Option<String>,
    /// The transit gateway it leads through.
    pub transit_gateway_id: Option<String>,
    /// The Gateway Load Balancer endpoint it leads through.
    pub vpc_endpoint_id: Option<String>,
    /// The VPC peering connection it leads through.
    pub vpc_peering_connection_id: Option<String>,
}

/// What AWS decides about a route.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RouteOutputs {
    /// The route's id as Terraform makes it up.
    pub id: String,
    /// The instance whose network interface it leads through.
    #[attr(renewed_by = ["network_interface_id"])]
    pub instance_id: Option<String>,
    /// The account that owns that instance.
    #[attr(renewed_by = ["network_interface_id"])]
    pub instance_owner_id: Option<String>,
    /// How it came about: `CreateRoute` by a request, `CreateRouteTable` with the table.
    pub origin: Option<String>,
    /// Whether it leads anywhere: `active`, or `blackhole` when its target is gone.
    pub state: Option<String>,
}

impl Resource for Route {
    type Outputs = RouteOutputs;
    type Service = Ec2;
    const KIND: &'static str = "aws_route";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "ROUTE_TABLE_ID_DESTINATION";
    const BATCH: usize = 200;
    const CHECKS: &'static [Check] = &[one_destination, one_target];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(key(&wish.route_table_id, &wish.destination()?))
    }

    fn import(id: &str, _place: &Place) -> Result<String, String> {
        let (table, to) =
            parts(id).ok_or_else(|| format!("`{id}` is not of the form ROUTE_TABLE_ID_DESTINATION, like `rtb-1_10.0.0.0/8`"))?;
        Ok(key(table, &to))
    }

    async fn create(cx: &Context<'_, Ec2>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let to = wish.destination().ok_or_else(|| Fault::ours("a route needs a destination"))?;
        routing::add(&cx.client, &wish.route_table_id, &to, &wish.target(&Changed::default())?).await?;
        Made::id(Some(key(&wish.route_table_id, &to)), "a route")
    }

    async fn read(cx: &Context<'_, Ec2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let wanted = asked.these.iter().filter_map(|ask| parts(&ask.id)).map(|(table, _)| table.to_owned());
        let mut found = BTreeMap::new();
        for table in tables(cx, By::Id, wanted).await?.iter() {
            let id = table.route_table_id().unwrap_or_default();
            for route in table.routes().iter().filter(|route| !routing::is_propagated(route)) {
                if let Some(seen) = observed(id, route)? {
                    found.insert(seen.id.clone(), seen);
                }
            }
        }
        Ok(asked.answer(found))
    }

    async fn update(cx: &Context<'_, Ec2>, _now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.any(&TARGETS) {
            let destination = to.destination().ok_or_else(|| Fault::ours("a route needs a destination"))?;
            routing::replace(&cx.client, &to.route_table_id, &destination, &to.target(changed)?).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ec2>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        let Some((table, to)) = parts(&last.id) else { return Ok(Going::Gone) };
        if last.outputs.origin.as_deref() == Some("CreateRouteTable") {
            routing::reset(&cx.client, table, &to).await?;
            return Ok(Going::Left("AWS made this route with its table; it leads to the VPC itself again".to_owned()));
        }
        routing::remove(&cx.client, table, &to).await?;
        Ok(Going::Gone)
    }
}

impl Route {
    fn destination(&self) -> Option<Destination> {
        Destination::given(
            self.destination_cidr_block.as_deref(),
            self.destination_ipv6_cidr_block.as_deref(),
            self.destination_prefix_list_id.as_deref(),
        )
    }

    fn target(&self, changed: &Changed) -> Result<Target, Fault> {
        Target::asked(&self.clone().into_object(), changed).ok_or_else(|| Fault::ours("a route needs a target"))
    }
}

fn key(table: &str, to: &Destination) -> String {
    format!("{table}_{}", to.text())
}

/// Takes a physical id apart.
fn parts(id: &str) -> Option<(&str, Destination)> {
    let (table, to) = id.split_once('_')?;
    let (ipv4, ipv6, list) = match to {
        to if to.starts_with("pl-") => (None, None, Some(to)),
        to if to.contains(':') => (None, Some(to), None),
        to => (Some(to), None, None),
    };
    Some((table, Destination::given(ipv4, ipv6, list)?))
}

fn observed(table: &str, route: &Described) -> Result<Option<Observed<Route>>, Fault> {
    let Some(to) = Destination::of(route) else { return Ok(None) };
    let attribute = match to {
        Destination::Ipv4(_) => "destination_cidr_block",
        Destination::Ipv6(_) => "destination_ipv6_cidr_block",
        Destination::PrefixList(_) => "destination_prefix_list_id",
    };
    let mut inputs = Object::default();
    inputs.put("route_table_id", table.to_owned());
    inputs.put(attribute, to.text().to_owned());
    if let Some(target) = Target::of(route) {
        inputs.put(target.attribute, target.id);
    }
    let outputs = RouteOutputs {
        id: format!("r-{table}{}", checksum(to.text())),
        instance_id: route.instance_id.clone().filter(|id| !id.is_empty()),
        instance_owner_id: route.instance_owner_id.clone().filter(|id| !id.is_empty()),
        origin: route.origin.as_ref().map(|origin| origin.as_str().to_owned()),
        state: route.state.as_ref().map(|state| state.as_str().to_owned()),
    };
    Ok(Some(Observed::stable(key(table, &to), Route::from_object(&inputs)?, outputs)))
}

/// Returns the CRC-32 of a text, as of IEEE 802.3.
fn checksum(text: &str) -> u32 {
    let bit = |sum: u32| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 };
    !text.bytes().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(byte), |sum, _| bit(sum)))
}

fn one_destination(wish: &PlannedObject) -> Vec<Complaint> {
    let all = ["destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"];
    routing::exactly_one(|name| wish.get(name), &all, "A route", all[0]).into_iter().collect()
}

fn one_target(wish: &PlannedObject) -> Vec<Complaint> {
    routing::exactly_one(|name| wish.get(name), &TARGETS, "A route", "gateway_id").into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_has_the_id_that_terraform_gives_it() {
        // The checksum of the default route, as it stands in any Terraform state.
        assert_eq!(checksum("0.0.0.0/0"), 1_080_289_494);
    }

    #[test]
    fn import_ids_take_the_form_of_physical_ids() {
        let import = |id| Route::import(id, &Place::default());
        assert_eq!(import("rtb-1_10.0.0.7/8").as_deref(), Ok("rtb-1_10.0.0.0/8"));
        assert_eq!(import("rtb-1_2001:DB8::/32").as_deref(), Ok("rtb-1_2001:db8::/32"));
        assert_eq!(import("rtb-1_pl-1").as_deref(), Ok("rtb-1_pl-1"));
        assert!(import("rtb-1").is_err());
    }
}
