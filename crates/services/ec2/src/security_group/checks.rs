//! What AWS would refuse in a security group, or would show otherwise than it was written.

use lowtide_model::{Complaint, Path, Planned, PlannedObject, Step};

use crate::protocol::misspelt;

const SOURCES: [&str; 4] = ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"];

/// Checks the name.
pub fn names(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = Vec::new();
    if wish.get("name").is_some() && wish.get("name_prefix").is_some() {
        all.push(Complaint::about("name_prefix", "A name and what it begins with can't both be given.").hint("leave one of them out"));
    }
    for attribute in ["name", "name_prefix"] {
        if wish.text(attribute).is_some_and(|name| name.to_lowercase().starts_with("sg-")) {
            all.push(Complaint::about(attribute, "The name of a security group can't begin with `sg-`: ids do."));
        }
    }
    all
}

/// Checks the blocks of rules.
pub fn rules(wish: &PlannedObject) -> Vec<Complaint> {
    let blocks = |attribute: &'static str| {
        let all = wish.get(attribute).and_then(Planned::as_elements).unwrap_or_default();
        all.iter().map(move |block| (attribute, block))
    };
    blocks("ingress").chain(blocks("egress")).flat_map(|(attribute, block)| rule(attribute, block)).collect()
}

fn rule(attribute: &str, block: &Planned) -> Vec<Complaint> {
    let Some(members) = block.as_members() else { return Vec::new() };
    let get = |name: &str| members.get(name).filter(|value| !value.is_null());
    let about = |name: &str, detail: String, hint: Option<String>| {
        let path = Path::of(attribute).then(Step::Element).then(Step::Name(name.to_owned()));
        Complaint { hint, ..Complaint::at(path, detail) }
    };
    let mut all = Vec::new();
    let protocol = get("protocol").and_then(Planned::as_str);
    if let Some((detail, hint)) = protocol.and_then(misspelt) {
        all.push(about("protocol", detail, hint));
    }
    let (from, to) = (get("from_port").and_then(Planned::as_i64), get("to_port").and_then(Planned::as_i64));
    match (protocol, from, to) {
        (Some("-1"), from, to) => {
            for (name, port) in [("from_port", from), ("to_port", to)] {
                if port.is_some_and(|port| port != 0) {
                    let detail = "A rule for all protocols is for all ports.".to_owned();
                    all.push(about(name, detail, Some("write 0, or name a protocol".to_owned())));
                }
            }
        }
        (Some("tcp" | "udp"), Some(from), Some(to)) if from > to => {
            all.push(about("from_port", format!("The first port, {from}, comes after the last, {to}."), None));
        }
        _ => {}
    }
    let given = |value: &Planned| value.as_elements().is_none_or(|elements| !elements.is_empty());
    let own = get("self").is_some_and(|own| own.as_bool() != Some(false));
    if !own && !SOURCES.iter().any(|name| get(name).is_some_and(given)) {
        let detail = "A rule needs at least one place that the traffic comes from or goes to.".to_owned();
        let hint = format!("give one of {}, or self = true", SOURCES.join(", "));
        all.push(Complaint::at(Path::of(attribute).then(Step::Element), detail).hint(hint));
    }
    all
}

#[cfg(test)]
mod tests {
    use lowtide_model::{Object, Type, Value};

    use super::*;

    fn complaints(json: &str) -> Vec<String> {
        let Some(Value::Object(members)) = Value::from_json(&serde_json::from_str(json).expect("JSON")) else { panic!("no object") };
        let wish = PlannedObject::from(Object(members));
        names(&wish).into_iter().chain(rules(&wish)).map(|one| one.path.to_string()).collect()
    }

    #[test]
    fn a_rule_that_fits_is_quiet() {
        let fits = r#"{"name": "web", "ingress": [{"protocol": "tcp", "from_port": 80, "to_port": 81, "self": true}]}"#;
        assert_eq!(complaints(fits), Vec::<String>::new());
    }

    #[test]
    fn each_mistake_is_named_in_its_place() {
        let wrong = r#"{"name": "sg-web", "name_prefix": "x", "egress": [{"protocol": "TCP", "from_port": 0, "to_port": 0, "cidr_blocks": ["10.0.0.0/8"]},
                        {"protocol": "-1", "from_port": 1, "to_port": 0, "cidr_blocks": []}]}"#;
        assert_eq!(complaints(wrong), ["name_prefix", "name", "egress[*].protocol", "egress[*].from_port", "egress[*]"]);
    }

    #[test]
    fn what_is_not_known_yet_counts_as_fitting() {
        let rule = [("protocol", Planned::text("tcp")), ("cidr_blocks", Planned::unknown(Type::Set(Box::new(Type::String))))];
        let rule = Planned::object(rule.map(|(name, value)| (name.to_owned(), value)));
        let wish: PlannedObject = [("ingress".to_owned(), Planned::set([rule]))].into_iter().collect();
        assert_eq!(rules(&wish), Vec::new());
    }
}
