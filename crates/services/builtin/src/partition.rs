//! `aws_partition`: which part of the AWS world the stack lives in.
//!
//! Source of the domains: AWS General Reference, "Service endpoints and quotas", and the partitions file of the AWS SDKs.

use lowtide_model::Model;
use lowtide_resource::{Context, Fault, Lookup};

use crate::Builtin;

/// Which part of the AWS world the stack lives in.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Partition {}

/// What is known of a partition.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Found {
    /// What the names of its endpoints end in: `amazonaws.com`.
    pub dns_suffix: String,
    /// The partition, too.
    pub id: String,
    /// The partition, as ARNs have it: `aws`, `aws-cn`, `aws-us-gov`…
    pub partition: String,
    /// What the names of its endpoint services start with: `com.amazonaws`.
    pub reverse_dns_prefix: String,
}

impl Lookup for Partition {
    type Found = Found;
    type Service = Builtin;
    const KIND: &'static str = "aws_partition";

    async fn look(cx: &Context<'_, Builtin>, _query: &Self) -> Result<Found, Fault> {
        Ok(found(&cx.place.partition))
    }
}

fn found(partition: &str) -> Found {
    let suffix = dns_suffix(partition);
    Found {
        dns_suffix: suffix.to_owned(),
        id: partition.to_owned(),
        partition: partition.to_owned(),
        reverse_dns_prefix: suffix.rsplit('.').collect::<Vec<_>>().join("."),
    }
}

/// Returns what the names of a partition's endpoints end in.
pub fn dns_suffix(partition: &str) -> &'static str {
    match partition {
        "aws-cn" => "amazonaws.com.cn",
        "aws-eusc" => "amazonaws.eu",
        "aws-iso" => "c2s.ic.gov",
        "aws-iso-b" => "sc2s.sgov.gov",
        "aws-iso-e" => "cloud.adc-e.uk",
        "aws-iso-f" => "csp.hci.ic.gov",
        _ => "amazonaws.com",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_is_the_suffix_the_other_way_round() {
        assert_eq!(found("aws").reverse_dns_prefix, "com.amazonaws");
        assert_eq!(found("aws-cn").reverse_dns_prefix, "cn.com.amazonaws");
    }
}
