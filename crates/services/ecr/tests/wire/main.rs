//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_ecr::register(Catalog::default())).await
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
