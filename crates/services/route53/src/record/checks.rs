//! What Route 53 would refuse, said while planning.

use std::net::{Ipv4Addr, Ipv6Addr};

use lowtide_model::{Complaint, Planned, PlannedObject};

const POLICIES: [&str; 5] = [
    "weighted_routing_policy",
    "failover_routing_policy",
    "latency_routing_policy",
    "geolocation_routing_policy",
    "multivalue_answer_routing_policy",
];

/// Values with a time to live, or an alias.
pub fn values(wish: &PlannedObject) -> Vec<Complaint> {
    let has = |name: &str| wish.get(name).is_some();
    match (has("alias"), has("records"), has("ttl")) {
        (true, false, false) | (false, true, true) => Vec::new(),
        (false, true, false) => {
            let detail = "For how long others may remember the values must be said.";
            vec![Complaint::about("ttl", detail).hint("write ttl = 300, or less while you are trying things out")]
        }
        (false, false, _) => {
            vec![Complaint::about("records", "A record has values (`records` and `ttl`) or stands for something (`alias`).")]
        }
        (true, true, _) => {
            vec![Complaint::about("records", "An alias has no values of its own.").hint("keep `alias` or `records`, not both")]
        }
        (true, false, true) => {
            vec![Complaint::about("ttl", "An alias is remembered for as long as what it stands for says.").hint("leave ttl out")]
        }
    }
}

/// Route 53 chooses in one way, among records that an identifier tells apart.
pub fn routing(wish: &PlannedObject) -> Vec<Complaint> {
    let chosen = |name: &&&str| match wish.get(name) {
        Some(value) => value.as_bool() != Some(false),
        None => false,
    };
    let ways: Vec<_> = POLICIES.iter().filter(chosen).collect();
    let mut all = Vec::new();
    if let [_, second, ..] = ways.as_slice() {
        all.push(Complaint::about(second, "Route 53 chooses among records in one way only.").hint("keep one of the routing policies"));
    }
    match (ways.first(), wish.get("set_identifier").is_some()) {
        (Some(way), false) => {
            let detail = "Route 53 chooses among several records of one name, so this one needs something that tells it apart.";
            all.push(Complaint::about(way, detail).hint("write set_identifier = \"blue\", say"));
        }
        (None, true) => {
            let detail = "An identifier tells records apart among which Route 53 chooses, but nothing says how it chooses.";
            all.push(Complaint::about("set_identifier", detail).hint("add a routing policy, or leave set_identifier out"));
        }
        (Some(_), true) | (None, false) => {}
    }
    all
}

/// The whole name, not what stands before the zone's.
pub fn name(wish: &PlannedObject) -> Vec<Complaint> {
    let Some(name) = wish.text("name").filter(|name| !name.trim_end_matches('.').contains('.')) else { return Vec::new() };
    let detail = "A record has its whole name, with the name of its zone at the end.";
    vec![Complaint::about("name", detail).hint(format!("write name = \"{name}.${{aws_route53_zone.….name}}\""))]
}

/// Amazon Route 53 Developer Guide, "Supported DNS record types": how values are worded.
pub fn texts(wish: &PlannedObject) -> Vec<Complaint> {
    let about = |detail: String| Complaint::about("records", detail);
    let elements = wish.get("records").and_then(Planned::as_elements).unwrap_or_default();
    let values: Vec<_> = elements.iter().filter_map(Planned::as_str).collect();
    let kind = wish.text("type").unwrap_or_default();
    let wrong = |value: &&str| match kind {
        "A" => value.parse::<Ipv4Addr>().is_err().then(|| about(format!("`{value}` is no IPv4 address, which a record of type A holds."))),
        "AAAA" => {
            value.parse::<Ipv6Addr>().is_err().then(|| about(format!("`{value}` is no IPv6 address, which a record of type AAAA holds.")))
        }
        "TXT" | "SPF" if !value.starts_with('"') && value.len() > 255 => {
            let detail = format!("A text of {} characters is too long: each string of a record has 255 at most.", value.len());
            Some(about(detail).hint("write several strings into one value: '\"first part\" \"second part\"'"))
        }
        _ => None,
    };
    let mut all: Vec<_> = values.iter().filter_map(wrong).collect();
    if kind == "CNAME" && elements.len() > 1 {
        all.push(about("A record of type CNAME holds one name only.".to_owned()));
    }
    all
}

/// Amazon Route 53 API Reference, GeoLocation: which members go together.
pub fn geolocation(wish: &PlannedObject) -> Vec<Complaint> {
    let block = wish.get("geolocation_routing_policy");
    let Some(place) = block.and_then(|block| block.as_members().or_else(|| block.as_elements()?.first()?.as_members())) else {
        return Vec::new();
    };
    let has = |name: &str| place.get(name).is_some_and(|value| !value.is_null());
    let complaint = |detail: &str| vec![Complaint::about("geolocation_routing_policy", detail)];
    match (has("continent"), has("country"), has("subdivision")) {
        (true, true, _) => complaint("`continent` and `country` exclude each other."),
        (false, false, false) => complaint("Where? A place is a `continent` or a `country`, `*` for everybody else."),
        (_, false, true) => complaint("A `subdivision` goes with its `country`: US or UA."),
        (_, _, _) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use lowtide_model::{Planned, Value};

    use super::*;

    fn wish(pairs: &[(&str, Value)]) -> PlannedObject {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), Planned::from(value.clone()))).collect()
    }

    #[test]
    fn values_want_a_time_and_an_alias_wants_none() {
        let values_of = |names: &[&str]| values(&wish(&names.iter().map(|name| (*name, Value::from(1))).collect::<Vec<_>>())).len();
        assert_eq!((values_of(&["records", "ttl"]), values_of(&["alias"])), (0, 0));
        assert_eq!((values_of(&["records"]), values_of(&["alias", "ttl"]), values_of(&[])), (1, 1, 1));
    }

    #[test]
    fn one_way_of_choosing_goes_with_an_identifier() {
        assert_eq!(routing(&wish(&[("multivalue_answer_routing_policy", Value::from(false))])), []);
        assert_eq!(routing(&wish(&[("weighted_routing_policy", Value::from(1))])).len(), 1);
        assert_eq!(routing(&wish(&[("set_identifier", Value::from("a"))])).len(), 1);
    }

    #[test]
    fn values_are_worded_as_their_type_has_them() {
        let of = |kind: &str, all: &[&str]| {
            let records = Value::Set(all.iter().map(|one| Value::from(*one)).collect());
            texts(&wish(&[("type", Value::from(kind)), ("records", records)])).len()
        };
        assert_eq!((of("A", &["192.0.2.1"]), of("AAAA", &["2001:db8::1"]), of("TXT", &["v=spf1 -all"])), (0, 0, 0));
        assert_eq!((of("A", &["2001:db8::1", "x"]), of("AAAA", &["192.0.2.1"]), of("CNAME", &["a.b", "c.d"])), (2, 1, 1));
        assert_eq!((of("TXT", &["x".repeat(256).as_str()]), of("TXT", &[format!("\"{}\"", "x".repeat(256)).as_str()])), (1, 0));
    }

    #[test]
    fn names_are_whole_and_places_are_one_thing() {
        let named = |text: &str| name(&wish(&[("name", Value::from(text))])).len();
        assert_eq!((named("www"), named("www.example.com"), named("*.example.com.")), (1, 0, 0));
        let at = |names: &[&str]| {
            let members = names.iter().map(|name| ((*name).to_owned(), Value::from("US"))).collect();
            geolocation(&wish(&[("geolocation_routing_policy", Value::Object(members))])).len()
        };
        assert_eq!((at(&["country", "subdivision"]), at(&["continent"])), (0, 0));
        assert_eq!((at(&["country", "continent"]), at(&["subdivision"]), at(&[])), (1, 1, 1));
    }
}
