//! `aws_route53_record`: a set of records of one name and type.
//!
//! Created by `CREATE`, which refuses to overwrite; changed by `UPSERT`; deleted by `DELETE` just as it was last seen. Each is done
//! when all name servers have it, which `GetChange` tells. The
//! physical id is Terraform's id: zone, name, type and identifier with `_` between. `wire` holds the calls, `checks` what
//! Route 53 would refuse.

mod checks;
mod wire;

use aws_sdk_route53::types::ChangeAction;
use lowtide_model::{Check, Create, Model, Place, Scope, Set};
use lowtide_resource::{Asked, Changed, Class, Context, Fault, Going, Made, Observed, Operation, Resource, Seen};

use crate::{HOME, Route53, change};

/// The records of one name and type in a zone: plain ones, an alias of something of AWS, or one of several among which Route 53 chooses.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Record {
    /// The id of the zone.
    #[attr(identity, parent, refers = "aws_route53_zone.zone_id", replaces)]
    pub zone_id: String,
    /// The whole name: `www.example.com`.
    #[attr(identity, range = 1..=255, replaces)]
    pub name: String,
    /// The type: `A`, `AAAA`, `CNAME`, `TXT`…
    #[attr(identity, one_of = ["A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP", "SVCB", "TLSA", "TXT"], replaces)]
    pub r#type: String,
    /// The values. Those of `TXT` are quoted by themselves.
    pub records: Option<Set<String>>,
    /// For how many seconds others may remember them.
    #[attr(range = 0..=2147483647)]
    pub ttl: Option<i64>,
    /// What of AWS it stands for instead of having values.
    pub alias: Option<Alias>,
    /// What tells apart several of one name and type among which Route 53 chooses.
    #[attr(identity, range = 1..=128, replaces)]
    pub set_identifier: Option<String>,
    /// The id of a health check without whose consent the record is not given out.
    #[attr(refers = "aws_route53_health_check.id")]
    pub health_check_id: Option<String>,
    /// Chooses by weight.
    pub weighted_routing_policy: Option<Weighted>,
    /// Chooses the first as long as it is healthy.
    pub failover_routing_policy: Option<Failover>,
    /// Chooses the region that answers who asks soonest.
    pub latency_routing_policy: Option<Latency>,
    /// Chooses by where who asks is.
    pub geolocation_routing_policy: Option<Geolocation>,
    /// Gives out up to eight healthy ones.
    #[attr(default = false)]
    pub multivalue_answer_routing_policy: bool,
}

/// Something of AWS that a record stands for.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Alias {
    /// Its domain name, such as `dns_name` of a load balancer.
    pub name: String,
    /// The id of the zone it is in, such as `zone_id` of a load balancer.
    pub zone_id: String,
    /// Whether the record is given out only as long as it is healthy.
    pub evaluate_target_health: bool,
}

/// Chooses by weight.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Weighted {
    /// Its share among the weights of all.
    #[attr(range = 0..=255)]
    pub weight: i64,
}

/// Chooses the first as long as it is healthy.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Failover {
    /// `PRIMARY` or `SECONDARY`.
    #[attr(one_of = ["PRIMARY", "SECONDARY"])]
    pub r#type: String,
}

/// Chooses the region that answers soonest.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Latency {
    /// The region of what the record stands for.
    pub region: String,
}

/// Chooses by where who asks is.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Geolocation {
    /// A continent: `AF`, `AN`, `AS`, `EU`, `NA`, `OC` or `SA`. Not with a country.
    #[attr(one_of = ["AF", "AN", "AS", "EU", "NA", "OC", "SA"])]
    pub continent: Option<String>,
    /// A country in two letters, or `*` for everybody else.
    pub country: Option<String>,
    /// A state of the United States or an oblast of Ukraine.
    pub subdivision: Option<String>,
}

/// What follows from a record.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RecordOutputs {
    /// Zone, name, type and identifier with `_` between.
    pub id: String,
    /// The whole name.
    pub fqdn: String,
}

impl Resource for Record {
    type Outputs = RecordOutputs;
    type Service = Route53;
    const KIND: &'static str = "aws_route53_record";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "ZONE_ID_NAME_TYPE or ZONE_ID_NAME_TYPE_SET_IDENTIFIER";
    const SCOPE: Scope = HOME;
    const CHECKS: &'static [Check] = &[checks::values, checks::routing, checks::name, checks::texts, checks::geolocation];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("allow_overwrite", "what is there already is taken on by `lowtide import`, so that nothing is overwritten unseen"),
        ("cidr_routing_policy", "routing by the block of who asks needs collections, which are not supported yet"),
        ("geoproximity_routing_policy", "routing by distance is not supported yet"),
    ];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(wire::id(&wish.zone_id, &wish.name, &wish.r#type, wish.set_identifier.as_deref()))
    }

    fn import(id: &str, _place: &Place) -> Result<String, String> {
        let key =
            wire::Key::parse(id).ok_or_else(|| "it is zone, name and type with `_` between, such as Z123_www.example.com_A".to_owned())?;
        Ok(key.id())
    }

    async fn create(cx: &Context<'_, Route53>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        wire::change(cx, ChangeAction::Create, wish).await?;
        Made::id(Self::identity(wish, cx.place), "an id")
    }

    async fn read(cx: &Context<'_, Route53>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        wire::read(cx, asked).await
    }

    async fn update(cx: &Context<'_, Route53>, _now: &Observed<Self>, to: &Self, _changed: &Changed) -> Result<Option<String>, Fault> {
        wire::change(cx, ChangeAction::Upsert, to).await?;
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Route53>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        match wire::change(cx, ChangeAction::Delete, &last.inputs).await {
            Err(fault) if fault.class != Class::NotFound => Err(fault),
            _ => change::going(cx, &last.id).await,
        }
    }
}
