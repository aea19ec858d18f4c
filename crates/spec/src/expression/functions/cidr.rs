//! Functions over address blocks, of IPv4 and IPv6.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use lowtide_model::{Number, Planned};

use super::{Arguments, Body, Complaint, Function, Outcome, Wanted, parameter, row, variadic};

const PREFIX: super::Parameter = parameter("prefix", Wanted::Text);

pub(super) const TABLE: &[Function] = &[
    row(
        "cidrsubnet",
        &[PREFIX, parameter("newbits", Wanted::Number), parameter("netnum", Wanted::Number)],
        Wanted::Text,
        "Returns the block with a number among those that are newbits longer than the prefix.",
        Body::Known(subnet),
    ),
    variadic(
        "cidrsubnets",
        &[PREFIX],
        parameter("newbits", Wanted::Number),
        Wanted::Texts,
        "Returns blocks one after the other within a prefix, each longer than it by its newbits.",
        Body::Known(subnets),
    ),
    row(
        "cidrhost",
        &[PREFIX, parameter("hostnum", Wanted::Number)],
        Wanted::Text,
        "Returns the address with a number within a prefix; a negative number counts from the end.",
        Body::Known(host),
    ),
    row("cidrnetmask", &[PREFIX], Wanted::Text, "Returns the network mask of an IPv4 prefix.", Body::Known(mask)),
];

/// A block as numbers.
#[derive(Clone, Copy)]
struct Block {
    /// The first address.
    first: u128,
    /// How many bits the prefix has.
    length: u32,
    /// How many bits an address has: 32 or 128.
    width: u32,
}

impl Block {
    /// Returns how many bits number the addresses in it.
    fn host_bits(self) -> u32 {
        self.width - self.length
    }

    /// Returns the last address.
    fn last(self) -> u128 {
        self.first | ones(self.host_bits())
    }

    fn address(self, number: u128) -> IpAddr {
        match u32::try_from(number) {
            Ok(number) if self.width == 32 => IpAddr::V4(Ipv4Addr::from_bits(number)),
            Ok(_) | Err(_) => IpAddr::V6(Ipv6Addr::from_bits(number)),
        }
    }
}

impl std::fmt::Display for Block {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}/{}", self.address(self.first), self.length)
    }
}

/// Returns a number of that many ones.
fn ones(bits: u32) -> u128 {
    1_u128.checked_shl(bits).map_or(u128::MAX, |power| power - 1)
}

fn block(given: &Arguments<'_>) -> Result<Block, Complaint> {
    let text = given.text(0)?;
    let net: IpNet = text
        .parse()
        .map_err(|_| Complaint::about(0, format!("{text:?} is no address block: it should look like 10.0.0.0/16 or 2001:db8::/56")))?;
    let length = u32::from(net.prefix_len());
    Ok(match net.network() {
        IpAddr::V4(first) => Block { first: first.to_bits().into(), length, width: 32 },
        IpAddr::V6(first) => Block { first: first.to_bits(), length, width: 128 },
    })
}

/// Returns how long a prefix is that extends another.
fn extended(block: Block, given: &Arguments<'_>, at: usize) -> Result<u32, Complaint> {
    let new_bits = given.size(at)?;
    let length = u32::try_from(new_bits).ok().and_then(|bits| block.length.checked_add(bits));
    length.filter(|length| *length <= block.width).ok_or_else(|| {
        let (length, left) = (block.length, block.host_bits());
        Complaint::about(at, format!("a prefix of {length} bits leaves {left}, so it can't be made longer by {new_bits}"))
    })
}

fn unsigned(number: Number) -> Option<u128> {
    if number.is_integer() { number.to_string().parse().ok() } else { None }
}

fn subnet(given: &Arguments<'_>) -> Outcome {
    let block = block(given)?;
    let length = extended(block, given, 1)?;
    let asked = given.number(2)?;
    let number =
        unsigned(asked).ok_or_else(|| Complaint::about(2, format!("a whole number that is not negative is wanted, this is {asked}")))?;
    let bits = length - block.length;
    if number > ones(bits) {
        return Err(Complaint::about(
            2,
            format!("{bits} new bits number {} blocks, from 0; there is none with the number {number}", ones(bits).saturating_add(1)),
        ));
    }
    // Nothing is shifted out: the number fits the new bits.
    let offset = number.checked_shl(block.width - length).unwrap_or(0);
    Ok(Planned::text(Block { first: block.first | offset, length, width: block.width }.to_string()))
}

fn subnets(given: &Arguments<'_>) -> Outcome {
    let block = block(given)?;
    let full = |at| Complaint::about(at, "the prefix has no room left for this block");
    let mut made = Vec::new();
    let mut next = Some(block.first);
    for at in 1..given.len() {
        let length = extended(block, given, at)?;
        if length == block.length {
            return Err(Complaint::about(at, "at least one new bit is wanted"));
        }
        let inside = ones(block.width - length);
        // The next address, rounded up to where a block of this size may start.
        let first = next.and_then(|next| next.checked_add(inside)).ok_or_else(|| full(at))? & !inside;
        let found = Block { first, length, width: block.width };
        if found.last() > block.last() || first < block.first {
            return Err(full(at));
        }
        next = found.last().checked_add(1);
        made.push(Planned::text(found.to_string()));
    }
    Ok(Planned::list(made))
}

fn host(given: &Arguments<'_>) -> Outcome {
    let block = block(given)?;
    let asked = given.number(1)?;
    let negative = asked < Number::ZERO;
    let distance = unsigned(if negative { asked.negate() } else { asked });
    let distance = distance.ok_or_else(|| Complaint::about(1, format!("a whole number is wanted, this is {asked}")))?;
    let room = ones(block.host_bits());
    let outside = || Complaint::about(1, format!("the prefix has no address with the number {asked}"));
    let number = if negative {
        // The last is number -1.
        if distance - 1 > room { return Err(outside()) } else { block.last() - (distance - 1) }
    } else if distance > room {
        return Err(outside());
    } else {
        block.first + distance
    };
    Ok(Planned::text(block.address(number).to_string()))
}

fn mask(given: &Arguments<'_>) -> Outcome {
    let block = block(given)?;
    if block.width != 32 {
        return Err(Complaint::about(0, "network masks are written for IPv4 only"));
    }
    let mask = ones(32) & !ones(block.host_bits());
    Ok(Planned::text(block.address(mask).to_string()))
}
