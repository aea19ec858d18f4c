//! How EC2 spells protocols in security group rules.

/// Protocols that EC2 knows by name, with their numbers.
const NAMED: [(&str, &str); 4] = [("tcp", "6"), ("udp", "17"), ("icmp", "1"), ("icmpv6", "58")];

/// Returns whether rules of this protocol have ports, or types and codes. All others allow everything of their protocol.
pub fn has_ports(protocol: &str) -> bool {
    NAMED.iter().any(|(name, _)| *name == protocol)
}

/// Returns what is wrong with a protocol, and how EC2 spells the one that is meant, if that can be told.
pub fn misspelt(protocol: &str) -> Option<(String, Option<String>)> {
    let lower = protocol.to_lowercase();
    let meant = match lower.as_str() {
        "all" | "any" => Some("-1"),
        other => NAMED.iter().find(|(name, number)| *name == other || *number == other).map(|(name, _)| *name),
    };
    match meant {
        Some(meant) if meant == protocol => None,
        Some(meant) => Some((format!("EC2 shows the protocol `{protocol}` as `{meant}`."), Some(format!("write \"{meant}\"")))),
        None if protocol == "-1" || protocol.parse::<u8>().is_ok() => None,
        None => {
            let detail =
                format!("`{protocol}` is no protocol of security group rules: they are tcp, udp, icmp, icmpv6, a number, or -1 for all.");
            Some((detail, None))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_protocol_has_one_spelling() {
        assert_eq!(misspelt("tcp"), None);
        assert_eq!(misspelt("-1"), None);
        assert_eq!(misspelt("50"), None);
        assert_eq!(misspelt("6").and_then(|(_, hint)| hint).as_deref(), Some("write \"tcp\""));
        assert_eq!(misspelt("all").and_then(|(_, hint)| hint).as_deref(), Some("write \"-1\""));
        assert!(misspelt("esp").is_some());
    }
}
