//! The calls about records, and how Route 53 words names and texts.

use std::{collections::BTreeMap, sync::Arc};

use aws_sdk_route53::{
    error::BuildError,
    types::{
        AliasTarget, Change, ChangeAction, ChangeBatch, GeoLocation, ResourceRecord, ResourceRecordSet, ResourceRecordSetFailover,
        ResourceRecordSetRegion, RrType,
    },
};
use lowtide_model::{Object, Set, Value};
use lowtide_resource::{Asked, Class, Context, Fault, Observed, Seen};

use super::{Alias, Failover, Geolocation, Latency, Record, RecordOutputs, Weighted};
use crate::{Route53, change, sets};

/// From how many records of a zone on all of them are listed instead of asking for each; several of one name are listed as well.
const LIST_FROM: usize = 4;

/// What tells one set of records from all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    zone: String,
    name: String,
    kind: String,
    set: Option<String>,
}

impl Key {
    /// Reads an id. Names may hold `_`, so the type is the first part behind the zone that is one.
    pub fn parse(id: &str) -> Option<Self> {
        let parts: Vec<_> = id.split('_').collect();
        let at = (2..parts.len()).find(|at| RrType::values().contains(&parts[*at]))?;
        let set = parts[at + 1..].join("_");
        Some(Self {
            zone: parts[0].to_owned(),
            name: plain(&parts[1..at].join("_")),
            kind: parts[at].to_owned(),
            set: Some(set).filter(|set| !set.is_empty()),
        })
    }

    /// Returns the id.
    pub fn id(&self) -> String {
        id(&self.zone, &self.name, &self.kind, self.set.as_deref())
    }

    fn fits(&self, set: &ResourceRecordSet) -> bool {
        plain(&set.name) == self.name && set.r#type.as_str() == self.kind && set.set_identifier == self.set
    }
}

/// Returns the id of a set of records.
pub fn id(zone: &str, name: &str, kind: &str, set: Option<&str>) -> String {
    let ending = set.map(|set| format!("_{set}")).unwrap_or_default();
    format!("{zone}_{}_{kind}{ending}", plain(name))
}

/// Returns a name as people write it: lower case, no dot at its end, `*` rather than `\\052`.
fn plain(name: &str) -> String {
    name.trim_end_matches('.').to_lowercase().replace("\\052", "*")
}

/// Returns a value as it was last written, if it means the same; else as people write it.
fn as_written(seen: &str, last: Option<&str>) -> String {
    last.filter(|last| plain(last) == plain(seen)).map_or_else(|| plain(seen), str::to_owned)
}

/// Returns a text as Route 53 wants it: in quotes.
fn quoted(kind: &str, value: &str) -> String {
    if matches!(kind, "TXT" | "SPF") && !value.starts_with('"') { format!("\"{value}\"") } else { value.to_owned() }
}

/// Changes a set of records.
pub async fn change(cx: &Context<'_, Route53>, action: ChangeAction, record: &Record) -> Result<(), Fault> {
    let invalid = |error: BuildError| Fault::ours(&error.to_string());
    let set = set(record).map_err(invalid)?;
    let one = Change::builder().action(action).resource_record_set(set).build().map_err(invalid)?;
    let batch = ChangeBatch::builder().changes(one).build().map_err(invalid)?;
    let said = cx.client.change_resource_record_sets().hosted_zone_id(&record.zone_id).change_batch(batch).send().await?;
    let id = id(&record.zone_id, &record.name, &record.r#type, record.set_identifier.as_deref());
    change::began(cx, &id, said.change_info());
    Ok(())
}

fn set(record: &Record) -> Result<ResourceRecordSet, BuildError> {
    let value = |value: &String| ResourceRecord::builder().value(quoted(&record.r#type, value)).build();
    let values = record.records.iter().flat_map(|all| all.iter()).map(value).collect::<Result<Vec<_>, _>>()?;
    let alias = |alias: &Alias| {
        AliasTarget::builder()
            .dns_name(&alias.name)
            .hosted_zone_id(&alias.zone_id)
            .evaluate_target_health(alias.evaluate_target_health)
            .build()
    };
    let place = |place: &Geolocation| {
        let place = place.clone();
        GeoLocation::builder()
            .set_continent_code(place.continent)
            .set_country_code(place.country)
            .set_subdivision_code(place.subdivision)
            .build()
    };
    ResourceRecordSet::builder()
        .name(plain(&record.name))
        .r#type(RrType::from(record.r#type.as_str()))
        .set_resource_records((!values.is_empty()).then_some(values))
        .set_ttl(record.ttl)
        .set_alias_target(record.alias.as_ref().map(alias).transpose()?)
        .set_set_identifier(record.set_identifier.clone())
        .set_health_check_id(record.health_check_id.clone())
        .set_weight(record.weighted_routing_policy.as_ref().map(|policy| policy.weight))
        .set_failover(record.failover_routing_policy.as_ref().map(|policy| ResourceRecordSetFailover::from(policy.r#type.as_str())))
        .set_region(record.latency_routing_policy.as_ref().map(|policy| ResourceRecordSetRegion::from(policy.region.as_str())))
        .set_geo_location(record.geolocation_routing_policy.as_ref().map(place))
        .set_multi_value_answer(record.multivalue_answer_routing_policy.then_some(true))
        .build()
}

pub async fn read(cx: &Context<'_, Route53>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Record>)>, Fault> {
    let mut zones: BTreeMap<String, Vec<(String, Key)>> = BTreeMap::new();
    for id in asked.ids() {
        if let Some(key) = Key::parse(&id) {
            zones.entry(key.zone.clone()).or_default().push((id, key));
        }
    }
    let mut found = BTreeMap::new();
    for (zone, wanted) in zones {
        let few = wanted.len() < LIST_FROM && wanted.iter().all(|(_, key)| key.set.is_none());
        let listed = if few { each(cx, &zone, &wanted).await } else { all(cx, &zone).await };
        let sets = match listed {
            Ok(sets) => sets,
            Err(fault) if fault.class == Class::NotFound => continue,
            Err(fault) => return Err(fault),
        };
        for (id, key) in wanted {
            let Some(set) = sets.iter().find(|set| key.fits(set)) else { continue };
            let last = asked.these.iter().find(|ask| ask.id == id).map(|ask| ask.last.clone()).unwrap_or_default();
            let phase = change::phase(cx, &id).await?;
            found.insert(id, observed(&zone, set, &last).in_phase(phase));
        }
    }
    Ok(asked.answer(found))
}

/// Asks where a set would stand in the sorted list of its zone.
async fn each(cx: &Context<'_, Route53>, zone: &str, wanted: &[(String, Key)]) -> Result<Arc<Vec<ResourceRecordSet>>, Fault> {
    let mut sets = Vec::new();
    for (_, key) in wanted {
        let request = cx.client.list_resource_record_sets().hosted_zone_id(zone).start_record_name(&key.name);
        sets.extend(request.start_record_type(RrType::from(key.kind.as_str())).max_items(1).send().await?.resource_record_sets);
    }
    Ok(Arc::new(sets))
}

/// Lists all of a zone, once a round.
async fn all(cx: &Context<'_, Route53>, zone: &str) -> Result<Arc<Vec<ResourceRecordSet>>, Fault> {
    cx.round.once(format!("ListResourceRecordSets {zone}"), || sets::all(cx, zone)).await
}

fn observed(zone: &str, set: &ResourceRecordSet, last: &Object) -> Observed<Record> {
    let kind = set.r#type.as_str().to_owned();
    let written = last.get("records").and_then(Value::elements).unwrap_or_default();
    let same = |seen: &str| written.iter().filter_map(|value| value.as_str()).find(|value| quoted(&kind, value) == seen);
    let value = |record: &ResourceRecord| same(&record.value).unwrap_or(&record.value).to_owned();
    let values: Vec<_> = set.resource_records().iter().map(value).collect();
    let target = last.get("alias").and_then(|alias| alias.as_members()?.get("name")?.as_str());
    let alias = |alias: &AliasTarget| Alias {
        name: as_written(&alias.dns_name, target),
        zone_id: alias.hosted_zone_id.clone(),
        evaluate_target_health: alias.evaluate_target_health,
    };
    let place = |place: &GeoLocation| Geolocation {
        continent: place.continent_code.clone(),
        country: place.country_code.clone(),
        subdivision: place.subdivision_code.clone(),
    };
    let id = id(zone, &set.name, &kind, set.set_identifier.as_deref());
    let inputs = Record {
        zone_id: zone.to_owned(),
        name: as_written(&set.name, last.text("name")),
        records: (!values.is_empty()).then_some(Set(values)),
        ttl: set.ttl,
        alias: set.alias_target.as_ref().map(alias),
        set_identifier: set.set_identifier.clone(),
        health_check_id: set.health_check_id.clone(),
        weighted_routing_policy: set.weight.map(|weight| Weighted { weight }),
        failover_routing_policy: set.failover.as_ref().map(|kind| Failover { r#type: kind.as_str().to_owned() }),
        latency_routing_policy: set.region.as_ref().map(|region| Latency { region: region.as_str().to_owned() }),
        geolocation_routing_policy: set.geo_location.as_ref().map(place),
        multivalue_answer_routing_policy: set.multi_value_answer.unwrap_or_default(),
        r#type: kind,
    };
    Observed::stable(id.clone(), inputs, RecordOutputs { id, fqdn: plain(&set.name) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_names_are_read_as_people_write_them() {
        let key = Key::parse("Z1__acme._tcp.Example.com._SRV_blue_one").expect("is an id");
        assert_eq!((key.name.as_str(), key.kind.as_str(), key.set.as_deref()), ("_acme._tcp.example.com", "SRV", Some("blue_one")));
        assert_eq!(key.id(), "Z1__acme._tcp.example.com_SRV_blue_one");
        assert_eq!(plain("\\052.Example.com."), "*.example.com");
        assert_eq!(Key::parse("Z1_www.example.com"), None);
        assert_eq!(
            (quoted("TXT", "a b"), quoted("TXT", "\"a\""), quoted("A", "1.2.3.4")),
            ("\"a b\"".into(), "\"a\"".into(), "1.2.3.4".into())
        );
    }
}
