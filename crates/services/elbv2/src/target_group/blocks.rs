//! The blocks of a target group.

use lowtide_model::Model;

/// How AWS finds out whether a target is well.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct HealthCheck {
    /// Whether health is checked. It always is, but for Lambda functions.
    #[attr(default = true)]
    pub enabled: bool,
    /// How many good answers in a row make a target well, 2 to 10.
    #[attr(default = 3, range = 2..=10)]
    pub healthy_threshold: i64,
    /// How many seconds lie between two checks, 5 to 300.
    #[attr(default = 30, range = 5..=300)]
    pub interval: i64,
    /// Which codes are good answers: `200`, `200,202`, `200-299`; for gRPC `0-99`.
    #[attr(computed)]
    pub matcher: Option<String>,
    /// The path that is asked for. HTTP and HTTPS only.
    #[attr(computed, range = 1..=1024)]
    pub path: Option<String>,
    /// The port that is asked, or `traffic-port` for the one that takes traffic.
    #[attr(default = "traffic-port")]
    pub port: String,
    /// The protocol to ask in: `HTTP`, `HTTPS` or `TCP`.
    #[attr(default = "HTTP", one_of = ["HTTP", "HTTPS", "TCP"])]
    pub protocol: String,
    /// How many seconds without an answer are a failure, 2 to 120.
    #[attr(computed, range = 2..=120)]
    pub timeout: Option<i64>,
    /// How many failures in a row make a target unwell, 2 to 10.
    #[attr(default = 3, range = 2..=10)]
    pub unhealthy_threshold: i64,
}

/// Whether the requests of one client keep going to one target.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Stickiness {
    /// Whether they do.
    #[attr(default = true)]
    pub enabled: bool,
    /// How clients are told apart: by a cookie of the load balancer (`lb_cookie`) or of the application (`app_cookie`), or by addresses (`source_ip`, `source_ip_dest_ip`, `source_ip_dest_ip_proto`).
    #[attr(one_of = ["lb_cookie", "app_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto"])]
    pub r#type: String,
    /// For how many seconds a cookie holds, up to a week.
    #[attr(default = 86400, range = 0..=604800)]
    pub cookie_duration: i64,
    /// The name of the application's cookie.
    pub cookie_name: Option<String>,
}

/// Where flows go whose target fails. Both must be the same.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct TargetFailover {
    /// What happens when a target is taken out: `rebalance` or `no_rebalance`.
    #[attr(one_of = ["rebalance", "no_rebalance"])]
    pub on_deregistration: String,
    /// What happens when a target is unwell: `rebalance` or `no_rebalance`.
    #[attr(one_of = ["rebalance", "no_rebalance"])]
    pub on_unhealthy: String,
}

/// How many targets must be well for the group to count as well.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct GroupHealth {
    /// When a zone is taken out of DNS.
    #[attr(computed)]
    pub dns_failover: Option<DnsFailover>,
    /// When traffic goes to all targets, well or not.
    #[attr(computed)]
    pub unhealthy_state_routing: Option<UnhealthyStateRouting>,
}

/// When a zone is taken out of DNS.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct DnsFailover {
    /// How many targets must be well, or `off`.
    #[attr(default = "1")]
    pub minimum_healthy_targets_count: String,
    /// What share of targets must be well, in percent, or `off`.
    #[attr(default = "off")]
    pub minimum_healthy_targets_percentage: String,
}

/// When traffic goes to all targets, well or not.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct UnhealthyStateRouting {
    /// How many targets must be well.
    #[attr(default = 1)]
    pub minimum_healthy_targets_count: i64,
    /// What share of targets must be well, in percent, or `off`.
    #[attr(default = "off")]
    pub minimum_healthy_targets_percentage: String,
}

/// What happens to connections of a target that is no longer well.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct TargetHealthState {
    /// Whether they are cut.
    pub enable_unhealthy_connection_termination: bool,
    /// How many seconds they are left before, up to 360000. Only where they are not cut.
    #[attr(default = 0, range = 0..=360000)]
    pub unhealthy_draining_interval: i64,
}
