//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::{bench::Bench, bench::object, wire};

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_lambda::register(Catalog::default())).await
}

/// Makes the role that a function runs as; moto refuses one without.
async fn role(bench: &Bench) -> anyhow::Result<()> {
    let fields = [("Action", "CreateRole"), ("Version", "2010-05-08"), ("RoleName", "it"), ("AssumeRolePolicyDocument", "{}")];
    wire::query(bench.world.simulator().authority(), "iam", "us-east-1", &fields).await?;
    Ok(())
}

#[tokio::test]
async fn a_function_of_an_image_lives_and_may_be_called() -> anyhow::Result<()> {
    let bench = start().await?;
    role(&bench).await?;
    let functions = bench.driver("aws_lambda_function");
    let wish = r#"{"function_name": "it", "package_type": "Image", "image_uri": "123456789012.dkr.ecr.us-west-2.amazonaws.com/it:1",
        "role": "arn:aws:iam::123456789012:role/it", "environment": {"variables": {"A": "b"}}, "tags": {"Name": "it"}}"#;
    let function = functions.create(&object(wish)).await?;
    let permissions = bench.driver("aws_lambda_permission");
    let wish = r#"{"function_name": "it", "statement_id_prefix": "events-", "action": "lambda:InvokeFunction", "principal": "events.amazonaws.com"}"#;
    let permission = permissions.create(&object(wish)).await?;
    permissions.delete(&permission).await?;
    functions.delete(&function).await?;
    bench.finish();
    Ok(())
}
