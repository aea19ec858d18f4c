//! Rules as blocks and on the wire.
//!
//! EC2 keeps one permission to each protocol, ports and place, and shows all places of the same protocol and ports
//! together, whatever calls or blocks they came from. So blocks are taken apart into single grants; of what EC2 shows,
//! blocks that were asked for are put together again first, and the rest as Terraform shows it: what has the same
//! protocol, ports and description is one block.

use std::net::IpAddr;

use aws_sdk_ec2::types::{IpPermission, IpRange, Ipv6Range, PrefixListId, UserIdGroupPair};
use lowtide_model::{Cidr, Set};

use super::Rule;
use crate::protocol::has_ports;

/// The group that rules belong to.
#[derive(Clone, Copy)]
pub struct Home<'a> {
    /// Its id.
    pub group: &'a str,
    /// The account that owns it.
    pub account: &'a str,
}

/// Traffic of one sort, from or to one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    protocol: String,
    ports: (i64, i64),
    place: Place,
    description: Option<String>,
}

/// Where traffic comes from or goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Ipv4(String),
    Ipv6(String),
    PrefixList(String),
    /// Another group; with its account and a slash before it where that is another one.
    Group(String),
    /// The group itself.
    Own,
}

impl Place {
    fn group(name: &str, home: &Home<'_>) -> Self {
        let name = name.strip_prefix(home.account).and_then(|rest| rest.strip_prefix('/')).unwrap_or(name);
        if name == home.group { Self::Own } else { Self::Group(name.to_owned()) }
    }
}

impl Grant {
    /// Returns whether they are one and the same to EC2, whatever their descriptions.
    pub fn allows_as(&self, other: &Self) -> bool {
        self.protocol == other.protocol && self.ports == other.ports && self.place == other.place
    }

    fn new(protocol: &str, ports: (i64, i64), place: Place, description: Option<&str>) -> Self {
        Self {
            protocol: protocol.to_owned(),
            ports: if has_ports(protocol) { ports } else { (0, 0) },
            place,
            description: description.filter(|text| !text.is_empty()).map(str::to_owned),
        }
    }

    fn of_rule(rule: &Rule, home: &Home<'_>) -> Vec<Self> {
        let cidrs = |all: &Option<Set<Cidr>>| all.iter().flat_map(|all| all.iter().map(|cidr| normal(cidr))).collect::<Vec<_>>();
        let texts = |all: &Option<Set<String>>| all.iter().flat_map(|all| all.iter().cloned()).collect::<Vec<_>>();
        let mut places: Vec<_> = cidrs(&rule.cidr_blocks).into_iter().map(Place::Ipv4).collect();
        places.extend(cidrs(&rule.ipv6_cidr_blocks).into_iter().map(Place::Ipv6));
        places.extend(texts(&rule.prefix_list_ids).into_iter().map(Place::PrefixList));
        places.extend(texts(&rule.security_groups).iter().map(|name| Place::group(name, home)));
        places.extend((rule.self_ == Some(true)).then_some(Place::Own));
        let ports = (rule.from_port, rule.to_port);
        places.into_iter().map(|place| Self::new(&rule.protocol, ports, place, rule.description.as_deref())).collect()
    }

    fn of_permission(seen: &IpPermission, home: &Home<'_>) -> Vec<Self> {
        let protocol = seen.ip_protocol().unwrap_or_default();
        let ports = (seen.from_port.unwrap_or_default().into(), seen.to_port.unwrap_or_default().into());
        let grant = |place: Place, description: Option<&str>| Self::new(protocol, ports, place, description);
        let mut all = Vec::new();
        for range in seen.ip_ranges() {
            all.extend(range.cidr_ip().map(|cidr| grant(Place::Ipv4(normal(cidr)), range.description())));
        }
        for range in seen.ipv6_ranges() {
            all.extend(range.cidr_ipv6().map(|cidr| grant(Place::Ipv6(normal(cidr)), range.description())));
        }
        for list in seen.prefix_list_ids() {
            all.extend(list.prefix_list_id().map(|id| grant(Place::PrefixList(id.to_owned()), list.description())));
        }
        for pair in seen.user_id_group_pairs() {
            let Some(id) = pair.group_id().or(pair.group_name()) else { continue };
            let place = match pair.user_id() {
                Some(account) if !account.is_empty() => Place::group(&format!("{account}/{id}"), home),
                Some(_) | None => Place::group(id, home),
            };
            all.push(grant(place, pair.description()));
        }
        all
    }
}

/// Takes blocks apart.
pub fn grants(rules: Option<&Set<Rule>>, home: &Home<'_>) -> Vec<Grant> {
    let mut all: Vec<Grant> = Vec::new();
    for one in rules.iter().flat_map(|rules| rules.iter()).flat_map(|rule| Grant::of_rule(rule, home)) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

/// Returns grants as requests hold them: those of one protocol and ports together.
pub fn permissions(grants: &[Grant], home: &Home<'_>) -> Vec<IpPermission> {
    let mut sorts: Vec<(&str, (i64, i64))> = Vec::new();
    for grant in grants {
        let sort = (grant.protocol.as_str(), grant.ports);
        if !sorts.contains(&sort) {
            sorts.push(sort);
        }
    }
    sorts
        .into_iter()
        .map(|sort| permission(sort, grants.iter().filter(|grant| (grant.protocol.as_str(), grant.ports) == sort), home))
        .collect()
}

fn permission<'a>((protocol, ports): (&str, (i64, i64)), grants: impl Iterator<Item = &'a Grant>, home: &Home<'_>) -> IpPermission {
    let port = |port: i64| i32::try_from(port).ok().filter(|_| has_ports(protocol));
    let mut one = IpPermission::builder().ip_protocol(protocol).set_from_port(port(ports.0)).set_to_port(port(ports.1));
    for grant in grants {
        let description = grant.description.clone();
        one = match &grant.place {
            Place::Ipv4(cidr) => one.ip_ranges(IpRange::builder().cidr_ip(cidr).set_description(description).build()),
            Place::Ipv6(cidr) => one.ipv6_ranges(Ipv6Range::builder().cidr_ipv6(cidr).set_description(description).build()),
            Place::PrefixList(id) => one.prefix_list_ids(PrefixListId::builder().prefix_list_id(id).set_description(description).build()),
            Place::Group(name) => {
                let (account, id) = name.split_once('/').map_or((None, name.as_str()), |(account, id)| (Some(account.to_owned()), id));
                let pair = UserIdGroupPair::builder().set_user_id(account).group_id(id);
                one.user_id_group_pairs(pair.set_description(description).build())
            }
            Place::Own => one.user_id_group_pairs(UserIdGroupPair::builder().group_id(home.group).set_description(description).build()),
        };
    }
    one.build()
}

/// Puts what EC2 shows together to blocks: first those last asked for, as they were written, then the rest.
pub fn blocks(seen: &[IpPermission], last: Option<Set<Rule>>, home: &Home<'_>) -> Set<Rule> {
    let seen: Vec<_> = seen.iter().flat_map(|permission| Grant::of_permission(permission, home)).collect();
    let (mut rest, mut all) = (seen.clone(), Vec::new());
    for rule in last.map(|last| last.0).unwrap_or_default() {
        let grants = Grant::of_rule(&rule, home);
        if !grants.is_empty() && grants.iter().all(|grant| seen.contains(grant)) {
            rest.retain(|grant| !grants.contains(grant));
            all.push(rule);
        }
    }
    while let Some(first) = rest.first().cloned() {
        let alike = |one: &Grant| one.protocol == first.protocol && one.ports == first.ports && one.description == first.description;
        let (these, others) = rest.into_iter().partition::<Vec<_>, _>(alike);
        all.push(block(&first, &these));
        rest = others;
    }
    Set(all)
}

fn block(first: &Grant, grants: &[Grant]) -> Rule {
    let of = |pick: fn(&Place) -> Option<&String>| {
        let some: Set<String> = grants.iter().filter_map(|grant| pick(&grant.place).cloned()).collect();
        (!some.is_empty()).then_some(some)
    };
    let cidrs = |texts: Option<Set<String>>| texts.map(|texts| texts.0.into_iter().map(Cidr::from).collect());
    Rule {
        cidr_blocks: cidrs(of(|place| if let Place::Ipv4(cidr) = place { Some(cidr) } else { None })),
        description: first.description.clone(),
        from_port: first.ports.0,
        ipv6_cidr_blocks: cidrs(of(|place| if let Place::Ipv6(cidr) = place { Some(cidr) } else { None })),
        prefix_list_ids: of(|place| if let Place::PrefixList(id) = place { Some(id) } else { None }),
        protocol: first.protocol.clone(),
        security_groups: of(|place| if let Place::Group(name) = place { Some(name) } else { None }),
        self_: Some(grants.iter().any(|grant| grant.place == Place::Own)),
        to_port: first.ports.1,
    }
}

/// Returns a block of addresses as EC2 keeps it: without the bits behind the prefix, IPv6 in its short form.
fn normal(cidr: &str) -> String {
    let parsed = || {
        let (address, length) = cidr.split_once('/')?;
        let length: u32 = length.parse().ok()?;
        Some(match address.parse().ok()? {
            IpAddr::V4(address) => {
                let mask = u32::MAX.checked_shl(32_u32.checked_sub(length)?).unwrap_or(0);
                format!("{}/{length}", std::net::Ipv4Addr::from(u32::from(address) & mask))
            }
            IpAddr::V6(address) => {
                let mask = u128::MAX.checked_shl(128_u32.checked_sub(length)?).unwrap_or(0);
                format!("{}/{length}", std::net::Ipv6Addr::from(u128::from(address) & mask))
            }
        })
    };
    parsed().unwrap_or_else(|| cidr.to_owned())
}

#[cfg(test)]
mod tests {
    use lowtide_model::{Leaf, Shape, Value, equality};

    use super::*;

    const HOME: Home<'_> = Home { group: "sg-1", account: "123456789012" };

    fn rules(json: &str) -> Set<Rule> {
        let value = Value::from_json(&serde_json::from_str(json).expect("JSON")).expect("small numbers");
        Set::from_value(&value).expect("rules")
    }

    fn same(seen: Set<Rule>, wished: &str) -> bool {
        let shape = Shape::Set(&<Rule as Leaf>::SHAPE);
        equality::satisfied(&shape, &rules(wished).into_value().into(), &seen.into_value()) == equality::Verdict::Same
    }

    #[test]
    fn an_address_block_has_one_spelling() {
        assert_eq!(normal("10.1.2.3/8"), "10.0.0.0/8");
        assert_eq!(normal("0.0.0.0/0"), "0.0.0.0/0");
        assert_eq!(normal("2001:DB8:0::1/32"), "2001:db8::/32");
        assert_eq!(normal("nonsense"), "nonsense");
    }

    #[test]
    fn blocks_that_ec2_merges_read_back_as_they_were_asked_for() {
        let wished = r#"[
            {"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["10.0.0.0/8"], "description": ""},
            {"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["10.1.0.0/16"], "self": true},
            {"protocol": "-1", "from_port": 0, "to_port": 0, "security_groups": ["sg-2", "111122223333/sg-3"]}
        ]"#;
        let seen = permissions(&grants(Some(&rules(wished)), &HOME), &HOME);
        assert_eq!(seen.len(), 2);
        assert!(same(blocks(&seen, Some(rules(wished)), &HOME), wished));
    }

    #[test]
    fn blocks_may_overlap() {
        let wished = r#"[
            {"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["10.0.0.0/8"]},
            {"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["10.0.0.9/8", "10.1.0.0/16"]}
        ]"#;
        let once = grants(Some(&rules(wished)), &HOME);
        assert_eq!(once.len(), 2);
        assert!(same(blocks(&permissions(&once, &HOME), Some(rules(wished)), &HOME), wished));
    }

    #[test]
    fn what_nobody_asked_for_is_a_block_of_its_own() {
        let wished = r#"[{"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["10.0.0.0/8"]}]"#;
        let both = r#"[{"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["10.0.0.0/8"], "security_groups": ["sg-2"]}]"#;
        let seen = permissions(&grants(Some(&rules(both)), &HOME), &HOME);
        assert_eq!(blocks(&seen, Some(rules(wished)), &HOME).len(), 2);
        assert!(!same(blocks(&seen, Some(rules(wished)), &HOME), wished));
    }

    #[test]
    fn at_import_rules_are_grouped_as_terraform_shows_them() {
        let together = r#"[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"], "ipv6_cidr_blocks": ["::/0"], "self": false}]"#;
        let seen = permissions(&grants(Some(&rules(together)), &HOME), &HOME);
        assert!(seen.iter().all(|one| one.from_port.is_none() && one.to_port.is_none()));
        assert!(same(blocks(&seen, None, &HOME), together));
    }
}
