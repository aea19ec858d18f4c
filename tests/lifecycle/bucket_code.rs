//! The code of a function comes from a bucket: its key and version are what is planned and sent.

use anyhow::{Context, Result, ensure};
use http::{Request, header::AUTHORIZATION};
use lowtide_plan::Action;
use lowtide_testkit::wire;

use crate::bench::{Bench, shown};

const PROJECT: &str = "[project]\nname = \"code\"\n\n[stacks.case]\nspec = \"case.toml\"\n";
const STACK: &[&str] = &["case"];

const BUCKET: &str = r#"
[resource.aws_s3_bucket.main]
bucket = "lowtide-code"
force_destroy = true

[resource.aws_s3_bucket_versioning.main]
bucket = "${aws_s3_bucket.main.id}"
versioning_configuration = { status = "Enabled" }

[resource.aws_iam_role.main]
name = "main"
assume_role_policy = { Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn another_key_and_another_version_are_sent_and_nothing_else_is() -> Result<()> {
    let bench = Bench::start().await?;
    bench.write("lowtide.toml", PROJECT)?;
    bench.write("case.toml", BUCKET)?;
    bench.converge(STACK).await?;
    let first = put(&bench, "one.zip", "one").await?;
    let second = put(&bench, "one.zip", "two").await?;
    let other = put(&bench, "other.zip", "three").await?;
    ensure!(first != second);

    declare(&bench, "one.zip", &first)?;
    bench.converge(STACK).await?;
    ensure!(sent(&bench, "POST /2015-03-31/functions", "one.zip", &first), "the function was made of something else");

    for (key, version, changed) in
        [("one.zip", &second, vec!["s3_object_version"]), ("other.zip", &other, vec!["s3_key", "s3_object_version"])]
    {
        declare(&bench, key, version)?;
        let plans = bench.plan(STACK).await?;
        let steps: Vec<_> = plans[0].plan.steps.iter().map(|step| step.action).collect();
        let names: Vec<_> =
            plans[0].plan.steps.iter().flat_map(|step| &step.changes).filter_map(|change| change.path.attribute()).collect();
        ensure!(steps == [Action::Update] && names == changed, "{}", shown(&plans));
        bench.world.proxy().clear();
        bench.apply(plans).await?;
        ensure!(sent(&bench, "PUT /2015-03-31/functions/it/code", key, version), "{key} in version {version} was not sent");
        bench.is_settled(STACK).await?;
    }
    bench.destroy(STACK).await?;
    bench.is_clean().await
}

fn declare(bench: &Bench, key: &str, version: &str) -> Result<()> {
    let code = format!("s3_bucket = '${{aws_s3_bucket.main.id}}'\ns3_key = '{key}'\ns3_object_version = '{version}'\n");
    let function = "function_name = 'it'\nrole = '${aws_iam_role.main.arn}'\nruntime = 'python3.13'\nhandler = 'main.run'\n";
    bench.write("case.toml", &format!("{BUCKET}\n[resource.aws_lambda_function.it]\n{function}{code}"))
}

/// Puts an archive into the bucket, and returns its version.
async fn put(bench: &Bench, key: &str, content: &str) -> Result<String> {
    let authority = bench.world.endpoint().trim_start_matches("http://").to_owned();
    let request = Request::put(format!("/lowtide-code/{key}")).header(AUTHORIZATION, wire::authorization("s3", bench.world.region()));
    let reply = wire::send(&authority, request.body(content.to_owned().into())?).await?;
    let version = reply.headers().get("x-amz-version-id").context("the bucket keeps versions")?;
    Ok(version.to_str()?.to_owned())
}

/// Whether one call named this archive in the bucket.
fn sent(bench: &Bench, operation: &str, key: &str, version: &str) -> bool {
    let named = |body: &str| [key, version, "lowtide-code"].iter().all(|text| body.contains(&format!("\"{text}\"")));
    bench.world.proxy().calls().iter().filter(|call| call.operation == operation).any(|call| named(&call.request_body))
}
