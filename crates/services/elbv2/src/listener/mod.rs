//! `aws_lb_listener`: a port that a load balancer listens on.
//!
//! AWS ends the ARN, which is the physical id, with something of its own. `CreateListener` returns one that is there
//! already if its settings are the same, so only the ownership tag tells what an operation made. Listeners are found through
//! their load balancers, as there is no list of all. `settings` knows what AWS keeps as keys with texts.

mod settings;

use std::collections::BTreeMap;

use aws_sdk_elasticloadbalancingv2::types::{Certificate, Listener as Described, ListenerAttribute, ProtocolEnum};
use futures::future::{try_join, try_join_all};
use lowtide_model::{Arn, Check, Complaint, Create, Model, Object, Planned, PlannedObject};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none, in_halves};

use crate::{
    Elbv2,
    action::{self, Action},
    key_value::{KeyValues, small},
    tags::{self, Tags},
};

/// A port that a load balancer listens on, and what it does with requests that no rule takes.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Listener {
    /// The load balancer.
    #[attr(parent, refers = "aws_lb.arn", replaces)]
    pub load_balancer_arn: Arn,
    /// The port. Not for gateway load balancers.
    #[attr(range = 1..=65535)]
    pub port: Option<i64>,
    /// `HTTP` or `HTTPS` for an application load balancer, which listens to HTTP when nothing is given; `TCP`, `TLS`, `UDP` or `TCP_UDP` for a network one.
    #[attr(computed, one_of = ["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"])]
    pub protocol: Option<String>,
    /// The certificate that clients are shown. HTTPS and TLS only, and needed there.
    #[attr(refers = "aws_acm_certificate.arn")]
    pub certificate_arn: Option<Arn>,
    /// Which protocols and ciphers clients may choose from, by the name of a policy of AWS. HTTPS and TLS only.
    #[attr(computed)]
    pub ssl_policy: Option<String>,
    /// How HTTP/2 is agreed on: `HTTP1Only`, `HTTP2Only`, `HTTP2Optional`, `HTTP2Preferred` or `None`. TLS only.
    #[attr(one_of = ["HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"])]
    pub alpn_policy: Option<String>,
    /// What is done with requests that no rule takes.
    pub default_action: Vec<Action>,
    /// How many seconds a connection may be idle, 60 to 6000. TCP only.
    #[attr(computed, range = 60..=6000)]
    pub tcp_idle_timeout_seconds: Option<i64>,
    /// The name of the request header that holds the whole client certificate, `X-Amzn-Mtls-Clientcert` if not said. HTTPS only.
    #[attr(computed)]
    pub routing_http_request_x_amzn_mtls_clientcert_header_name: Option<String>,
    /// The name of the request header that holds who issued the client certificate, `X-Amzn-Mtls-Clientcert-Issuer` if not said. HTTPS only.
    #[attr(computed)]
    pub routing_http_request_x_amzn_mtls_clientcert_issuer_header_name: Option<String>,
    /// The name of the request header that holds the client certificate without its chain, `X-Amzn-Mtls-Clientcert-Leaf` if not said. HTTPS only.
    #[attr(computed)]
    pub routing_http_request_x_amzn_mtls_clientcert_leaf_header_name: Option<String>,
    /// The name of the request header that holds the client certificate's serial number, `X-Amzn-Mtls-Clientcert-Serial-Number` if not said. HTTPS only.
    #[attr(computed)]
    pub routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name: Option<String>,
    /// The name of the request header that holds whom the client certificate was issued to, `X-Amzn-Mtls-Clientcert-Subject` if not said. HTTPS only.
    #[attr(computed)]
    pub routing_http_request_x_amzn_mtls_clientcert_subject_header_name: Option<String>,
    /// The name of the request header that holds from when until when the client certificate is valid, `X-Amzn-Mtls-Clientcert-Validity` if not said. HTTPS only.
    #[attr(computed)]
    pub routing_http_request_x_amzn_mtls_clientcert_validity_header_name: Option<String>,
    /// The name of the request header that holds the cipher suite that was agreed on, `X-Amzn-Tls-Cipher-Suite` if not said. HTTPS only.
    #[attr(computed)]
    pub routing_http_request_x_amzn_tls_cipher_suite_header_name: Option<String>,
    /// The name of the request header that holds the TLS version that was agreed on, `X-Amzn-Tls-Version` if not said. HTTPS only.
    #[attr(computed)]
    pub routing_http_request_x_amzn_tls_version_header_name: Option<String>,
    /// The response header `Access-Control-Allow-Credentials`: `true`: browsers may send credentials from other origins. HTTP and HTTPS only; left as targets send it when not given.
    pub routing_http_response_access_control_allow_credentials_header_value: Option<String>,
    /// The response header `Access-Control-Allow-Headers`: which headers requests from other origins may have. HTTP and HTTPS only; left as targets send it when not given.
    pub routing_http_response_access_control_allow_headers_header_value: Option<String>,
    /// The response header `Access-Control-Allow-Methods`: which methods requests from other origins may have. HTTP and HTTPS only; left as targets send it when not given.
    pub routing_http_response_access_control_allow_methods_header_value: Option<String>,
    /// The response header `Access-Control-Allow-Origin`: from which origin requests may come. HTTP and HTTPS only; left as targets send it when not given.
    pub routing_http_response_access_control_allow_origin_header_value: Option<String>,
    /// The response header `Access-Control-Expose-Headers`: which headers browsers may show to other origins. HTTP and HTTPS only; left as targets send it when not given.
    pub routing_http_response_access_control_expose_headers_header_value: Option<String>,
    /// The response header `Access-Control-Max-Age`: for how many seconds browsers may remember what other origins may do. HTTP and HTTPS only; left as targets send it when not given.
    pub routing_http_response_access_control_max_age_header_value: Option<String>,
    /// The response header `Content-Security-Policy`: from where a page may load what. HTTP and HTTPS only; left as targets send it when not given.
    pub routing_http_response_content_security_policy_header_value: Option<String>,
    /// The response header `Strict-Transport-Security`: that, and for how long, browsers are to use HTTPS alone. HTTP and HTTPS only; left as targets send it when not given.
    pub routing_http_response_strict_transport_security_header_value: Option<String>,
    /// The response header `X-Content-Type-Options`: `nosniff`: browsers are to believe the content type. HTTP and HTTPS only; left as targets send it when not given.
    pub routing_http_response_x_content_type_options_header_value: Option<String>,
    /// The response header `X-Frame-Options`: `DENY` or `SAMEORIGIN`: who may show a page in a frame. HTTP and HTTPS only; left as targets send it when not given.
    pub routing_http_response_x_frame_options_header_value: Option<String>,
    /// Whether responses have the header `Server` of the load balancer. HTTP and HTTPS only.
    #[attr(default = true)]
    pub routing_http_response_server_enabled: bool,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about a listener.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ListenerOutputs {
    /// The listener's ARN.
    pub arn: Arn,
    /// The listener's ARN.
    pub id: String,
}

impl Resource for Listener {
    type Outputs = ListenerOutputs;
    type Service = Elbv2;
    const KIND: &'static str = "aws_lb_listener";
    const CREATE: Create = Create::TagOnly;
    const IMPORT: &'static str = "LISTENER_ARN";
    const BATCH: usize = 20;
    const CHECKS: &'static [Check] = &[actions, certificate, settings::misplaced];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("default_action.authenticate_cognito", "Cognito is not supported yet"),
        ("default_action.authenticate_oidc", "its client secret needs a place of its own first"),
        ("mutual_authentication", "trust stores are not supported yet"),
    ];

    async fn create(cx: &Context<'_, Elbv2>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let http = wish.protocol.is_none() && wish.load_balancer_arn.contains(":loadbalancer/app/");
        let protocol = wish.protocol.as_deref().or(http.then_some("HTTP"));
        let made = cx
            .client
            .create_listener()
            .load_balancer_arn(&*wish.load_balancer_arn)
            .set_port(small(wish.port)?)
            .set_protocol(protocol.map(ProtocolEnum::from))
            .set_certificates(certificates(wish))
            .set_ssl_policy(wish.ssl_policy.clone())
            .set_alpn_policy(wish.alpn_policy.clone().map(|policy| vec![policy]))
            .set_default_actions(Some(action::request(&wish.default_action, &[])?))
            .set_tags(tags::request(&wish.tags))
            .send()
            .await?;
        Made::id(made.listeners.unwrap_or_default().into_iter().find_map(|one| one.listener_arn), "the ARN of the listener")
    }

    async fn read(cx: &Context<'_, Elbv2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let client = &cx.client;
        let described = |arns: Vec<String>| async move {
            let pages = client.describe_listeners().set_listener_arns(Some(arns)).into_paginator().items().send();
            Ok::<_, Fault>(pages.collect::<Result<Vec<_>, _>>().await?)
        };
        let found = in_halves(asked.ids(), described).await?;
        let arns: Vec<_> = found.iter().filter_map(|one| one.listener_arn.clone()).collect();
        let said = try_join_all(found.iter().map(|one| settings::ask(cx, one)));
        let (said, mut tags) = try_join(said, tags::of(cx, &arns)).await?;
        let mut seen = BTreeMap::new();
        for (one, said) in found.into_iter().zip(said) {
            let Some(ask) = asked.these.iter().find(|ask| one.listener_arn.as_ref() == Some(&ask.id)) else { continue };
            seen.insert(ask.id.clone(), observed(one, &said, tags.remove(&ask.id), &ask.last));
        }
        Ok(asked.answer(seen))
    }

    async fn update(cx: &Context<'_, Elbv2>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.any(&["port", "protocol", "certificate_arn", "ssl_policy", "alpn_policy", "default_action"]) {
            let none = || changed.has("alpn_policy").then(|| "None".to_owned());
            let alpn = to.alpn_policy.clone().or_else(none).filter(|_| to.protocol.as_deref() == Some("TLS"));
            cx.client
                .modify_listener()
                .listener_arn(&now.id)
                .set_port(small(to.port)?)
                .set_protocol(to.protocol.as_deref().map(ProtocolEnum::from))
                .set_certificates(certificates(to).filter(|_| secure(to)))
                .set_ssl_policy(to.ssl_policy.clone().filter(|_| secure(to)))
                .set_alpn_policy(alpn.map(|policy| vec![policy]))
                .set_default_actions(Some(action::request(&to.default_action, &now.inputs.default_action)?))
                .send()
                .await?;
        }
        let settings: Vec<_> = settings::of(to).into_iter().filter(|setting| changed.has(setting.attribute)).collect();
        if !settings.is_empty() {
            let attributes = settings.into_iter().map(|one| ListenerAttribute::builder().key(one.key).set_value(one.value).build());
            cx.client.modify_listener_attributes().listener_arn(&now.id).set_attributes(Some(attributes.collect())).send().await?;
        }
        if changed.has("tags") {
            tags::update(&cx.client, &now.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Elbv2>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_listener().listener_arn(&last.id).send().await?;
        Ok(Going::Gone)
    }

    async fn find(cx: &Context<'_, Elbv2>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        tags::made_by(cx, &all(cx).await?, op).await
    }
}

/// Returns the ARNs of all listeners there are.
pub async fn all(cx: &Context<'_, Elbv2>) -> Result<Vec<String>, Fault> {
    let balancers = cx.client.describe_load_balancers().into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
    let of = |arn: String| async move {
        let pages = cx.client.describe_listeners().load_balancer_arn(arn).into_paginator().items().send();
        Ok::<_, Fault>(absent_is_none(pages.collect::<Result<Vec<_>, _>>().await)?.unwrap_or_default())
    };
    let found = try_join_all(balancers.into_iter().filter_map(|one| one.load_balancer_arn).map(of)).await?;
    Ok(found.into_iter().flatten().filter_map(|one| one.listener_arn).collect())
}

fn secure(listener: &Listener) -> bool {
    matches!(listener.protocol.as_deref(), Some("HTTPS" | "TLS"))
}

fn certificates(listener: &Listener) -> Option<Vec<Certificate>> {
    listener.certificate_arn.as_ref().map(|arn| vec![Certificate::builder().certificate_arn(&**arn).build()])
}

fn observed(one: Described, said: &KeyValues, tags: Tags, last: &Object) -> Observed<Listener> {
    let alpn = one.alpn_policy.unwrap_or_default().into_iter().next();
    let mut inputs = Listener {
        load_balancer_arn: one.load_balancer_arn.unwrap_or_default().into(),
        port: one.port.map(i64::from),
        protocol: one.protocol.map(|protocol| protocol.as_str().to_owned()),
        certificate_arn: one.certificates.unwrap_or_default().into_iter().find_map(|one| one.certificate_arn).map(Arn),
        ssl_policy: one.ssl_policy,
        // No policy is `None` only to who asked for it so.
        alpn_policy: alpn
            .filter(|policy| policy != "None")
            .or_else(|| last.text("alpn_policy").filter(|last| *last == "None").map(str::to_owned)),
        default_action: action::read(one.default_actions.unwrap_or_default()),
        tags,
        // What follows is filled in from the attributes.
        tcp_idle_timeout_seconds: None,
        routing_http_request_x_amzn_mtls_clientcert_header_name: None,
        routing_http_request_x_amzn_mtls_clientcert_issuer_header_name: None,
        routing_http_request_x_amzn_mtls_clientcert_leaf_header_name: None,
        routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name: None,
        routing_http_request_x_amzn_mtls_clientcert_subject_header_name: None,
        routing_http_request_x_amzn_mtls_clientcert_validity_header_name: None,
        routing_http_request_x_amzn_tls_cipher_suite_header_name: None,
        routing_http_request_x_amzn_tls_version_header_name: None,
        routing_http_response_access_control_allow_credentials_header_value: None,
        routing_http_response_access_control_allow_headers_header_value: None,
        routing_http_response_access_control_allow_methods_header_value: None,
        routing_http_response_access_control_allow_origin_header_value: None,
        routing_http_response_access_control_expose_headers_header_value: None,
        routing_http_response_access_control_max_age_header_value: None,
        routing_http_response_content_security_policy_header_value: None,
        routing_http_response_strict_transport_security_header_value: None,
        routing_http_response_x_content_type_options_header_value: None,
        routing_http_response_x_frame_options_header_value: None,
        routing_http_response_server_enabled: true,
    };
    settings::read(&mut inputs, said);
    let arn = one.listener_arn.unwrap_or_default();
    Observed::stable(arn.clone(), inputs, ListenerOutputs { id: arn.clone(), arn: arn.into() })
}

fn actions(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = action::check("default_action", wish.get("default_action"));
    if wish.get("default_action").and_then(Planned::as_elements).is_some_and(<[_]>::is_empty) {
        all.push(Complaint::about("default_action", "A listener needs at least one default action."));
    }
    all
}

fn certificate(wish: &PlannedObject) -> Vec<Complaint> {
    let Some(protocol) = wish.text("protocol") else { return Vec::new() };
    if matches!(protocol, "HTTPS" | "TLS") {
        let complaint = Complaint::about("certificate_arn", format!("A listener to {protocol} needs a certificate."))
            .hint("set certificate_arn: ${aws_acm_certificate_validation.NAME.certificate_arn} waits until it is issued");
        return if wish.get("certificate_arn").is_none() { vec![complaint] } else { Vec::new() };
    }
    let foreign = ["certificate_arn", "ssl_policy"].into_iter().filter(|attribute| wish.get(attribute).is_some());
    foreign.map(|attribute| Complaint::about(attribute, format!("A listener to {protocol} has no `{attribute}`."))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secure_listener_needs_a_certificate_and_a_plain_one_takes_none() {
        let wish =
            |all: &[(&str, &str)]| all.iter().map(|(name, text)| ((*name).to_owned(), Planned::text(*text))).collect::<PlannedObject>();
        assert_eq!(certificate(&wish(&[("protocol", "HTTPS")])).len(), 1);
        assert_eq!(certificate(&wish(&[("protocol", "HTTP"), ("certificate_arn", "arn:x")])).len(), 1);
        assert_eq!(certificate(&wish(&[("protocol", "HTTPS"), ("certificate_arn", "arn:x")])), []);
    }

    #[test]
    fn no_policy_is_none_only_to_who_asked_for_none() {
        let one = || Described::builder().listener_arn("arn").alpn_policy("None").build();
        assert_eq!(observed(one(), &KeyValues::from_iter([]), None, &Object::default()).inputs.alpn_policy, None);
        let last = [("alpn_policy".to_owned(), "None".into())].into_iter().collect();
        assert_eq!(observed(one(), &KeyValues::from_iter([]), None, &last).inputs.alpn_policy.as_deref(), Some("None"));
    }
}
