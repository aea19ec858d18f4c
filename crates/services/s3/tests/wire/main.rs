//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_s3::register(Catalog::default())).await
}

#[tokio::test]
async fn a_bucket_that_holds_objects_goes_with_them_where_it_may() -> anyhow::Result<()> {
    let bench = start().await?;
    let buckets = bench.driver("aws_s3_bucket");
    let made = buckets.create(&object(r#"{"bucket_prefix": "it-", "force_destroy": true, "tags": {"Name": "it"}}"#)).await?;
    let versioning = bench.driver("aws_s3_bucket_versioning");
    versioning.create(&object(&format!(r#"{{"bucket": "{}", "versioning_configuration": {{"status": "Enabled"}}}}"#, made.id))).await?;
    let s3 =
        aws_sdk_s3::Client::from_conf(aws_sdk_s3::config::Builder::from(bench.session.reading_config()).force_path_style(true).build());
    for body in ["one", "two"] {
        bench.world.proxy().clear();
        let put = s3.put_object().bucket(&made.id).key("a").body(aws_sdk_s3::primitives::ByteStream::from_static(body.as_bytes()));
        put.send().await?;
    }
    buckets.delete(&made).await?;
    bench.finish();
    Ok(())
}
