//! Routes as EC2 has them: what `aws_route_table`, `aws_route` and `aws_route_table_association` have in common.
//!
//! A route is known by its table and its destination and leads through one target. EC2 shows routes only as members of
//! their table, so all three kinds read tables: see [`crate::tables`].

use std::net::{Ipv4Addr, Ipv6Addr};

use aws_sdk_ec2::{
    Client,
    types::{Route, RouteOrigin},
};
use lowtide_model::{Complaint, Object, Planned};
use lowtide_resource::{Changed, Fault, absent_is_none};

/// The attributes that say through what a route leads; each route has one of them.
pub const TARGETS: [&str; 10] = [
    "carrier_gateway_id",
    "core_network_arn",
    "egress_only_gateway_id",
    "gateway_id",
    "local_gateway_id",
    "nat_gateway_id",
    "network_interface_id",
    "transit_gateway_id",
    "vpc_endpoint_id",
    "vpc_peering_connection_id",
];

/// What stands for the VPC itself in place of a gateway's id.
pub const LOCAL: &str = "local";

/// Where a route leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A block of IPv4 addresses.
    Ipv4(String),
    /// A block of IPv6 addresses.
    Ipv6(String),
    /// A managed prefix list.
    PrefixList(String),
}

impl Destination {
    /// Returns the one that is given. Blocks are brought into the form that AWS gives them: `10.0.0.7/8` is `10.0.0.0/8`.
    pub fn given(ipv4: Option<&str>, ipv6: Option<&str>, prefix_list: Option<&str>) -> Option<Self> {
        let some = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let block = |text| some(text).map(|text| network(&text).unwrap_or(text));
        block(ipv4).map(Self::Ipv4).or_else(|| block(ipv6).map(Self::Ipv6)).or_else(|| some(prefix_list).map(Self::PrefixList))
    }

    /// Returns the destination of a route.
    pub fn of(route: &Route) -> Option<Self> {
        Self::given(route.destination_cidr_block(), route.destination_ipv6_cidr_block(), route.destination_prefix_list_id())
    }

    /// Returns it as text.
    pub fn text(&self) -> &str {
        match self {
            Self::Ipv4(text) | Self::Ipv6(text) | Self::PrefixList(text) => text,
        }
    }

    fn ipv4(&self) -> Option<String> {
        if let Self::Ipv4(block) = self { Some(block.clone()) } else { None }
    }

    fn ipv6(&self) -> Option<String> {
        if let Self::Ipv6(block) = self { Some(block.clone()) } else { None }
    }

    fn prefix_list(&self) -> Option<String> {
        if let Self::PrefixList(id) = self { Some(id.clone()) } else { None }
    }
}

/// Returns a block without the bits that its length leaves free; `None` when it is no block.
fn network(block: &str) -> Option<String> {
    let (address, length) = block.split_once('/')?;
    let length: u32 = length.parse().ok()?;
    if let Ok(address) = address.parse::<Ipv4Addr>() {
        let free = 32u32.checked_sub(length)?;
        let mask = u32::MAX.checked_shl(free).unwrap_or_default();
        return Some(format!("{}/{length}", Ipv4Addr::from_bits(address.to_bits() & mask)));
    }
    let free = 128u32.checked_sub(length)?;
    let mask = u128::MAX.checked_shl(free).unwrap_or_default();
    Some(format!("{}/{length}", Ipv6Addr::from_bits(address.parse::<Ipv6Addr>().ok()?.to_bits() & mask)))
}

/// Through what a route leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Which of [`TARGETS`] it is.
    pub attribute: &'static str,
    /// Its id, or its ARN for a core network.
    pub id: String,
}

impl Target {
    /// Returns the target among attributes. Where more than one is set, one of them is left from before: what changed counts.
    pub fn asked(attributes: &Object, changed: &Changed) -> Option<Self> {
        let given = || TARGETS.iter().filter(|name| attributes.text(name).is_some());
        let attribute = *given().find(|name| changed.has(name)).or_else(|| given().next())?;
        Some(Self { attribute, id: attributes.text(attribute)?.to_owned() })
    }

    /// Returns the target of a route; none where what it led through is no more.
    pub fn of(route: &Route) -> Option<Self> {
        // A route to an endpoint shows it as a gateway; one to an instance shows the instance's interface as well.
        let gateway = if route.gateway_id().is_some_and(|id| id.starts_with("vpce-")) { "vpc_endpoint_id" } else { "gateway_id" };
        let all = [
            ("carrier_gateway_id", route.carrier_gateway_id()),
            ("core_network_arn", route.core_network_arn()),
            ("egress_only_gateway_id", route.egress_only_internet_gateway_id()),
            (gateway, route.gateway_id()),
            ("local_gateway_id", route.local_gateway_id()),
            ("nat_gateway_id", route.nat_gateway_id()),
            ("transit_gateway_id", route.transit_gateway_id()),
            ("vpc_peering_connection_id", route.vpc_peering_connection_id()),
            ("network_interface_id", route.network_interface_id()),
        ];
        let (attribute, id) = all.into_iter().find_map(|(attribute, id)| Some((attribute, id.filter(|id| !id.is_empty())?)))?;
        Some(Self { attribute, id: id.to_owned() })
    }

    fn id_of(&self, attribute: &str) -> Option<String> {
        (self.attribute == attribute).then(|| self.id.clone())
    }
}

/// Returns whether AWS made the route with its table: it can be led elsewhere, but not deleted.
pub fn is_built_in(route: &Route) -> bool {
    route.origin() == Some(&RouteOrigin::CreateRouteTable)
}

/// Returns whether a route is announced by a gateway or route server, and no one's to manage here.
pub fn is_propagated(route: &Route) -> bool {
    matches!(route.origin(), Some(RouteOrigin::EnableVgwRoutePropagation | RouteOrigin::Advertisement))
}

/// Says in a request where a route leads and through what.
macro_rules! leading {
    ($request:expr, $table:expr, $to:expr, $through:expr) => {
        $request
            .route_table_id($table)
            .set_destination_cidr_block($to.ipv4())
            .set_destination_ipv6_cidr_block($to.ipv6())
            .set_destination_prefix_list_id($to.prefix_list())
            .set_carrier_gateway_id($through.id_of("carrier_gateway_id"))
            .set_core_network_arn($through.id_of("core_network_arn"))
            .set_egress_only_internet_gateway_id($through.id_of("egress_only_gateway_id"))
            .set_gateway_id($through.id_of("gateway_id"))
            .set_local_gateway_id($through.id_of("local_gateway_id"))
            .set_nat_gateway_id($through.id_of("nat_gateway_id"))
            .set_network_interface_id($through.id_of("network_interface_id"))
            .set_transit_gateway_id($through.id_of("transit_gateway_id"))
            .set_vpc_endpoint_id($through.id_of("vpc_endpoint_id"))
            .set_vpc_peering_connection_id($through.id_of("vpc_peering_connection_id"))
    };
}

/// Adds a route.
pub async fn add(client: &Client, table: &str, to: &Destination, through: &Target) -> Result<(), Fault> {
    leading!(client.create_route(), table, to, through).send().await?;
    Ok(())
}

/// Leads a route through another target.
pub async fn replace(client: &Client, table: &str, to: &Destination, through: &Target) -> Result<(), Fault> {
    if through.attribute == "gateway_id" && through.id == LOCAL {
        return reset(client, table, to).await;
    }
    leading!(client.replace_route(), table, to, through).send().await?;
    Ok(())
}

/// Leads a route that AWS made back to the VPC itself.
pub async fn reset(client: &Client, table: &str, to: &Destination) -> Result<(), Fault> {
    let request = client.replace_route().route_table_id(table).local_target(true);
    request
        .set_destination_cidr_block(to.ipv4())
        .set_destination_ipv6_cidr_block(to.ipv6())
        .set_destination_prefix_list_id(to.prefix_list())
        .send()
        .await?;
    Ok(())
}

/// Removes a route; that there is none is as good.
pub async fn remove(client: &Client, table: &str, to: &Destination) -> Result<(), Fault> {
    let request = client.delete_route().route_table_id(table);
    let request = request
        .set_destination_cidr_block(to.ipv4())
        .set_destination_ipv6_cidr_block(to.ipv6())
        .set_destination_prefix_list_id(to.prefix_list());
    absent_is_none(request.send().await)?;
    Ok(())
}

/// Complains unless exactly one of these attributes is given; what is not known yet may turn out to be absent.
pub fn exactly_one<'a>(get: impl Fn(&str) -> Option<&'a Planned>, of: &[&str], what: &str, about: &str) -> Option<Complaint> {
    let given: Vec<_> = of.iter().filter_map(|name| get(name).filter(|value| !value.is_null()).map(|value| (name, value))).collect();
    let sure: Vec<_> = given.iter().filter(|(_, value)| !value.is_unknown()).map(|(name, _)| format!("`{name}`")).collect();
    match (given.len(), sure.len()) {
        (0, _) => Some(Complaint::about(
            about,
            format!("{what} needs one of {}.", of.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
        )),
        (_, 0 | 1) => None,
        _ => Some(Complaint::about(about, format!("{what} takes one of {}, not several.", sure.join(", ")))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_take_the_form_that_aws_gives_them() {
        let of = |ipv4, ipv6| Destination::given(ipv4, ipv6, None).map(|to| to.text().to_owned());
        assert_eq!(of(Some("10.0.0.7/8"), None).as_deref(), Some("10.0.0.0/8"));
        assert_eq!(of(Some("0.0.0.0/0"), None).as_deref(), Some("0.0.0.0/0"));
        assert_eq!(of(None, Some("2001:DB8:0::1/32")).as_deref(), Some("2001:db8::/32"));
        assert_eq!(of(None, Some("::/0")).as_deref(), Some("::/0"));
        assert_eq!(of(Some("here"), None).as_deref(), Some("here"));
        assert_eq!(Destination::given(None, None, Some("pl-1")), Some(Destination::PrefixList("pl-1".to_owned())));
    }

    #[test]
    fn a_target_that_changed_wins_over_one_left_from_before() {
        let both: Object = [("gateway_id", "igw-1"), ("nat_gateway_id", "nat-1")]
            .into_iter()
            .map(|(name, id)| (name.to_owned(), lowtide_model::Value::text(id)))
            .collect();
        let asked = |changed: &[&str]| Target::asked(&both, &Changed(changed.iter().map(|name| (*name).to_owned()).collect()));
        assert_eq!(asked(&["nat_gateway_id"]).map(|target| target.id).as_deref(), Some("nat-1"));
        assert_eq!(asked(&[]).map(|target| target.id).as_deref(), Some("igw-1"));
    }

    #[test]
    fn targets_are_told_apart_where_aws_shows_them_alike() {
        let of = |route: aws_sdk_ec2::types::builders::RouteBuilder| Target::of(&route.build()).map(|target| target.attribute);
        assert_eq!(of(Route::builder().gateway_id("vpce-1")), Some("vpc_endpoint_id"));
        assert_eq!(of(Route::builder().gateway_id("igw-1")), Some("gateway_id"));
        assert_eq!(of(Route::builder().instance_id("i-1").network_interface_id("eni-1")), Some("network_interface_id"));
        assert_eq!(of(Route::builder()), None);
    }
}
