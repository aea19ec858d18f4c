use lowtide_model::{Object, Value};
use lowtide_resource::{Ask, Currency, Round};

use super::{object, start};

const KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

#[tokio::test]
async fn a_log_group_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let groups = bench.driver("aws_cloudwatch_log_group");
    let made = groups
        .create(&object(
            r#"{"name": "/app/web", "retention_in_days": 30, "log_group_class": "INFREQUENT_ACCESS", "tags": {"Name": "web"}}"#,
        ))
        .await?;
    assert_eq!(made.id, "/app/web");
    assert!(made.outputs.text("arn").is_some_and(|arn| arn.ends_with(":log-group:/app/web")));
    let changed = groups.update(&made, &object(r#"{"retention_in_days": 7, "tags": {"Name": "other", "more": "yes"}}"#)).await?;
    let changed = groups.update(&changed, &object(&format!(r#"{{"retention_in_days": 0, "kms_key_id": "{KEY}"}}"#))).await?;
    let changed =
        groups.update(&changed, &[("kms_key_id".to_owned(), Value::Null), ("tags".to_owned(), Value::Null)].into_iter().collect()).await?;
    groups.delete(&changed).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn many_are_read_at_once_and_a_missing_one_is_gone() -> anyhow::Result<()> {
    let bench = start().await?;
    let groups = bench.driver("aws_cloudwatch_log_group");
    let first = groups.create(&object(r#"{"name": "/app/one"}"#)).await?;
    let second = groups.create(&object(r#"{"name_prefix": "/app/two-", "skip_destroy": true}"#)).await?;
    assert_eq!(second.inputs.text("name_prefix"), Some("/app/two-"));
    let these = [first.id.as_str(), "/app/none", second.id.as_str()].map(|id| Ask::new(id, Object::default()));
    let seen = groups.kind.read(groups.session, &Round::default(), &these, Currency::Exact).await?;
    let here: Vec<_> = seen.into_iter().map(|(id, sight)| (id, sight.is_ok_and(|seen| seen.is_some()))).collect();
    assert_eq!(here, [(first.id, true), ("/app/none".to_owned(), false), (second.id.clone(), true)]);
    let left = groups.kind.delete(groups.session, &second, &second.inputs).await?;
    assert!(matches!(left, lowtide_resource::Going::Left(_)));
    bench.finish();
    Ok(())
}
