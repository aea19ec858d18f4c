//! Blocks of addresses compare by what they cover.

use ipnet::IpNet;

use crate::Value;

/// Returns whether two values name the same block.
pub fn same(a: &Value, b: &Value) -> bool {
    let block = |value: &Value| value.as_str()?.parse::<IpNet>().ok().map(|net| net.trunc());
    a == b || matches!((block(a), block(b)), (Some(a), Some(b)) if a == b)
}
