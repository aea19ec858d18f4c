use lowtide_model::{Object, Value};
use lowtide_resource::{Ask, Currency, Round};

use super::{load_balancer, object, start, there};

#[tokio::test]
async fn an_application_load_balancer_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let balancers = bench.driver("aws_lb");
    let logs = r#""access_logs": {"bucket": "logs", "prefix": "web", "enabled": true}"#;
    let made =
        load_balancer(&bench, &format!(r#""name": "web", "internal": true, "idle_timeout": 120, {logs}, "tags": {{"Name": "web"}}"#))
            .await?;
    assert_eq!(made.id, "web");
    assert!(made.outputs.text("arn_suffix").is_some_and(|suffix| suffix.starts_with("app/web/")));
    let arn = made.outputs.text("arn").expect("an ARN");
    assert_eq!(balancers.kind.import(&bench.session.place, arn).as_deref(), Ok("web"));
    let changed = balancers
        .update(
            &made,
            &object(
                r#"{"client_keep_alive": 600, "desync_mitigation_mode": "strictest", "drop_invalid_header_fields": true,
                    "enable_deletion_protection": true, "enable_http2": false, "enable_waf_fail_open": true, "enable_zonal_shift": true,
                    "enable_tls_version_and_cipher_suite_headers": true, "enable_xff_client_port": true, "idle_timeout": 30,
                    "preserve_host_header": true, "xff_header_processing_mode": "remove", "ip_address_type": "dualstack",
                    "connection_logs": {"bucket": "logs", "enabled": true}, "tags": {"Name": "other", "more": "yes"}}"#,
            ),
        )
        .await?;
    let (subnets, groups) = (there(&bench, "Subnet").await?, there(&bench, "SecurityGroup").await?);
    let wish =
        format!(r#"{{"subnets": {}, "security_groups": {}}}"#, serde_json::to_string(&subnets)?, serde_json::to_string(&groups[..1])?);
    let changed = balancers.update(&changed, &object(&wish)).await?;
    assert!(balancers.delete(&changed).await.is_err(), "it is protected");
    let bare: Object = Object([("access_logs".to_owned(), Value::Null), ("enable_deletion_protection".to_owned(), false.into())].into());
    let changed = balancers.update(&changed, &bare).await?;
    assert_eq!(changed.inputs.get("access_logs"), None);
    balancers.delete(&changed).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn a_network_load_balancer_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let balancers = bench.driver("aws_lb");
    let subnet = &there(&bench, "Subnet").await?[0];
    let wish = format!(r#"{{"name_prefix": "web-", "load_balancer_type": "network", "subnet_mapping": [{{"subnet_id": "{subnet}"}}]}}"#);
    let made = balancers.create(&object(&wish)).await?;
    assert_eq!(made.inputs.text("name_prefix"), Some("web-"));
    let changed = balancers
        .update(
            &made,
            &object(r#"{"enable_cross_zone_load_balancing": true, "dns_record_client_routing_policy": "availability_zone_affinity"}"#),
        )
        .await?;
    balancers.delete(&changed).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn one_that_is_gone_does_not_hide_the_others() -> anyhow::Result<()> {
    let bench = start().await?;
    let balancers = bench.driver("aws_lb");
    for name in ["one", "two"] {
        load_balancer(&bench, &format!(r#""name": "{name}", "enable_cross_zone_load_balancing": true"#)).await?;
    }
    let these = ["none", "one", "two"].map(|id| Ask::new(id, Object::default()));
    let seen = balancers.kind.read(balancers.session, &Round::default(), &these, Currency::Exact).await?;
    let here: Vec<_> = seen.into_iter().map(|(id, sight)| (id, sight.is_ok_and(|seen| seen.is_some()))).collect();
    assert_eq!(here, [("none".to_owned(), false), ("one".to_owned(), true), ("two".to_owned(), true)]);
    bench.finish();
    Ok(())
}
