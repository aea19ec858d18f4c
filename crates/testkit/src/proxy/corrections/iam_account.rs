//! What the account's details say of its policies.

use std::collections::HashMap;

use bytes::Bytes;
use http::Response;

use super::mend;
use crate::proxy::exchange::Exchange;

/// A policy has its name and its id in the details (IAM API Reference, ManagedPolicyDetail). moto leaves both out.
pub(super) async fn details(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    if !exchange.form().iter().any(|(name, value)| name.starts_with("Filter.") && value == "LocalManagedPolicy") {
        return Ok(reply);
    }
    let all = [("Scope".to_owned(), "Local".to_owned()), ("MaxItems".to_owned(), "1000".to_owned())];
    let listed = exchange.ask_query("ListPolicies", &all).await?;
    let listed = listed.members("Policies").into_iter();
    let known: HashMap<_, _> = listed.map(|policy| (policy.text_at(&["Arn"]), policy)).collect();
    mend::xml(reply, |root| {
        root.for_each_in("Policies", &mut |policy| {
            let Some(known) = known.get(policy.text_at(&["Arn"])) else { return };
            for name in ["PolicyId", "PolicyName"] {
                policy.set(name, known.text_at(&[name]));
            }
        });
    })
}
