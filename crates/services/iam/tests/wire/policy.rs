use lowtide_model::Object;
use lowtide_resource::{Ask, Currency, Round};
use lowtide_testkit::bench::Bench;

use super::{object, role, start};

fn document(bucket: usize) -> String {
    format!(
        r#""policy": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b{bucket}/*"}}]}}"#
    )
}

#[tokio::test]
async fn a_seventh_version_takes_the_place_of_the_oldest() -> anyhow::Result<()> {
    let bench = start().await?;
    let policies = bench.driver("aws_iam_policy");
    let mut seen = policies.create(&object(&format!(r#"{{"name_prefix": "web-", {}}}"#, document(0)))).await?;
    for at in 1..8 {
        seen = policies.update(&seen, &object(&format!("{{{}}}", document(at)))).await?;
    }
    policies.delete(&seen).await?;
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn documents_come_with_the_details_that_roles_ask_for() -> anyhow::Result<()> {
    let bench = start().await?;
    let role = role(&bench, "app").await?;
    let policies = bench.driver("aws_iam_policy");
    let first = policies.create(&object(&format!(r#"{{"name": "first", {}}}"#, document(0)))).await?;
    let first = policies.update(&first, &object(&format!("{{{}}}", document(1)))).await?;
    let second = policies.create(&object(&format!(r#"{{"name": "second", {}, "tags": {{"Name": "second"}}}}"#, document(2)))).await?;
    let before = bench.world.proxy().calls().len();
    let round = Round::default();
    let read = async |kind: &str, ids: &[&str]| {
        let asks: Vec<_> = ids.iter().map(|id| Ask::new(*id, Object::default())).collect();
        let _reading = round.reading();
        bench.catalog.kind(kind).expect("a kind").read(&bench.session, &round, &asks, Currency::Indexed).await
    };
    let (policies, roles) =
        futures::future::join(read("aws_iam_policy", &[&first.id, &second.id]), read("aws_iam_role", &[&role.id])).await;
    assert_eq!(policies?, [(first.id.clone(), Ok(Some(first))), (second.id.clone(), Ok(Some(second)))]);
    assert_eq!(roles?, [(role.id.clone(), Ok(Some(role)))]);
    assert_eq!(asked(&bench, before, "GetAccountAuthorizationDetails"), 1);
    assert_eq!(asked(&bench, before, "GetPolicyVersion"), 0);
    bench.finish();
    Ok(())
}

fn asked(bench: &Bench, before: usize, operation: &str) -> usize {
    bench.world.proxy().calls()[before..].iter().filter(|call| call.operation == operation).count()
}
