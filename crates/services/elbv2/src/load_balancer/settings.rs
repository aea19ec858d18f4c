//! The attributes that AWS keeps as keys and texts.

use lowtide_model::{Object, Value};

use super::{LoadBalancer, Logs};
use crate::key_value::{KeyValues, Setting};

/// Returns every setting that a load balancer of this type has.
pub(super) fn of(to: &LoadBalancer) -> Vec<Setting> {
    let mut all = vec![
        Setting::of("enable_deletion_protection", "deletion_protection.enabled", to.enable_deletion_protection),
        Setting::of("enable_zonal_shift", "zonal_shift.config.enabled", to.enable_zonal_shift),
    ];
    all.extend(logs("access_logs", &ACCESS_LOGS, to.access_logs.as_ref()));
    match to.load_balancer_type.as_str() {
        "application" => all.extend(of_application(to)),
        _ => {
            all.push(Setting::of(
                "enable_cross_zone_load_balancing",
                "load_balancing.cross_zone.enabled",
                to.enable_cross_zone_load_balancing,
            ));
            let policy = &to.dns_record_client_routing_policy;
            all.push(Setting::of("dns_record_client_routing_policy", "dns_record.client_routing_policy", policy));
        }
    }
    all
}

fn of_application(to: &LoadBalancer) -> Vec<Setting> {
    let tls = to.enable_tls_version_and_cipher_suite_headers;
    let mut all = vec![
        Setting::of("client_keep_alive", "client_keep_alive.seconds", to.client_keep_alive),
        Setting::of("desync_mitigation_mode", "routing.http.desync_mitigation_mode", &to.desync_mitigation_mode),
        Setting::of("drop_invalid_header_fields", "routing.http.drop_invalid_header_fields.enabled", to.drop_invalid_header_fields),
        Setting::of("enable_http2", "routing.http2.enabled", to.enable_http2),
        Setting::of("enable_tls_version_and_cipher_suite_headers", "routing.http.x_amzn_tls_version_and_cipher_suite.enabled", tls),
        Setting::of("enable_waf_fail_open", "waf.fail_open.enabled", to.enable_waf_fail_open),
        Setting::of("enable_xff_client_port", "routing.http.xff_client_port.enabled", to.enable_xff_client_port),
        Setting::of("idle_timeout", "idle_timeout.timeout_seconds", to.idle_timeout),
        Setting::of("preserve_host_header", "routing.http.preserve_host_header.enabled", to.preserve_host_header),
        Setting::of("xff_header_processing_mode", "routing.http.xff_header_processing.mode", &to.xff_header_processing_mode),
    ];
    all.extend(logs("connection_logs", &CONNECTION_LOGS, to.connection_logs.as_ref()));
    all
}

/// The keys of logs: whether, where, and with which prefix.
const ACCESS_LOGS: [&str; 3] = ["access_logs.s3.enabled", "access_logs.s3.bucket", "access_logs.s3.prefix"];
const CONNECTION_LOGS: [&str; 3] = ["connection_logs.s3.enabled", "connection_logs.s3.bucket", "connection_logs.s3.prefix"];

fn logs(attribute: &'static str, [enabled, bucket, prefix]: &[&'static str; 3], to: Option<&Logs>) -> Vec<Setting> {
    // AWS tries the bucket even while logs are off: it is named only when they are on.
    let on = to.filter(|logs| logs.enabled);
    let mut all = vec![Setting::of(attribute, enabled, on.is_some())];
    if let Some(logs) = on {
        all.push(Setting::of(attribute, bucket, &logs.bucket));
        all.push(Setting::of(attribute, prefix, logs.prefix.as_deref().unwrap_or_default()));
    }
    all
}

/// Fills in what AWS says. What a load balancer of this type does not have keeps its default.
pub(super) fn read(into: &mut LoadBalancer, said: &KeyValues, last: &Object) {
    into.access_logs = logs_seen(said, &ACCESS_LOGS, last.get("access_logs"));
    into.connection_logs = logs_seen(said, &CONNECTION_LOGS, last.get("connection_logs"));
    into.client_keep_alive = said.int("client_keep_alive.seconds").unwrap_or(3600);
    into.desync_mitigation_mode = said.text("routing.http.desync_mitigation_mode").unwrap_or_else(|| "defensive".to_owned());
    let policy = said.text("dns_record.client_routing_policy");
    into.dns_record_client_routing_policy = policy.unwrap_or_else(|| "any_availability_zone".to_owned());
    let flag = |key: &str, default: bool| said.flag(key).unwrap_or(default);
    into.drop_invalid_header_fields = flag("routing.http.drop_invalid_header_fields.enabled", false);
    into.enable_deletion_protection = flag("deletion_protection.enabled", false);
    into.enable_http2 = flag("routing.http2.enabled", true);
    into.enable_tls_version_and_cipher_suite_headers = flag("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", false);
    into.enable_waf_fail_open = flag("waf.fail_open.enabled", false);
    into.enable_xff_client_port = flag("routing.http.xff_client_port.enabled", false);
    into.enable_zonal_shift = flag("zonal_shift.config.enabled", false);
    into.preserve_host_header = flag("routing.http.preserve_host_header.enabled", false);
    into.idle_timeout = said.int("idle_timeout.timeout_seconds").unwrap_or(60);
    into.xff_header_processing_mode = said.text("routing.http.xff_header_processing.mode").unwrap_or_else(|| "append".to_owned());
    into.enable_cross_zone_load_balancing = match into.load_balancer_type.as_str() {
        // Always so, and the same whatever is asked for.
        "application" => last.get("enable_cross_zone_load_balancing").and_then(Value::as_bool).unwrap_or_default(),
        _ => flag("load_balancing.cross_zone.enabled", false),
    };
}

/// Logs that are off may still name a bucket: they are what was asked for if that is off too, and else none.
fn logs_seen(said: &KeyValues, [enabled, bucket, prefix]: &[&'static str; 3], last: Option<&Value>) -> Option<Logs> {
    if said.flag(enabled) == Some(true) {
        return Some(Logs { bucket: said.text(bucket).unwrap_or_default(), prefix: said.text(prefix), enabled: true });
    }
    <Logs as lowtide_model::Leaf>::from_value(last?).ok().filter(|logs| !logs.enabled)
}
