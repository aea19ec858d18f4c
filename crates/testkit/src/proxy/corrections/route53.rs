//! Records of zones, and the ids of changes.

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use uuid::Uuid;

use super::mend;
use crate::{
    proxy::{error_reply::error_reply, exchange::Exchange, xml::Element},
    wire,
};

/// Every change has an id of its own (Amazon Route 53 API Reference, ChangeInfo). moto gives the same one to all of a sort.
pub(super) async fn answer(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let asked = exchange.request.uri().path().rsplit_once("/change/").map(|(_, id)| id.to_owned());
    let id = asked.unwrap_or_else(|| format!("C{}", Uuid::new_v4().simple()));
    let reply = change(exchange).await?;
    // Tags are answered with nothing.
    if reply.body().is_empty() {
        return Ok(reply);
    }
    mend::xml(reply, |answer| {
        if let Some(change) = answer.children.iter_mut().find(|child| child.name == "ChangeInfo") {
            change.set("Id", &format!("/change/{id}"));
        }
    })
}

/// `DELETE` is refused where there is no such set ("Tried to delete resource record set … but it was not found", InvalidChangeBatch; Amazon
/// Route 53 API Reference, ChangeResourceRecordSets). moto takes it.
///
/// `CREATE` is refused only where a set of this name, type and identifier is there (Amazon Route 53 API Reference, Change).
/// moto refuses one that was there once, if any other comes after it in the order of the zone.
async fn change(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let text = String::from_utf8_lossy(exchange.request.body()).into_owned();
    if text.contains("<Action>DELETE</Action>") && !is_there(exchange, &text).await? {
        let words = "Tried to delete resource record set but it was not found";
        return Ok(error_reply(exchange.call, StatusCode::BAD_REQUEST, "InvalidChangeBatch", words));
    }
    let reply = exchange.pass_on().await?;
    let refused = String::from_utf8_lossy(reply.body()).contains("already exists");
    if reply.status().is_success() || !refused || !text.contains("<Action>CREATE</Action>") || is_there(exchange, &text).await? {
        return Ok(reply);
    }
    let mut again = exchange.request.clone();
    *again.body_mut() = Bytes::from(text.replace("<Action>CREATE</Action>", "<Action>UPSERT</Action>"));
    wire::send(exchange.authority, again).await
}

async fn is_there(exchange: &Exchange<'_>, asked: &str) -> anyhow::Result<bool> {
    let path = exchange.request.uri().path().trim_end_matches('/');
    let credentials = wire::authorization("route53", &exchange.call.region);
    let request = Request::get(path).header(header::AUTHORIZATION, credentials).body(Bytes::new())?;
    let listed = Element::parse(&String::from_utf8_lossy(wire::send(exchange.authority, request).await?.body()))?;
    let asked = Element::parse(asked)?;
    let key =
        |set: &Element| ["Name", "Type", "SetIdentifier"].map(|part| set.text_at(&[part]).trim_end_matches('.').replace("\\052", "*"));
    let there: Vec<_> = listed.child("ResourceRecordSets").map(|all| all.children.iter().map(key).collect()).unwrap_or_default();
    let changes = asked.child("ChangeBatch").and_then(|batch| batch.child("Changes")).map(|all| all.children.clone()).unwrap_or_default();
    Ok(changes.iter().filter_map(|change| change.child("ResourceRecordSet")).any(|set| there.contains(&key(set))))
}
