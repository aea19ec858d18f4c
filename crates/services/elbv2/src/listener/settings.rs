//! The attributes that AWS keeps as keys and texts. Elastic Load Balancing API Reference version 2015-12-01, "ListenerAttribute".

use aws_sdk_elasticloadbalancingv2::types::{Listener as Described, ProtocolEnum};
use lowtide_model::{Complaint, PlannedObject};
use lowtide_resource::{Context, Fault, absent_is_none};

use super::Listener;
use crate::{
    Elbv2,
    key_value::{KeyValues, Setting},
};

/// A header: the attribute, AWS's key, and where its text stands.
type Header = (&'static str, &'static str, fn(&mut Listener) -> &mut Option<String>);

/// What headers of requests are called. AWS has a name for each.
const NAMES: [Header; 8] = [
    ("routing_http_request_x_amzn_mtls_clientcert_header_name", "routing.http.request.x_amzn_mtls_clientcert.header_name", |to| {
        &mut to.routing_http_request_x_amzn_mtls_clientcert_header_name
    }),
    (
        "routing_http_request_x_amzn_mtls_clientcert_issuer_header_name",
        "routing.http.request.x_amzn_mtls_clientcert_issuer.header_name",
        |to| &mut to.routing_http_request_x_amzn_mtls_clientcert_issuer_header_name,
    ),
    (
        "routing_http_request_x_amzn_mtls_clientcert_leaf_header_name",
        "routing.http.request.x_amzn_mtls_clientcert_leaf.header_name",
        |to| &mut to.routing_http_request_x_amzn_mtls_clientcert_leaf_header_name,
    ),
    (
        "routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name",
        "routing.http.request.x_amzn_mtls_clientcert_serial_number.header_name",
        |to| &mut to.routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name,
    ),
    (
        "routing_http_request_x_amzn_mtls_clientcert_subject_header_name",
        "routing.http.request.x_amzn_mtls_clientcert_subject.header_name",
        |to| &mut to.routing_http_request_x_amzn_mtls_clientcert_subject_header_name,
    ),
    (
        "routing_http_request_x_amzn_mtls_clientcert_validity_header_name",
        "routing.http.request.x_amzn_mtls_clientcert_validity.header_name",
        |to| &mut to.routing_http_request_x_amzn_mtls_clientcert_validity_header_name,
    ),
    ("routing_http_request_x_amzn_tls_cipher_suite_header_name", "routing.http.request.x_amzn_tls_cipher_suite.header_name", |to| {
        &mut to.routing_http_request_x_amzn_tls_cipher_suite_header_name
    }),
    ("routing_http_request_x_amzn_tls_version_header_name", "routing.http.request.x_amzn_tls_version.header_name", |to| {
        &mut to.routing_http_request_x_amzn_tls_version_header_name
    }),
];

/// What headers of responses say. An empty text takes one away.
const VALUES: [Header; 10] = [
    (
        "routing_http_response_access_control_allow_credentials_header_value",
        "routing.http.response.access_control_allow_credentials.header_value",
        |to| &mut to.routing_http_response_access_control_allow_credentials_header_value,
    ),
    (
        "routing_http_response_access_control_allow_headers_header_value",
        "routing.http.response.access_control_allow_headers.header_value",
        |to| &mut to.routing_http_response_access_control_allow_headers_header_value,
    ),
    (
        "routing_http_response_access_control_allow_methods_header_value",
        "routing.http.response.access_control_allow_methods.header_value",
        |to| &mut to.routing_http_response_access_control_allow_methods_header_value,
    ),
    (
        "routing_http_response_access_control_allow_origin_header_value",
        "routing.http.response.access_control_allow_origin.header_value",
        |to| &mut to.routing_http_response_access_control_allow_origin_header_value,
    ),
    (
        "routing_http_response_access_control_expose_headers_header_value",
        "routing.http.response.access_control_expose_headers.header_value",
        |to| &mut to.routing_http_response_access_control_expose_headers_header_value,
    ),
    ("routing_http_response_access_control_max_age_header_value", "routing.http.response.access_control_max_age.header_value", |to| {
        &mut to.routing_http_response_access_control_max_age_header_value
    }),
    ("routing_http_response_content_security_policy_header_value", "routing.http.response.content_security_policy.header_value", |to| {
        &mut to.routing_http_response_content_security_policy_header_value
    }),
    (
        "routing_http_response_strict_transport_security_header_value",
        "routing.http.response.strict_transport_security.header_value",
        |to| &mut to.routing_http_response_strict_transport_security_header_value,
    ),
    ("routing_http_response_x_content_type_options_header_value", "routing.http.response.x_content_type_options.header_value", |to| {
        &mut to.routing_http_response_x_content_type_options_header_value
    }),
    ("routing_http_response_x_frame_options_header_value", "routing.http.response.x_frame_options.header_value", |to| {
        &mut to.routing_http_response_x_frame_options_header_value
    }),
];

const IDLE: &str = "tcp.idle_timeout.seconds";
const SERVER: &str = "routing.http.response.server.enabled";

/// Asks what AWS keeps of a listener. Those of other protocols have no attributes that we know, and one that went has none.
pub(super) async fn ask(cx: &Context<'_, Elbv2>, one: &Described) -> Result<KeyValues, Fault> {
    let known = matches!(one.protocol, Some(ProtocolEnum::Http | ProtocolEnum::Https | ProtocolEnum::Tcp));
    let Some(arn) = one.listener_arn.as_ref().filter(|_| known) else { return Ok(KeyValues::from_iter([])) };
    let answer = absent_is_none(cx.client.describe_listener_attributes().listener_arn(arn).send().await)?;
    Ok(answer.and_then(|answer| answer.attributes).unwrap_or_default().into_iter().map(|one| (one.key, one.value)).collect())
}

/// Returns every setting that a listener of this protocol has.
pub(super) fn of(to: &Listener) -> Vec<Setting> {
    match to.protocol.as_deref() {
        Some(protocol @ ("HTTP" | "HTTPS")) => {
            let mut all = vec![Setting::of("routing_http_response_server_enabled", SERVER, to.routing_http_response_server_enabled)];
            let mut to = to.clone();
            for (attribute, key, slot) in NAMES.iter().filter(|_| protocol == "HTTPS") {
                all.extend(slot(&mut to).take().map(|name| Setting::of(attribute, key, name)));
            }
            all.extend(VALUES.iter().map(|(attribute, key, slot)| Setting::of(attribute, key, slot(&mut to).take().unwrap_or_default())));
            all
        }
        Some("TCP") => to.tcp_idle_timeout_seconds.iter().map(|seconds| Setting::of("tcp_idle_timeout_seconds", IDLE, seconds)).collect(),
        _ => Vec::new(),
    }
}

/// Fills in what AWS says.
pub(super) fn read(into: &mut Listener, said: &KeyValues) {
    for (_, key, slot) in NAMES.iter().chain(&VALUES) {
        *slot(into) = said.text(key);
    }
    into.routing_http_response_server_enabled = said.flag(SERVER).unwrap_or(true);
    into.tcp_idle_timeout_seconds = said.int(IDLE);
}

/// Complains about headers of a listener that has none.
pub(super) fn misplaced(wish: &PlannedObject) -> Vec<Complaint> {
    let Some(protocol) = wish.text("protocol") else { return Vec::new() };
    let wrong: Vec<&Header> = match protocol {
        "HTTPS" => Vec::new(),
        "HTTP" => NAMES.iter().collect(),
        _ => NAMES.iter().chain(&VALUES).collect(),
    };
    let given = wrong.into_iter().filter(|(attribute, ..)| wish.get(attribute).is_some_and(|value| !value.is_null()));
    given.map(|(attribute, ..)| Complaint::about(attribute, format!("A listener to {protocol} has no `{attribute}`."))).collect()
}

#[cfg(test)]
mod tests {
    use lowtide_model::{Model, Object, Value};

    use super::*;

    fn listener(protocol: &str, more: &[(&str, &str)]) -> Object {
        let text = |(name, text): (&str, &str)| (name.to_owned(), Value::from(text));
        let own = [("load_balancer_arn", "arn"), ("protocol", protocol)];
        let mut all = Object(own.into_iter().chain(more.iter().copied()).map(text).collect());
        all.set("default_action".to_owned(), Value::List(Vec::new()));
        all.set("routing_http_response_server_enabled".to_owned(), Value::Bool(true));
        all
    }

    fn sent(protocol: &str, more: &[(&str, &str)]) -> Vec<(&'static str, String)> {
        let listener = Listener::from_object(&listener(protocol, more)).expect("a listener");
        of(&listener).into_iter().map(|one| (one.key, one.value.unwrap_or_default())).collect()
    }

    #[test]
    fn what_is_not_given_is_taken_away_and_names_are_left() {
        let sent = sent("HTTPS", &[("routing_http_response_x_frame_options_header_value", "DENY")]);
        let of = |end: &str| sent.iter().find(|(key, _)| key.ends_with(end)).map(|(_, value)| value.as_str());
        assert_eq!(of("x_frame_options.header_value"), Some("DENY"));
        assert_eq!(of("strict_transport_security.header_value"), Some(""));
        assert_eq!(of("server.enabled"), Some("true"));
        assert_eq!(of("header_name"), None);
    }

    #[test]
    fn each_protocol_has_its_own() {
        let name = [("routing_http_request_x_amzn_tls_version_header_name", "tls")];
        assert!(sent("HTTPS", &name).contains(&("routing.http.request.x_amzn_tls_version.header_name", "tls".to_owned())));
        assert!(!sent("HTTP", &name).iter().any(|(key, _)| key.contains("request")));
        assert!(sent("UDP", &name).is_empty());
        let complaints = |protocol: &str| misplaced(&PlannedObject::from(listener(protocol, &name))).len();
        assert_eq!((complaints("HTTPS"), complaints("HTTP"), complaints("TCP")), (0, 1, 1));
    }
}
