use lowtide_model::Object;
use lowtide_resource::{Ask, Currency, Round};

use super::{object, start};

const RULES: &str = r#"
    "ingress": [
        {"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["10.0.0.0/8"], "description": "web"},
        {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8", "192.168.0.0/16"]},
        {"protocol": "tcp", "from_port": 443, "to_port": 443, "self": true}
    ],
    "egress": [{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}]"#;

#[tokio::test]
async fn a_security_group_lives() -> anyhow::Result<()> {
    let bench = start().await?;
    let vpc = bench.create("aws_vpc", r#"{"cidr_block": "10.0.0.0/16"}"#).await?;
    let groups = bench.driver("aws_security_group");
    let wish = format!(r#"{{"name_prefix": "web-", "vpc_id": "{}", "tags": {{"Name": "web"}}, {RULES}}}"#, vpc.id);
    let made = groups.create(&object(&wish)).await?;
    assert!(made.inputs.text("name").is_some_and(|name| name.starts_with("web-")));

    let changed = groups
        .update(
            &made,
            &object(
                r#"{"ingress": [
                        {"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["10.0.0.0/8"], "description": "the web"},
                        {"protocol": "icmp", "from_port": -1, "to_port": -1, "cidr_blocks": ["10.0.0.0/8"], "ipv6_cidr_blocks": ["::/0"]}
                    ],
                    "egress": [], "tags": {"Name": "other"}}"#,
            ),
        )
        .await?;

    let other = groups.create(&object(&format!(r#"{{"name": "other", "vpc_id": "{}"}}"#, vpc.id))).await?;
    let ask = |id: &str| Ask::new(id, Object::default());
    let these = [ask(&made.id), ask("sg-00000000000000000"), ask(&other.id)];
    let seen = bench
        .catalog
        .kind("aws_security_group")
        .expect("a kind")
        .read(&bench.session, &Round::default(), &these, Currency::Indexed)
        .await?;
    let there: Vec<_> = seen.iter().map(|(id, sight)| (id.as_str(), matches!(sight, Ok(Some(_))))).collect();
    assert_eq!(there, [(made.id.as_str(), true), ("sg-00000000000000000", false), (other.id.as_str(), true)]);

    let mut revoking = changed.clone();
    revoking.inputs.set("revoke_rules_on_delete", true.into());
    groups.delete(&revoking).await?;
    groups.delete(&other).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn a_new_security_group_lets_nothing_out() -> anyhow::Result<()> {
    let bench = start().await?;
    let vpc = bench.create("aws_vpc", r#"{"cidr_block": "10.0.0.0/16"}"#).await?;
    let made = bench.create("aws_security_group", &format!(r#"{{"name": "quiet", "vpc_id": "{}"}}"#, vpc.id)).await?;
    assert_eq!(made.inputs.get("egress").and_then(|rules| rules.elements()).map(|rules| rules.len()), Some(0));
    assert_eq!(made.inputs.text("description"), Some("Managed by Lowtide"));
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn an_update_that_half_happened_may_be_repeated() -> anyhow::Result<()> {
    let bench = start().await?;
    let vpc = bench.create("aws_vpc", r#"{"cidr_block": "10.0.0.0/16"}"#).await?;
    let groups = bench.driver("aws_security_group");
    let wish = format!(r#"{{"name": "web", "vpc_id": "{}", {RULES}}}"#, vpc.id);
    let made = groups.create(&object(&wish)).await?;
    let to = object(
        r#"{"ingress": [
                {"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["10.0.0.0/8"], "description": "web"},
                {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["10.0.0.0/8", "10.1.0.0/16"]}]}"#,
    );
    groups.update(&made, &to).await?;
    groups.update(&made, &to).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn security_groups_may_refer_to_each_other() -> anyhow::Result<()> {
    let bench = start().await?;
    let vpc = bench.create("aws_vpc", r#"{"cidr_block": "10.0.0.0/16"}"#).await?;
    let front = bench.create("aws_security_group", &format!(r#"{{"name": "front", "vpc_id": "{}"}}"#, vpc.id)).await?;
    let rule = format!(r#"{{"protocol": "tcp", "from_port": 8000, "to_port": 8000, "security_groups": ["{}"]}}"#, front.id);
    let wish = format!(r#"{{"name": "back", "vpc_id": "{}", "ingress": [{rule}]}}"#, vpc.id);
    let groups = bench.driver("aws_security_group");
    let back = groups.create(&object(&wish)).await?;
    let imported = groups.read(&back.id, &Object::default(), Currency::Exact).await?.expect("it is there");
    assert!(imported.inputs.get("ingress").and_then(|rules| rules.elements()).is_some_and(|rules| rules.len() == 1));
    groups.delete(&back).await?;
    bench.finish();
    Ok(())
}
