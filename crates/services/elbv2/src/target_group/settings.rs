//! The attributes that AWS keeps as keys and texts.

use lowtide_model::Object;

use super::{DnsFailover, GroupHealth, Stickiness, TargetFailover, TargetGroup, TargetHealthState, UnhealthyStateRouting};
use crate::key_value::{KeyValues, Setting};

const DNS_COUNT: &str = "target_group_health.dns_failover.minimum_healthy_targets.count";
const DNS_PERCENT: &str = "target_group_health.dns_failover.minimum_healthy_targets.percentage";
const ROUTING_COUNT: &str = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count";
const ROUTING_PERCENT: &str = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage";
const CUT: &str = "target_health_state.unhealthy.connection_termination.enabled";
const DRAINING: &str = "target_health_state.unhealthy.draining_interval_seconds";

/// Returns every setting, with no value where AWS decides.
pub(super) fn of(to: &TargetGroup) -> Vec<Setting> {
    let anomaly = to.load_balancing_anomaly_mitigation.as_ref();
    let cross_zone = to.load_balancing_cross_zone_enabled.as_ref();
    let mut all = vec![
        Setting::of("deregistration_delay", "deregistration_delay.timeout_seconds", to.deregistration_delay),
        Setting::of("slow_start", "slow_start.duration_seconds", to.slow_start),
        Setting::of("lambda_multi_value_headers_enabled", "lambda.multi_value_headers.enabled", to.lambda_multi_value_headers_enabled),
        Setting::of("proxy_protocol_v2", "proxy_protocol_v2.enabled", to.proxy_protocol_v2),
        Setting::maybe("connection_termination", "deregistration_delay.connection_termination.enabled", to.connection_termination.as_ref()),
        Setting::maybe("load_balancing_algorithm_type", "load_balancing.algorithm.type", to.load_balancing_algorithm_type.as_ref()),
        Setting::maybe("load_balancing_anomaly_mitigation", "load_balancing.algorithm.anomaly_mitigation", anomaly),
        Setting::maybe("load_balancing_cross_zone_enabled", "load_balancing.cross_zone.enabled", cross_zone),
        Setting::maybe("preserve_client_ip", "preserve_client_ip.enabled", to.preserve_client_ip.as_ref()),
    ];
    all.extend(to.stickiness.iter().flat_map(of_stickiness));
    if let Some(failover) = &to.target_failover {
        all.push(Setting::of("target_failover", "target_failover.on_deregistration", &failover.on_deregistration));
        all.push(Setting::of("target_failover", "target_failover.on_unhealthy", &failover.on_unhealthy));
    }
    let health = to.target_group_health.as_ref();
    if let Some(dns) = health.and_then(|health| health.dns_failover.as_ref()) {
        all.push(Setting::of("target_group_health", DNS_COUNT, &dns.minimum_healthy_targets_count));
        all.push(Setting::of("target_group_health", DNS_PERCENT, &dns.minimum_healthy_targets_percentage));
    }
    if let Some(routing) = health.and_then(|health| health.unhealthy_state_routing.as_ref()) {
        all.push(Setting::of("target_group_health", ROUTING_COUNT, routing.minimum_healthy_targets_count));
        all.push(Setting::of("target_group_health", ROUTING_PERCENT, &routing.minimum_healthy_targets_percentage));
    }
    if let Some(state) = &to.target_health_state {
        all.push(Setting::of("target_health_state", CUT, state.enable_unhealthy_connection_termination));
        if !state.enable_unhealthy_connection_termination {
            all.push(Setting::of("target_health_state", DRAINING, state.unhealthy_draining_interval));
        }
    }
    all
}

fn of_stickiness(to: &Stickiness) -> Vec<Setting> {
    let mut all =
        vec![Setting::of("stickiness", "stickiness.enabled", to.enabled), Setting::of("stickiness", "stickiness.type", &to.r#type)];
    match to.r#type.as_str() {
        "lb_cookie" => all.push(Setting::of("stickiness", "stickiness.lb_cookie.duration_seconds", to.cookie_duration)),
        "app_cookie" => {
            all.push(Setting::of("stickiness", "stickiness.app_cookie.duration_seconds", to.cookie_duration));
            all.push(Setting::maybe("stickiness", "stickiness.app_cookie.cookie_name", to.cookie_name.as_ref()));
        }
        _ => {}
    }
    all
}

/// Fills in what AWS says. What target groups of this type do not have keeps its default.
pub(super) fn read(into: &mut TargetGroup, said: &KeyValues, last: &Object) {
    into.deregistration_delay = said.int("deregistration_delay.timeout_seconds").unwrap_or(300);
    into.slow_start = said.int("slow_start.duration_seconds").unwrap_or(0);
    into.lambda_multi_value_headers_enabled = said.flag("lambda.multi_value_headers.enabled").unwrap_or(false);
    into.proxy_protocol_v2 = said.flag("proxy_protocol_v2.enabled").unwrap_or(false);
    into.connection_termination = said.flag("deregistration_delay.connection_termination.enabled");
    into.load_balancing_algorithm_type = said.text("load_balancing.algorithm.type");
    into.load_balancing_anomaly_mitigation = said.text("load_balancing.algorithm.anomaly_mitigation");
    into.load_balancing_cross_zone_enabled = said.text("load_balancing.cross_zone.enabled");
    into.preserve_client_ip = said.flag("preserve_client_ip.enabled");
    into.stickiness = stickiness(said);
    let failover = |on_deregistration| Some(TargetFailover { on_deregistration, on_unhealthy: said.text("target_failover.on_unhealthy")? });
    into.target_failover = said.text("target_failover.on_deregistration").and_then(failover);
    let dns_failover = said.text(DNS_COUNT).map(|count| DnsFailover {
        minimum_healthy_targets_count: count,
        minimum_healthy_targets_percentage: said.text(DNS_PERCENT).unwrap_or_else(|| "off".to_owned()),
    });
    let unhealthy_state_routing = said.int(ROUTING_COUNT).map(|count| UnhealthyStateRouting {
        minimum_healthy_targets_count: count,
        minimum_healthy_targets_percentage: said.text(ROUTING_PERCENT).unwrap_or_else(|| "off".to_owned()),
    });
    let any = dns_failover.is_some() || unhealthy_state_routing.is_some();
    into.target_group_health = any.then_some(GroupHealth { dns_failover, unhealthy_state_routing });
    into.target_health_state = said.flag(CUT).map(|cut| TargetHealthState {
        enable_unhealthy_connection_termination: cut,
        // There is no interval where connections are cut at once.
        unhealthy_draining_interval: said.int(DRAINING).filter(|_| !cut).or_else(|| drained(last)).unwrap_or(0),
    });
}

fn drained(last: &Object) -> Option<i64> {
    last.get("target_health_state")?.as_members()?.get("unhealthy_draining_interval")?.as_i64()
}

fn stickiness(said: &KeyValues) -> Option<Stickiness> {
    let kind = said.text("stickiness.type")?;
    let by_application = kind == "app_cookie";
    let seconds = if by_application { "stickiness.app_cookie.duration_seconds" } else { "stickiness.lb_cookie.duration_seconds" };
    Some(Stickiness {
        enabled: said.flag("stickiness.enabled").unwrap_or(false),
        cookie_duration: said.int(seconds).unwrap_or(86400),
        cookie_name: said.text("stickiness.app_cookie.cookie_name").filter(|_| by_application),
        r#type: kind,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(all: &[(&str, &str)]) -> KeyValues {
        all.iter().map(|(key, value)| (Some((*key).to_owned()), Some((*value).to_owned()))).collect()
    }

    #[test]
    fn each_way_to_stick_has_its_own_duration() {
        let both = [
            ("stickiness.enabled", "true"),
            ("stickiness.lb_cookie.duration_seconds", "60"),
            ("stickiness.app_cookie.duration_seconds", "120"),
            ("stickiness.app_cookie.cookie_name", "session"),
        ];
        let seen = |kind: &'static str| stickiness(&said(&[&both[..], &[("stickiness.type", kind)]].concat()));
        assert_eq!(seen("lb_cookie").map(|seen| (seen.cookie_duration, seen.cookie_name)), Some((60, None)));
        assert_eq!(seen("app_cookie").map(|seen| (seen.cookie_duration, seen.cookie_name)), Some((120, Some("session".to_owned()))));
        assert_eq!(stickiness(&said(&[])), None);
    }
}
