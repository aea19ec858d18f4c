//! A certificate is issued when its record is there, and stays so.

use std::time::Duration;

use lowtide_testkit::{World, wire};
use serde_json::{Value, json};

use crate::calls::{authority, between, text};

async fn route53(world: &World, method: &str, path: &str, body: String) -> anyhow::Result<String> {
    let credentials = wire::authorization("route53", "us-east-1");
    let request = http::Request::builder().method(method).uri(path).header("authorization", credentials).body(bytes::Bytes::from(body))?;
    text(&wire::send(&authority(world), request).await?)
}

#[tokio::test]
async fn a_certificate_waits_for_its_record() -> anyhow::Result<()> {
    let world = World::start().await?;
    let ask = async |authority: &str, operation: &str, body: Value| {
        let target = format!("CertificateManager.{operation}");
        let answer = wire::json(authority, "acm", world.region(), &target, &body).await?;
        anyhow::Ok(serde_json::from_slice::<Value>(answer.body())?)
    };
    let acm = async |operation: &str, body: Value| ask(&authority(&world), operation, body).await;
    let made = acm("RequestCertificate", json!({"DomainName": "example.com", "ValidationMethod": "DNS"})).await?;
    let look =
        async || anyhow::Ok(acm("DescribeCertificate", json!({"CertificateArn": made["CertificateArn"]})).await?["Certificate"].clone());
    let record = look().await?["DomainValidationOptions"][0]["ResourceRecord"].clone();
    // moto issues it by itself.
    let moto = world.simulator().endpoint().trim_start_matches("http://").to_owned();
    let by_arn = json!({"CertificateArn": made["CertificateArn"]});
    while ask(&moto, "DescribeCertificate", by_arn.clone()).await?["Certificate"]["Status"] != "ISSUED" {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(look().await?["Status"], "PENDING_VALIDATION");

    let zone = "<CreateHostedZoneRequest><Name>example.com</Name><CallerReference>one</CallerReference></CreateHostedZoneRequest>";
    let zone = between(&route53(&world, "POST", "/2013-04-01/hostedzone", zone.to_owned()).await?, "Id")?;
    let change = |action: &str| {
        format!(
            "<ChangeResourceRecordSetsRequest><ChangeBatch><Changes><Change><Action>{action}</Action><ResourceRecordSet><Name>{}</Name>\
             <Type>CNAME</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>{}</Value></ResourceRecord></ResourceRecords>\
             </ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>",
            record["Name"].as_str().unwrap_or_default(),
            record["Value"].as_str().unwrap_or_default()
        )
    };
    let path = format!("/2013-04-01{zone}/rrset");
    route53(&world, "POST", &path, change("CREATE")).await?;
    assert_eq!(look().await?["Status"], "ISSUED");
    route53(&world, "POST", &path, change("DELETE")).await?;
    assert_eq!(look().await?["Status"], "ISSUED", "it was issued");
    Ok(())
}
