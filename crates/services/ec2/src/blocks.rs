//! What EC2 would refuse of blocks of addresses, said while planning: their sizes, and how those of a VPC and its subnets fit.
//!
//! Source: Amazon VPC User Guide, "VPC CIDR blocks" and "Subnet CIDR blocks"; for what lies inside and beside each other, the
//! errors `InvalidSubnet.Range` and `InvalidSubnet.Conflict` of the Amazon EC2 API Reference.

use ipnet::IpNet;
use lowtide_model::{Beside, Complaint, Neighbour, Planned, PlannedObject, Value};

/// The attributes that hold a block.
const ATTRIBUTES: [&str; 2] = ["cidr_block", "ipv6_cidr_block"];

/// How large a block of IPv4 addresses may be.
const OF_IPV4: std::ops::RangeInclusive<u8> = 16..=28;

/// Checks the size of a block of IPv4 addresses.
pub fn size(wish: &PlannedObject) -> Vec<Complaint> {
    let block = wish.get("cidr_block").and_then(block);
    let complaint = |block: IpNet| {
        let detail = format!("`{block}` has a prefix of {} bits, and EC2 takes blocks from /16 to /28.", block.prefix_len());
        Complaint::about("cidr_block", detail).hint("write a prefix from /16 (65,536 addresses) to /28 (16 addresses)")
    };
    block.filter(|block| matches!(block, IpNet::V4(_)) && !OF_IPV4.contains(&block.prefix_len())).map(complaint).into_iter().collect()
}

/// Checks the size of a subnet's block of IPv6 addresses.
pub fn size_of_ipv6(wish: &PlannedObject) -> Vec<Complaint> {
    let fits = |block: &IpNet| (44..=64).contains(&block.prefix_len()) && block.prefix_len().is_multiple_of(4);
    let block = wish.get("ipv6_cidr_block").and_then(block).filter(|block| !fits(block));
    let complaint = |block: IpNet| {
        let detail = format!("`{block}` has a prefix of {} bits, and subnets take /44 to /64 in steps of four.", block.prefix_len());
        Complaint::about("ipv6_cidr_block", detail).hint("write a prefix of /64, unless the subnet needs more")
    };
    block.map(complaint).into_iter().collect()
}

/// Under which name a VPC tells all its blocks, those among them that it got elsewhere.
pub const OF_VPC: &str = "all_cidr_blocks";

/// Checks that a new subnet's blocks are inside its VPC's. What the VPC got elsewhere counts where AWS was asked; where it was not asked
/// about a VPC that is there, what is outside of the declared block is doubtful.
pub fn inside_the_vpc(subnet: &Neighbour<'_>, beside: &dyn Beside) -> Vec<Complaint> {
    let vpcs = subnet.get("vpc_id").filter(|_| subnet.is_new()).map(|id| beside.whose("aws_vpc", "id", id)).unwrap_or_default();
    let outside = |vpc: &Neighbour<'_>, attribute: &str| {
        let (inner, outer) = (block(subnet.get(attribute)?)?, block(vpc.get(attribute)?)?);
        let all_of = |all: Vec<&Value>| all.into_iter().filter_map(|one| parsed(one.as_str()?)).collect::<Vec<_>>();
        let seen = vpc.aside(OF_VPC).and_then(Value::elements).filter(|_| !vpc.is_new()).map(all_of);
        if outer.contains(&inner) || seen.iter().flatten().any(|one| one.contains(&inner)) {
            return None;
        }
        let others: Vec<_> = seen.iter().flatten().filter(|one| **one != outer).map(|one| format!("`{one}`")).collect();
        let besides =
            if others.is_empty() { String::new() } else { format!(", nor inside what it was given besides: {}", others.join(", ")) };
        let detail = format!("`{inner}` is not inside `{outer}`, the block of `{}`{besides}.", vpc.name);
        let is_known = vpc.is_new() || seen.is_some();
        let complaint = Complaint::about(attribute, detail).beside(vpc).doubtful(!is_known);
        Some(match is_known {
            true => complaint.hint("take a part of the VPC's block, which cidrsubnet(…) cuts out of it"),
            false => complaint.hint("AWS takes it only if the VPC was given that block besides, outside of Lowtide"),
        })
    };
    vpcs.iter().flat_map(|vpc| ATTRIBUTES.into_iter().filter_map(|attribute| outside(vpc, attribute))).collect()
}

/// Checks that a subnet has no address that another one of its VPC has.
pub fn beside_each_other(subnet: &Neighbour<'_>, beside: &dyn Beside) -> Vec<Complaint> {
    let all = subnet.get("vpc_id").map(|vpc| beside.whose("aws_subnet", "vpc_id", vpc)).unwrap_or_default();
    // Each pair is told once, at the later one.
    let others: Vec<_> = all.into_iter().filter(|other| other.number < subnet.number).collect();
    let overlap = |other: &Neighbour<'_>, attribute: &str| {
        let (mine, theirs) = (block(subnet.get(attribute)?)?, block(other.get(attribute)?)?);
        let both = mine.contains(&theirs) || theirs.contains(&mine);
        let detail = format!("`{mine}` overlaps `{theirs}` of `{}`, and no two subnets of a VPC may share addresses.", other.name);
        both.then(|| Complaint::about(attribute, detail).hint("give each subnet a block of its own").beside(other))
    };
    others.iter().flat_map(|other| ATTRIBUTES.into_iter().filter_map(|attribute| overlap(other, attribute))).collect()
}

fn block(value: &Planned) -> Option<IpNet> {
    parsed(value.as_str()?)
}

fn parsed(text: &str) -> Option<IpNet> {
    text.parse::<IpNet>().ok().map(|block| block.trunc())
}
