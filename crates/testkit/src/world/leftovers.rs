//! What is still there after a destroy.

use std::collections::BTreeSet;
use std::fmt;

use crate::simulator::{Held, Identity};

/// One thing that should be gone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leftover {
    /// moto's name of the service: `ec2`, `elbv2`.
    pub service: String,
    /// moto's name of what it is: `VPC`, `FakeLoadBalancer`.
    pub kind: String,
    /// Id, ARN or name.
    pub id: String,
    /// Region, or the partition for what is global.
    pub region: String,
}

impl fmt::Display for Leftover {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {} ({})", self.service, self.kind, self.id, self.region)
    }
}

/// Something that AWS itself goes on showing after it was deleted, or that moto can't be brought to delete.
struct Kept {
    service: &'static str,
    kind: &'static str,
    state: &'static str,
    #[expect(dead_code, reason = "for the reader of this table")]
    reason: &'static str,
}

/// What may stay, and why. Nothing else may.
const KEPT: [Kept; 6] = [
    Kept {
        service: "route53",
        kind: "DelegationSet",
        state: "",
        reason: "the name servers of a zone go with it (Amazon Route 53 API Reference, DeleteHostedZone); moto keeps their list",
    },
    Kept {
        service: "ec2",
        kind: "NatGateway",
        state: "deleted",
        reason: "a deleted NAT gateway is listed for about an hour (Amazon VPC User Guide, Delete a NAT gateway)",
    },
    Kept {
        service: "ecs",
        kind: "TaskDefinition",
        state: "INACTIVE",
        reason: "a deregistered revision stays discoverable (Amazon ECS API Reference, DeregisterTaskDefinition)",
    },
    Kept {
        service: "ecs",
        kind: "Service",
        state: "INACTIVE",
        reason: "a deleted service can be described until AWS cleans it up (Amazon ECS API Reference, DeleteService)",
    },
    Kept {
        service: "ecs",
        kind: "Cluster",
        state: "INACTIVE",
        reason: "a deleted cluster can be described for a time (Amazon ECS API Reference, DeleteCluster)",
    },
    Kept {
        service: "ec2",
        kind: "NetworkAcl",
        state: "default of a deleted VPC",
        reason: "AWS deletes it with the VPC (Amazon VPC User Guide, Delete your VPC); moto never does, nor lets one do it",
    },
];

/// What is there now, was not there at the start, and may not stay.
pub(super) fn leftovers(now: Vec<Held>, fresh: &BTreeSet<Identity>) -> Vec<Leftover> {
    let found: BTreeSet<Leftover> = now
        .into_iter()
        .filter(|held| !fresh.contains(&held.identity) && !may_stay(held))
        .map(|held| Leftover {
            service: held.identity.service,
            kind: held.identity.kind,
            id: held.identity.id,
            region: held.identity.region,
        })
        .collect();
    found.into_iter().collect()
}

fn may_stay(held: &Held) -> bool {
    let Held { identity, state } = held;
    KEPT.iter().any(|kept| kept.service == identity.service && kept.kind == identity.kind && kept.state == state)
}
