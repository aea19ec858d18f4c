//! What can be told of a load balancer before AWS is asked.

use std::collections::BTreeMap;

use lowtide_model::{Beside, Complaint, Literal, Model, Need, Neighbour, Planned, PlannedObject, Value};

use super::LoadBalancer;

pub(super) fn name(wish: &PlannedObject) -> Vec<Complaint> {
    let taken = |attribute: &&str| wish.text(attribute).is_some_and(|name| name.starts_with("internal-"));
    let words = "Names of load balancers that start with `internal-` belong to AWS.";
    ["name", "name_prefix"].into_iter().filter(taken).map(|attribute| Complaint::about(attribute, words)).collect()
}

pub(super) fn subnets(wish: &PlannedObject) -> Vec<Complaint> {
    let (subnets, mapping) = (wish.get("subnets"), wish.get("subnet_mapping"));
    let application = wish.text("load_balancer_type").unwrap_or("application") == "application";
    let few = |all: &Planned, least: usize| all.as_elements().is_some_and(|all| all.len() < least);
    let complaint = match (subnets, mapping) {
        (None, None) => Complaint::about("subnets", "A load balancer needs subnets.").hint("set `subnets`, or `subnet_mapping` blocks"),
        (Some(_), Some(_)) => {
            Complaint::about("subnet_mapping", "`subnets` and `subnet_mapping` exclude each other.").hint("keep one of them")
        }
        (Some(all), None) if application && few(all, 2) => two("subnets"),
        (None, Some(all)) if application && few(all, 2) => two("subnet_mapping"),
        (Some(all), None) if few(all, 1) => Complaint::about("subnets", "A load balancer needs at least one subnet."),
        (Some(_), None) | (None, Some(_)) => return Vec::new(),
    };
    vec![complaint]
}

/// Checks that each subnet is in a zone of its own, as far as the subnets are declared and their zones known.
///
/// Source: Elastic Load Balancing API Reference, `CreateLoadBalancer`: one subnet per Availability Zone.
pub(super) fn zones(balancer: &Neighbour<'_>, beside: &dyn Beside) -> Vec<Complaint> {
    let mut taken: BTreeMap<&str, Neighbour<'_>> = BTreeMap::new();
    let mut all = Vec::new();
    for (attribute, subnet) in ids_of_subnets(balancer) {
        for subnet in beside.whose("aws_subnet", "id", subnet) {
            let Some(zone) = subnet.text("availability_zone").or_else(|| subnet.text("availability_zone_id")) else { continue };
            match taken.insert(zone, subnet) {
                Some(other) if other.number != subnet.number => {
                    let detail = format!(
                        "`{}` and `{}` are both in {zone}, and a load balancer takes one subnet of each Availability Zone.",
                        other.name, subnet.name
                    );
                    all.push(Complaint::about(attribute, detail).hint("give one subnet of each zone").beside(&subnet));
                }
                Some(_) | None => {}
            }
        }
    }
    all
}

/// Finds the internet gateways of the VPC, without which a load balancer can't face the internet.
///
/// Source: Elastic Load Balancing API Reference, `CreateLoadBalancer`, error `InvalidSubnet`.
pub(super) fn internet(balancer: &Neighbour<'_>, beside: &dyn Beside) -> Vec<usize> {
    if balancer.get("internal").is_some_and(|internal| internal.as_bool() == Some(true)) {
        return Vec::new();
    }
    let subnets = ids_of_subnets(balancer).into_iter().flat_map(|(_, id)| beside.whose("aws_subnet", "id", id));
    let vpcs = subnets.filter_map(|subnet| subnet.get("vpc_id"));
    vpcs.flat_map(|vpc| beside.whose("aws_internet_gateway", "vpc_id", vpc)).map(|gateway| gateway.number).collect()
}

/// Returns the ids of a load balancer's subnets, each with the attribute that it stands in.
fn ids_of_subnets<'a>(balancer: &Neighbour<'a>) -> Vec<(&'static str, &'a Planned)> {
    let elements = |attribute: &str| balancer.get(attribute).and_then(Planned::as_elements).unwrap_or_default();
    let mapped = elements("subnet_mapping").iter().filter_map(|mapping| mapping.as_members()?.get("subnet_id"));
    let plain = elements("subnets").iter().map(|subnet| ("subnets", subnet));
    if elements("subnet_mapping").is_empty() { plain.collect() } else { mapped.map(|subnet| ("subnet_mapping", subnet)).collect() }
}

fn two(attribute: &str) -> Complaint {
    let detail = "An application load balancer needs subnets in at least two Availability Zones.";
    Complaint::about(attribute, detail).hint("add a subnet of another zone")
}

const OF_APPLICATION: [&str; 11] = [
    "client_keep_alive",
    "connection_logs",
    "desync_mitigation_mode",
    "drop_invalid_header_fields",
    "enable_http2",
    "enable_tls_version_and_cipher_suite_headers",
    "enable_waf_fail_open",
    "enable_xff_client_port",
    "idle_timeout",
    "preserve_host_header",
    "xff_header_processing_mode",
];
const OF_NETWORK: [&str; 2] = ["dns_record_client_routing_policy", "enforce_security_group_inbound_rules_on_private_link_traffic"];

/// Complains of attributes that load balancers of this type do not have, unless they say what holds anyway.
pub(super) fn of_another_type(wish: &PlannedObject) -> Vec<Complaint> {
    let kind = match wish.get("load_balancer_type").map(|kind| (kind.is_unknown(), kind.as_str())) {
        None => "application",
        Some((true, _) | (false, None)) => return Vec::new(),
        Some((false, Some(kind))) => kind,
    };
    let (foreign, whose): (Vec<&str>, _) = match kind {
        "application" => (OF_NETWORK.to_vec(), "a network"),
        "network" => (OF_APPLICATION.to_vec(), "an application"),
        _ => (OF_APPLICATION.iter().chain(&OF_NETWORK).copied().collect(), "another type of"),
    };
    let odd = |attribute: &&str| wish.get(attribute).and_then(Planned::known).is_some_and(|value| Some(value) != default(attribute));
    let complaint = |attribute| {
        Complaint::about(attribute, format!("Only {whose} load balancer has this attribute, and this one is of type `{kind}`."))
    };
    foreign.into_iter().filter(odd).map(complaint).collect()
}

fn default(attribute: &str) -> Option<Value> {
    let row = LoadBalancer::ATTRIBUTES.iter().find(|row| row.name == attribute)?;
    match row.need {
        Need::Default(Literal::Bool(value)) => Some(Value::Bool(value)),
        Need::Default(Literal::Int(value)) => Some(value.into()),
        Need::Default(Literal::Str(text)) => Some(text.into()),
        Need::Required | Need::Optional => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(all: &[(&str, Planned)]) -> PlannedObject {
        all.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    #[test]
    fn an_application_load_balancer_needs_two_subnets() {
        let of = |count: usize| Planned::set((0..count).map(|at| Planned::text(format!("subnet-{at}"))));
        assert_eq!(subnets(&wish(&[])).len(), 1);
        assert_eq!(subnets(&wish(&[("subnets", of(1))])).len(), 1);
        assert_eq!(subnets(&wish(&[("subnets", of(2))])), []);
        assert_eq!(subnets(&wish(&[("subnets", of(1)), ("load_balancer_type", Planned::text("network"))])), []);
    }

    #[test]
    fn attributes_of_another_type_are_refused_unless_they_say_the_default() {
        let network = ("load_balancer_type", Planned::text("network"));
        let idle = |seconds: i64| ("idle_timeout", Planned::from(Value::from(seconds)));
        assert_eq!(of_another_type(&wish(&[network.clone(), idle(60)])), []);
        assert_eq!(of_another_type(&wish(&[network, idle(30)])).len(), 1);
        assert_eq!(of_another_type(&wish(&[idle(30)])), []);
    }
}
