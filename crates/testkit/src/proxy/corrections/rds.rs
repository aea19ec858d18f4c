//! Subnet groups of databases.

use bytes::Bytes;
use http::Response;

use crate::proxy::{exchange::Exchange, xml::Element};

/// A group that is modified stays, with its tags (Amazon RDS API Reference, ModifyDBSubnetGroup). moto loses it.
pub(super) async fn answer(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    if exchange.call.operation != "ModifyDBSubnetGroup" || !reply.status().is_success() {
        return Ok(reply);
    }
    let said = Element::parse(&String::from_utf8_lossy(reply.body()))?;
    let arn = said.text_at(&["ModifyDBSubnetGroupResult", "DBSubnetGroup", "DBSubnetGroupArn"]);
    let mut fields: Vec<_> = exchange.form().into_iter().filter(|(name, _)| name != "Action" && name != "Version").collect();
    // Made anew as it is now; its tags are kept by ARN, and only asked for.
    if let Ok(tags) = exchange.ask_query("ListTagsForResource", &[("ResourceName".to_owned(), arn.to_owned())]).await {
        for (at, tag) in tags.members("TagList").iter().enumerate() {
            for part in ["Key", "Value"] {
                fields.push((format!("Tags.Tag.{}.{part}", at + 1), tag.text_at(&[part]).to_owned()));
            }
        }
    }
    exchange.ask_query("CreateDBSubnetGroup", &fields).await?;
    Ok(reply)
}
