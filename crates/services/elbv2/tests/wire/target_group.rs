use lowtide_model::Object;
use lowtide_resource::{Ask, Currency, Round};

use super::{object, start, target_group};

#[tokio::test]
async fn a_target_group_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let groups = bench.driver("aws_lb_target_group");
    let made = target_group(
        &bench,
        r#""name": "web", "port": 8000, "protocol": "HTTP", "target_type": "ip", "deregistration_delay": 30,
               "health_check": {"path": "/health", "matcher": "200", "interval": 15}, "tags": {"Name": "web"}"#,
    )
    .await?;
    assert_eq!(made.id, "web");
    let changed = groups
        .update(
            &made,
            &object(
                r#"{"health_check": {"path": "/other", "matcher": "200-299", "timeout": 7, "unhealthy_threshold": 2, "port": "9000"},
                    "stickiness": {"type": "app_cookie", "cookie_name": "session", "cookie_duration": 60},
                    "slow_start": 30, "load_balancing_algorithm_type": "least_outstanding_requests", "deregistration_delay": 60,
                    "load_balancing_cross_zone_enabled": "true", "tags": {"Name": "other"}}"#,
            ),
        )
        .await?;
    let changed = groups
        .update(
            &changed,
            &object(
                r#"{"target_group_health": {"dns_failover": {"minimum_healthy_targets_count": "2"},
                        "unhealthy_state_routing": {"minimum_healthy_targets_percentage": "50"}},
                    "stickiness": {"type": "lb_cookie", "enabled": false}, "load_balancing_anomaly_mitigation": "off"}"#,
            ),
        )
        .await?;
    groups.delete(&changed).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn groups_of_other_types_live() -> anyhow::Result<()> {
    let bench = start().await?;
    let groups = bench.driver("aws_lb_target_group");
    let tcp =
        target_group(&bench, r#""name_prefix": "tcp-", "port": 5432, "protocol": "TCP", "health_check": {"protocol": "TCP"}"#).await?;
    let tcp =
        groups.update(&tcp, &object(r#"{"preserve_client_ip": true, "connection_termination": true, "proxy_protocol_v2": true}"#)).await?;
    let state = r#"{"target_health_state": {"enable_unhealthy_connection_termination": false, "unhealthy_draining_interval": 60}}"#;
    let tcp = groups.update(&tcp, &object(state)).await?;
    let function = groups.create(&object(r#"{"name": "function", "target_type": "lambda"}"#)).await?;
    let function = groups.update(&function, &object(r#"{"lambda_multi_value_headers_enabled": true}"#)).await?;
    let these = [tcp.id.as_str(), "none", "function"].map(|id| Ask::new(id, Object::default()));
    let seen = groups.kind.read(groups.session, &Round::default(), &these, Currency::Exact).await?;
    let here: Vec<_> = seen.into_iter().map(|(_, sight)| sight.is_ok_and(|seen| seen.is_some())).collect();
    assert_eq!(here, [true, false, true]);
    groups.delete(&tcp).await?;
    groups.delete(&function).await?;
    bench.finish();
    Ok(())
}
