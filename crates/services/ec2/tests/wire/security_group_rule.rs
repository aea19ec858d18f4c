use lowtide_model::Object;
use lowtide_resource::{Ask, Currency, Round};

use super::{Bench, object, start};

async fn group(bench: &Bench, name: &str) -> anyhow::Result<String> {
    let vpc = bench.create("aws_vpc", r#"{"cidr_block": "10.0.0.0/16"}"#).await?;
    Ok(bench.create("aws_security_group", &format!(r#"{{"name": "{name}", "vpc_id": "{}"}}"#, vpc.id)).await?.id)
}

#[tokio::test]
async fn an_ingress_rule_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let group = group(&bench, "web").await?;
    let rules = bench.driver("aws_vpc_security_group_ingress_rule");
    let made = rules
        .create(&object(&format!(
            r#"{{"security_group_id": "{group}", "ip_protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_ipv4": "10.0.0.0/8",
                 "description": "web", "tags": {{"Name": "web"}}}}"#
        )))
        .await?;
    let changed = rules
        .update(
            &made,
            &object(
                r#"{"from_port": 443, "to_port": 444, "ip_protocol": "udp", "cidr_ipv4": "10.1.0.0/16", "description": "more",
                    "tags": {"Name": "other", "team": "a"}}"#,
            ),
        )
        .await?;
    let mut bare = changed.inputs.clone();
    bare.set("description", lowtide_model::Value::Null);
    let kind = bench.catalog.kind("aws_vpc_security_group_ingress_rule").expect("a kind");
    kind.update(&bench.session, &changed, &bare, &lowtide_resource::Changed(vec!["description".to_owned()])).await?;
    let seen = rules.read(&made.id, &Object::default(), Currency::Exact).await?.expect("it is there");
    assert_eq!(seen.inputs.get("description"), None);
    assert_eq!(seen.inputs.get("from_port"), changed.inputs.get("from_port"));
    rules.delete(&seen).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn rules_of_each_sort_of_place_live() -> anyhow::Result<()> {
    let bench = start().await?;
    let (web, app) = (group(&bench, "web").await?, group(&bench, "app").await?);
    let leaving = bench.driver("aws_vpc_security_group_egress_rule");
    let all =
        leaving.create(&object(&format!(r#"{{"security_group_id": "{web}", "ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0"}}"#))).await?;
    assert_eq!(all.inputs.get("from_port"), None);
    let six = leaving.create(&object(&format!(r#"{{"security_group_id": "{web}", "ip_protocol": "-1", "cidr_ipv6": "::/0"}}"#))).await?;
    let coming = bench.driver("aws_vpc_security_group_ingress_rule");
    let wish = format!(
        r#"{{"security_group_id": "{app}", "ip_protocol": "tcp", "from_port": 8000, "to_port": 8000,
             "referenced_security_group_id": "{web}", "description": "from the web"}}"#
    );
    let from_web = coming.create(&object(&wish)).await?;

    let ask = |id: &str| Ask::new(id, Object::default());
    let these = [ask(&all.id), ask(&six.id), ask("sgr-00000000000000000"), ask(&from_web.id)];
    let kind = bench.catalog.kind("aws_vpc_security_group_egress_rule").expect("a kind");
    let seen = kind.read(&bench.session, &Round::default(), &these, Currency::Indexed).await?;
    // A rule of the other direction is none of this kind.
    let there: Vec<_> = seen.iter().map(|(_, sight)| matches!(sight, Ok(Some(_)))).collect();
    assert_eq!(there, [true, true, false, false]);

    leaving.delete(&all).await?;
    leaving.delete(&six).await?;
    coming.delete(&from_web).await?;
    bench.finish();
    Ok(())
}
