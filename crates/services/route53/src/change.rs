//! Changes on their way to all name servers: `PENDING` until each has them, `INSYNC` from then on (Amazon Route 53 API Reference, ChangeInfo).

use aws_sdk_route53::types::{ChangeInfo, ChangeStatus};
use lowtide_model::Phase;
use lowtide_resource::{Context, Fault, Going, absent_is_none};

use crate::Route53;

/// What AWS is at meanwhile.
const DOING: &str = "on its way to all name servers";

/// Remembers a change of a zone or a record that is not everywhere yet.
pub fn began(cx: &Context<'_, Route53>, thing: &str, change: Option<&ChangeInfo>) {
    if let Some(change) = change.filter(|change| change.status != ChangeStatus::Insync) {
        cx.began(thing, &change.id);
    }
}

/// Returns how far the changes are that were asked for about a zone or a record.
pub async fn phase(cx: &Context<'_, Route53>, thing: &str) -> Result<Phase, Fault> {
    for id in cx.under_way(thing) {
        let change = absent_is_none(cx.client.get_change().id(&id).send().await)?.and_then(|said| said.change_info);
        if change.is_some_and(|change| change.status != ChangeStatus::Insync) {
            return Ok(Phase::Accepted(DOING.to_owned()));
        }
        cx.ended(thing, &id);
    }
    Ok(Phase::Stable)
}

/// Returns how far a deletion is, once nothing is left to delete.
pub async fn going(cx: &Context<'_, Route53>, thing: &str) -> Result<Going, Fault> {
    Ok(if phase(cx, thing).await? == Phase::Stable { Going::Gone } else { Going::Going(DOING.to_owned()) })
}
