use lowtide_model::{Object, Value};
use lowtide_resource::{Ask, Currency, Round};

use super::{object, start};

#[tokio::test]
async fn a_parameter_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let parameters = bench.driver("aws_ssm_parameter");
    let made = parameters
        .create(&object(r#"{"name": "/app/key", "type": "SecureString", "value": "one", "description": "a key", "tags": {"Name": "key"}}"#))
        .await?;
    assert_eq!(made.id, "/app/key");
    assert_eq!(made.inputs.get("insecure_value"), None);
    let changed = parameters.update(&made, &object(r#"{"value": "two", "tags": {"Name": "other"}}"#)).await?;
    assert_eq!(changed.outputs.get("version").and_then(Value::as_i64), Some(2));
    assert_eq!(changed.inputs.text("description"), Some("a key"));
    let changed = parameters
        .update(&changed, &object(r#"{"description": "another", "allowed_pattern": "^t.*$", "tier": "Advanced", "key_id": "alias/app"}"#))
        .await?;
    assert_eq!(changed.inputs.text("value"), Some("two"));
    let nothing = ["description", "tags"].map(|name| (name.to_owned(), Value::Null));
    let mut bare: Object = Object::default();
    bare.0.extend(nothing);
    let changed = parameters.update(&changed, &bare).await?;
    assert_eq!((changed.inputs.get("description"), changed.inputs.get("tags")), (None, None));
    parameters.delete(&changed).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn a_value_in_clear_is_asked_for_by_another_name() -> anyhow::Result<()> {
    let bench = start().await?;
    let parameters = bench.driver("aws_ssm_parameter");
    let wish = object(r#"{"name": "plain", "type": "String", "insecure_value": "one", "tier": "Intelligent-Tiering"}"#);
    let made = parameters.create(&wish).await?;
    let changed = parameters.update(&made, &object(r#"{"insecure_value": "two"}"#)).await?;
    let changed = parameters.update(&changed, &object(r#"{"type": "StringList", "insecure_value": "two,three"}"#)).await?;
    assert_eq!(changed.inputs.text("insecure_value"), Some("two,three"));
    assert_eq!(changed.inputs.get("value"), None);
    let changed = parameters.update(&changed, &object(r#"{"description": "as it was"}"#)).await?;
    assert_eq!(changed.inputs.text("insecure_value"), Some("two,three"));
    let taken = parameters
        .create(&object(r#"{"name": "plain", "type": "StringList", "value": "four", "overwrite": true, "tags": {"a": "b"}}"#))
        .await?;
    assert_eq!(taken.inputs.text("value"), Some("four"));
    let source = bench.catalog.source("aws_ssm_parameter").expect("a data source of this service");
    let found = source.look(&bench.session, &object(r#"{"name": "plain"}"#)).await?;
    assert_eq!(found.text("insecure_value"), Some("four"));
    parameters.delete(&taken).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn many_are_read_at_once_and_a_missing_one_is_gone() -> anyhow::Result<()> {
    let bench = start().await?;
    let parameters = bench.driver("aws_ssm_parameter");
    for at in 0..12 {
        parameters.create(&object(&format!(r#"{{"name": "/many/{at}", "type": "String", "value": "v{at}"}}"#))).await?;
    }
    let these: Vec<_> = (0..13).map(|at| Ask::new(format!("/many/{at}"), Object::default())).collect();
    let seen = parameters.kind.read(parameters.session, &Round::default(), &these, Currency::Exact).await?;
    for (at, (id, sight)) in seen.into_iter().enumerate() {
        let value = sight?.and_then(|seen| seen.inputs.text("value").map(str::to_owned));
        assert_eq!((id, value), (format!("/many/{at}"), (at < 12).then(|| format!("v{at}"))));
    }
    bench.finish();
    Ok(())
}
