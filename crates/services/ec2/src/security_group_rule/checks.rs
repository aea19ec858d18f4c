//! What AWS would refuse in a rule.

use lowtide_model::{Complaint, Planned, PlannedObject};

use crate::protocol::{has_ports, misspelt};

/// A rule is about exactly one place.
pub(super) fn place(wish: &PlannedObject) -> Vec<Complaint> {
    const PLACES: [&str; 4] = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];
    let given: Vec<_> = PLACES.into_iter().filter(|name| wish.get(name).is_some()).collect();
    let detail = "A rule is about exactly one place that the traffic comes from or goes to.";
    match given.as_slice() {
        [] => vec![Complaint::about(PLACES[0], detail).hint(format!("give one of {}", PLACES.join(", ")))],
        [_] => Vec::new(),
        [_, more @ ..] => more.iter().map(|name| Complaint::about(name, detail).hint("declare a rule of its own for each place")).collect(),
    }
}

/// Protocols with ports need both, the others have none.
pub(super) fn ports(wish: &PlannedObject) -> Vec<Complaint> {
    const PORTS: [&str; 2] = ["from_port", "to_port"];
    let Some(protocol) = wish.text("ip_protocol") else { return Vec::new() };
    if let Some((detail, hint)) = misspelt(protocol) {
        let complaint = Complaint::about("ip_protocol", detail);
        return vec![Complaint { hint, ..complaint }];
    }
    let port = |name: &str| wish.get(name).and_then(Planned::as_i64);
    if !has_ports(protocol) {
        let given = PORTS.into_iter().filter(|name| wish.get(name).is_some());
        let detail = format!("A rule for protocol {protocol} is for all of its traffic and has no ports.");
        return given.map(|name| Complaint::about(name, detail.clone()).hint("leave it out")).collect();
    }
    let lacking = PORTS.into_iter().filter(|name| wish.get(name).is_none());
    let detail = format!("A rule for {protocol} needs both `from_port` and `to_port`.");
    let mut all: Vec<_> = lacking.map(|name| Complaint::about(name, detail.clone())).collect();
    if let ("tcp" | "udp", Some(from), Some(to)) = (protocol, port("from_port"), port("to_port"))
        && from > to
    {
        all.push(Complaint::about("from_port", format!("The first port, {from}, comes after the last, {to}.")));
    }
    all
}

#[cfg(test)]
mod tests {
    use lowtide_model::{Object, Value};

    use super::*;

    fn complaints(json: &str) -> Vec<String> {
        let Some(Value::Object(members)) = Value::from_json(&serde_json::from_str(json).expect("JSON")) else { panic!("no object") };
        let wish = PlannedObject::from(Object(members));
        place(&wish).into_iter().chain(ports(&wish)).map(|one| one.path.to_string()).collect()
    }

    #[test]
    fn checks_name_what_is_wrong() {
        assert_eq!(complaints(r#"{"cidr_ipv4": "10.0.0.0/8", "ip_protocol": "tcp", "from_port": 1, "to_port": 2}"#), [""; 0]);
        assert_eq!(complaints(r#"{"ip_protocol": "tcp", "from_port": 2, "to_port": 1}"#), ["cidr_ipv4", "from_port"]);
        assert_eq!(
            complaints(r#"{"cidr_ipv4": "10.0.0.0/8", "cidr_ipv6": "::/0", "ip_protocol": "-1", "to_port": -1}"#),
            ["cidr_ipv6", "to_port"]
        );
        assert_eq!(complaints(r#"{"cidr_ipv4": "10.0.0.0/8", "ip_protocol": "udp", "to_port": 1}"#), ["from_port"]);
    }
}
