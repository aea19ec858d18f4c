//! What makes two security group rules the same: direction, protocol, ports and the one source. Not the description.

use std::collections::BTreeMap;

use crate::proxy::xml::Element;

/// A rule without its id and description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RuleKey {
    is_egress: bool,
    protocol: String,
    ports: (String, String),
    source: String,
}

/// A rule somebody asks for.
pub(super) struct Wanted {
    pub(super) key: RuleKey,
    pub(super) description: Option<String>,
}

/// The lists in `IpPermissions.N`, and the field of a member that names the source.
const SOURCES: [(&str, &str); 4] =
    [("Groups", "GroupId"), ("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6"), ("PrefixListIds", "PrefixListId")];

/// The rules in a form of `IpPermissions.N.…` fields, one for each source.
pub(super) fn wanted(form: &[(String, String)], is_egress: bool) -> Vec<Wanted> {
    let mut permissions: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for (name, value) in form {
        if let Some((number, field)) = name.strip_prefix("IpPermissions.").and_then(|rest| rest.split_once('.')) {
            permissions.entry(number).or_default().insert(field, value);
        }
    }
    permissions.values().flat_map(|fields| sources_of(fields, is_egress)).collect()
}

fn sources_of(fields: &BTreeMap<&str, &str>, is_egress: bool) -> Vec<Wanted> {
    let text = |field: &str| fields.get(field).map_or_else(|| "-1".to_owned(), |value| (*value).to_owned());
    let mut found = Vec::new();
    for (field, value) in fields {
        let mut words = field.split('.');
        let (Some(list), Some(number), Some(name)) = (words.next(), words.next(), words.next()) else { continue };
        if SOURCES.contains(&(list, name)) {
            found.push(Wanted {
                key: RuleKey {
                    is_egress,
                    protocol: text("IpProtocol"),
                    ports: (text("FromPort"), text("ToPort")),
                    source: (*value).to_owned(),
                },
                description: fields.get(format!("{list}.{number}.Description").as_str()).map(|text| (*text).to_owned()),
            });
        }
    }
    found
}

impl RuleKey {
    /// The key of a rule as it is shown.
    pub(super) fn of(rule: &Element) -> Self {
        let text = |path: &[&str]| Some(rule.text_at(path)).filter(|text| !text.is_empty()).map(str::to_owned);
        let port = |name| text(&[name]).unwrap_or_else(|| "-1".to_owned());
        let source = text(&["referencedGroupInfo", "groupId"])
            .or_else(|| text(&["cidrIpv4"]))
            .or_else(|| text(&["cidrIpv6"]))
            .or_else(|| text(&["prefixListId"]));
        Self {
            is_egress: rule.text_at(&["isEgress"]) == "true",
            protocol: rule.text_at(&["ipProtocol"]).to_owned(),
            ports: (port("fromPort"), port("toPort")),
            source: source.unwrap_or_default(),
        }
    }

    /// How EC2 names a rule when it refuses it.
    pub(super) fn in_words(&self) -> String {
        let (from, to) = &self.ports;
        let protocol = if self.protocol == "-1" { "ALL".to_owned() } else { self.protocol.to_uppercase() };
        format!("peer: {}, {protocol}, from port: {from}, to port: {to}, ALLOW", self.source)
    }
}
