//! Subnet groups of databases.

use bytes::Bytes;
use http::Response;

use crate::proxy::exchange::Exchange;

/// A group that is modified stays, with its tags (Amazon RDS API Reference, ModifyDBSubnetGroup). moto loses it.
pub(super) async fn answer(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    if exchange.call.operation != "ModifyDBSubnetGroup" {
        return exchange.pass_on().await;
    }
    let tags = tags(exchange).await.unwrap_or_default();
    let reply = exchange.pass_on().await?;
    if !reply.status().is_success() {
        return Ok(reply);
    }
    // Made anew as it is now.
    let mut fields: Vec<_> = exchange.form().into_iter().filter(|(name, _)| name != "Action" && name != "Version").collect();
    fields.extend(tags);
    exchange.ask_query("CreateDBSubnetGroup", &fields).await?;
    Ok(reply)
}

/// The group's tags, as fields of a creating request.
async fn tags(exchange: &Exchange<'_>) -> anyhow::Result<Vec<(String, String)>> {
    let name = exchange.field("DBSubnetGroupName").unwrap_or_default();
    let groups = exchange.ask_query("DescribeDBSubnetGroups", &[("DBSubnetGroupName".to_owned(), name)]).await?;
    let arn = groups.members("DBSubnetGroups").first().map(|group| group.text_at(&["DBSubnetGroupArn"]).to_owned()).unwrap_or_default();
    let listed = exchange.ask_query("ListTagsForResource", &[("ResourceName".to_owned(), arn)]).await?;
    let mut fields = Vec::new();
    for (at, tag) in listed.members("TagList").iter().enumerate() {
        for part in ["Key", "Value"] {
            fields.push((format!("Tags.Tag.{}.{part}", at + 1), tag.text_at(&[part]).to_owned()));
        }
    }
    Ok(fields)
}
