//! The data source `aws_route53_zone`: a zone that is there already, by id or by name.

use aws_sdk_route53::types::HostedZone as Described;
use lowtide_model::{Arn, Check, Complaint, Model, PlannedObject};
use lowtide_resource::{Context, Fault, Lookup};

use crate::{Route53, zone::bare};

/// Finds a hosted zone by its id or its name.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct HostedZone {
    /// The zone's id.
    #[attr(computed)]
    pub zone_id: Option<String>,
    /// The domain; the zone must be the only one of this name and sort.
    #[attr(computed)]
    pub name: Option<String>,
    /// Whether the zone is one that only some networks see.
    #[attr(default = false)]
    pub private_zone: bool,
}

/// What is known of the zone.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Found {
    /// The zone's ARN.
    pub arn: Arn,
    /// The zone's id.
    pub id: String,
    /// What the zone is for.
    pub comment: String,
    /// What created it gave it as a reference.
    pub caller_reference: String,
    /// Its name servers.
    pub name_servers: Vec<String>,
    /// The first of its name servers.
    pub primary_name_server: String,
    /// How many sets of records it has.
    pub resource_record_set_count: i64,
    /// The zone's id.
    pub zone_id: String,
    /// The domain, without a dot at its end.
    pub name: String,
}

impl Lookup for HostedZone {
    type Found = Found;
    type Service = Route53;
    const KIND: &'static str = "aws_route53_zone";
    const CHECKS: &'static [Check] = &[one];
    const LEFT_OUT: &'static [(&'static str, &'static str)] =
        &[("tags", "looking a zone up by its tags reads every zone of the account"), ("vpc_id", "goes with a search by network")];

    async fn look(cx: &Context<'_, Route53>, query: &Self) -> Result<Self::Found, Fault> {
        let id = match &query.zone_id {
            Some(id) => bare(id).to_owned(),
            None => named(cx, query).await?,
        };
        let said = cx.client.get_hosted_zone().id(&id).send().await?;
        let zone = said.hosted_zone.ok_or_else(|| Fault::silent("the zone"))?;
        let servers = said.delegation_set.map(|set| set.name_servers).unwrap_or_default();
        Ok(Found {
            arn: format!("arn:{}:route53:::hostedzone/{id}", cx.place.partition).into(),
            comment: zone.config.and_then(|config| config.comment).unwrap_or_default(),
            caller_reference: zone.caller_reference,
            primary_name_server: servers.first().cloned().unwrap_or_default(),
            name_servers: servers,
            resource_record_set_count: zone.resource_record_set_count.unwrap_or_default(),
            zone_id: id.clone(),
            name: zone.name.trim_end_matches('.').to_owned(),
            id,
        })
    }
}

/// Names are sorted, so the search ends at the first other name.
async fn named(cx: &Context<'_, Route53>, query: &HostedZone) -> Result<String, Fault> {
    let name = format!("{}.", query.name.as_deref().unwrap_or_default().trim_end_matches('.').to_lowercase());
    let listed = cx.client.list_hosted_zones_by_name().dns_name(&name).send().await?.hosted_zones;
    let private = |zone: &Described| zone.config.as_ref().is_some_and(|config| config.private_zone);
    let found: Vec<_> = listed.iter().take_while(|zone| zone.name == name).filter(|zone| private(zone) == query.private_zone).collect();
    match found.as_slice() {
        [one] => Ok(bare(&one.id).to_owned()),
        [] => Err(Fault::not_found(&format!("zone {name}"))),
        several => Err(Fault::ours(&format!("{} zones are named {name}; give `zone_id`", several.len()))),
    }
}

fn one(query: &PlannedObject) -> Vec<Complaint> {
    match (query.get("zone_id").is_some(), query.get("name").is_some()) {
        (false, false) => vec![Complaint::about("name", "Which zone? It is found by `zone_id` or by `name`.")],
        (true, true) => vec![Complaint::about("name", "`zone_id` and `name` exclude each other.").hint("keep one of them")],
        _ => Vec::new(),
    }
}
