use lowtide_resource::{Ask, Currency, Round};

use super::{object, start, without};

#[tokio::test]
async fn a_cluster_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let cluster = bench.driver("aws_ecs_cluster");
    let made = cluster
        .create(&object(
            r#"{"name": "main", "setting": [{"name": "containerInsights", "value": "enabled"}], "tags": {"Name": "main"},
                "configuration": {"execute_command_configuration": {"logging": "OVERRIDE", "log_configuration":
                    {"cloud_watch_encryption_enabled": true, "cloud_watch_log_group_name": "exec"}}},
                "service_connect_defaults": {"namespace": "arn:aws:servicediscovery:us-west-2:123456789012:namespace/ns-1"}}"#,
        ))
        .await?;
    assert_eq!(made.outputs.text("id"), Some(made.id.as_str()));
    let changed = cluster
        .update(
            &made,
            &object(
                r#"{"setting": [{"name": "containerInsights", "value": "disabled"}], "tags": {"Name": "other"},
                    "configuration": {"execute_command_configuration": {"logging": "NONE"}}}"#,
            ),
        )
        .await?;
    let bare = cluster.update(&changed, &without(&["configuration", "service_connect_defaults", "tags"])).await?;
    for gone in ["configuration", "service_connect_defaults", "tags"] {
        assert_eq!(bare.inputs.get(gone), None, "{gone} is taken away");
    }
    cluster.delete(&bare).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn clusters_are_read_together_and_a_missing_one_is_gone() -> anyhow::Result<()> {
    let bench = start().await?;
    let cluster = bench.driver("aws_ecs_cluster");
    let (one, two) =
        (bench.create("aws_ecs_cluster", r#"{"name": "one"}"#).await?, bench.create("aws_ecs_cluster", r#"{"name": "two"}"#).await?);
    let lost = cluster.kind.import(&bench.session.place, "lost").expect("a name");
    let ask = |id: &str| Ask::new(id, Default::default());
    let asked = [ask(&one.id), ask(&lost), ask(&two.id)];
    let seen = cluster.kind.read(&bench.session, &Round::default(), &asked, Currency::Exact).await?;
    let here: Vec<_> = seen.iter().map(|(id, seen)| (id.as_str(), seen.as_ref().is_ok_and(Option::is_some))).collect();
    assert_eq!(here, [(one.id.as_str(), true), (lost.as_str(), false), (two.id.as_str(), true)]);
    bench.finish();
    Ok(())
}
