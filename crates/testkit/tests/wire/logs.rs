//! CloudWatch Logs through the proxy.

use lowtide_testkit::{World, wire};
use serde_json::{Value, json};

use crate::calls::authority;

#[tokio::test]
async fn a_log_group_keeps_its_class() -> anyhow::Result<()> {
    let world = World::start().await?;
    let authority = authority(&world);
    for (name, class) in [("a", json!("INFREQUENT_ACCESS")), ("b", Value::Null)] {
        let mut body = json!({"logGroupName": name});
        if !class.is_null() {
            body["logGroupClass"] = class;
        }
        wire::json(&authority, "logs", world.region(), "Logs_20140328.CreateLogGroup", &body).await?;
    }
    let answer = wire::json(&authority, "logs", world.region(), "Logs_20140328.DescribeLogGroups", &json!({})).await?;
    let answer: Value = serde_json::from_slice(answer.body())?;
    let classes: Vec<_> = answer["logGroups"].as_array().into_iter().flatten().map(|group| &group["logGroupClass"]).collect();
    assert_eq!(classes, ["INFREQUENT_ACCESS", "STANDARD"]);
    Ok(())
}
