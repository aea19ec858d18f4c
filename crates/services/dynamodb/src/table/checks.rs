//! What DynamoDB would refuse of a table, said while planning.

use std::collections::BTreeSet;

use lowtide_model::{Complaint, Planned, PlannedObject};

/// Each key has a type, and each type is of a key.
pub fn keys(wish: &PlannedObject) -> Vec<Complaint> {
    let mut used: BTreeSet<&str> = ["hash_key", "range_key"].into_iter().filter_map(|name| wish.text(name)).collect();
    for blocks in ["global_secondary_index", "local_secondary_index"] {
        for index in blocks_of(wish, blocks) {
            used.extend(["hash_key", "range_key"].into_iter().filter_map(|name| text(index, name)));
        }
    }
    let settled = ["hash_key", "range_key", "attribute", "global_secondary_index", "local_secondary_index"];
    if settled.iter().any(|name| wish.get(name).is_some_and(|value| !value.is_wholly_known())) {
        return Vec::new();
    }
    let typed: BTreeSet<&str> = blocks_of(wish, "attribute").iter().filter_map(|block| text(block, "name")).collect();
    let untyped = used.difference(&typed).map(|name| {
        let detail = format!("`{name}` is a key, but no `attribute` says of what type it is.");
        Complaint::about("attribute", detail).hint(format!("add {{ name = \"{name}\", type = \"S\" }}"))
    });
    let unused = typed.difference(&used).map(|name| {
        let detail = format!("`{name}` is no key of the table or of an index; only keys have types.");
        Complaint::about("attribute", detail).hint("leave it out: other attributes of items need no declaration")
    });
    untyped.chain(unused).collect()
}

/// Capacity is provisioned, or each request is paid for.
pub fn capacity(wish: &PlannedObject) -> Vec<Complaint> {
    if wish.get("billing_mode").is_some_and(Planned::is_unknown) {
        return Vec::new();
    }
    let on_demand = wish.text("billing_mode") == Some("PAY_PER_REQUEST");
    let mut all = Vec::new();
    for name in ["read_capacity", "write_capacity"] {
        match (on_demand, wish.get(name).is_some()) {
            (true, true) => all.push(
                Complaint::about(name, format!("Where each request is paid for, `{name}` is not provisioned."))
                    .hint("leave it out, or write billing_mode = \"PROVISIONED\""),
            ),
            (false, false) => all.push(
                Complaint::about(name, format!("`{name}` must be given where capacity is provisioned."))
                    .hint("write it, or billing_mode = \"PAY_PER_REQUEST\""),
            ),
            _ => {}
        }
    }
    if !on_demand && wish.get("on_demand_throughput").is_some() {
        let detail = "`on_demand_throughput` limits what is paid by request; this table has provisioned capacity.";
        all.push(Complaint::about("on_demand_throughput", detail));
    }
    all
}

/// A stream says what it tells.
pub fn stream(wish: &PlannedObject) -> Vec<Complaint> {
    let on = wish.get("stream_enabled").and_then(Planned::as_bool) == Some(true);
    if on && wish.get("stream_view_type").is_none() {
        let complaint = Complaint::about("stream_view_type", "A stream tells keys or images of what changed: which?");
        return vec![complaint.hint("write stream_view_type = \"NEW_AND_OLD_IMAGES\", say")];
    }
    Vec::new()
}

fn blocks_of<'a>(wish: &'a PlannedObject, name: &str) -> &'a [Planned] {
    wish.get(name).and_then(Planned::as_elements).unwrap_or_default()
}

fn text<'a>(block: &'a Planned, name: &str) -> Option<&'a str> {
    block.as_members()?.get(name)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(members: impl IntoIterator<Item = (&'static str, Planned)>) -> PlannedObject {
        let mut wish = PlannedObject::default();
        members.into_iter().for_each(|(name, value)| wish.set(name, value));
        wish
    }

    fn attribute(name: &str) -> Planned {
        Planned::object([("name".to_owned(), Planned::text(name)), ("type".to_owned(), Planned::text("S"))])
    }

    #[test]
    fn keys_have_types_and_nothing_else_has() {
        let fits = wish([("hash_key", Planned::text("id")), ("attribute", Planned::set([attribute("id")]))]);
        assert_eq!(keys(&fits), []);
        let other = wish([("hash_key", Planned::text("id")), ("attribute", Planned::set([attribute("other")]))]);
        assert_eq!(keys(&other).len(), 2);
    }

    #[test]
    fn capacity_goes_with_what_is_paid_for() {
        assert_eq!(capacity(&wish([])).len(), 2);
        assert_eq!(capacity(&wish([("billing_mode", Planned::text("PAY_PER_REQUEST"))])), []);
    }
}
