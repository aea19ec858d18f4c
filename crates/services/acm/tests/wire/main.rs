//! Every kind of this service led through its life against moto.

use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_acm::register(Catalog::default())).await
}

#[tokio::test]
async fn a_certificate_is_requested_and_its_records_are_told() -> anyhow::Result<()> {
    let bench = start().await?;
    let certificates = bench.driver("aws_acm_certificate");
    let wish = object(
        r#"{"domain_name": "example.com", "validation_method": "DNS", "subject_alternative_names": ["www.example.com"], "tags": {"Name": "it"}}"#,
    );
    let made = certificates.create(&wish).await?;
    let records = made.outputs.get("domain_validation_options").and_then(lowtide_model::Value::elements).unwrap_or_default();
    assert_eq!(records.len(), 2);
    let changed = certificates.update(&made, &object(r#"{"tags": {"Name": "other"}}"#)).await?;
    certificates.delete(&changed).await?;
    bench.finish();
    Ok(())
}
