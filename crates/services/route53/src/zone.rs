//! `aws_route53_zone`: a hosted zone, public or seen by some networks only.
//!
//! `CreateHostedZone` carries a reference that is unique for ever and tells whose zone it is, but no tags, and of the networks
//! only the first; the rest follows as an update.

use aws_sdk_route53::{
    operation::get_hosted_zone::GetHostedZoneOutput,
    types::{Change, ChangeAction, ChangeBatch, HostedZoneConfig, RrType, Vpc as Network, VpcRegion},
};
use lowtide_model::{Arn, Check, Complaint, Create, Model, Object, Place, PlannedObject, Scope, Set, Value};
use lowtide_resource::{Ask, Asked, Changed, Class, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none};

use crate::{
    HOME, Route53, change, sets,
    tags::{self, Tags},
};

/// A hosted zone: the records of a domain and all below it.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Zone {
    /// The domain, without a dot at its end.
    #[attr(range = 1..=255, replaces)]
    pub name: String,
    /// What the zone is for.
    #[attr(range = 0..=256)]
    pub comment: Option<String>,
    /// The id of a reusable set of name servers; without one AWS chooses them.
    #[attr(replaces)]
    pub delegation_set_id: Option<String>,
    /// The networks that see the zone. Without any the whole world does; a public zone can't become a private one.
    pub vpc: Option<Set<Vpc>>,
    /// Whether records that Lowtide knows nothing of are deleted with the zone.
    #[attr(default = false, option)]
    pub force_destroy: bool,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// A network that sees the zone.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Vpc {
    /// The id of the VPC.
    #[attr(key, refers = "aws_vpc.id")]
    pub vpc_id: String,
    /// Its region; without it the one the provider works in.
    #[attr(computed)]
    pub vpc_region: Option<String>,
}

/// What AWS decides about a zone.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ZoneOutputs {
    /// The zone's ARN.
    pub arn: Arn,
    /// The zone's id.
    pub id: String,
    /// The zone's id.
    pub zone_id: String,
    /// Its name servers, to be given to the registrar or the zone above; none for a private zone of some partitions.
    pub name_servers: Vec<String>,
    /// The first of its name servers.
    pub primary_name_server: String,
}

impl Resource for Zone {
    type Outputs = ZoneOutputs;
    type Service = Route53;
    const KIND: &'static str = "aws_route53_zone";
    // The reference is never forgotten: a second request with it is refused, and `find` then tells whose zone there is.
    const CREATE: Create = Create::Token { minutes: u32::MAX };
    const IMPORT: &'static str = "ZONE_ID";
    const SCOPE: Scope = HOME;
    const CHECKS: &'static [Check] = &[name, servers];

    async fn create(cx: &Context<'_, Route53>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let first = wish.vpc.as_ref().and_then(|all| all.first()).map(|vpc| network(cx.place, vpc));
        let settings = HostedZoneConfig::builder().set_comment(wish.comment.clone()).private_zone(first.is_some()).build();
        let made = cx
            .client
            .create_hosted_zone()
            .name(&wish.name)
            .caller_reference(op.token())
            .hosted_zone_config(settings)
            .set_delegation_set_id(wish.delegation_set_id.clone())
            .set_vpc(first)
            .send()
            .await?;
        let id = made.hosted_zone.as_ref().map(|zone| bare(&zone.id));
        if let Some(id) = id {
            change::began(cx, id, made.change_info());
        }
        Made::id(id, "the id of the zone")
    }

    async fn read(cx: &Context<'_, Route53>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let one = |ask: Ask| async move {
            let Some(said) = absent_is_none(cx.client.get_hosted_zone().id(&ask.id).send().await)? else { return Ok(None) };
            let phase = change::phase(cx, &ask.id).await?;
            Ok::<_, Fault>(Some((ask.id, phase, said)))
        };
        let zones = asked.each(one).await;
        let there: Vec<_> = zones.found().map(|(id, ..)| id.clone()).collect();
        let mut tags = tags::of(cx, &there).await?;
        Ok(zones.seen(|ask, (id, phase, said)| {
            let tags = tags.remove(&id).filter(|tags| !tags.is_empty());
            Ok(observed(cx.place, id, said, &ask.last, tags).in_phase(phase))
        }))
    }

    async fn update(cx: &Context<'_, Route53>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.has("comment") {
            let comment = to.comment.clone().unwrap_or_default();
            cx.client.update_hosted_zone_comment().id(&now.id).comment(comment).send().await?;
        }
        if changed.has("vpc") {
            move_networks(cx, now, to).await?;
        }
        if changed.has("tags") {
            tags::update(cx, &now.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Route53>, last: &Observed<Self>, how: &Self) -> Result<Going, Fault> {
        match remove(cx, last, how.force_destroy).await {
            Ok(()) => change::going(cx, &last.id).await,
            Err(fault) if fault.class == Class::NotFound => change::going(cx, &last.id).await,
            Err(fault) if fault.code.as_deref() == Some("HostedZoneNotEmpty") && !how.force_destroy => {
                let message =
                    format!("{}; with `force_destroy = true` its records are deleted with it", fault.message.trim_end_matches('.'));
                // Nobody else takes them out, so that waiting would not help.
                Err(Fault { message, class: Class::Invalid, ..fault })
            }
            Err(fault) => Err(fault),
        }
    }

    async fn find(cx: &Context<'_, Route53>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let zones = cx.client.list_hosted_zones().into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        Ok(zones.into_iter().filter(|zone| zone.caller_reference == op.token()).map(|zone| bare(&zone.id).to_owned()).collect())
    }
}

/// Returns an id without the `/hostedzone/` before it.
pub fn bare(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

fn network(place: &Place, vpc: &Vpc) -> Network {
    let region = vpc.vpc_region.as_deref().unwrap_or(&place.region);
    Network::builder().vpc_id(&vpc.vpc_id).vpc_region(VpcRegion::from(region)).build()
}

/// A zone always has one network, so new ones come before old ones go.
async fn move_networks(cx: &Context<'_, Route53>, now: &Observed<Zone>, to: &Zone) -> Result<(), Fault> {
    let networks = |zone: &Zone| zone.vpc.as_ref().map(|all| all.0.clone()).unwrap_or_default();
    let (old, new) = (networks(&now.inputs), networks(to));
    let lacks = |all: &[Vpc], one: &Vpc| !all.iter().any(|other| other.vpc_id == one.vpc_id);
    for vpc in new.iter().filter(|vpc| lacks(&old, vpc)) {
        let request = cx.client.associate_vpc_with_hosted_zone().hosted_zone_id(&now.id).vpc(network(cx.place, vpc));
        change::began(cx, &now.id, request.send().await?.change_info());
    }
    for vpc in old.iter().filter(|vpc| lacks(&new, vpc)) {
        let request = cx.client.disassociate_vpc_from_hosted_zone().hosted_zone_id(&now.id).vpc(network(cx.place, vpc));
        let said = absent_is_none(request.send().await)?;
        change::began(cx, &now.id, said.as_ref().and_then(|said| said.change_info()));
    }
    Ok(())
}

async fn remove(cx: &Context<'_, Route53>, zone: &Observed<Zone>, with_records: bool) -> Result<(), Fault> {
    if with_records {
        empty(cx, zone).await?;
    }
    let said = cx.client.delete_hosted_zone().id(&zone.id).send().await?;
    change::began(cx, &zone.id, said.change_info());
    Ok(())
}

/// Deletes all records but those that the zone itself brings.
async fn empty(cx: &Context<'_, Route53>, zone: &Observed<Zone>) -> Result<(), Fault> {
    let own = format!("{}.", zone.inputs.name.trim_end_matches('.').to_lowercase());
    let sets = sets::all(cx, &zone.id).await?;
    let others = sets.into_iter().filter(|set| set.name != own || !matches!(set.r#type, RrType::Ns | RrType::Soa));
    let invalid = |error: aws_sdk_route53::error::BuildError| Fault::ours(&error.to_string());
    let one = |set| Change::builder().action(ChangeAction::Delete).resource_record_set(set).build().map_err(invalid);
    let changes = others.map(one).collect::<Result<Vec<_>, _>>()?;
    for some in changes.chunks(100) {
        let batch = ChangeBatch::builder().set_changes(Some(some.to_vec())).build().map_err(invalid)?;
        cx.client.change_resource_record_sets().hosted_zone_id(&zone.id).change_batch(batch).send().await?;
    }
    Ok(())
}

fn observed(place: &Place, id: String, said: GetHostedZoneOutput, last: &Object, tags: Tags) -> Observed<Zone> {
    let zone = said.hosted_zone;
    let name = zone.as_ref().map(|zone| zone.name.trim_end_matches('.').to_owned()).unwrap_or_default();
    let comment = zone.and_then(|zone| zone.config?.comment).filter(|comment| !comment.is_empty());
    let vpc = |one: &Network| {
        let region = one.vpc_region.as_ref().map(|region| region.as_str().to_owned());
        Some(Vpc { vpc_id: one.vpc_id.clone()?, vpc_region: region })
    };
    let vpcs: Vec<_> = said.vpcs.unwrap_or_default().iter().filter_map(vpc).collect();
    let set = said.delegation_set;
    let reusable = set.as_ref().and_then(|set| set.id.as_deref()).map(|id| bare(id).to_owned()).filter(|id| !id.is_empty());
    let servers = set.map(|set| set.name_servers).unwrap_or_default();
    let inputs = Zone {
        name,
        comment,
        delegation_set_id: reusable,
        vpc: (!vpcs.is_empty()).then_some(Set(vpcs)),
        force_destroy: last.get("force_destroy").and_then(Value::as_bool).unwrap_or_default(),
        tags,
    };
    let outputs = ZoneOutputs {
        arn: format!("arn:{}:route53:::hostedzone/{id}", place.partition).into(),
        id: id.clone(),
        zone_id: id.clone(),
        primary_name_server: servers.first().cloned().unwrap_or_default(),
        name_servers: servers,
    };
    Observed::stable(id, inputs, outputs)
}

fn name(wish: &PlannedObject) -> Vec<Complaint> {
    let Some(name) = wish.text("name") else { return Vec::new() };
    let plain = name.trim_end_matches('.').to_lowercase();
    if plain == name {
        return Vec::new();
    }
    let detail = format!(
        "Route 53 keeps the name of a zone in lower case and without a dot at its end, so `{name}` would never read back as written."
    );
    vec![Complaint::about("name", detail).hint(format!("write \"{plain}\""))]
}

/// Amazon Route 53 API Reference, CreateHostedZone: a private zone has no reusable delegation set.
fn servers(wish: &PlannedObject) -> Vec<Complaint> {
    if wish.get("delegation_set_id").is_none() || wish.get("vpc").is_none() {
        return Vec::new();
    }
    let detail = "A zone that only some networks see has no name servers of its own, so `vpc` and `delegation_set_id` exclude each other.";
    vec![Complaint::about("delegation_set_id", detail).hint("keep one of them")]
}
