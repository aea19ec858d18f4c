use lowtide_model::{Object, Value};
use lowtide_resource::{Ask, Currency, Round};

use super::{load_balancer, object, start, target_group};

#[tokio::test]
async fn a_rule_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let rules = bench.driver("aws_lb_listener_rule");
    let balancer = load_balancer(&bench, r#""name": "web""#).await?;
    let group = target_group(&bench, r#""name": "web", "port": 80, "protocol": "HTTP""#).await?;
    let (balancer, group) = (balancer.outputs.text("arn").unwrap_or_default(), group.outputs.text("arn").unwrap_or_default());
    let forward = format!(r#"{{"type": "forward", "target_group_arn": "{group}"}}"#);
    let listener = format!(r#"{{"load_balancer_arn": "{balancer}", "port": 80, "default_action": [{forward}]}}"#);
    let listener = bench.driver("aws_lb_listener").create(&object(&listener)).await?;
    let wish = |rest: &str| object(&format!(r#"{{"listener_arn": "{}", "action": [{forward}], {rest}}}"#, listener.id));
    let first = rules
        .create(&wish(r#""priority": 10, "tags": {"Name": "api"}, "condition": [{"path_pattern": {"values": ["/api/*", "/v1/*"]}}]"#))
        .await?;
    let second = rules.create(&wish(r#""condition": [{"host_header": {"values": ["example.com"]}}]"#)).await?;
    assert_eq!(second.inputs.get("priority").and_then(Value::as_i64), Some(11));
    let every = r#"{"priority": 20, "tags": {"Name": "other"}, "condition": [{"host_header": {"values": ["example.com"]}},
        {"http_header": {"http_header_name": "x-test", "values": ["yes"]}}, {"http_request_method": {"values": ["GET"]}},
        {"query_string": [{"key": "a", "value": "b"}, {"value": "c"}]}, {"source_ip": {"values": ["10.0.0.0/8"]}}]}"#;
    let changed = rules.update(&first, &object(every)).await?;
    let redirect = r#"{"action": [{"type": "redirect", "redirect": {"status_code": "HTTP_302", "path": "/new"}}]}"#;
    let changed = rules.update(&changed, &object(redirect)).await?;
    let these = [changed.id.as_str(), &format!("{}0", changed.id), &second.id].map(|id| Ask::new(id, Object::default()));
    let seen = rules.kind.read(rules.session, &Round::default(), &these, Currency::Exact).await?;
    assert_eq!(seen.into_iter().map(|(_, sight)| sight.is_ok_and(|seen| seen.is_some())).collect::<Vec<_>>(), [true, false, true]);
    rules.delete(&changed).await?;
    bench.finish();
    Ok(())
}
