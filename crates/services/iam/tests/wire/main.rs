//! Every kind of this service led through its life against moto.

use lowtide_model::{Object, Observation};
use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

mod policy;
mod role;
mod role_policy;
mod role_policy_attachment;

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start_in("us-east-1", lowtide_service_iam::register(Catalog::default())).await
}

/// Makes a role that a service may take on.
async fn role(bench: &Bench, name: &str) -> anyhow::Result<Observation> {
    bench.create("aws_iam_role", &format!(r#"{{"name": "{name}", "assume_role_policy": {TRUST}}}"#)).await
}

/// Returns which of these are there, read in bulk.
async fn there(bench: &Bench, kind: &str, ids: &[&str]) -> Vec<bool> {
    use lowtide_resource::{Ask, Currency, Round};
    let these: Vec<_> = ids.iter().map(|id| Ask::new((*id).to_owned(), Object::default())).collect();
    let kind = bench.catalog.kind(kind).expect("a kind of this service");
    let seen = kind.read(&bench.session, &Round::default(), &these, Currency::Indexed).await.expect("an answer");
    seen.iter().map(|(_, sight)| matches!(sight, Ok(Some(_)))).collect()
}

/// Who may take on the roles of these tests.
const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                        "Action": "sts:AssumeRole"}]}"#;
