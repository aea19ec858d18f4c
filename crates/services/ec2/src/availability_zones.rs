//! `data.aws_availability_zones`: the zones of the region.
//!
//! AWS returns them in no order; they are sorted by name, so that `names[0]` is the same zone every time.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::AvailabilityZone;
use lowtide_model::{Model, Set};
use lowtide_resource::{Context, Fault, Lookup};

use crate::{Ec2, describe::filter};

/// The Availability Zones of the region that the account may use.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct AvailabilityZones {
    /// Whether to find zones as well that the account has not opted into, like Local Zones.
    #[attr(default = false)]
    pub all_availability_zones: bool,
    /// Names of zones to leave out.
    pub exclude_names: Option<Set<String>>,
    /// Ids of zones to leave out.
    pub exclude_zone_ids: Option<Set<String>>,
    /// Conditions that each zone must meet; each by the name that EC2's `DescribeAvailabilityZones` has for it.
    pub filter: Option<Set<ZoneFilter>>,
    /// The state that each zone must be in.
    #[attr(one_of = ["available", "information", "impaired", "constrained", "unavailable"])]
    pub state: Option<String>,
}

/// A condition that each zone must meet.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ZoneFilter {
    /// The property's name, like `opt-in-status` or `zone-type`.
    #[attr(key)]
    pub name: String,
    /// The values that the property may have.
    pub values: Set<String>,
}

/// The zones that were found.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ZonesFound {
    /// The groups that the zones belong to: the region's own, those of Local Zones and Wavelength Zones.
    pub group_names: Set<String>,
    /// The region.
    pub id: String,
    /// The zones' names, like `us-west-2a`, in alphabetical order. One name can mean different zones in different accounts.
    pub names: Vec<String>,
    /// The zones' ids, like `usw2-az1`, in the order of `names`.
    pub zone_ids: Vec<String>,
}

impl Lookup for AvailabilityZones {
    type Found = ZonesFound;
    type Service = Ec2;
    const KIND: &'static str = "aws_availability_zones";

    async fn look(cx: &Context<'_, Ec2>, query: &Self) -> Result<ZonesFound, Fault> {
        let given = query.filter.iter().flat_map(|all| all.iter()).map(|one| filter(&one.name, one.values.iter()));
        let filters: Vec<_> = given.chain(query.state.iter().map(|state| filter("state", [state]))).collect();
        let found = cx
            .client
            .describe_availability_zones()
            .all_availability_zones(query.all_availability_zones)
            .set_filters((!filters.is_empty()).then_some(filters))
            .send()
            .await?;
        Ok(query.found(&cx.place.region, found.availability_zones.unwrap_or_default()))
    }
}

impl AvailabilityZones {
    fn found(&self, region: &str, mut zones: Vec<AvailabilityZone>) -> ZonesFound {
        let holds = |all: &Option<Set<String>>, one: Option<&str>| {
            all.as_ref().is_some_and(|all| all.iter().any(|excluded| Some(excluded.as_str()) == one))
        };
        zones.retain(|zone| !holds(&self.exclude_names, zone.zone_name()) && !holds(&self.exclude_zone_ids, zone.zone_id()));
        zones.sort_by(|a, b| a.zone_name.cmp(&b.zone_name));
        let groups: BTreeSet<_> = zones.iter().filter_map(|zone| zone.group_name.clone()).collect();
        ZonesFound {
            group_names: groups.into_iter().collect(),
            id: region.to_owned(),
            names: zones.iter().filter_map(|zone| zone.zone_name.clone()).collect(),
            zone_ids: zones.iter().filter_map(|zone| zone.zone_id.clone()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_sorted_by_name_and_left_out_by_name_or_id() {
        let zone = |name: &str, id: &str| AvailabilityZone::builder().zone_name(name).zone_id(id).group_name("us-west-2").build();
        let query = AvailabilityZones {
            all_availability_zones: false,
            exclude_names: Some(Set(vec!["us-west-2a".to_owned()])),
            exclude_zone_ids: Some(Set(vec!["usw2-az4".to_owned()])),
            filter: None,
            state: None,
        };
        let zones = vec![
            zone("us-west-2d", "usw2-az4"),
            zone("us-west-2c", "usw2-az3"),
            zone("us-west-2a", "usw2-az2"),
            zone("us-west-2b", "usw2-az1"),
        ];
        let found = query.found("us-west-2", zones);
        assert_eq!((found.names.join(" "), found.zone_ids.join(" ")), ("us-west-2b us-west-2c".to_owned(), "usw2-az1 usw2-az3".to_owned()));
        assert_eq!((found.id.as_str(), found.group_names.0), ("us-west-2", vec!["us-west-2".to_owned()]));
    }
}
