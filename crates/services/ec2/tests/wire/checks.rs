//! What is wrong with a wish is said before anything is asked of AWS.

use lowtide_model::{Planned, PlannedObject, Type};
use lowtide_resource::Catalog;

use super::object;

fn complaints(kind: &str, wish: PlannedObject) -> Vec<String> {
    let catalog = lowtide_service_ec2::register(Catalog::default());
    let checks = catalog.kind(kind).expect("a kind of this service").description().checks;
    checks.iter().flat_map(|check| check(&wish)).map(|complaint| complaint.path.to_string()).collect()
}

fn of(kind: &str, wish: &str) -> Vec<String> {
    complaints(kind, object(wish).into())
}

#[test]
fn mistakes_are_named_by_attribute() {
    assert_eq!(of("aws_subnet", r#"{"ipv6_native": false}"#), ["cidr_block"]);
    assert_eq!(of("aws_subnet", r#"{"ipv6_native": true}"#), ["ipv6_cidr_block"]);
    assert_eq!(
        of("aws_subnet", r#"{"cidr_block": "10.0.0.0/24", "availability_zone": "a", "availability_zone_id": "b"}"#),
        ["availability_zone_id"]
    );
    assert_eq!(
        of("aws_subnet", r#"{"cidr_block": "10.0.0.0/24", "assign_ipv6_address_on_creation": true}"#),
        ["assign_ipv6_address_on_creation"]
    );
    assert_eq!(of("aws_route", r#"{"gateway_id": "igw-1"}"#), ["destination_cidr_block"]);
    assert_eq!(
        of("aws_route", r#"{"destination_cidr_block": "0.0.0.0/0", "gateway_id": "igw-1", "nat_gateway_id": "nat-1"}"#),
        ["gateway_id"]
    );
    assert_eq!(
        of("aws_route_table", r#"{"route": [{"cidr_block": "10.0.0.0/16", "gateway_id": "local"}, {"gateway_id": "igw-1"}]}"#),
        ["route", "route"]
    );
    assert_eq!(of("aws_route_table_association", r#"{"route_table_id": "rtb-1"}"#), ["subnet_id"]);
    assert_eq!(of("aws_eip", r#"{"instance": "i-1", "network_interface": "eni-1"}"#), ["network_interface"]);
    assert_eq!(of("aws_nat_gateway", r#"{"connectivity_type": "public"}"#), ["allocation_id"]);
    assert_eq!(of("aws_nat_gateway", r#"{"connectivity_type": "private", "allocation_id": "eipalloc-1"}"#), ["allocation_id"]);
}

#[test]
fn what_fits_or_is_not_known_yet_is_quiet() {
    assert!(of("aws_subnet", r#"{"cidr_block": "10.0.0.0/24", "ipv6_native": false}"#).is_empty());
    assert!(of("aws_nat_gateway", r#"{"connectivity_type": "public", "allocation_id": "eipalloc-1"}"#).is_empty());
    let unknown = || Planned::unknown(Type::String);
    let mut route: PlannedObject = object(r#"{"destination_cidr_block": "0.0.0.0/0"}"#).into();
    route.set("gateway_id", unknown());
    route.set("nat_gateway_id", unknown());
    assert!(complaints("aws_route", route).is_empty());
    let mut association = PlannedObject::default();
    association.set("subnet_id", unknown());
    assert!(complaints("aws_route_table_association", association).is_empty());
}
