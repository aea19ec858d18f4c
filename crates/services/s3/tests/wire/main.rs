//! Every kind of this service led through its life against moto.

use lowtide_resource::{Catalog, Currency};
use lowtide_testkit::{
    bench::{Bench, object},
    drive::{self, Driver},
};

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

#[tokio::test]
async fn the_request_that_makes_a_bucket_carries_its_tags() -> anyhow::Result<()> {
    for region in ["us-west-2", "us-east-1"] {
        let bench = Bench::start_in(region, lowtide_service_s3::register(Catalog::default())).await?;
        bench.create("aws_s3_bucket", r#"{"bucket": "its", "tags": {"Name": "it"}}"#).await?;
        let changes: Vec<_> = bench.world.proxy().calls().into_iter().filter(|call| call.mutating).collect();
        assert_eq!(changes.len(), 1, "{region}: {changes:?}");
        assert!(changes[0].request_body.contains("lowtide:id"), "{region}: {}", changes[0].request_body);
        bench.finish();
    }
    Ok(())
}

#[tokio::test]
async fn a_new_bucket_is_private_and_encrypted() -> anyhow::Result<()> {
    let bench = start().await?;
    bench.create("aws_s3_bucket", r#"{"bucket": "its"}"#).await?;
    let unknown = object("{}");
    let block =
        bench.driver("aws_s3_bucket_public_access_block").read("its", &unknown, Currency::Exact).await?.expect("a new bucket has one");
    let all = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
    assert!(all.iter().all(|name| block.inputs.get(name) == Some(&true.into())), "{:?}", block.inputs);
    let encryption = bench.driver("aws_s3_bucket_server_side_encryption_configuration").read("its", &unknown, Currency::Exact).await?;
    assert!(format!("{:?}", encryption.expect("a new bucket is encrypted").inputs).contains("AES256"));
    bench.finish();
    Ok(())
}

#[tokio::test]
async fn a_bucket_of_another_region_is_neither_gone_nor_ours() -> anyhow::Result<()> {
    let bench = start().await?;
    let made = bench.create("aws_s3_bucket", r#"{"bucket": "its"}"#).await?;
    let elsewhere = drive::session(&bench.world.endpoint(), "eu-west-1", |_| None);
    let from_there = Driver { kind: bench.driver("aws_s3_bucket").kind, session: &elsewhere };
    let refused = from_there.read(&made.id, &made.inputs, Currency::Exact).await.expect_err("it is in us-west-2").to_string();
    assert!(refused.contains("the bucket `its` is in us-west-2, and not in eu-west-1"), "{refused}");
    // A listing is of one region; that it lacks one is no proof, and the exact read above follows.
    assert!(from_there.read(&made.id, &made.inputs, Currency::Indexed).await?.is_none());
    bench.finish();
    Ok(())
}
