use lowtide_model::Object;
use lowtide_resource::{Ask, Currency, Round};

use super::{certificate, load_balancer, object, start, target_group};

#[tokio::test]
async fn a_listener_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let listeners = bench.driver("aws_lb_listener");
    let balancer = load_balancer(&bench, r#""name": "web""#).await?;
    let group = target_group(&bench, r#""name": "web", "port": 80, "protocol": "HTTP""#).await?;
    let other = target_group(&bench, r#""name": "other", "port": 80, "protocol": "HTTP""#).await?;
    let (balancer_arn, group_arn) = (balancer.outputs.text("arn").unwrap_or_default(), group.outputs.text("arn").unwrap_or_default());
    let other_arn = other.outputs.text("arn").unwrap_or_default();
    let wish = format!(
        r#"{{"load_balancer_arn": "{balancer_arn}", "port": 80, "tags": {{"Name": "web"}},
             "default_action": [{{"type": "forward", "target_group_arn": "{group_arn}"}}]}}"#
    );
    let made = listeners.create(&object(&wish)).await?;
    assert_eq!(made.inputs.text("protocol"), Some("HTTP"));
    let redirect = r#"{"port": 8080, "tags": {"Name": "other"},
        "default_action": [{"type": "redirect", "redirect": {"status_code": "HTTP_301", "protocol": "HTTPS", "port": "443"}}]}"#;
    let changed = listeners.update(&made, &object(redirect)).await?;
    let fixed =
        r#"{"default_action": [{"type": "fixed-response", "fixed_response": {"content_type": "text/plain", "status_code": "404"}}]}"#;
    let changed = listeners.update(&changed, &object(fixed)).await?;
    let weighted = format!(
        r#"{{"default_action": [{{"type": "forward", "forward": {{"stickiness": {{"enabled": true, "duration": 60}},
             "target_group": [{{"arn": "{group_arn}", "weight": 10}}, {{"arn": "{other_arn}"}}]}}}}]}}"#
    );
    let changed = listeners.update(&changed, &object(&weighted)).await?;
    let certificate = certificate(&bench).await?;
    let secure =
        format!(r#"{{"protocol": "HTTPS", "certificate_arn": "{certificate}", "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}}"#);
    let changed = listeners.update(&changed, &object(&secure)).await?;
    let these = [changed.id.as_str(), &format!("{}0", changed.id)].map(|id| Ask::new(id, Object::default()));
    let seen = listeners.kind.read(listeners.session, &Round::default(), &these, Currency::Exact).await?;
    assert_eq!(seen.into_iter().map(|(_, sight)| sight.is_ok_and(|seen| seen.is_some())).collect::<Vec<_>>(), [true, false]);
    listeners.delete(&changed).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn a_tcp_listener_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let listeners = bench.driver("aws_lb_listener");
    let balancer = load_balancer(&bench, r#""name": "net", "load_balancer_type": "network""#).await?;
    let group = target_group(&bench, r#""name": "net", "port": 5432, "protocol": "TCP""#).await?;
    let (balancer, group) = (balancer.outputs.text("arn").unwrap_or_default(), group.outputs.text("arn").unwrap_or_default());
    let wish = format!(
        r#"{{"load_balancer_arn": "{balancer}", "port": 5432, "protocol": "TCP", "tcp_idle_timeout_seconds": 600,
             "default_action": [{{"type": "forward", "forward": {{"target_group": [{{"arn": "{group}"}}]}}}}]}}"#
    );
    let made = listeners.create(&object(&wish)).await?;
    listeners.delete(&made).await?;
    bench.finish();
    Ok(())
}
