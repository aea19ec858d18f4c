//! Every kind of this service led through its life against moto.

use lowtide_model::Object;
use lowtide_resource::{Ask, Catalog, Currency, Round};
use lowtide_testkit::bench::{Bench, object};

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_ecr::register(Catalog::default())).await
}

/// Returns which of these are there, read in bulk.
async fn there(bench: &Bench, kind: &str, ids: &[&str]) -> Vec<bool> {
    let these: Vec<_> = ids.iter().map(|id| Ask::new((*id).to_owned(), Object::default())).collect();
    let kind = bench.catalog.kind(kind).expect("a kind of this service");
    let seen = kind.read(&bench.session, &Round::default(), &these, Currency::Indexed).await.expect("an answer");
    seen.iter().map(|(_, sight)| matches!(sight, Ok(Some(_)))).collect()
}

#[tokio::test]
async fn a_repository_and_its_policies_live() -> anyhow::Result<()> {
    let bench = start().await?;
    let repositories = bench.driver("aws_ecr_repository");
    let made = repositories
        .create(&object(r#"{"name": "team/web", "image_scanning_configuration": {"scan_on_push": true}, "tags": {"Name": "web"}}"#))
        .await?;
    assert_eq!(made.outputs.text("repository_url"), Some("123456789012.dkr.ecr.us-west-2.amazonaws.com/team/web"));
    let rules = bench.driver("aws_ecr_lifecycle_policy");
    let rule = r#"{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10}, "action": {"type": "expire"}}]}"#;
    let policy = rules.create(&object(&format!(r#"{{"repository": "team/web", "policy": {rule}}}"#))).await?;
    rules.delete(&policy).await?;
    repositories.delete(&made).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn many_are_read_at_once_and_missing_ones_are_gone() -> anyhow::Result<()> {
    let bench = start().await?;
    for name in ["a1", "b2"] {
        bench.create("aws_ecr_repository", &format!(r#"{{"name": "{name}"}}"#)).await?;
    }
    assert_eq!(there(&bench, "aws_ecr_repository", &["a1", "x9", "b2", "y9"]).await, [true, false, true, false]);
    assert_eq!(there(&bench, "aws_ecr_repository_policy", &["a1", "x9"]).await, [false, false]);
    assert_eq!(there(&bench, "aws_ecr_lifecycle_policy", &["a1", "x9"]).await, [false, false]);
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn policies_of_a_repository_live() -> anyhow::Result<()> {
    let bench = start().await?;
    bench.create("aws_ecr_repository", r#"{"name": "web"}"#).await?;
    let policies = bench.driver("aws_ecr_repository_policy");
    let pull = r#"{"repository": "web", "policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": ["ecr:BatchGetImage"]}]}}"#;
    let made = policies.create(&object(pull)).await?;
    assert_eq!((made.id.as_str(), made.outputs.text("registry_id")), ("web", Some("123456789012")));
    policies.delete(&made).await?;

    let lifecycles = bench.driver("aws_ecr_lifecycle_policy");
    let keep = |count: u32| {
        object(&format!(
            r#"{{"repository": "web", "policy": {{"rules": [{{"rulePriority": 1, "description": "few", "selection": {{"tagStatus": "any",
                "countType": "imageCountMoreThan", "countNumber": {count}}}, "action": {{"type": "expire"}}}}]}}}}"#
        ))
    };
    let made = lifecycles.create(&keep(10)).await?;
    let changed = lifecycles.update(&made, &keep(5)).await?;
    lifecycles.delete(&changed).await?;
    bench.finish();
    Ok(())
}
