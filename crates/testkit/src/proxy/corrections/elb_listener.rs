//! Listeners and rules of load balancers.

use bytes::Bytes;
use http::Response;

use super::elb_action::{complete_action, complete_condition};
use super::mend;
use crate::proxy::exchange::Exchange;
use crate::proxy::xml::Element;

/// Only HTTPS and TLS listeners have a certificate and a security policy, only TLS ones a protocol negotiation (Elastic Load Balancing
/// API Reference, Listener). moto shows a policy and a negotiation for every listener, and the certificate of one that was HTTPS.
pub(super) async fn show(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    mend::xml(exchange.pass_on().await?, |root| {
        root.for_each_in("Listeners", &mut |listener| {
            if !matches!(listener.text_at(&["Protocol"]), "HTTPS" | "TLS") {
                listener.remove("SslPolicy");
                listener.remove("Certificates");
            }
            if listener.child("AlpnPolicy").is_some_and(|policy| policy.children.is_empty()) {
                listener.remove("AlpnPolicy");
            }
            listener.for_each_in("DefaultActions", &mut complete_action);
        });
    })
}

/// Rules show what was left out of their actions and conditions.
pub(super) async fn show_rules(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    mend::xml(exchange.pass_on().await?, |root| {
        root.for_each_in("Rules", &mut |rule: &mut Element| {
            rule.for_each_in("Actions", &mut complete_action);
            rule.for_each_in("Conditions", &mut complete_condition);
        });
    })
}
