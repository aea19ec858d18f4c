//! What Route 53 would refuse, said while planning.

use lowtide_model::{Complaint, PlannedObject};

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
}
