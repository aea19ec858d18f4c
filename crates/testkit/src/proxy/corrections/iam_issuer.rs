//! Issuers of tokens.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::{Memory, mend};
use crate::proxy::{error_reply::error_reply, exchange::Exchange, xml::Element};

/// Clients are added and removed one by one (IAM API Reference, AddClientIDToOpenIDConnectProvider). moto can't.
pub(super) async fn change_clients(exchange: &Exchange<'_>, memory: &Memory, add: bool) -> anyhow::Result<Response<Bytes>> {
    let arn = exchange.field("OpenIDConnectProviderArn").unwrap_or_default();
    let client = exchange.field("ClientID").unwrap_or_default();
    let fields = [("OpenIDConnectProviderArn".to_owned(), arn.clone())];
    let Ok(provider) = exchange.ask_query("GetOpenIDConnectProvider", &fields).await else {
        return Ok(error_reply(exchange.call, StatusCode::NOT_FOUND, "NoSuchEntity", "There is no such provider."));
    };
    let listed = || provider.members("ClientIDList").iter().map(|member| member.text.clone()).collect();
    let mut all: Vec<String> = memory.client_ids.get(&arn).unwrap_or_else(listed);
    all.retain(|one| *one != client);
    if add {
        all.push(client);
    }
    memory.client_ids.put(arn, all);
    let name = format!("{}Response", exchange.call.operation);
    Ok(mend::xml_reply(&Element::with_children(&name, Vec::new())))
}

pub(super) async fn create(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    if reply.status().is_success() {
        let root = Element::parse(&String::from_utf8_lossy(reply.body()))?;
        let arn = root.text_at(&["CreateOpenIDConnectProviderResult", "OpenIDConnectProviderArn"]);
        memory.client_ids.take(&arn.to_owned());
    }
    Ok(reply)
}

pub(super) async fn show(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    let known = exchange.field("OpenIDConnectProviderArn").and_then(|arn| memory.client_ids.get(&arn));
    mend::xml(exchange.pass_on().await?, |root| {
        let result = root.children.iter_mut().find(|child| child.name == "GetOpenIDConnectProviderResult");
        let list = result.and_then(|result| result.children.iter_mut().find(|child| child.name == "ClientIDList"));
        if let (Some(known), Some(list)) = (known, list) {
            list.children = known.iter().map(|client| Element::with_text("member", client)).collect();
        }
    })
}
